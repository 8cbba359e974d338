"""Every state of the window, dark and with the text twice as large, on a small screen: to be read, and nothing lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.access import ink, room
from tests.access.staging import SCENES, Played, played

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

SMALL = (1366, 768)  # a cheap laptop
WIDER = {"german-length": 1460}  # drawn out by a third on top of twice as large


@pytest.fixture(scope="module", params=SCENES)
def scene(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Played]:
    with played(request.param, scheme="dark", text=2, size=SMALL) as on_the_screen:
        yield on_the_screen


def test_every_text_has_contrast(scene: Played) -> None:
    assert ink.faint(scene.top) == []


def test_nothing_is_lost(scene: Played) -> None:
    assert room.lost(scene.top) == []
    assert room.lost(scene.scene.window) == []


def test_it_fits_the_screen(scene: Played) -> None:
    for part in {scene.top, scene.scene.window}:
        least = part.minimumSizeHint().expandedTo(part.minimumSize())
        assert least.width() <= WIDER.get(scene.name, SMALL[0])
        assert least.height() <= SMALL[1]
