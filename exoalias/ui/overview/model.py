"""The lines of the overview: every instance with what is known of it, sorted and filtered here and not by a proxy.

A proxy that asks a Python model for each comparison takes seconds for ten thousand lines. Here each line's key for the
filter is made once, an order is worked out when it is asked for, and texts are made for the lines that are drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QDate, QLocale, QModelIndex, QObject, QPersistentModelIndex, Qt

from exoalias.adapters import wording
from exoalias.adapters.machine.clock import utc_now
from exoalias.ui import known as knowledge
from exoalias.ui.words import _, plural, told

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from exoalias.ui.known import Known, State

Index = QModelIndex | QPersistentModelIndex
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
    here, now = at.astimezone(), utc_now().astimezone()
    return here.strftime("%H:%M") if here.date() == now.date() else _date(here, now)


def day(at: datetime | None) -> str:
    """A day to come: in days where it is near."""
    if at is None:
        return ""
    here, now = at.astimezone(), utc_now().astimezone()
    left = (here.date() - now.date()).days
    if left < 0:
        return _("overdue")
    if left == 0:
        return _("today")
    return plural(left, "in {n} day", "in {n} days") if left <= _NEAR_DAYS else _date(here, now)


def _date(here: datetime, now: datetime) -> str:
    """With its year where that is another one."""
    form = _("d MMM") if here.year == now.year else _("d MMM yyyy")
    return QLocale(wording.language()).toString(QDate(here.year, here.month, here.day), form)


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
    Column("state", "State", 19, lambda k: _(k.state.word), lambda k: k.state.rank),
    Column("findings", "Findings", 10, _found, lambda k: -k.findings),
    Column("checked", "Last checked", 14, lambda k: moment(k.checked_at), lambda k: -_stamp(k.checked_at, 0)),
    Column("due", "Sign-in due", 17, lambda k: day(k.due), lambda k: _stamp(k.due, float("inf"))),
    Column("lock", "Writing", 16, _lock, _lock_rank),
)
BY_NAME = {column.name: at for at, column in enumerate(COLUMNS)}
CHANGING = frozenset(BY_NAME[name] for name in ("state", "findings", "checked", "due", "lock"))


class OverviewModel(QAbstractTableModel):
    """Shows the instances it is given, in an order and through a filter."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.everything: Sequence[Known] = ()
        self.shown: list[Known] = []
        self._ordered: list[Known] = []
        self._rows: dict[str, int] | None = None
        self._keys: dict[str, str] = {}
        self._haystack: list[str] | None = None  # the keys of all lines in order
        self._words: list[str] = []
        self._state: State | None = None
        self.column, self.descending = 0, False

    # -- what is shown --------------------------------------------------------------------------------------------------

    def draw(self, everything: Sequence[Known]) -> None:
        """Show these, given in the order of customers; order and filter stay."""
        self.everything = everything
        self._order()
        self._show()

    def prepare(self, count: int) -> bool:
        """Make keys for that many more lines, while nothing else is to be done; False once every line has one."""
        missing = (known for known in self.everything if known.entry.name not in self._keys)
        for _at, known in zip(range(count), missing, strict=False):
            self._key(known)
        if len(self._keys) < len(self.everything):
            return True
        self._keys_in_order()
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
        self._ordered = list(self.everything)
        self._haystack = None
        if self.column or self.descending:
            self._ordered.sort(key=COLUMNS[self.column].key, reverse=self.descending)

    def _show(self) -> None:
        words, state = self._words, self._state
        self.beginResetModel()
        shown = self._ordered
        if state is not None:
            shown = [known for known in shown if known.state is state]
        if words:
            keys = self._keys_in_order() if state is None else [self._key(known) for known in shown]
            pairs = [pair for pair in zip(keys, shown, strict=True) if words[0] in pair[0]]
            for word in words[1:]:
                pairs = [pair for pair in pairs if word in pair[0]]
            shown = [known for _key, known in pairs]
        self.shown = list(shown)
        self._rows = None
        self.endResetModel()

    def _keys_in_order(self) -> list[str]:
        if self._haystack is None:
            self._haystack = [self._key(known) for known in self._ordered]
        return self._haystack

    def _key(self, known: Known) -> str:
        name = known.entry.name
        key = self._keys.get(name)
        if key is None:
            entry = known.entry
            says = f"{knowledge.kind_word(known)}\n{_(known.state.word)}"
            key = self._keys[name] = f"{entry.customer}\n{entry.name}\n{entry.origin}\n{says}".casefold()
        return key

    def forget_keys(self) -> None:
        """The instances changed: their keys are made anew."""
        self._keys.clear()

    def changed(self, name: str) -> None:
        """What is known of that instance changed: its line alone is drawn anew, where it stands."""
        self._keys.pop(name, None)
        self._haystack = None
        row = self.row_of(name)
        if row >= 0:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))

    def rows_of(self, names: Sequence[str]) -> list[int]:
        """Where those instances are shown, sorted; what isn't shown is left out."""
        if len(names) == 1:  # an index of ten thousand lines costs more than looking through them
            return [row for row, known in enumerate(self.shown) if known.entry.name == names[0]]
        return sorted(row for name in names if (row := self.row_of(name)) >= 0)

    def row_of(self, name: str) -> int:
        """Where that instance is shown; -1 where it isn't."""
        if self._rows is None:
            self._rows = {known.entry.name: row for row, known in enumerate(self.shown)}
        return self._rows.get(name, -1)

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
