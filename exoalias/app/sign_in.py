"""Sign in: each credential its token, one after the other, in one sign-in browser; then a new check.

How the Microsoft leg is kept apart is a Strategy, chosen and told before anything is opened. Where somebody else was signed in
without being asked, the next one follows by itself. Without control it is done by hand (``by_hand.py``).

The order of writing things down: the intent before the browser opens; that the right user was let through before the code is
released; the proof after the instance was read back. A run cut off anywhere leaves a journal that says how far it came.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from exoalias.adapters.browser.session import ClosedList
from exoalias.adapters.microsoft import SecondOpinion
from exoalias.app.by_hand import by_hand, unwatched
from exoalias.app.check import check, read
from exoalias.app.entrance import enter
from exoalias.app.lobby import Lobby
from exoalias.app.read_back import PATIENCE_S, read_back, stamp
from exoalias.app.read_only import require_writable
from exoalias.app.run import RELEASED, SIGN_IN, Run, phase_of, watched_of
from exoalias.app.sitting import Sitting
from exoalias.app.strategy import chosen
from exoalias.app.terms import terms_of
from exoalias.domain.authorize import take_apart
from exoalias.domain.events import Checked, Phase, Progress, StrategyTaken, TokenStored
from exoalias.domain.problems import BrowserForbidden, Cancelled, Problem, UsageProblem
from exoalias.domain.rules import judge
from exoalias.domain.strategies import Strategy, following
from exoalias.domain.target import Pin, Proof, Tier
from exoalias.domain.words import joined, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from exoalias.app.control import Control
    from exoalias.app.lobby import Windows
    from exoalias.app.world import World
    from exoalias.domain.events import Tell
    from exoalias.domain.gate import Release, Terms
    from exoalias.domain.records import Reading, SysId, Token
    from exoalias.domain.strategies import Standing


def sign_in(world: World, name: str, credentials: Sequence[str], tell: Tell, control: Control, *, strategy: str = "") -> Checked:
    """Sign the delegated user in for each of the credentials named; the first ending that is not good ends all.

    ``strategy`` is for this once; without it the setting counts. Raises the Problem of the ending: somebody else signed in (3),
    the machine forbids it (4), the instance or Microsoft refused (5), a person declined (6), something is in doubt or
    unconfirmed (1), or all was stored without anybody having watched (7, StoredUnwatched).
    """
    if not credentials:
        raise UsageProblem(why="Name at least one credential to sign in for.")
    if world.headless and world.simulated is None:
        raise UsageProblem(why="A sign-in without a window is possible against the simulator alone.")
    require_writable(world, name)  # a token is stored
    choice = chosen(world, strategy, person=control.interactive)
    run = Run(world, name, enter(world, name, tell, control), tell, control, choice)
    with world.journal.claim(name):
        terms = _all_terms(run, credentials)
        first = choice.order[0]
        tell(StrategyTaken("", first.strategy, first.reason))
        if first.strategy is Strategy.NO_CONTROL:
            done = by_hand(run, terms)
            check(world, name, tell, control)
            raise unwatched(name, terms[0].expected.upn, done)
        _sit(run, terms)
    return check(world, name, tell, control)


def _all_terms(run: Run, credentials: Sequence[str]) -> tuple[Terms, ...]:
    """Read once, judge, and refuse what is in doubt before a window opens."""
    world, name = run.world, run.name
    run.tell(Progress("Reading what the sign-in must match"))
    target = world.target(name)
    snapshot = read(world, name, run.instance, target)
    checklist = judge(snapshot, target, world.journal.proofs(name), world.clock(), name).checklist
    return tuple(terms_of(world, name, snapshot, checklist, credential, run.control) for credential in credentials)


def _sit(run: Run, terms: tuple[Terms, ...]) -> None:
    """In the browser this instance was entered with, where there is one; else in one that ends with these sign-ins."""
    world = run.world
    opinion = _second_opinion(run, terms[0])
    origin = take_apart(terms[0].planned.authorize_url)
    entry = world.book.get(run.name)
    closed_list = ClosedList(
        instance=entry.origin,
        microsoft=origin.origin if origin is not None else "",
        opinion=opinion.redirect if opinion is not None else "",
    )
    _refuse_cancelled(run, terms[0])
    lobby = world.doors.lobby(run.name)
    kept_open = lobby is not None and lobby.is_open
    lobby = lobby if lobby is not None else Lobby(world, entry, run.tell, run.control)
    try:
        with lobby.lend(closed_list) as windows:
            room = Room(lobby, windows, opinion, frozenset(t.credential for t in terms))
            standing = run.choice.order[0]
            for each in terms:
                _refuse_cancelled(run, each)
                standing = _one(run, room, _pinned(run, each), standing)
    finally:
        # On a managed device the delegated user's cookies are in A's jar: they go with the browser.
        if not kept_open or run.choice.order[0].strategy is Strategy.DEVICE:
            lobby.close()


@dataclass(frozen=True, slots=True)
class Room:
    """What the sign-ins in one browser share."""

    lobby: Lobby
    windows: Windows
    opinion: SecondOpinion | None
    planned: frozenset[SysId]


def _refuse_cancelled(run: Run, terms: Terms) -> None:
    """A wish to cancel also holds before a sign-in begins: between two credentials nobody listens for it."""
    if run.control.cancelled:
        raise Cancelled(credential=terms.credential_name)


def _second_opinion(run: Run, terms: Terms) -> SecondOpinion | None:
    origin = take_apart(terms.planned.authorize_url)
    client_id = run.world.target(run.name).public_client_id
    if not client_id or origin is None:
        return None
    return SecondOpinion(run.world.http, origin.origin, terms.expected.tenant_id, client_id)


def _pinned(run: Run, terms: Terms) -> Terms:
    """The terms with the pin as it is now: the first sign-in of a sitting may have set it."""
    return replace(terms, expected=replace(terms.expected, pin=run.world.target(run.name).pin))


def _one(run: Run, room: Room, terms: Terms, standing: Standing) -> Standing:
    """One credential, by one strategy after the other as far as one leads to the next, each once; the one that led to its end.

    The next credential begins with that one: what signed somebody in unasked would do so again.
    """
    order = run.choice.order
    tried = frozenset(each.strategy for each in order[: order.index(standing)])
    before: Problem | None = None  # how the strategy before this one ended
    while True:
        tried |= {standing.strategy}

        def goes_on(problem: Problem, unasked: bool, tried: frozenset[Strategy] = tried) -> bool:  # noqa: FBT001 - a callback
            return following(run.choice, tried, problem, unasked=unasked) is not None

        attempt = _Attempt(run, room, terms, standing.strategy, goes_on)
        try:
            attempt.make()
            return standing
        except Problem as problem:
            if before is not None and isinstance(problem, BrowserForbidden):
                run.tell(Progress(joined(" ", (problem.words, problem.remedy))))
                raise before from problem  # that somebody else was signed in unasked is what it came to
            before = problem
            after = following(run.choice, tried, problem, unasked=attempt.unasked)
            if after is None:
                raise
            _refuse_cancelled(run, terms)
            run.tell(StrategyTaken(terms.credential_name, after.strategy, after.reason, instead=True))
            room.windows.session.dispose_b()
            standing = after


@dataclass(slots=True)
class _Attempt:
    """One sign-in by one strategy: intent, sitting, read back, proof. A bad ending closes the intent and goes on up."""

    run: Run
    room: Room
    terms: Terms
    strategy: Strategy
    goes_on: Callable[[Problem, bool], bool]
    unasked: bool = False  # the answer came without anybody having been asked

    def make(self) -> None:
        """Raises the Problem of any ending but the good one."""
        run, terms, journal, sign_in_id = self.run, self.terms, self.run.world.journal, secrets.token_hex(6)
        facts = {
            "credential": terms.credential_name,
            "record": terms.credential,
            "upn": terms.expected.upn,
            "sign_in": sign_in_id,
        }
        facts |= {"strategy": self.strategy.value}
        require_writable(run.world, run.name)
        entry = journal.intend(run.name, SIGN_IN, facts)

        def before_release(release: Release) -> None:
            require_writable(run.world, run.name)  # its time may have ended while the person signed in
            account = {"object_id": release.account.object_id, "tenant_id": release.account.tenant_id}
            journal.note(run.name, RELEASED, facts | account | {"tier": release.tier.value})

        opinion = self.room.opinion
        sitting = Sitting(self.room.windows, terms, run.control, run.tell, opinion, before_release, self.strategy, self.goes_on)
        try:
            release, after = self._sat(sitting)
        except Problem as problem:
            self.unasked = sitting.unasked
            journal.outcome(entry, problem.code, {"says": problem.words} | ({"unasked": "yes"} if self.unasked else {}))
            raise
        _prove(run, terms, release, after, sign_in_id)
        journal.outcome(entry, "stored", {"tier": release.tier.value, "object_id": release.account.object_id})
        who = (terms.expected.upn, release.account.object_id, release.tier)
        run.tell(TokenStored(terms.credential, terms.credential_name, *who, bool(after)))
        sitting.see_off()

    def _sat(self, sitting: Sitting) -> tuple[Release, Reading[Token]]:
        run, terms, planned = self.run, self.terms, self.room.planned
        watched = watched_of(run, terms, planned)
        before = run.instance.tokens(planned, terms.profile)
        self.room.lobby.seat(sitting.overhear)
        release = sitting.run()
        run.tell(phase_of(terms, Phase.READING))
        after = read_back(lambda: run.instance.tokens(planned, terms.profile), before, watched, sitting.keep_going)
        if not after:
            _wait_for_the_page(sitting)
        return release, after


def _wait_for_the_page(sitting: Sitting) -> None:
    """Where token rows can't be read, the page in window A is all there is to wait for before the browser may close."""
    end = time.monotonic() + PATIENCE_S
    while not sitting.keep_going() and time.monotonic() < end:
        continue


def _prove(run: Run, terms: Terms, release: Release, after: Reading[Token], sign_in_id: str) -> None:
    """Keep what this sign-in showed; a proven account is pinned for the next ones."""
    world, now = run.world, run.world.clock()
    marks = tuple(stamp(token) for token in after.rows if token.credential == terms.credential)
    proof = Proof(terms.credential, release.tier, release.account, terms.expected.upn, now, sign_in_id, marks)
    world.journal.add_proof(run.name, proof)
    if release.tier in {Tier.ENTERED, Tier.SECOND_OPINION} and world.target(run.name).pin is None:
        if world.journal.pin(run.name) is not None:
            world.journal.unpin(run.name, say("It was made for another delegated user than {upn}.", upn=terms.expected.upn))
        world.journal.set_pin(run.name, Pin(release.account, release.tier, now, sign_in_id, terms.expected.upn))
        account = {"object_id": release.account.object_id, "tenant_id": release.account.tenant_id}
        facts = {"why": "A sign-in proved it.", "sign_in": sign_in_id, "upn": terms.expected.upn, **account}
        world.journal.note(run.name, "pinned", facts)
