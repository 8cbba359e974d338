"""What may be needed next is made while nothing goes on."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from tests.ui.hands import with_instance

if TYPE_CHECKING:
    from tests.ui.hands import App, Face


def test_once_the_world_is_open_all_is_made(face: Face, app: App) -> None:
    with_instance(app)
    assert not face.conductor.ahead.done
    face.open()
    face.wait(lambda: face.conductor.ahead.done)
    assert face.conductor.banners._banner is not None
    assert face.conductor.signing._panel is not None
    assert not face.window.stage.isVisible(), "made, not shown"


def test_it_rests_while_a_verb_is_under_way(face: Face, app: App) -> None:
    with_instance(app)
    app.gate = threading.Event()
    made: list[int] = []
    enough = threading.Event()
    face.conductor.ahead._pieces = iter(lambda: None if enough.is_set() else partial(made.append, 1), None)
    face.open()
    face.wait(lambda: made)
    face.key(Qt.Key.Key_F5)
    face.wait(lambda: app.calls)
    before = len(made)
    face.bot.wait(100)
    assert len(made) == before
    app.gate.set()
    face.wait(lambda: len(made) > before)
    assert not face.conductor.ahead.done
    enough.set()
    face.wait(lambda: face.conductor.ahead.done)
