"""Draws the lines of the overview straight from what is known, column by column.

A delegate is called for each cell, with a style option to be filled and unwrapped each time: five times what the drawing
itself costs, and more than a frame for a full window. Pens and fonts are set here once for a column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QFontMetricsF, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyleOptionFocusRect

from exoalias.ui import badge, theme
from exoalias.ui import known as knowledge
from exoalias.ui.checklist.typeset import Typeset
from exoalias.ui.overview.model import BY_NAME, COLUMNS

if TYPE_CHECKING:
    from PySide6.QtGui import QColor
    from PySide6.QtWidgets import QTableView

    from exoalias.ui.known import Known, State

_MOST_FITTED = 20_000  # texts kept fitted
_KIND, _STATE, _LOCK, _NAME = BY_NAME["kind"], BY_NAME["state"], BY_NAME["lock"], BY_NAME["name"]
_OWN = frozenset(BY_NAME[name] for name in ("customer", "name", "address"))  # a line's own texts; others come back
_SURELY = 0.9  # of the room: what is no wider letter by letter fits, whatever a font does between two of them


class _Line(NamedTuple):
    """One visible line: where it is, what it shows, and in which colour."""

    top: int
    known: Known
    selected: bool
    text: QColor


class _Letters(dict[str, int]):
    """How wide each letter is by itself in a font, measured when it is first met."""

    def __init__(self, font: QFont) -> None:
        super().__init__()
        self._metrics = QFontMetrics(font)

    def __missing__(self, letter: str) -> int:
        wide = self[letter] = self._metrics.horizontalAdvance(letter)
        return wide


class OverviewPainter:
    """Draws for one table. Words that come back are laid out once, as long as the font is the same."""

    def __init__(self, table: QTableView) -> None:
        self._table = table
        self._words = Typeset()
        self._fitted: dict[tuple[str, int, bool], str] = {}
        self._use(table.font())

    def _use(self, font: QFont) -> None:
        self._font, self._bold = QFont(font), theme.larger(font, 1.0, bold=True)
        self._letters = {False: _Letters(self._font), True: _Letters(self._bold)}
        self._fitted.clear()
        self._words.use(font)

    def paint(self, painter: QPainter, shown: list[Known], rows: range, selected: set[int], current: int) -> None:
        """These rows of the lines shown."""
        table = self._table
        if table.font() != self._font:
            self._use(table.font())
        height = table.verticalHeader().defaultSectionSize()
        top = table.rowViewportPosition(rows.start)
        group = QPalette.ColorGroup.Active if table.hasFocus() else QPalette.ColorGroup.Inactive
        palette = table.palette()
        plain = palette.color(group, QPalette.ColorRole.Text)
        bright = palette.color(group, QPalette.ColorRole.HighlightedText)
        lines = []
        for row in rows:
            at = top + (row - rows.start) * height
            if row in selected:
                ground = palette.color(group, QPalette.ColorRole.Highlight)
                painter.fillRect(0, at, table.viewport().width(), height, ground)
            lines.append(_Line(at, shown[row], row in selected, bright if row in selected else plain))
        for column in range(len(COLUMNS)):
            if not table.isColumnHidden(column):
                self._column(painter, column, lines, height)
        if table.hasFocus() and current in rows:
            self._focus(painter, top + (current - rows.start) * height, height)

    def _column(self, painter: QPainter, column: int, lines: list[_Line], height: int) -> None:
        left, width = self._table.columnViewportPosition(column), self._table.columnWidth(column)
        if left + width < 0 or left > self._table.viewport().width():
            return
        bold = column == _NAME
        painter.setFont(self._bold if bold else self._font)
        metrics = painter.fontMetrics()
        side, ascent = metrics.height(), metrics.ascent()
        left, width = left + side // 2, width - side // 2 - side // 4
        over = (height - side) // 2
        above = over + ascent - QFontMetricsF(painter.font()).ascent()  # so that both ways of drawing end on the same line
        icons = self._icons(column)
        indent = side + side // 2 if icons else 0
        begin, room = left + indent, width - indent
        says = COLUMNS[column].says
        pen: QColor | None = None
        for line in lines:
            if column == _KIND and line.known.guarded:
                badge.paint(painter, QRect(left, line.top + over, width, side + 1), line.known, line.text)
                pen = None
                continue
            text = says(line.known)
            if not text:
                continue
            tint = self._icon(painter, line, icons, (left, line.top + over), side) if icons else line.text
            if tint is not pen:
                painter.setPen(tint)
                pen = tint
            if column in _OWN:
                painter.drawText(begin, line.top + over + ascent, self._fit(metrics, text, room, bold=bold))
            else:
                painter.drawStaticText(QPointF(begin, line.top + above), self._words.laid(painter, text, room).text)

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
        """Draw the icon before the words; gives the words' colour."""
        by_state = icons.get(line.known.state)
        icon, tint = by_state if by_state is not None else icons["locked" if line.known.locked else "unlocked"]
        if line.selected:
            tint = line.text
        painter.drawPixmap(at[0], at[1], theme.pixmap(icon, tint, side, painter.device().devicePixelRatio()))
        return tint

    def _fit(self, metrics: QFontMetrics, text: str, width: int, *, bold: bool) -> str:
        """As much of it as there is room for. Measuring costs half of drawing: it is left out where the letters surely fit."""
        if text.isascii() and sum(map(self._letters[bold].__getitem__, text)) <= width * _SURELY:
            return text
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
