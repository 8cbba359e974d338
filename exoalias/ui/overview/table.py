"""The overview's table: chosen, opened and sorted by keyboard and mouse; what is selected survives sorting and filtering."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from exoalias.ui import theme
from exoalias.ui.overview.model import BY_NAME, COLUMNS, OverviewModel
from exoalias.ui.overview.painter import OverviewPainter
from exoalias.ui.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QRect
    from PySide6.QtGui import QKeyEvent, QPaintEvent

    from exoalias.ui.known import Known, State

_PORTION = 400  # lines at a time whose texts for the filter are made while nothing else is to be done
_ROWS = QItemSelectionModel.SelectionFlag.Rows


class OverviewTable(QTableView):
    """``opened`` tells the instance an Enter or double click was on, ``typed`` a letter that belongs into the filter."""

    opened = Signal(str)
    typed = Signal(str)
    selected = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("overview-table")
        self.setAccessibleName(_("All instances"))
        self.empty = ""
        self.lines = OverviewModel(self)
        self.setModel(self.lines)
        self._painter = OverviewPainter(self)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.sortIndicatorChanged.connect(self._sort)
        self.doubleClicked.connect(self._open)
        self._spare = QTimer(self)
        self._spare.setInterval(0)
        self._spare.timeout.connect(self._prepare)
        self._size()

    def _size(self) -> None:
        self.verticalHeader().setDefaultSectionSize(round(self.fontMetrics().height() * 1.7))
        room = theme.wide(self, 3)  # beside a title: margins, and the mark of the order
        for at, column in enumerate(COLUMNS):
            title = self.fontMetrics().horizontalAdvance(_(column.title)) + room
            self.setColumnWidth(at, max(theme.wide(self, column.wide), title))
        self.horizontalHeader().setSectionResizeMode(BY_NAME["address"], QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setMinimumSectionSize(theme.wide(self, 6))

    # -- what is shown --------------------------------------------------------------------------------------------------

    def draw(self, everything: Sequence[Known]) -> None:
        """Show these; columns in which none of them has anything are left out."""
        self._keep(lambda: self.lines.draw(everything))
        for name, has in (
            ("customer", any(known.entry.customer != everything[0].entry.customer for known in everything)),
            ("kind", any(known.entry.kind for known in everything)),
            ("lock", any(known.guarded for known in everything)),
        ):
            self.setColumnHidden(BY_NAME[name], not has)
        self._spare.start()

    def filter(self, needle: str, state: State | None) -> None:
        """See OverviewModel."""
        self._keep(lambda: self.lines.filter(needle, state))

    def sort_by(self, column: int) -> None:
        """Sort by that column; once more: the other way round."""
        header = self.horizontalHeader()
        again = header.sortIndicatorSection() == column and header.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
        header.setSortIndicator(column, Qt.SortOrder.DescendingOrder if again else Qt.SortOrder.AscendingOrder)

    def sort_anew(self) -> None:
        """What it is sorted by may have changed."""
        self._sort(self.lines.column, Qt.SortOrder.DescendingOrder if self.lines.descending else Qt.SortOrder.AscendingOrder)

    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        self._keep(lambda: self.lines.sort(column, order))

    def _prepare(self) -> None:
        if not self.lines.prepare(_PORTION):
            self._spare.stop()

    def _keep(self, change: Callable[[], None]) -> None:
        """Change what is shown; the person stays on the same line, and the same lines stay selected."""
        current, chosen = self.name_at(self.currentIndex()), self.names()
        change()
        rows = self.lines.rows_of(chosen)
        row = next(iter(self.lines.rows_of((current,) if current else ())), -1)
        if row < 0:
            row = rows[0] if rows else 0
        selection = self.selectionModel()
        index = self.lines.index(row, BY_NAME["name"])
        selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        selection.select(self._ranges(rows), QItemSelectionModel.SelectionFlag.ClearAndSelect | _ROWS)
        if current and index.isValid():
            self.scrollTo(index)
        self.selected.emit(len(rows))

    def _ranges(self, rows: list[int]) -> QItemSelection:
        ranges, last = QItemSelection(), len(COLUMNS) - 1
        start = 0
        for at in range(1, len(rows) + 1):
            if at == len(rows) or rows[at] != rows[at - 1] + 1:
                ranges.select(self.lines.index(rows[start], 0), self.lines.index(rows[at - 1], last))
                start = at
        return ranges

    # -- where the person stands ----------------------------------------------------------------------------------------

    def names(self) -> tuple[str, ...]:
        """The selected instances, in the order shown."""
        rows = sorted({row for part in self._parts() for row in range(part.top(), part.bottom() + 1)})
        return tuple(self.lines.shown[row].entry.name for row in rows)

    def name_at(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """The instance there; "" for none."""
        return self.lines.shown[index.row()].entry.name if index.isValid() else ""

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """See QAbstractItemView."""
        super().selectionChanged(selected, deselected)
        self.selected.emit(sum(part.height() for part in self._parts()))

    def _open(self, index: QModelIndex | QPersistentModelIndex) -> None:
        name = self.name_at(index)
        if name:
            self.opened.emit(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; Home and End go to the first and last line; a letter goes to the filter."""
        key, text = event.key(), event.text()
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier}
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(self.currentIndex())
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End} and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.setCurrentIndex(self.lines.index(0 if key == Qt.Key.Key_Home else self.lines.rowCount() - 1, BY_NAME["name"]))
        elif plain and text.isprintable() and text.strip():
            self.typed.emit(text)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lines are drawn by a painter of their own, as many as have to be drawn anew; with none to show, say why."""
        with QPainter(self.viewport()) as painter:
            if self.lines.shown:
                rows = self._rows_in(event.rect())
                reach = ((max(part.top(), rows.start), min(part.bottom() + 1, rows.stop)) for part in self._parts())
                chosen = {row for first, stop in reach for row in range(first, stop)}
                self._painter.paint(painter, self.lines.shown, rows, chosen, self.currentIndex().row())
            elif self.empty:
                painter.setPen(theme.quiet(self.palette()))
                step = theme.grid(self) * 4
                room = self.viewport().rect().adjusted(step, step, -step, -step)
                middle = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
                painter.drawText(room, middle | Qt.TextFlag.TextWordWrap, self.empty)

    def _rows_in(self, area: QRect) -> range:
        """The lines in that part of the viewport."""
        first, last = self.rowAt(area.top()), self.rowAt(area.bottom())
        return range(first, (last if last >= 0 else len(self.lines.shown) - 1) + 1) if first >= 0 else range(0)

    def _parts(self) -> list[QItemSelectionRange]:
        parts = self.selectionModel().selection()
        return [parts.at(at) for at in range(parts.count())]

    def changeEvent(self, event: QEvent) -> None:
        """Another font: rows and columns follow."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_spare"):
            self._size()
