"""The first page, before there is an instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from exoalias.ui.first_start import FirstStart

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.ui.hands import Face


def test_first_start_offers_two_things(face: Face) -> None:
    assert face.window.pages.currentWidget() is face.window.first
    assert not face.window.first.add.isEnabled(), "nothing can be added before there is a world"
    face.open()
    assert face.window.first.add.isEnabled()
    assert face.window.first.play.isEnabled()


def test_enter_adds_an_instance_once_there_is_a_world(face: Face) -> None:
    face.open()
    face.bot.waitUntil(face.window.first.add.isEnabled)
    assert face.window.focusWidget() is face.window.first.add
    assert "password" not in face.window.first.add.description(), "the way in offered first needs none"
    face.key(Qt.Key.Key_Return)
    assert face.dialog.objectName() == "add-instance"


def test_the_arrows_are_seen_in_the_dark(qtbot: QtBot) -> None:
    first = FirstStart()
    qtbot.addWidget(first)

    def ink() -> QColor:
        picture = first.play.icon().pixmap(QSize(32, 32)).toImage()
        points = [picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height())]
        return max(points, key=lambda point: point.alpha())

    for words, ground in (("#f0f0f0", "#202020"), ("#101010", "#f0f0f0")):
        palette = QPalette(QColor(words), QColor(ground))
        palette.setColor(QPalette.ColorRole.WindowText, QColor(words))
        first.setPalette(palette)
        QApplication.sendEvent(first, QEvent(QEvent.Type.PaletteChange))
        assert ink().name() == words
