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
    repair: str = ""  # why it is put back to what was right before; "" for a write of the procedure itself
    scope: str = ""  # the application the record belongs to, e.g. "sn_ex_online_spke"; "" where that was not read


@dataclass(frozen=True, slots=True)
class SwitchScope:
    """Let the session stand in the records' own application while they are written; put back right after.

    Only ever planned where the instance refused a write for it. The application is kept per user, not per client: the same
    user's other windows stand in it too meanwhile.
    """

    app: SysId
    app_name: str
    scope: str
    why: str


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


Step = SetField | SwitchScope | SignIn | Advise


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps, in order. ``blocked`` says why steps one would expect are missing.

    Repairs are never among the steps unless the person asked for them: ``repaired`` is the plan that makes them first, and
    then does what they make possible.
    """

    origin: str
    steps: tuple[Step, ...]
    blocked: tuple[str, ...] = ()
    repaired: Plan | None = None
    user: str = ""  # of the instance, whom it was read as; "" where the instance did not say

    @property
    def writes(self) -> tuple[SetField, ...]:
        """The fields that would be written."""
        return tuple(s for s in self.steps if isinstance(s, SetField))

    @property
    def repairs(self) -> tuple[SetField, ...]:
        """Those of the writes that put back what was right before."""
        return tuple(s for s in self.writes if s.repair)

    @property
    def switches(self) -> tuple[SwitchScope, ...]:
        """The applications the session would be switched to."""
        return tuple(s for s in self.steps if isinstance(s, SwitchScope))

    @property
    def sign_ins(self) -> tuple[SignIn, ...]:
        """The sign-ins that would be asked for, in order."""
        return tuple(s for s in self.steps if isinstance(s, SignIn))

    @property
    def digest(self) -> str:
        """A short fingerprint: the plan a person agreed to is the plan that is applied."""
        words = repr([(type(s).__name__, sorted(asdict(s).items())) for s in self.steps])
        return hashlib.sha256(f"{self.origin} {words}".encode()).hexdigest()[:16]
