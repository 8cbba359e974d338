"""The lines of the left side: headings of customers, and below each its instances, as far as the filter lets them through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QStringListModel

from exoalias.ui import known as knowledge
from exoalias.ui.known import Known, Over, Tally
from exoalias.ui.words import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import Qt

Index = QModelIndex | QPersistentModelIndex
MANY = 8  # instances from which on a filter line and a line for all of them are shown

# Numbers of Qt.ItemDataRole: the namespace Qt is not loaded before the first paint.
_DISPLAY_ROLE, _TOOL_TIP_ROLE, _ACCESSIBLE_TEXT_ROLE = 0, 3, 11


class Heading(NamedTuple):
    """Stands above the instances of a customer, or above all."""

    over: Over

    @property
    def title(self) -> str:
        """What it is called."""
        return self.over.title


Line = Heading | Known


def key_of(known: Known) -> str:
    """What the filter looks at."""
    entry = known.entry
    return f"{entry.customer}\n{entry.name}\n{entry.kind}\n{entry.origin}".casefold()


def lines_of(ordered: Sequence[Known], places: Sequence[int]) -> list[Line]:
    """The lines to show: grouped where anybody said a customer.

    ``ordered`` as the shelf holds them, those of no customer first; ``places`` those among them the filter let through.
    """
    grouped = bool(ordered) and bool(ordered[-1].entry.customer)
    lines: list[Line] = []
    if grouped or len(ordered) >= MANY:
        lines.append(Heading(Over()))
    customer = None
    for place in places:
        each = ordered[place]
        if grouped and each.entry.customer != customer:
            customer = each.entry.customer
            lines.append(Heading(Over(customer)))
        lines.append(each)
    return lines


def second_line(known: Known) -> str:
    """What stands below the name. That it is production is said by a mark of its own."""
    kind = "" if known.guarded else knowledge.kind_word(known)
    return " · ".join(part for part in (kind, knowledge.says(known), knowledge.session_says(known)) if part)


def spoken(known: Known) -> str:
    """The line as a screen reader says it."""
    parts = (knowledge.kind_word(known), knowledge.lock_says(known), knowledge.says(known), knowledge.session_says(known))
    return f"{known.entry.name}: {', '.join(part for part in parts if part)}"


class InstanceModel(QStringListModel):
    """Gives a list view its lines. Their names are a list of Qt's own: to lay lines out, Qt counts them once for each."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tally = Tally()
        self.lines: list[Line] = []
        self._rows: dict[str | Over, int] = {}  # made when first asked for: a filter asks for one line of each list

    def draw(self, lines: list[Line], tally: Tally) -> None:
        """Show these lines; the headings' words are taken from that tally."""
        self.tally, self.lines, self._rows = tally, lines, {}
        self.setStringList([line.entry.name if isinstance(line, Known) else line.title for line in lines])

    def changed(self, name: str) -> None:
        """What is known of that instance changed: its line is drawn anew, and those above it that count it."""
        row = self.row_of(name)
        if row < 0:
            return
        line = self.lines[row]
        customer = line.entry.customer if isinstance(line, Known) else ""
        for each in (row, self.row_above(Over(customer)), self.row_above(Over())):
            if each >= 0:
                self.dataChanged.emit(self.index(each, 0), self.index(each, 0))

    @property
    def grouped(self) -> bool:
        """Whether instances stand below headings of customers."""
        return any(isinstance(line, Heading) for line in self.lines[1:2])  # the first one stands above all

    def row_of(self, name: str) -> int:
        """Where that instance is; -1 where it is not shown."""
        return self._row(name)

    def row_above(self, over: Over) -> int:
        """Where that heading is; -1 where it is not shown."""
        return self._row(over)

    def row_at(self, line: Line) -> int:
        """Where that very line is; -1 where it is not shown."""
        try:
            return self.lines.index(line)
        except ValueError:
            return -1

    def _row(self, key: str | Over) -> int:
        if not self._rows:
            self._rows = {line.entry.name if isinstance(line, Known) else line.over: row for row, line in enumerate(self.lines)}
        return self._rows.get(key, -1)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Lines are looked at: a list of texts could also be edited, dragged and dropped."""
        return QAbstractListModel.flags(self, index)

    def data(self, index: Index, role: int = _DISPLAY_ROLE) -> Any:  # noqa: ANN401 - Qt's signature
        """See QAbstractListModel."""
        line = self.lines[index.row()]
        if role == _DISPLAY_ROLE:
            return line.title if isinstance(line, Heading) else line.entry.name
        if role == _ACCESSIBLE_TEXT_ROLE:
            return f"{line.title}: {self.heading_says(line)}" if isinstance(line, Heading) else spoken(line)
        if role == _TOOL_TIP_ROLE:
            if isinstance(line, Heading):
                return f"{line.title}\n{self.heading_says(line)}"
            return f"{line.entry.name}\n{line.entry.origin}\n{second_line(line)}"
        return None

    def heading_says(self, heading: Heading) -> str:
        """How many instances are in which state; their number while none was checked."""
        counts = self.tally.of(heading.over)
        if set(counts) <= {knowledge.UNCHECKED}:
            return plural(sum(counts.values()), "{n} instance", "{n} instances")
        return knowledge.brief(counts)
