"""What an instance says of whose token a credential holds, where an admin ran our script there by hand and pasted its line.

No documented REST interface of an instance tells that, so nothing is asked by itself. The answer is a hint beside the checks: it
comes from a person, the token in it is unsigned for us, and Microsoft promises no form for it. It never makes a proof.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exoalias.domain.ids import SysId
from exoalias.domain.target import HomeAccount
from exoalias.domain.words import say

if TYPE_CHECKING:
    from datetime import datetime

    from exoalias.domain.target import TokenMark

_LONGEST: Final = 200_000  # characters of a pasted page that are looked at
_ID = r"[0-9a-f]{32}"
_GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_LINE = re.compile(
    say("exoalias-answer 1 ({id}) ({id}) (?:none ([a-z-]{{1,20}})|({guid}) ({guid}))(?![0-9a-z-])", id=_ID, guid=_GUID),
    re.ASCII | re.IGNORECASE,
)
_SYS_ID = re.compile(_ID, re.ASCII)

# Why the script could not tell, as it says it, and in words.
REASONS: Final = {
    "not-allowed": "the instance did not let the script read the token",
    "no-token": "it holds no access token just now; the platform fetches one when it next needs it",
    "not-readable": "its token is not of a form that names an account; Microsoft promises none",
}


@dataclass(frozen=True, slots=True)
class InstanceAnswer:
    """One credential's answer, with the token rows as they stood when it was pasted."""

    credential: SysId
    profile: SysId
    account: HomeAccount  # object id and tenant id in the token: ``oid`` and ``tid``
    at: datetime
    tokens: tuple[TokenMark, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """The script's line, read. ``account`` is None where it could not tell; ``why`` then says so."""

    credential: SysId
    profile: SysId
    account: HomeAccount | None
    why: str = ""


def script(text: str, credential: SysId, profile: SysId) -> str:
    """The script for that credential: *text* is its template. Only record ids go in; ValueError for anything else."""
    for each in (credential, profile):
        if not _SYS_ID.fullmatch(each):
            raise ValueError(each)
    return text.replace("{{credential}}", credential).replace("{{profile}}", profile)


def read(text: str) -> Said | None:
    """What was pasted; None where it holds no line of the script, or lines that contradict each other."""
    found = {tuple(group.lower() if group else "" for group in match.groups()) for match in _LINE.finditer(text[:_LONGEST])}
    if len(found) != 1:
        return None
    credential, profile, reason, oid, tid = found.pop()
    if reason:
        return Said(SysId(credential), SysId(profile), None, REASONS.get(reason, "the script could not tell why"))
    return Said(SysId(credential), SysId(profile), HomeAccount(oid, tid))
