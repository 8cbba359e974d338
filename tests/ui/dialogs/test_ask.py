"""A question's way back is the default; a message has one button."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from exoalias.ui.dialogs.ask import Ask

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_neither_enter_nor_escape_goes_on(qtbot: QtBot, key: Qt.Key) -> None:
    ask = Ask("Remove acme?", "It is forgotten.", "&Remove")
    qtbot.addWidget(ask)
    went_on: list[int] = []
    ask.accepted.connect(lambda: went_on.append(1))
    ask.open()
    qtbot.waitUntil(ask.isActiveWindow)
    QTest.keyClick(ask, key)
    assert not ask.isVisible()
    assert went_on == []


def test_it_is_as_high_as_its_words(qtbot: QtBot) -> None:
    ask = Ask("Remove acme?", "It is forgotten, and nothing is changed on the instance. " * 3, "&Remove")
    qtbot.addWidget(ask)
    ask.show()
    qtbot.waitExposed(ask).__enter__()
    words = ask.findChild(QLabel, "ask-words")
    assert words is not None
    assert words.height() == words.heightForWidth(words.width())


def test_a_message_has_one_button(qtbot: QtBot) -> None:
    ask = Ask("About", "Words.", "")
    qtbot.addWidget(ask)
    assert [b.text() for b in ask.findChildren(QPushButton)] == ["&Close"]
