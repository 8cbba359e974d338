"""The first page, before there is an instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from exoalias.ui import theme
from exoalias.ui.first_start import FirstStart, Offer

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
    assert "password" not in face.window.first.add.accessibleDescription(), "the way in offered first needs none"
    face.key(Qt.Key.Key_Return)
    assert face.dialog.objectName() == "add-instance"


def test_the_arrows_are_seen_in_the_dark(qtbot: QtBot) -> None:
    first = FirstStart()
    qtbot.addWidget(first)
    first.resize(700, 500)
    first.show()
    for words, ground in (("#f0f0f0", "#202020"), ("#101010", "#f0f0f0")):
        palette = QPalette(QColor(ground))
        palette.setColor(QPalette.ColorRole.ButtonText, QColor(words))
        first.setPalette(palette)
        QApplication.processEvents()
        step = theme.grid(first)
        picture = first.play.grab(QRect(step, step, 2 * step, 2 * step)).toImage()
        drawn = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
        assert words in drawn


def test_an_offer_grows_with_the_text_and_wraps(qtbot: QtBot) -> None:
    offer = Offer("&Try it", "Starts an invented instance on this computer. Nothing leaves it.")
    qtbot.addWidget(offer)
    assert offer.heightForWidth(200) > offer.heightForWidth(900)
    usual = offer.heightForWidth(900)
    font = offer.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    offer.setFont(font)
    assert offer.heightForWidth(900) > usual * 1.5
    assert (offer.accessibleName(), offer.accessibleDescription()[:6]) == ("Try it", "Starts")
