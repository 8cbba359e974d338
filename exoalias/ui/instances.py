"""The left side: the known instances by customer, each with its state, and from some on a line to filter them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QListView, QWidget

from exoalias.ui import theme
from exoalias.ui.instance_model import Heading, InstanceModel, key_of, lines_of
from exoalias.ui.known import Known, Tally
from exoalias.ui.words import _

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QKeyEvent

    from exoalias.ui.instance_model import Line
    from exoalias.ui.shelf import Shelf

_BATCHED_FROM = 3_000  # lines from which on they are laid out in portions
_BATCH = 1_500


class InstanceList(QListView):
    """``chosen`` tells the name the person moved to, ``group_chosen`` the Over, ``removal_wanted`` a Delete."""

    chosen = Signal(str)
    group_chosen = Signal(object)
    removal_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("instances")
        self.setAccessibleName(_("Instances"))
        self.setMinimumWidth(theme.wide(self, 18))
        self.setUniformItemSizes(True)
        self.setBatchSize(_BATCH)
        self._known: tuple[Known, ...] = ()
        self._keys: list[str] = []  # theirs for the filter, made when it is first used
        self._tally = Tally()
        self._needle = ""
        self._quiet = False
        self.lines = InstanceModel(self)
        self.setModel(self.lines)

    def complete(self) -> None:
        """After the first paint: icons, states and elided names instead of plain lines."""
        from PySide6.QtCore import Qt

        from exoalias.ui.instance_delegate import InstanceDelegate

        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(InstanceDelegate(self))

    def draw(self, shelf: Shelf) -> None:
        """Show the shelf's instances and stand where the person stands."""
        self._known, self._tally, self._keys = tuple(shelf.known.values()), shelf.tally, []
        lines = self._lines()
        if lines != self.lines.lines:
            self._reset(lines)
        self.stand(shelf)

    def _reset(self, lines: list[Line]) -> None:
        self._quiet = True
        many = len(lines) > _BATCHED_FROM
        self.setLayoutMode(QListView.LayoutMode.Batched if many else QListView.LayoutMode.SinglePass)
        self.lines.draw(lines, self._tally)
        self._quiet = False

    def _lines(self) -> list[Line]:
        if self._needle and not self._keys:
            self._keys = [key_of(known) for known in self._known]
        return lines_of(self._known, self._needle, self._keys)

    def filter(self, needle: str) -> None:
        """Show what holds every word of that; the person stays where they are if that is still shown."""
        at = self.line_at(self.currentIndex())
        self._needle = needle
        self._reset(self._lines())
        if isinstance(at, Heading):
            self._go(self.lines.row_above(at.over))
        elif at is not None:
            self._go(self.lines.row_of(at.entry.name))

    def stand(self, shelf: Shelf) -> None:
        """Stand where the person stands, without telling."""
        over = shelf.over
        self._go(self.lines.row_of(shelf.current) if over is None else self.lines.row_above(over))

    def _go(self, row: int) -> None:
        self._quiet = True
        self.setCurrentIndex(self.lines.index(row, 0))
        self._quiet = False

    def line_at(self, index: QModelIndex | QPersistentModelIndex) -> Line | None:
        """The line there."""
        return self.lines.lines[index.row()] if index.isValid() else None

    def currentChanged(self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex) -> None:
        """The person moved: tell where to."""
        super().currentChanged(current, previous)
        line = self.line_at(current)
        if self._quiet or line is None:
            return
        if isinstance(line, Heading):
            self.group_chosen.emit(line.over)
        else:
            self.chosen.emit(line.entry.name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete asks to remove the instance."""
        from PySide6.QtCore import Qt

        if event.key() == Qt.Key.Key_Delete and isinstance(self.line_at(self.currentIndex()), Known):
            self.removal_wanted.emit()
        else:
            super().keyPressEvent(event)


class InstanceFilter(QLineEdit):
    """Filters the list as one types. Down goes into the list, Escape empties the line."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("instances-filter")
        self.setAccessibleName(_("Filter the instances"))
        self.setPlaceholderText(_("Filter (Ctrl+F)"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See QLineEdit."""
        from PySide6.QtCore import Qt

        if event.key() == Qt.Key.Key_Down or (event.key() == Qt.Key.Key_Escape and not self.text()):
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
        else:
            super().keyPressEvent(event)
