"""What would be done, as values a person can read before anything is written."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from exoalias.domain.records import SysId


@dataclass(frozen=True, slots=True)
class SetField:
    """Write one field of one record, if the record still is as it was when this was planned."""

    table: str
    record: SysId
    record_name: str
    field: str
    before: str
    before_shown: str
    after: str
    after_shown: str
    mod_count: int | None
    updated_on: datetime | None


@dataclass(frozen=True, slots=True)
class SignIn:
    """Get a credential its OAuth token: a person signs in as the delegated user."""

    credential: SysId
    credential_name: str
    profile: SysId
    why: str


@dataclass(frozen=True, slots=True)
class Advise:
    """Something only a person can do elsewhere; shown, never done."""

    title: str
    text: str


Step = SetField | SignIn | Advise


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps, in order. ``blocked`` says why steps one would expect are missing."""

    origin: str
    steps: tuple[Step, ...]
    blocked: tuple[str, ...] = ()

    @property
    def writes(self) -> tuple[SetField, ...]:
        """The fields that would be written."""
        return tuple(s for s in self.steps if isinstance(s, SetField))

    @property
    def sign_ins(self) -> tuple[SignIn, ...]:
        """The sign-ins that would be asked for, in order."""
        return tuple(s for s in self.steps if isinstance(s, SignIn))

    @property
    def digest(self) -> str:
        """A short fingerprint: the plan a person agreed to is the plan that is applied."""
        words = repr([(type(s).__name__, sorted(asdict(s).items())) for s in self.steps])
        return hashlib.sha256(f"{self.origin} {words}".encode()).hexdigest()[:16]
