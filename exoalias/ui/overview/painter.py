"""Draws the lines of the overview straight from what is known, column by column.

A delegate is called for each cell, with a style option to be filled and unwrapped each time: five times what the drawing
itself costs, and more than a frame for a full window. Pens and fonts are set here once for a column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyleOptionFocusRect

from exoalias.ui import badge, theme
from exoalias.ui import known as knowledge
from exoalias.ui.overview.model import BY_NAME, COLUMNS

if TYPE_CHECKING:
    from PySide6.QtGui import QColor
    from PySide6.QtWidgets import QTableView

    from exoalias.ui.known import Known, State

_MOST_FITTED = 20_000  # texts kept fitted
_KIND, _STATE, _LOCK, _NAME = BY_NAME["kind"], BY_NAME["state"], BY_NAME["lock"], BY_NAME["name"]


class _Line(NamedTuple):
    """One visible line: where it is, what it shows, and in which colour."""

    top: int
    known: Known
    selected: bool
    text: QColor


class OverviewPainter:
    """Draws for one table. Fitted texts are kept as long as the font is the same."""

    def __init__(self, table: QTableView) -> None:
        self._table = table
        self._fitted: dict[tuple[str, int, bool], str] = {}
        self._font = QFont(table.font())
        self._bold = theme.larger(self._font, 1.0, bold=True)

    def paint(self, painter: QPainter, shown: list[Known], selected: set[int], current: int) -> None:
        """The visible ones of these lines."""
        table = self._table
        self._begin(table.font())
        height = table.verticalHeader().defaultSectionSize()
        first, last = table.rowAt(0), table.rowAt(table.viewport().height() - 1)
        if first < 0:
            return
        top = table.rowViewportPosition(first)
        group = QPalette.ColorGroup.Active if table.hasFocus() else QPalette.ColorGroup.Inactive
        palette = table.palette()
        plain = palette.color(group, QPalette.ColorRole.Text)
        bright = palette.color(group, QPalette.ColorRole.HighlightedText)
        lines = []
        for row in range(first, (last if last >= 0 else len(shown) - 1) + 1):
            at = top + (row - first) * height
            if row in selected:
                ground = palette.color(group, QPalette.ColorRole.Highlight)
                painter.fillRect(0, at, table.viewport().width(), height, ground)
            lines.append(_Line(at, shown[row], row in selected, bright if row in selected else plain))
        for column in range(len(COLUMNS)):
            if not table.isColumnHidden(column):
                self._column(painter, column, lines, height)
        if table.hasFocus() and first <= current <= first + len(lines) - 1:
            self._focus(painter, top + (current - first) * height, height)

    def _begin(self, font: QFont) -> None:
        if font != self._font:
            self._font, self._bold = QFont(font), theme.larger(font, 1.0, bold=True)
            self._fitted.clear()

    def _column(self, painter: QPainter, column: int, lines: list[_Line], height: int) -> None:
        table = self._table
        left, width = table.columnViewportPosition(column), table.columnWidth(column)
        if left + width < 0 or left > table.viewport().width():
            return
        bold = column == _NAME
        painter.setFont(self._bold if bold else self._font)
        metrics = painter.fontMetrics()
        line_height = metrics.height()
        left, width = left + line_height // 2, width - line_height // 2 - line_height // 4
        base = (height - line_height) // 2 + metrics.ascent()
        icons = self._icons(column)
        indent = line_height + line_height // 2 if icons else 0
        says = COLUMNS[column].says
        pen: QColor | None = None
        for line in lines:
            if column == _KIND and line.known.guarded:
                frame = QRect(left, line.top + (height - line_height) // 2, width, line_height + 1)
                badge.paint(painter, frame, line.known, line.text)
                pen = None
                continue
            text = says(line.known)
            if not text:
                continue
            tint = self._icon(painter, line, icons, (left, line.top + (height - line_height) // 2), line_height)
            if tint is not pen:
                painter.setPen(tint)
                pen = tint
            painter.drawText(left + indent, line.top + base, self._fit(metrics, text, width - indent, bold=bold))

    def _icons(self, column: int) -> dict[State | str, tuple[str, QColor]]:
        """The icons of a column by what they stand for, with the colour of the words beside them."""
        palette = self._table.palette()
        if column == _STATE:
            tones = {state: knowledge.tone(state) for state in knowledge.STATES}
            return {state: (tone.icon, theme.colour(tone, palette)) for state, tone in tones.items()}
        if column == _LOCK:
            text = palette.color(QPalette.ColorRole.Text)
            return {"locked": ("locked", text), "unlocked": ("unlocked", text)}
        return {}

    def _icon(
        self, painter: QPainter, line: _Line, icons: dict[State | str, tuple[str, QColor]], at: tuple[int, int], side: int
    ) -> QColor:
        """Draw the icon before the words where the column has one; gives the words' colour."""
        if not icons:
            return line.text
        by_state = icons.get(line.known.state)
        icon, tint = by_state if by_state is not None else icons["locked" if line.known.locked else "unlocked"]
        if line.selected:
            tint = line.text
        painter.drawPixmap(at[0], at[1], theme.pixmap(icon, tint, side, painter.device().devicePixelRatio()))
        return tint

    def _fit(self, metrics: QFontMetrics, text: str, width: int, *, bold: bool) -> str:
        key = (text, width, bold)
        shown = self._fitted.get(key)
        if shown is None:
            if len(self._fitted) > _MOST_FITTED:
                self._fitted.clear()
            mode = Qt.TextElideMode.ElideMiddle if bold else Qt.TextElideMode.ElideRight
            shown = self._fitted[key] = metrics.elidedText(text, mode, width)
        return shown

    def _focus(self, painter: QPainter, top: int, height: int) -> None:
        """Where the keyboard is, also on a line that is not selected."""
        frame = QStyleOptionFocusRect()
        frame.initFrom(self._table)
        frame.rect = QRect(0, top, self._table.viewport().width(), height)
        frame.state |= QStyle.StateFlag.State_KeyboardFocusChange | QStyle.StateFlag.State_HasFocus
        self._table.style().drawPrimitive(QStyle.PrimitiveElement.PE_FrameFocusRect, frame, painter, self._table)
