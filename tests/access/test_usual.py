"""Every state of the window, light and in the usual size: reached by keyboard, told to a screen reader, and to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.access import ink, keyboard, reader
from tests.access.staging import SCENES, Played, played

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication


@pytest.fixture(scope="module", params=SCENES)
def scene(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Played]:
    with played(request.param) as on_the_screen:
        yield on_the_screen


def test_tab_goes_everywhere_as_one_reads_and_back(scene: Played) -> None:
    stops, trap = keyboard.walk(scene.top)
    assert trap is None, keyboard.called(trap)
    missed = keyboard.operable(scene.top) - set(stops)
    assert sorted(map(keyboard.called, missed)) == []
    assert keyboard.out_of_order(stops, scene.top) == []
    back, trap = keyboard.walk(scene.top, back=True)
    assert trap is None, keyboard.called(trap)
    assert set(back) == set(stops)


def test_a_screen_reader_is_told_what_has_the_keyboard(scene: Played) -> None:
    stops, _trap = keyboard.walk(scene.top)
    wrong = []
    for stop in stops:
        stop.setFocus()
        wrong += reader.unsaid(stop)
    assert wrong == []


def test_a_screen_reader_is_told_every_text_and_line(scene: Played) -> None:
    assert reader.nameless(scene.top) == []
    assert reader.mute(scene.top) == []
    assert reader.statusless(scene.top) == []


def test_no_icon_stands_alone(scene: Played) -> None:
    assert reader.alone(scene.top) == []


def test_every_text_has_contrast(scene: Played) -> None:
    assert ink.faint(scene.top) == []
