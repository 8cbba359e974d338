"""From the menu to the file and back: settings saved in the window count at once."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from exoalias.adapters.keeping.settings import Places
from exoalias.app.world import World
from exoalias.ui import appearance, theme
from exoalias.ui.dialogs.settings_page import SettingsPage
from tests.ui.hands import CTRL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from tests.ui.hands import Face


@pytest.fixture
def world(face: Face, tmp_path: Path) -> Iterator[World]:
    """The window on a real world with an empty home."""
    face.open()
    made = face.desk.world = World.real(places=Places.below(tmp_path))
    face.window.draw()
    yield made
    appearance.apply("system")
    made.close()


def inner(page: SettingsPage, name: str) -> QWidget:
    """Where the keyboard stands in that setting's control."""
    widget = page.rows[name].control.focusProxy()
    assert widget is not None
    return widget


def opened(face: Face) -> SettingsPage:
    face.key(Qt.Key.Key_Comma, CTRL)
    face.wait(lambda: isinstance(face.dialog, SettingsPage))
    page = face.dialog
    assert isinstance(page, SettingsPage)
    return page


def test_saved_it_counts_at_once(face: Face, world: World) -> None:
    page = opened(face)
    idle = inner(page, "idle_minutes")
    QTest.keyClick(idle, Qt.Key.Key_Up)
    combo = inner(page, "appearance")
    QTest.keyClick(combo, Qt.Key.Key_End)  # dark
    box = inner(page, "one_window")
    QTest.keyClick(box, Qt.Key.Key_Space)
    page.go.click()
    face.wait(lambda: face.dialog is None)
    whole = tomllib.loads(world.places.settings_file.read_text("utf-8"))
    assert whole["settings"] == {"idle_minutes": 11, "appearance": "dark", "one_window": False}
    now = face.desk.world
    assert now is not None
    assert (now.settings.idle_minutes, now.doors.idle_s, now.http) == (11, 660.0, world.http)
    assert theme.is_dark(face.window.palette())
    assert face.window.statusBar().currentMessage() == "Saved. From the next start on: One window only."


def test_nothing_changed_nothing_written(face: Face, world: World) -> None:
    opened(face).go.click()
    face.wait(lambda: face.dialog is None)
    assert not world.places.settings_file.exists()
    assert face.desk.world is world


def test_cancelled_nothing_written(face: Face, world: World) -> None:
    page = opened(face)
    QTest.keyClick(inner(page, "idle_minutes"), Qt.Key.Key_Up)
    face.key(Qt.Key.Key_Escape)
    face.wait(lambda: face.dialog is None)
    assert not world.places.settings_file.exists()


def test_a_refusal_keeps_the_page_and_says_why(face: Face, world: World) -> None:
    page = opened(face)
    QTest.keyClick(inner(page, "idle_minutes"), Qt.Key.Key_Up)
    world.places.config.mkdir(parents=True)
    world.places.settings_file.write_text("[settings", "utf-8")  # somebody breaks the file meanwhile
    page.go.click()
    face.wait(page.says.text)
    assert "can't be read" in page.says.text()
    assert page.changes() == {"idle_minutes": "11"}
    assert face.dialog is page


def test_another_network_closes_the_old_one(face: Face, world: World) -> None:
    page = opened(face)
    QTest.keyClicks(inner(page, "proxy"), "none")
    page.go.click()
    face.wait(lambda: face.dialog is None)
    now = face.desk.world
    assert now is not None
    assert now.http is not world.http
    now.http.close()
