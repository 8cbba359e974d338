"""The left side: the known instances by customer, each with its state, and from some on a line to filter them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QWidget

from exoalias.ui import theme
from exoalias.ui.haystack import Haystack
from exoalias.ui.instance_model import Heading, InstanceModel, key_of, lines_of
from exoalias.ui.known import Known, Tally
from exoalias.ui.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QKeyEvent

    from exoalias.ui.instance_model import Line
    from exoalias.ui.shelf import Shelf

_PORTION = 400  # instances at a time whose texts for the filter are made


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
        self._known: tuple[Known, ...] = ()
        self._everyone: list[Line] = []  # the lines without a filter
        self._texts = Haystack(key_of)
        self._spare = QTimer(self)
        self._spare.setInterval(0)
        self._spare.timeout.connect(self._prepare)
        self._tally = Tally()
        self._needle = ""
        self._quiet = False
        self._completed = False
        self.lines = InstanceModel(self)
        self.setModel(self.lines)

    def complete(self) -> None:
        """After the first paint: icons, states and elided names instead of plain lines."""
        from PySide6.QtCore import Qt

        from exoalias.ui.instance_delegate import InstanceDelegate

        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(InstanceDelegate(self))
        self._completed = True
        self._spare.start()

    def _prepare(self) -> None:
        if not self._texts.prepare(_PORTION):
            self._spare.stop()

    def draw(self, shelf: Shelf) -> None:
        """Show the shelf's instances and stand where the person stands."""
        self._known, self._tally = tuple(shelf.known.values()), shelf.tally
        self._texts.fill(self._known)
        self._everyone = lines_of(self._known, range(len(self._known)))
        lines = self._lines()
        if lines != self.lines.lines:
            self._reset(lines)
        if self._completed:
            self._spare.start()
        self.stand(shelf)

    def _reset(self, lines: list[Line]) -> None:
        self._quiet = True
        self.lines.draw(lines, self._tally)
        self._quiet = False

    def _lines(self) -> list[Line]:
        words = self._needle.casefold().split()
        return lines_of(self._known, self._texts.holding(words)) if words else self._everyone

    def filter(self, needle: str) -> None:
        """Show what holds every word of that; the person stays where they are if that is still shown."""
        at = self.line_at(self.currentIndex())
        self._needle = needle
        self._reset(self._lines())
        if at is not None:
            self._go(self.lines.row_at(at))

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

    def dataChanged(
        self,
        first: QModelIndex | QPersistentModelIndex,
        last: QModelIndex | QPersistentModelIndex,
        roles: Sequence[int] = (),
    ) -> None:
        """A line is drawn anew. A QListView lays all of its lines out again, but here they stay as high as they were."""
        QAbstractItemView.dataChanged(self, first, last, roles)

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
