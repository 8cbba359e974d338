"""Texts of lines, laid out once: shaping a text costs four times the drawing, and a line is drawn again for little."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QPainter, QStaticText, QTextOption

from exoalias.ui import theme

MOST = 1_000  # texts kept, so that resizing for ever doesn't fill the memory


class Laid(NamedTuple):
    """A text as far as it fits, and the room it takes."""

    text: QStaticText
    width: float
    height: float


class Typeset:
    """Draws single-line texts of a view, in its font or that font in bold."""

    def __init__(self) -> None:
        self._laid: dict[tuple[str, bool, int], Laid] = {}
        self._font = QFont()
        self._bold = theme.larger(self._font, 1.0, bold=True)

    def use(self, font: QFont) -> None:
        """The font from now on; what was laid out in another is forgotten."""
        if font != self._font:
            self._laid.clear()
            self._font = QFont(font)
            self._bold = theme.larger(font, 1.0, bold=True)

    def draw(self, painter: QPainter, text: str, box: QRect, *, bold: bool = False, right: bool = False) -> int:
        """Draw the text as far as it fits, left or right in the middle of the box's height; gives the width taken."""
        painter.setFont(self._bold if bold else self._font)
        width = box.width()
        laid = self.laid(painter, text, width, bold=bold)
        left = box.left() + (width - laid.width if right else 0)
        painter.drawStaticText(QPointF(left, box.top() + (box.height() - laid.height) / 2), laid.text)
        return round(laid.width)

    def laid(self, painter: QPainter, text: str, width: int, *, bold: bool = False) -> Laid:
        """The text as far as it fits, for who draws it; the painter's font is the one said here."""
        return self._laid.get((text, bold, width)) or self._lay(painter, text, width, bold=bold)

    def _lay(self, painter: QPainter, text: str, width: int, *, bold: bool) -> Laid:
        laid = _laid(painter, text)
        if laid.width > width:
            laid = _laid(painter, painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width))
        if len(self._laid) >= MOST:
            self._laid.clear()
        self._laid[(text, bold, width)] = laid
        return laid


def _laid(painter: QPainter, text: str) -> Laid:
    static = QStaticText(text)
    static.setTextFormat(Qt.TextFormat.PlainText)  # what an instance says is never markup
    option = QTextOption()
    option.setTextDirection(painter.layoutDirection())
    static.setTextOption(option)
    static.prepare(painter.transform(), painter.font())
    size = static.size()
    return Laid(static, size.width(), size.height())
