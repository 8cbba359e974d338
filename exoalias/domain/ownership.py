"""Whose token it was on a day: what a sign-in proved, and whether the row has been the same ever since.

An instance keeps no record of the Microsoft account. What can be said later rests on the proofs of sign-ins that were watched,
and on what checks saw of the row: a renewal by the platform and a colleague's click change it alike, and then nobody can tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from exoalias.domain.target import Tier
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from exoalias.domain.ids import SysId
    from exoalias.domain.target import Proof

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_TIER_WORDS = {
    Tier.UNWATCHED: "signed in by hand, out of exoalias's sight",
    Tier.FIRST_USE: "agreed to at first use",
    Tier.ENTERED: "equal to the object id entered beforehand",
    Tier.PINNED: "equal to the account proven before",
    Tier.SECOND_OPINION: "confirmed by Microsoft's signed second opinion",
}


class RowState(Enum):
    """How a check found the token row, compared with how the last sign-in left it."""

    SAME = "unchanged"
    CHANGED = "changed"
    GONE = "gone"
    UNREAD = "not readable"


@dataclass(frozen=True, slots=True)
class Look:
    """What checks saw of one credential's row after one sign-in: the same thing from the first time to the last."""

    credential: SysId
    sign_in: str
    state: RowState
    first: datetime
    last: datetime


class Verdict(Enum):
    """What can be said of a day."""

    UNCHANGED = "unchanged"  # the row was the one that sign-in left
    CHANGED = "changed"  # it was changed before that day ended
    NOT_LOOKED = "not looked"  # nobody looked late enough
    UNREAD = "not readable"
    NO_SIGN_IN = "no sign-in"


@dataclass(frozen=True, slots=True)
class OnDay:
    """The answer for one credential and one day, with the sign-in it rests on."""

    credential: SysId
    verdict: Verdict
    says: str
    proof: Proof | None = None

    @property
    def proven(self) -> bool:
        """Whether it was that account's token, as far as anybody can know."""
        return self.verdict is Verdict.UNCHANGED and self.proof is not None and self.proof.tier.proves


def story(proof: Proof) -> str:
    """A sign-in in a few words: whose, how that was known, when, and its number in the journal."""
    return say(
        "{proof}, {tier_words}, on {at} in sign-in {sign_in}",
        proof=_who(proof),
        tier_words=_TIER_WORDS[proof.tier],
        at=moment(proof.at),
        sign_in=proof.sign_in,
    )


def _who(proof: Proof) -> str:
    """The account; of a sign-in out of our sight nobody knows it."""
    return (
        say("object id {object_id}", object_id=proof.account.object_id)
        if proof.account.object_id
        else "nobody knows which account"
    )


def unchanged(proof: Proof) -> str:
    """The row is still the one that sign-in left."""
    return say("{proof}; the row is unchanged since.", proof=_last(proof))


def changed(proof: Proof) -> str:
    """The row isn't that one any more."""
    return say(
        "{proof}; changed since: cannot tell. A renewal by the platform and a colleague's click look alike.", proof=_last(proof)
    )


def _last(proof: Proof) -> str:
    """How the account was known, where it was; first use proves nothing and doesn't say so."""
    words = say(
        "{proof} ({tier_words}) on {at}, by sign-in {sign_in}",
        proof=_who(proof),
        tier_words=_TIER_WORDS[proof.tier],
        at=moment(proof.at),
        sign_in=proof.sign_in,
    )
    return say("Last proven to be {words}", words=words) if proof.tier.proves else say("Owner unconfirmed: {words}", words=words)


def moment(at: datetime) -> str:
    """A moment as people are told it."""
    return say("{day} {at:%H:%M} UTC", day=day_of(at), at=at)


def day_of(at: datetime) -> str:
    """A day as people are told it."""
    return say("{at:%d} {month} {at:%Y}", at=at, month=say(_MONTHS[at.month - 1]))


def on_day(day: date, credential: SysId, proofs: Iterable[Proof], looks: Iterable[Look]) -> OnDay:
    """What can be said of that credential's token at the end of that day (UTC).

    A row found unchanged later was unchanged on that day too: its marks count every change. One found changed is never taken for
    unchanged again, whatever later checks see.
    """
    end = datetime.combine(day, time(), UTC) + timedelta(days=1)
    earlier = [proof for proof in proofs if proof.credential == credential and proof.at < end]
    if not earlier:
        return OnDay(credential, Verdict.NO_SIGN_IN, "No sign-in was seen here by then: cannot tell whose token it was.")
    proof = max(earlier, key=lambda each: each.at)
    of_it = [look for look in looks if (look.credential, look.sign_in) == (credential, proof.sign_in)]
    broken = min((look.first for look in of_it if look.state in {RowState.CHANGED, RowState.GONE}), default=None)
    seen = max(
        (look.last for look in of_it if look.state is RowState.SAME and (not broken or look.last < broken)), default=proof.at
    )
    if broken is not None and broken < end:
        return OnDay(
            credential,
            Verdict.CHANGED,
            say("{proof} First found changed on {broken}.", proof=changed(proof), broken=moment(broken)),
            proof,
        )
    if not any(mark.kind == "refresh_token" for mark in proof.tokens):
        return OnDay(
            credential, Verdict.UNREAD, say("{proof}; the row could not be read then: cannot tell.", proof=_last(proof)), proof
        )
    if seen.astimezone(UTC).date() >= day:
        return OnDay(
            credential,
            Verdict.UNCHANGED,
            say("{proof} Last found so on {seen}.", proof=unchanged(proof), seen=moment(seen)),
            proof,
        )
    later = say(", and found changed on {broken}", broken=moment(broken)) if broken is not None else ""
    says = say(
        "{proof}; last found unchanged on {seen}{later}: cannot tell for that day.",
        proof=_last(proof),
        seen=moment(seen),
        later=later,
    )
    return OnDay(credential, Verdict.NOT_LOOKED, says, proof)
