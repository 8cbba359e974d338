"""A sign-in without control, carried out: the steps are told, a person follows them elsewhere, the instance is read back.

Whatever is stored then is *owner unconfirmed*: no proof that counts, no pin, and never *holds*.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exoalias.adapters.browser.everyday import Everyday, everyday, open_private
from exoalias.app.read_back import SETTLED_S, changed_by, stamp
from exoalias.app.read_only import require_writable
from exoalias.app.run import SIGN_IN, Run, phase_of, watched_of
from exoalias.domain import by_hand as words
from exoalias.domain.events import ByHand, Phase, Progress, SignInEnded, TokenStored
from exoalias.domain.problems import Cancelled, NothingStored, Problem, StoredUnwatched, TimeIsUp
from exoalias.domain.target import HomeAccount, Proof, Tier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exoalias.app.read_back import Watched
    from exoalias.domain.gate import Terms
    from exoalias.domain.records import Reading, SysId, Token

_LOOK_S = 2.0  # between two looks at the instance
_TURN_S = 0.1
NOBODY = HomeAccount("", "")  # whose token it is, as far as anybody can know


@dataclass(frozen=True, slots=True)
class Stored:
    """What one such sign-in left: whether it could be read, and by which ServiceNow user the token was fetched."""

    credential_name: str
    read: bool
    by: str


def by_hand(run: Run, terms: Sequence[Terms]) -> tuple[Stored, ...]:
    """Each credential by hand, one after the other. Raises the Problem of any ending but stored."""
    planned = frozenset(each.credential for each in terms)
    return tuple(_one(run, each, planned) for each in terms)


def unwatched(name: str, upn: str, done: Sequence[Stored]) -> StoredUnwatched:
    """How such sign-ins end, at best."""
    said = words.stored_words(tuple((each.credential_name, each.read, each.by) for each in done))
    return StoredUnwatched(instance=name, upn=upn, stored=said)


def _one(run: Run, terms: Terms, planned: frozenset[SysId]) -> Stored:
    if run.control.cancelled:
        raise Cancelled(credential=terms.credential_name)
    require_writable(run.world, run.name)
    journal, sign_in_id = run.world.journal, secrets.token_hex(6)
    facts = {"credential": terms.credential_name, "record": terms.credential, "upn": terms.expected.upn, "sign_in": sign_in_id}
    entry = journal.intend(run.name, SIGN_IN, facts | {"strategy": "no-control"})
    try:
        after = _followed(run, terms, planned)
    except Problem as problem:
        journal.outcome(entry, problem.code, {"says": problem.words})
        run.tell(SignInEnded(terms.credential, terms.credential_name, problem))
        raise
    mine = [token for token in after.rows if token.credential == terms.credential]
    marks = tuple(stamp(token) for token in mine)
    proof = Proof(terms.credential, Tier.UNWATCHED, NOBODY, terms.expected.upn, run.world.clock(), sign_in_id, marks)
    journal.add_proof(run.name, proof)
    journal.outcome(entry, "stored", {"tier": Tier.UNWATCHED.value})
    run.tell(TokenStored(terms.credential, terms.credential_name, terms.expected.upn, "", Tier.UNWATCHED, bool(after)))
    return Stored(terms.credential_name, bool(after), _fetched_by(mine))


def _fetched_by(tokens: Sequence[Token]) -> str:
    return ", ".join(sorted({t.created_by for t in tokens if t.created_by and t.kind == "refresh_token"}))


def _followed(run: Run, terms: Terms, planned: frozenset[SysId]) -> Reading[Token]:
    """Tell the steps, and wait until the instance has a newer token of this credential or the person says that all is done."""
    browser = everyday() if run.world.simulated is None else None
    origin = run.world.book.get(run.name).origin
    listed = words.steps(origin, terms.planned.authorize_url, terms.initiator_url, terms.expected.upn)
    named = browser.name if browser is not None else ""
    run.tell(ByHand(terms.credential, terms.credential_name, terms.expected.upn, words.WARNING, listed, named))
    waiting = _Waiting(run, terms, watched_of(run, terms, planned), planned, browser)
    run.tell(phase_of(terms, Phase.BY_HAND, terms.limit_s, can_continue=True))
    return waiting.until_stored()


@dataclass(slots=True)
class _Waiting:
    """Between the steps told and the token stored."""

    run: Run
    terms: Terms
    watched: Watched
    planned: frozenset[SysId]
    browser: Everyday | None
    _end: float = 0.0
    _done: bool = False  # the person said so

    def until_stored(self) -> Reading[Token]:
        """The token rows with a newer one of this credential. StoredElsewhere, NothingStored, TimeIsUp, Cancelled."""
        began = time.monotonic()
        self._end = began + self.terms.limit_s
        before = self._look()
        while True:
            after = self._look()
            readable = bool(before) and bool(after)
            if readable and changed_by(before, after, self.watched):
                return after
            if not readable and self._done:  # they can't be read: the person's word is all there is
                return before if after else after
            if time.monotonic() > self._end:
                if self._done:
                    raise NothingStored(credential=self.watched.name, host=self.watched.host, seconds=round(SETTLED_S))
                raise TimeIsUp(credential=self.terms.credential_name, minutes=round(self.terms.limit_s / 60))
            self._pause()

    def _look(self) -> Reading[Token]:
        return self.run.instance.tokens(self.planned, self.terms.profile)

    def _pause(self) -> None:
        until = time.monotonic() + (_LOOK_S if not self._done else _TURN_S)
        while time.monotonic() < until:
            wish = self.run.control.next_wish(_TURN_S)
            if wish == "cancel":
                raise Cancelled(credential=self.terms.credential_name)
            if wish == "open":
                self._open()
            elif wish == "continue" and not self._done:
                self._done, self._end = True, min(self._end, time.monotonic() + SETTLED_S)
                self.run.tell(phase_of(self.terms, Phase.READING))
                return

    def _open(self) -> None:
        """A private window at the instance's own page: the steps begin there."""
        origin = self.run.world.book.get(self.run.name).origin
        if self.browser is None or not open_private(self.browser, f"{origin}/navpage.do"):
            self.run.tell(Progress("No private window could be opened from here. Open one yourself"))
