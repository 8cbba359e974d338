"""The lines of the overview: every instance with what is known of it, sorted and filtered here and not by a proxy.

A proxy that asks a Python model for each comparison takes seconds for ten thousand lines. Here a line is a place, its
number in the order of customers: filter and order are lists of places, and texts are made for the lines that are drawn.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QDate, QLocale, QModelIndex, QObject, QPersistentModelIndex, Qt

from exoalias.adapters import wording
from exoalias.adapters.machine.clock import utc_now
from exoalias.ui import known as knowledge
from exoalias.ui.haystack import Haystack
from exoalias.ui.words import _, plural, told

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from exoalias.ui.known import Known, State

Index = QModelIndex | QPersistentModelIndex
_NEVER = float("inf")
_NEAR_DAYS = 30  # a date as near as this is said in days


class Column(NamedTuple):
    """One column: its title, how wide it is in characters, what it shows, and by what it is sorted."""

    name: str
    title: str
    wide: int
    says: Callable[[Known], str]
    key: Callable[[Known], Any]


def moment(at: datetime | None) -> str:
    """The time of today, the day otherwise."""
    if at is None:
        return ""
    here, today = at.astimezone(), utc_now().astimezone().date()
    return f"{here.hour:02}:{here.minute:02}" if here.date() == today else _date(here.date(), today)


def day(at: datetime | None) -> str:
    """A day to come: in days where it is near."""
    if at is None:
        return ""
    there, today = at.astimezone().date(), utc_now().astimezone().date()
    left = (there - today).days
    if left < 0:
        return _("overdue")
    if left == 0:
        return _("today")
    return plural(left, "in {n} day", "in {n} days") if left <= _NEAR_DAYS else _date(there, today)


def _date(there: date, today: date) -> str:
    """With its year where that is another one."""
    return _dated(there, _("d MMM") if there.year == today.year else _("d MMM yyyy"), wording.language())


@lru_cache(maxsize=1_000)
def _dated(there: date, form: str, language: str) -> str:
    """A day in words: asked of Qt once, for thousands of lines share a few hundred days."""
    return QLocale(language).toString(QDate(there.year, there.month, there.day), form)


def _stamp(at: datetime | None, missing: float) -> float:
    return at.timestamp() if at is not None else missing


def _lock_rank(known: Known) -> int:
    return 2 if not known.guarded else int(known.locked)


def _lock(known: Known) -> str:
    if known.unlocked_until is None:
        return knowledge.lock_says(known)
    return _("until {time}", time=known.unlocked_until.astimezone().strftime("%H:%M"))


def _found(known: Known) -> str:
    return "" if known.checklist is None or known.problem is not None else str(known.findings)


COLUMNS: tuple[Column, ...] = (
    Column("customer", "Customer", 17, lambda k: k.entry.customer, knowledge.order),
    Column("name", "Name", 27, lambda k: k.entry.name, lambda k: k.entry.name.casefold()),
    Column("kind", "Kind", 18, knowledge.kind_word, knowledge.kind_rank),
    Column("address", "Address", 26, lambda k: k.entry.origin.removeprefix("https://"), lambda k: k.entry.origin),
    Column("state", "State", 19, lambda k: _(k.state.word), lambda k: k.standing.state.rank),
    Column("findings", "Findings", 10, _found, lambda k: -k.standing.findings),
    Column("checked", "Last checked", 14, lambda k: moment(k.checked_at), lambda k: -_stamp(k.checked_at, 0)),
    Column("due", "Sign-in due", 17, lambda k: day(k.due), lambda k: _stamp(k.standing.due, _NEVER)),
    Column("lock", "Writing", 16, _lock, _lock_rank),
)
BY_NAME = {column.name: at for at, column in enumerate(COLUMNS)}
CHANGING = frozenset(BY_NAME[name] for name in ("state", "findings", "checked", "due", "lock"))


def _text_of(known: Known) -> str:
    """What the filter looks at."""
    entry = known.entry
    says = f"{knowledge.kind_word(known)}\n{_(known.state.word)}"
    return f"{entry.customer}\n{entry.name}\n{entry.origin}\n{says}".casefold()


class OverviewModel(QAbstractTableModel):
    """Shows the instances it is given, in an order and through a filter."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.everything: Sequence[Known] = ()
        self.shown: list[Known] = []
        self._places: Sequence[int] = ()  # of those shown
        self._ordered: Sequence[int] = ()  # the places of everything
        self._place_of: dict[str, int] = {}
        self._texts = Haystack(_text_of)
        self._words: list[str] = []
        self._state: State | None = None
        self.column, self.descending = 0, False

    # -- what is shown --------------------------------------------------------------------------------------------------

    def draw(self, everything: Sequence[Known]) -> None:
        """Show these, given in the order of customers; order and filter stay."""
        self.everything, self._place_of = everything, {}
        self._texts.fill(everything)
        self._order()
        self._show()

    def prepare(self, count: int) -> bool:
        """Make what a filter needs of that many more lines, while nothing else is to be done; False once all is made."""
        if self._texts.prepare(count):
            return True
        self._places_by_name()
        return False

    def filter(self, needle: str, state: State | None) -> None:
        """Let through what holds every word of the needle, and is in that state where one is given."""
        self._words, self._state = needle.casefold().split(), state
        self._show()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """See QAbstractTableModel."""
        self.column, self.descending = column, order == Qt.SortOrder.DescendingOrder
        self._order()
        self._show()

    def _order(self) -> None:
        """Equal lines stay in the order of customers, kinds and names."""
        self._ordered = range(len(self.everything))
        if self.column or self.descending:
            keys = list(map(COLUMNS[self.column].key, self.everything))
            self._ordered = sorted(self._ordered, key=keys.__getitem__, reverse=self.descending)

    def _show(self) -> None:
        everything, state = self.everything, self._state
        places = self._ordered
        if self._words:
            found = self._texts.holding(self._words)
            if isinstance(places, range):
                places = found
            else:
                held = set(found)
                places = [place for place in places if place in held]
        if state is not None:
            places = [place for place in places if everything[place].state is state]
        self.beginResetModel()
        self._places, self.shown = places, list(map(everything.__getitem__, places))
        self.endResetModel()

    def changed(self, name: str) -> None:
        """What is known of that instance changed: its line alone is drawn anew, where it stands."""
        place = self._places_by_name().get(name)
        if place is None:
            return
        self._texts.renew(place)
        row = self._row_at(place)
        if row >= 0:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))

    def rows_of(self, names: Sequence[str]) -> list[int]:
        """Where those instances are shown, sorted; what isn't shown is left out."""
        if not names:
            return []
        by_name = self._places_by_name()
        wanted = {place for name in names if (place := by_name.get(name)) is not None}
        if len(wanted) == 1:
            row = self._row_at(wanted.pop())
            return [row] if row >= 0 else []
        return [row for row, place in enumerate(self._places) if place in wanted]

    def _row_at(self, place: int) -> int:
        """Where that place is shown; -1 where it isn't. Looked for anew each time, which costs less than keeping an index."""
        try:
            return self._places.index(place)
        except ValueError:
            return -1

    def _places_by_name(self) -> dict[str, int]:
        if not self._place_of:
            self._place_of = {known.entry.name: place for place, known in enumerate(self.everything)}
        return self._place_of

    # -- Qt's side ------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature; never changed
        """See QAbstractTableModel."""
        return 0 if parent.isValid() else len(self.shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as above
        """See QAbstractTableModel."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """See QAbstractTableModel."""
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            column = COLUMNS[index.column()]
            says = column.says(self.shown[index.row()])
            return says if role == Qt.ItemDataRole.DisplayRole else f"{_(column.title)}: {says or '–'}"
        if role == Qt.ItemDataRole.ToolTipRole:
            known = self.shown[index.row()]
            return told(known.problem.words) if known.problem is not None else COLUMNS[index.column()].says(known)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """See QAbstractTableModel."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(COLUMNS[section].title)
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None
