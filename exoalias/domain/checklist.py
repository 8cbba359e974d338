"""Findings, rows and the checklist: what both faces draw."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from exoalias.domain.records import NO_RECORD, SysId

if TYPE_CHECKING:
    from datetime import datetime


class Status(Enum):
    """What a check came to. Its value is the word shown: colour never speaks alone."""

    HOLDS = "holds"
    ADVICE = "advice"  # worth knowing; nothing is wrong
    NOT_APPLICABLE = "does not apply"
    NEEDS_YOU = "needs you"  # one action of the person puts it right
    WRONG = "wrong"  # must be put right outside exoalias first; blocks what depends on it
    CANNOT_TELL = "cannot tell"
    WORKING = "working"  # only between a verb and the next Snapshot

    @property
    def is_finding(self) -> bool:
        """Whether it keeps a check from ending with exit code 0."""
        return self in _FINDINGS


_FINDINGS = (Status.NEEDS_YOU, Status.WRONG, Status.CANNOT_TELL)

# Worst first: a row shows the worst of its checks.
_SEVERITY = (
    Status.WORKING,
    Status.WRONG,
    Status.NEEDS_YOU,
    Status.CANNOT_TELL,
    Status.ADVICE,
    Status.HOLDS,
    Status.NOT_APPLICABLE,
)


def worst(statuses: tuple[Status, ...]) -> Status:
    """The status a row shows for its checks; *does not apply* where it has none."""
    return next((status for status in _SEVERITY if status in statuses), Status.NOT_APPLICABLE)


class Group(Enum):
    """The groups of the checklist, in the order of work."""

    SINCE = "What changed"
    INSTANCE = "This instance"
    REGISTRY = "Application registry"
    PROFILE = "OAuth entity profile"
    CREDENTIAL = "Credentials"
    AFTERWARDS = "Afterwards"


class Act(Enum):
    """What one button can do."""

    CHECK = "check"
    CHOOSE_TARGET = "choose-target"  # say the delegated user, object id or profile
    REVIEW_PLAN = "review-plan"
    SIGN_IN = "sign-in"
    COPY = "copy"
    SCAN = "scan"  # start ServiceNow's own scan, after asking
    OPEN = "open"  # open a page of the instance in the person's own browser
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Action:
    """One button: what it says, what it does, and to what."""

    act: Act
    label: str
    record: SysId = NO_RECORD  # the credential of a sign-in
    text: str = ""  # what is copied, or the address to open


@dataclass(frozen=True, slots=True)
class Source:
    """A documentation page a rule rests on."""

    title: str
    url: str


class Finding(NamedTuple):  # some fifty come of each check, and a frozen dataclass takes five times as long to make
    """One check of one record: what was found, what should be there, why it matters, where that is written."""

    code: str  # e.g. "credential.profile"
    status: Status
    title: str  # what must hold, as a short sentence: "OAuth Entity Profile is set to the target profile"
    found: str
    expected: str
    why: str
    remedy: str = ""
    sources: tuple[Source, ...] = ()
    action: Action | None = None
    blocks: bool = False  # while it stands nothing is written to, or signed in for, its record
    until: datetime | None = None  # when what was found ends by itself, where that can be estimated (a token's end)


@dataclass(frozen=True, slots=True)
class Row:
    """A record (or the instance itself) with its checks."""

    key: str  # stable across checks: "credential/<sys_id>", "instance", …
    group: Group
    title: str
    detail: str = ""  # a second line: the record's table, the profile's name
    record: SysId = NO_RECORD
    findings: tuple[Finding, ...] = ()

    @property
    def status(self) -> Status:
        """The worst status of its findings."""
        return worst(tuple(f.status for f in self.findings))


@dataclass(frozen=True, slots=True)
class Checklist:
    """Everything a check came to, and the one thing to do next."""

    instance: str  # the name the person gave it
    origin: str
    taken_at: datetime
    rows: tuple[Row, ...]
    next: Action = field(default=Action(Act.CHECK, "Check"))
    round_trips: int = 0
    notes: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, in the order drawn."""
        return tuple(f for row in self.rows for f in row.findings)

    @property
    def statuses(self) -> tuple[Status, ...]:
        """What each finding came to, in the order drawn."""
        return tuple([f.status for row in self.rows for f in row.findings])

    @property
    def status(self) -> Status:
        """The worst of them."""
        return worst(self.statuses)

    @property
    def holds(self) -> bool:
        """Whether nothing is left to do: no finding that is wrong, needs somebody or can't be told."""
        statuses = self.statuses  # asked of hundreds of instances: a call for each finding would count
        return not any(finding in statuses for finding in _FINDINGS)

    @property
    def due(self) -> datetime | None:
        """When the first of its tokens ends: somebody has to sign in before (an estimate); None where nothing says."""
        return min((f.until for f in self.findings if f.until is not None), default=None)

    def row_of(self, record: SysId) -> Row | None:
        """The row of that record."""
        return next((row for row in self.rows if row.record == record), None)
