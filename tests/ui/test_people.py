"""The people of a simulation can be copied, by keyboard and by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QToolButton

from exoalias.ui.people import People, cast_of
from exoalias.ui.verbs import Playground
from tests.ui import stories

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.ui.hands import App, Face


def test_each_value_can_be_copied(qtbot: QtBot, qapp: QApplication) -> None:
    people = People(stories.ANNOUNCEMENT)
    qtbot.addWidget(people)
    buttons = people.findChildren(QToolButton)
    values = [value for _title, lines in cast_of(stories.ANNOUNCEMENT) for _label, value in lines]
    assert len(buttons) == len(values) == 7
    for button, value in zip(buttons, values, strict=True):
        assert button.accessibleName().startswith("Copy ")
        button.click()
        assert qapp.clipboard().text() == value
    assert len({b.accessibleName() for b in buttons}) == 7


class Side:
    """A running simulation, as far as the window sees it."""

    announcement = stories.ANNOUNCEMENT

    def __init__(self) -> None:
        self.stopped = 0

    def stop(self) -> None:
        self.stopped += 1


def test_trying_it_moves_to_the_simulated_world_and_ends_the_one_before(face: Face, app: App) -> None:
    sides = [Side(), Side()]
    face.open()
    for number, side in enumerate(sides):
        app.entries = [stories.ENTRY]
        app.play = lambda side=side: Playground(face.desk.world, side, stories.NAME)  # type: ignore[arg-type, misc] # any world does
        face.window.first.play.click()
        face.wait(lambda side=side: face.desk.far_side is side)  # type: ignore[misc] # pytest has no opinion on it
        face.idle()
        assert face.window.findChildren(People), number
    assert [side.stopped for side in sides] == [1, 0]
    assert "simulated" in face.window.windowTitle()
