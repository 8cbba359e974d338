"""The counts as buttons: only states somebody is in, wrapped where there is little room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from exoalias.ui.known import FAILED, HOLDS, NEEDS_YOU, STATES
from exoalias.ui.overview.chips import Chips

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from exoalias.ui.known import State


@pytest.fixture
def chips(qtbot: QtBot) -> Chips:
    made = Chips()
    qtbot.addWidget(made)
    made.resize(900, 30)
    made.show()
    return made


def shown(chips: Chips) -> list[str]:
    return [button.text() for button in chips.findChildren(QToolButton) if not button.isHidden()]


def test_states_nobody_is_in_have_no_button(chips: Chips) -> None:
    chips.draw({NEEDS_YOU: 2, FAILED: 1, HOLDS: 28})
    assert shown(chips) == ["2 need you", "1 could not be reached", "28 hold"]
    assert all(button.accessibleName() == button.text() for button in chips.findChildren(QToolButton) if button.isVisible())


def test_a_press_tells_the_state_and_another_press_all(chips: Chips) -> None:
    told: list[State | None] = []
    chips.chosen.connect(told.append)
    chips.draw({NEEDS_YOU: 2, HOLDS: 28})
    button = chips.findChild(QToolButton, "chip-needs-you")
    assert button is not None
    QTest.keyClick(button, Qt.Key.Key_Space)
    chips.draw({HOLDS: 30})
    assert shown(chips) == ["0 need you", "30 hold"], "the state chosen stays in sight, or nobody could leave it"
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert told == [NEEDS_YOU, None]


def test_they_wrap_and_asking_for_the_height_moves_nothing(chips: Chips) -> None:
    chips.draw(dict.fromkeys(STATES, 7))
    buttons = [button for button in chips.findChildren(QToolButton) if button.isVisible()]
    places = [button.geometry() for button in buttons]
    assert len({place.top() for place in places}) == 1
    assert chips.heightForWidth(300) > chips.heightForWidth(900)
    assert [button.geometry() for button in buttons] == places
    chips.resize(300, 200)
    assert len({button.geometry().top() for button in buttons}) > 1
    assert max(button.geometry().right() for button in buttons) <= 300


def test_the_icons_follow_the_palette(chips: Chips) -> None:
    chips.draw({HOLDS: 1})
    button = chips.findChild(QToolButton, "chip-holds")
    assert button is not None
    before = button.icon().cacheKey()
    chips.setPalette(QPalette(QColor("#303030")))
    assert button.icon().cacheKey() != before
