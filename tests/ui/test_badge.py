"""The mark of production: a word in a frame with a lock, there whatever the colours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter

from exoalias.ui import badge
from tests.ui.crowd import known

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def drawn(one: object) -> QImage:
    image = QImage(200, 40, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    badge.paint(painter, QRect(4, 4, 190, 20), one, QColor("black"))  # type: ignore[arg-type] # a Known
    painter.end()
    return image


def test_only_production_has_one(qapp: QApplication) -> None:
    metrics = QFontMetrics(qapp.font())
    assert badge.width(known("a", kind="test"), metrics) == 0
    assert badge.width(known("a", kind="production"), metrics) > metrics.horizontalAdvance("Production")


def test_it_has_a_frame_and_another_lock_when_unlocked(qapp: QApplication) -> None:
    one = known("a", kind="production")
    locked = drawn(one)
    width = badge.width(one, QFontMetrics(qapp.font()))
    assert locked.pixelColor(4 + width // 2, 4).lightness() < 128, "the frame's upper edge"
    one.unlocked_until = datetime.now(UTC)
    assert drawn(one) != locked
