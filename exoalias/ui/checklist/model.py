"""The checklist as a Qt model: headings, records, and under each record its checks. It holds one immutable Checklist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from exoalias.domain.checklist import Finding, Group, Row, Status
from exoalias.ui.words import _, plural, told

if TYPE_CHECKING:
    from exoalias.domain.checklist import Checklist

Index = QModelIndex | QPersistentModelIndex
ITEM_ROLE = Qt.ItemDataRole.UserRole + 1  # the Group, Row or Finding itself
KEY_ROLE = Qt.ItemDataRole.UserRole + 2  # a string that stays the same from one check to the next
_OF_HEADING = Qt.ItemFlag.NoItemFlags
_OF_RECORD = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_OF_CHECK = _OF_RECORD | Qt.ItemFlag.ItemNeverHasChildren
_TOP = 0  # internal id of a heading or record; a check's is its record's position + 1


@dataclass(frozen=True, slots=True)
class _Entry:
    """A top-level line: a heading (no row) or a record."""

    group: Group
    row: Row | None = None


class ChecklistModel(QAbstractItemModel):
    """Two levels, one column. Headings can't be selected, so the arrow keys go from record to record."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[_Entry, ...] = ()

    def show(self, checklist: Checklist | None) -> bool:
        """Take a new checklist; True when its lines are the same as before, so that only changed ones were announced."""
        entries = _entries(checklist.rows) if checklist else ()
        if _shape(entries) == _shape(self._entries):
            before, self._entries = self._entries, entries
            self._announce(before)
            return True
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()
        return False

    def _announce(self, before: tuple[_Entry, ...]) -> None:
        for position, (old, new) in enumerate(zip(before, self._entries, strict=True)):
            if old == new or old.row is None or new.row is None:
                continue
            line = self.index(position, 0)
            self.dataChanged.emit(line, line)
            for at, (check, now) in enumerate(zip(old.row.findings, new.row.findings, strict=True)):
                if check != now:
                    self.dataChanged.emit(self.index(at, 0, line), self.index(at, 0, line))

    def find(self, key: str) -> QModelIndex:
        """The line of that key, or an invalid index."""
        for line in self.lines():
            if self.data(line, KEY_ROLE) == key:
                return line
            for check in range(self.rowCount(line)):
                child = self.index(check, 0, line)
                if self.data(child, KEY_ROLE) == key:
                    return child
        return QModelIndex()

    def lines(self) -> list[QModelIndex]:
        """The records, top to bottom, without headings."""
        return [self.index(at, 0) for at, entry in enumerate(self._entries) if entry.row is not None]

    # -- Qt's side ------------------------------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        """See QAbstractItemModel."""
        parent = parent if parent is not None else QModelIndex()
        if column != 0 or not 0 <= row < self.rowCount(parent):
            return QModelIndex()
        return self.createIndex(row, 0, parent.row() + 1 if parent.isValid() else _TOP)

    def parent(self, child: Index | None = None) -> QModelIndex:  # type: ignore[override] # Qt has two methods of this name
        """See QAbstractItemModel."""
        if child is None or not child.isValid() or child.internalId() == _TOP:
            return QModelIndex()
        return self.createIndex(child.internalId() - 1, 0, _TOP)

    def rowCount(self, parent: Index | None = None) -> int:
        """See QAbstractItemModel."""
        if parent is None or not parent.isValid():
            return len(self._entries)
        if parent.internalId() != _TOP or parent.row() >= len(self._entries):
            return 0
        row = self._entries[parent.row()].row
        return len(row.findings) if row else 0

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: ARG002 - Qt's signature
        """See QAbstractItemModel."""
        return 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        """See QAbstractItemModel."""
        item = self.item(index)
        if item is None or isinstance(item, Group):
            return _OF_HEADING
        return _OF_CHECK if isinstance(item, Finding) else _OF_RECORD

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """See QAbstractItemModel."""
        item = self.item(index)
        if item is None:
            return None
        if role == ITEM_ROLE:
            return item
        if role == KEY_ROLE:
            return self._key(index, item)
        if role == Qt.ItemDataRole.DisplayRole:
            return _(item.value) if isinstance(item, Group) else told(item.title)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(item)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(item)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return second_line(item)
        return None

    def item(self, index: Index) -> Group | Row | Finding | None:
        """What stands on that line. ``data`` gives it too, by a way through Qt that a repaint would take for every line."""
        if not index.isValid():
            return None
        if index.internalId() == _TOP:
            entry = self._entries[index.row()] if index.row() < len(self._entries) else None
            return (entry.row or entry.group) if entry else None
        at = index.internalId() - 1
        row = self._entries[at].row if at < len(self._entries) else None
        return row.findings[index.row()] if row and index.row() < len(row.findings) else None

    def _key(self, index: Index, item: Group | Row | Finding) -> str:
        if isinstance(item, Group):
            return f"group/{item.name}"
        if isinstance(item, Row):
            return item.key
        row = self._entries[index.internalId() - 1].row
        return f"{row.key if row else ''}#{item.code}#{index.row()}"


def _entries(rows: tuple[Row, ...]) -> tuple[_Entry, ...]:
    out: list[_Entry] = []
    for group in Group:
        of_group = [row for row in rows if row.group is group]
        if of_group:
            out.append(_Entry(group))
            out.extend(_Entry(group, row) for row in of_group)
    return tuple(out)


def _shape(entries: tuple[_Entry, ...]) -> list[object]:
    return [(e.group, e.row.key, [f.code for f in e.row.findings]) if e.row else e.group for e in entries]


# -- words for a line ---------------------------------------------------------------------------------------------------


def status_word(item: Row | Finding) -> str:
    """The word beside the icon; a record also says how many of its checks need somebody."""
    word = _(item.status.value)
    if isinstance(item, Row) and item.status.is_finding:
        open_checks = sum(f.status is item.status for f in item.findings)
        return word if open_checks == 1 else f"{word} ({open_checks})"
    return word


def second_line(item: Group | Row | Finding) -> str:
    """The dim line under the title: what a record is, what a check found where it doesn't simply hold."""
    if isinstance(item, Group):
        return ""
    if isinstance(item, Row):
        return told(item.detail)
    return "" if item.status in {Status.HOLDS, Status.NOT_APPLICABLE} else told(item.found)


def spoken(item: Group | Row | Finding) -> str:
    """What a screen reader says of the line: status first, then what it is about."""
    if isinstance(item, Group):
        return _("{group}, heading", group=_(item.value))
    if isinstance(item, Row):
        checks = plural(len(item.findings), "{n} check", "{n} checks")
        return f"{told(item.title)}: {_(item.status.value)}. {_(item.group.value)}, {checks}."
    return f"{_(item.status.value)}: {told(item.title)}. {told(item.found)}".strip()


def tooltip(item: Group | Row | Finding) -> str:
    """The whole text of a line that may be elided. Plain text: Qt would draw markup."""
    if isinstance(item, Group):
        return ""
    return "\n".join(part for part in (told(item.title), second_line(item)) if part)


def as_text(item: Row | Finding) -> str:
    """The line as text to paste into a ticket."""
    if isinstance(item, Row):
        lines = (f"  {_(f.status.value)}: {told(f.title)}" for f in item.findings)
        return "\n".join((f"{told(item.title)}: {_(item.status.value)}", *lines))
    parts = [
        f"{_(item.status.value)}: {told(item.title)}",
        _("Found: {text}", text=told(item.found)) if told(item.found) else "",
        _("Should be: {text}", text=told(item.expected)) if told(item.expected) else "",
        _("Why: {text}", text=told(item.why)) if told(item.why) else "",
        *(f"{s.title}: {s.url}" for s in item.sources),
    ]
    return "\n".join(part for part in parts if part)
