"""The lines of the left side: headings of customers, and below each its instances, as far as the filter lets them through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex

from exoalias.ui import known as knowledge
from exoalias.ui.known import Known, Over, Tally
from exoalias.ui.words import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def lines_of(ordered: Sequence[Known], needle: str = "", keys: Sequence[str] = ()) -> list[Line]:
    """The lines to show: grouped where anybody said a customer, and only what holds every word of *needle*.

    ``ordered`` as the shelf holds them, ``keys`` theirs for the filter.
    """
    shown = ordered
    for word in needle.casefold().split():
        pairs = [pair for pair in zip(keys, shown, strict=True) if word in pair[0]]
        keys, shown = [key for key, _known in pairs], [known for _key, known in pairs]
    grouped = any(each.entry.customer for each in ordered)
    lines: list[Line] = []
    if grouped or len(ordered) >= MANY:
        lines.append(Heading(Over()))
    if not grouped:
        return [*lines, *shown]
    customer = None
    for each in shown:
        if each.entry.customer != customer:
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


class InstanceModel(QAbstractListModel):
    """Gives a list view its lines."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tally = Tally()
        self.lines: list[Line] = []
        self._rows: dict[str, int] = {}
        self._above: dict[Over, int] = {}

    def draw(self, lines: list[Line], tally: Tally) -> None:
        """Show these lines; the headings' words are taken from that tally."""
        self.tally = tally
        self.beginResetModel()
        self.lines = lines
        self._rows = {line.entry.name: row for row, line in enumerate(lines) if isinstance(line, Known)}
        self._above = {line.over: row for row, line in enumerate(lines) if isinstance(line, Heading)}
        self.endResetModel()

    def changed(self, name: str) -> None:
        """What is known of that instance changed: its line is drawn anew, and those above it that count it."""
        row = self._rows.get(name)
        if row is None:
            return
        line = self.lines[row]
        customer = line.entry.customer if isinstance(line, Known) else ""
        for each in (row, self._above.get(Over(customer)), self._above.get(Over())):
            if each is not None:
                self.dataChanged.emit(self.index(each, 0), self.index(each, 0))

    @property
    def grouped(self) -> bool:
        """Whether instances stand below headings of customers."""
        return len(self._above) > 1

    def row_of(self, name: str) -> int:
        """Where that instance is; -1 where it is not shown."""
        return self._rows.get(name, -1)

    def row_above(self, over: Over) -> int:
        """Where that heading is; -1 where it is not shown."""
        return self._above.get(over, -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature; never changed
        """See QAbstractListModel."""
        return 0 if parent.isValid() else len(self.lines)

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
