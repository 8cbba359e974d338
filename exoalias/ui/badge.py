"""The mark of a production instance: its word in a frame, with a lock that is shut or open. Shape and word, not colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt

from exoalias.ui import known as knowledge
from exoalias.ui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QFontMetrics, QPainter

    from exoalias.ui.known import Known


def width(known: Known, metrics: QFontMetrics) -> int:
    """How wide the mark is in that font; 0 where there is none."""
    if not known.guarded:
        return 0
    return metrics.horizontalAdvance(knowledge.kind_word(known)) + _side(metrics) + 3 * _pad(metrics)


def paint(painter: QPainter, at: QRect, known: Known, tint: QColor) -> None:
    """Draw it at the left of that line of text."""
    metrics = painter.fontMetrics()
    pad, side = _pad(metrics), _side(metrics)
    frame = QRect(at.left(), at.top(), min(width(known, metrics), at.width()), at.height())
    painter.setPen(tint)
    painter.drawRoundedRect(frame.adjusted(0, 0, -1, -1), pad, pad)
    icon = "locked" if known.locked else "unlocked"
    top = frame.top() + (frame.height() - side) // 2
    painter.drawPixmap(frame.left() + pad, top, theme.pixmap(icon, tint, side, painter.device().devicePixelRatio()))
    words = frame.adjusted(2 * pad + side, 0, -pad, 0)
    painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, knowledge.kind_word(known))


def _pad(metrics: QFontMetrics) -> int:
    return max(2, metrics.height() // 4)


def _side(metrics: QFontMetrics) -> int:
    return max(8, metrics.height() * 3 // 4)
