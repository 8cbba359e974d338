"""An instance as the window last saw it, and how that is said: one word for its state, for its kind, for its lock.

Nothing here loads Qt or the domain: the first paint lists the instances, and most were not checked yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from exoalias.adapters import wording
from exoalias.ui import theme
from exoalias.ui.words import _, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.domain.checklist import Checklist, Status
    from exoalias.domain.plan import Plan
    from exoalias.domain.problems import Problem

PRODUCTION = "production"
KIND_WORDS = {PRODUCTION: "Production", "test": "Test", "development": "Development"}
PERSON_NEEDED = "person-needed"  # the Problem of an instance somebody has to sign in to
_KIND_ORDER = {PRODUCTION: 0, "test": 1, "development": 2, "": 3}


class State(NamedTuple):
    """What the last check of an instance came to, as one of six; the worst comes first."""

    key: str
    rank: int
    word: str  # in a column
    one: str  # in a summary, of one instance
    many: str  # … of many
    brief: str  # … of any number, where there is little room


WRONG = State("wrong", 0, "Wrong", "{n} is wrong", "{n} are wrong", "{n} wrong")
NEEDS_YOU = State("needs-you", 1, "Needs you", "{n} needs you", "{n} need you", "{n} to do")
FAILED = State("failed", 2, "Not reached", "{n} could not be reached", "{n} could not be reached", "{n} not reached")
CANNOT_TELL = State("cannot-tell", 3, "Cannot tell", "{n} cannot be told", "{n} cannot be told", "{n} unclear")
UNCHECKED = State("unchecked", 4, "Not checked", "{n} not checked yet", "{n} not checked yet", "{n} unchecked")
HOLDS = State("holds", 5, "Holds", "{n} holds", "{n} hold", "{n} hold")
STATES = (WRONG, NEEDS_YOU, FAILED, CANNOT_TELL, UNCHECKED, HOLDS)

_BY_STATUS = {"WRONG": WRONG, "NEEDS_YOU": NEEDS_YOU, "CANNOT_TELL": CANNOT_TELL, "HOLDS": HOLDS}
_TONES = {"wrong": "WRONG", "needs-you": "NEEDS_YOU", "failed": "CANNOT_TELL", "cannot-tell": "CANNOT_TELL", "holds": "HOLDS"}


class Standing(NamedTuple):
    """What a check came to, in short."""

    state: State
    findings: int = 0  # how many checks do not hold
    status: Status | None = None
    due: datetime | None = None


_FAILED, _WAITING, _UNCHECKED = Standing(FAILED), Standing(NEEDS_YOU), Standing(UNCHECKED)


def _judge(checklist: Checklist) -> Standing:
    from exoalias.domain.checklist import Status

    present = [f.status for f in checklist.findings if f.status.is_finding]
    worst = next((s for s in (Status.WRONG, Status.NEEDS_YOU, Status.CANNOT_TELL) if s in present), Status.HOLDS)
    return Standing(_BY_STATUS[worst.name], len(present), worst, checklist.due)


class Known:
    """An instance as the window last saw it."""

    __slots__ = ("_judged", "checklist", "entry", "failed_at", "plan", "problem", "signed_in", "unlocked_until")

    def __init__(self, entry: InstanceEntry) -> None:
        self.entry = entry
        self.checklist: Checklist | None = None
        self.plan: Plan | None = None
        self.problem: Problem | None = None
        self.unlocked_until: datetime | None = None
        self.failed_at: datetime | None = None  # when the problem was met
        self.signed_in = False  # a session with it is open
        self._judged: tuple[Checklist, Standing] | None = None

    @property
    def standing(self) -> Standing:
        """What its last check came to. Worked out once for each checklist: lists of thousands ask all the time."""
        if self.problem is not None:
            return _WAITING if self.problem.code == PERSON_NEEDED else _FAILED
        if self.checklist is None:
            return _UNCHECKED
        if self._judged is None or self._judged[0] is not self.checklist:
            self._judged = (self.checklist, _judge(self.checklist))
        return self._judged[1]

    @property
    def status(self) -> Status | None:
        """The status its line shows; None while it was not checked."""
        if self.problem is None:
            return self.standing.status
        from exoalias.domain.checklist import Status

        return Status.CANNOT_TELL

    @property
    def state(self) -> State:
        """The one of six."""
        return self.standing.state

    @property
    def findings(self) -> int:
        """How many checks do not hold; 0 where nothing is known."""
        return self.standing.findings

    @property
    def due(self) -> datetime | None:
        """When the first of its tokens ends; None where nothing says."""
        return self.standing.due

    @property
    def checked_at(self) -> datetime | None:
        """When it was last looked at, with or without success."""
        if self.problem is not None and self.failed_at is not None:
            return self.failed_at
        return self.checklist.taken_at if self.checklist is not None else None

    @property
    def guarded(self) -> bool:
        """Whether nothing is written to it before somebody unlocks it."""
        return self.entry.kind == PRODUCTION

    @property
    def locked(self) -> bool:
        """Whether it is guarded and not unlocked now."""
        return self.guarded and self.unlocked_until is None


class Over(NamedTuple):
    """The person stands above instances: on all of them, or on those of a customer ("": those of none)."""

    customer: str | None = None

    def holds(self, known: Known) -> bool:
        """Whether that instance is among them."""
        return self.customer is None or known.entry.customer == self.customer

    @property
    def title(self) -> str:
        """What they are called together."""
        if self.customer is None:
            return _("All instances")
        return self.customer or _("No customer")

    def among(self, everything: Iterable[Known]) -> list[Known]:
        """Those of them it holds, in their order."""
        customer = self.customer
        return list(everything) if customer is None else [known for known in everything if known.entry.customer == customer]


def order(known: Known) -> tuple[str, int, str]:
    """By customer, then production, test and development, then by name; those of no customer come first."""
    entry = known.entry
    return entry.customer.casefold(), _KIND_ORDER.get(entry.kind, 3), entry.name.casefold()


def kind_rank(known: Known) -> int:
    """Production first, nothing said last."""
    return _KIND_ORDER.get(known.entry.kind, 3)


def tone(state: State) -> theme.Tone:
    """The state's icon and colour."""
    return theme.TONES[_TONES[state.key]] if state.key in _TONES else theme.UNCHECKED


def kind_word(known: Known) -> str:
    """The word for its kind; "" where nobody said."""
    word = KIND_WORDS.get(known.entry.kind, "")
    return _(word) if word else ""


def says(known: Known) -> str:
    """The instance's state in a few words."""
    if known.problem is not None and known.state is NEEDS_YOU:
        return _("waits for you to sign in")
    if known.problem is not None:
        return _("last check failed")
    if known.checklist is None:
        return _("not checked yet")
    left = known.findings
    return plural(left, "{n} finding", "{n} findings") if left else _("all holds")


def lock_says(known: Known) -> str:
    """Whether it may be written to; "" where that is always so."""
    if not known.guarded:
        return ""
    if known.unlocked_until is None:
        return _("Read-only")
    return _("Unlocked until {time}", time=known.unlocked_until.astimezone().strftime("%H:%M"))


def session_says(known: Known) -> str:
    """Whether exoalias is signed in there now; "" where it is not."""
    return _("signed in") if known.signed_in else ""


class Tally:
    """How many instances are in which state: of all, and of each customer. Kept up to date one instance at a time."""

    def __init__(self) -> None:
        self._counts: dict[Over, dict[State, int]] = {}
        self._last: dict[str, State] = {}

    def recount(self, everything: Iterable[Known]) -> None:
        """Count anew: the instances changed."""
        self._counts.clear()
        self._last.clear()
        for known in everything:
            self.moved(known)

    def moved(self, known: Known) -> None:
        """What is known of that instance changed."""
        before, now = self._last.get(known.entry.name), known.state
        if before is now:
            return
        self._last[known.entry.name] = now
        for over in (Over(), Over(known.entry.customer)):
            counts = self._counts.setdefault(over, dict.fromkeys(STATES, 0))
            counts[now] += 1
            if before is not None:
                counts[before] -= 1

    def of(self, over: Over) -> dict[State, int]:
        """Worst first, states of none left out."""
        return {state: count for state, count in self._counts.get(over, {}).items() if count}


class Latest:
    """When one of some was last looked at. All are gone through only at the start, and where the latest look counts no more."""

    def __init__(self) -> None:
        self._among: Sequence[Known] = ()
        self._last: Known | None = None
        self._at: datetime | None = None

    def of(self, among: Sequence[Known]) -> None:
        """It is about these from now on."""
        moments = [known.checked_at for known in among]
        self._among, self._at = among, max(filter(None, moments), default=None)
        self._last = among[moments.index(self._at)] if self._at is not None else None

    def moved(self, known: Known) -> None:
        """What is known of that one among them changed."""
        at = known.checked_at
        if at is not None and (self._at is None or at >= self._at):
            self._last, self._at = known, at
        elif known is self._last:
            self.of(self._among)

    @property
    def at(self) -> datetime | None:
        """That moment; None where none was ever looked at."""
        return self._at


def count_of(state: State, count: int) -> str:
    """In words: 2 need you."""
    return plural(count, state.one, state.many)


def brief(counts: dict[State, int]) -> str:
    """The same with little room, worst first."""
    return " · ".join(_(state.brief, n=wording.number(count)) for state, count in counts.items())


def summary(counts: dict[State, int]) -> str:
    """All in words: 28 hold, 2 need you, 1 could not be reached."""
    ordered = sorted(counts, key=lambda state: (state is not HOLDS, state.rank))
    return ", ".join(count_of(state, counts[state]) for state in ordered)
