"""What the instance stored, read back: a newer token on this credential, and on no other."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exoalias.domain.problems import StoredElsewhere, TokenNotStored
from exoalias.domain.target import TokenMark

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.domain.records import Reading, SysId, Token

PATIENCE_S = 60.0  # the instance's own call to Microsoft, and the writing of two rows
SETTLED_S = 5.0  # after the instance has answered in window A: nothing more is to come
_PAUSES_S = (0.2, 0.3, 0.5, 1.0)  # between two looks; the last one repeats


def stamp(token: Token) -> TokenMark:
    """A token row as it stands: enough to say later whether it is still the same."""
    return TokenMark(token.sys_id, token.kind or "", token.created_on, token.updated_on, token.mod_count)


@dataclass(frozen=True, slots=True)
class Watched:
    """Whose tokens are looked at: this credential, and the others of the plan, which must not change meanwhile."""

    credential: SysId
    name: str
    host: str
    others: frozenset[SysId]


def read_back(
    look: Callable[[], Reading[Token]], before: Reading[Token], watched: Watched, meanwhile: Callable[[], bool]
) -> Reading[Token]:
    """Look until this credential has a newer token.

    ``meanwhile`` keeps the browser's events going between two looks and says whether the instance has answered there.
    Where token rows can't be read the Reading says so and nothing is claimed. TokenNotStored, StoredElsewhere.
    """
    started = time.monotonic()
    end, answered, looks = started + PATIENCE_S, False, 0
    while True:
        after = look()
        if not after or not before:
            return after if not after else before
        if changed_by(before, after, watched):
            return after
        if time.monotonic() > end:
            raise TokenNotStored(credential=watched.name, host=watched.host, seconds=round(time.monotonic() - started))
        next_look = time.monotonic() + _PAUSES_S[min(looks, len(_PAUSES_S) - 1)]
        looks += 1
        while time.monotonic() < next_look:
            if meanwhile() and not answered:
                answered, end = True, min(end, time.monotonic() + SETTLED_S)


def changed_by(before: Reading[Token], after: Reading[Token], watched: Watched) -> bool:
    """Whether this credential has a newer token. StoredElsewhere where another one of the plan has."""
    changed = _changed(before, after)
    if changed & watched.others:
        raise StoredElsewhere(credential=watched.name, other="another credential of the plan")
    return watched.credential in changed


def _changed(before: Reading[Token], after: Reading[Token]) -> set[SysId]:
    """The credentials with a refresh token that was not there, or not like this, before."""
    known = {stamp(token) for token in before.rows}
    return {t.credential for t in after.rows if t.kind == "refresh_token" and t.credential and stamp(t) not in known}
