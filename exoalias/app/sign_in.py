"""Sign in: each credential its token, one after the other, in one sign-in browser; then a new check.

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
from exoalias.app.check import check, read
from exoalias.app.entrance import enter
from exoalias.app.lobby import Lobby
from exoalias.app.read_back import PATIENCE_S, Watched, read_back, stamp
from exoalias.app.read_only import require_writable
from exoalias.app.sitting import Sitting
from exoalias.app.terms import terms_of
from exoalias.domain.authorize import take_apart
from exoalias.domain.events import Checked, Phase, Progress, SignInPhase, TokenStored
from exoalias.domain.problems import Cancelled, Problem, UsageProblem
from exoalias.domain.rules import judge
from exoalias.domain.target import Pin, Proof, Tier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exoalias.adapters.instance.servicenow import Instance
    from exoalias.app.control import Control
    from exoalias.app.lobby import Windows
    from exoalias.app.world import World
    from exoalias.domain.events import Tell
    from exoalias.domain.gate import Release, Terms
    from exoalias.domain.records import Reading, SysId, Token

SIGN_IN = "sign-in"
RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Run:
    """What the sign-ins of one call share."""

    world: World
    name: str
    instance: Instance
    tell: Tell
    control: Control


def sign_in(world: World, name: str, credentials: Sequence[str], tell: Tell, control: Control) -> Checked:
    """Sign the delegated user in for each of the credentials named; the first ending that is not good ends all.

    Raises the Problem of that ending: somebody else signed in (3), the machine forbids it (4), the instance or Microsoft
    refused (5), a person declined (6), something is in doubt or unconfirmed (1).
    """
    if not credentials:
        raise UsageProblem(why="Name at least one credential to sign in for.")
    if world.headless and world.simulated is None:
        raise UsageProblem(why="A sign-in without a window is possible against the simulator alone.")
    require_writable(world, name)  # a token is stored
    run = Run(world, name, enter(world, name, tell, control), tell, control)
    with world.journal.claim(name):
        terms = _all_terms(run, credentials)
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
            for each in terms:
                _refuse_cancelled(run, each)
                _one(run, (lobby, windows), _pinned(run, each), opinion, frozenset(t.credential for t in terms))
    finally:
        if not kept_open:
            lobby.close()


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


def _one(run: Run, room: tuple[Lobby, Windows], terms: Terms, opinion: SecondOpinion | None, planned: frozenset[SysId]) -> None:
    """One credential: intent, sitting, read back, proof. An ending that is not good closes the intent and goes on up."""
    (lobby, windows), journal, sign_in_id = room, run.world.journal, secrets.token_hex(6)
    facts = {"credential": terms.credential_name, "record": terms.credential, "upn": terms.expected.upn, "sign_in": sign_in_id}
    require_writable(run.world, run.name)
    entry = journal.intend(run.name, SIGN_IN, facts)

    def before_release(release: Release) -> None:
        require_writable(run.world, run.name)  # its time may have ended while the person signed in
        account = {"object_id": release.account.object_id, "tenant_id": release.account.tenant_id, "tier": release.tier.value}
        journal.note(run.name, RELEASED, facts | account)

    sitting = Sitting(windows, terms, run.control, run.tell, opinion, before_release)
    try:
        watched = _watched(run, terms, planned)
        before = run.instance.tokens(planned, terms.profile)
        lobby.seat(sitting.overhear)
        release = sitting.run()
        run.tell(_phase(terms, Phase.READING))
        after = read_back(lambda: run.instance.tokens(planned, terms.profile), before, watched, sitting.keep_going)
        if not after:
            _wait_for_the_page(sitting)
    except Problem as problem:
        journal.outcome(entry, problem.code, {"says": problem.words})
        raise
    _prove(run, terms, release, after, sign_in_id)
    journal.outcome(entry, "stored", {"tier": release.tier.value, "object_id": release.account.object_id})
    run.tell(
        TokenStored(
            terms.credential, terms.credential_name, terms.expected.upn, release.account.object_id, release.tier, bool(after)
        )
    )
    sitting.see_off()


def _wait_for_the_page(sitting: Sitting) -> None:
    """Where token rows can't be read, the page in window A is all there is to wait for before the browser may close."""
    end = time.monotonic() + PATIENCE_S
    while not sitting.keep_going() and time.monotonic() < end:
        continue


def _watched(run: Run, terms: Terms, planned: frozenset[SysId]) -> Watched:
    origin = run.world.book.get(run.name).origin
    return Watched(terms.credential, terms.credential_name, origin.partition("//")[2], planned - {terms.credential})


def _phase(terms: Terms, phase: Phase) -> SignInPhase:
    return SignInPhase(terms.credential, terms.credential_name, terms.expected.upn, phase, 0.0)


def _prove(run: Run, terms: Terms, release: Release, after: Reading[Token], sign_in_id: str) -> None:
    """Keep what this sign-in showed; a proven account is pinned for the next ones."""
    world, now = run.world, run.world.clock()
    marks = tuple(stamp(token) for token in after.rows if token.credential == terms.credential)
    proof = Proof(terms.credential, release.tier, release.account, terms.expected.upn, now, sign_in_id, marks)
    world.journal.add_proof(run.name, proof)
    if release.tier in {Tier.ENTERED, Tier.SECOND_OPINION} and world.target(run.name).pin is None:
        if world.journal.pin(run.name) is not None:
            world.journal.unpin(run.name, f"It was made for another delegated user than {terms.expected.upn}.")
        world.journal.set_pin(run.name, Pin(release.account, release.tier, now, sign_in_id, terms.expected.upn))
        account = {"object_id": release.account.object_id, "tenant_id": release.account.tenant_id}
        facts = {"why": "A sign-in proved it.", "sign_in": sign_in_id, "upn": terms.expected.upn, **account}
        world.journal.note(run.name, "pinned", facts)
