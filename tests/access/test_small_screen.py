"""A full-HD screen at 200 %: half as wide and half as high for a program. The states that need most room lose nothing there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.access import room
from tests.access.staging import played

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

SMALL = (960, 540)
HIGH = ("by-hand", "strategy-said", "wrong-user", "german-length", "simulated", "overview-running", "first-start", "target")


@pytest.mark.parametrize("name", HIGH)
def test_nothing_is_lost(qapp: QApplication, name: str) -> None:
    with played(name, size=SMALL) as scene:
        assert room.lost(scene.top) == []
        for part in {scene.top, scene.scene.window}:
            least = part.minimumSizeHint().expandedTo(part.minimumSize())
            assert (least.width() <= SMALL[0], least.height() <= SMALL[1]) == (True, True), least
