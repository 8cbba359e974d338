"""What may be needed next is made while nothing goes on."""

from __future__ import annotations

import threading
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
    face.open()
    face.key(Qt.Key.Key_F5)
    face.wait(lambda: app.calls)
    made = face.conductor.signing._panel
    face.bot.wait(100)
    assert face.conductor.signing._panel is made
    was_done = face.conductor.ahead.done
    app.gate.set()
    face.idle()
    face.wait(lambda: face.conductor.ahead.done)
    assert not was_done, "there was nothing left to rest from"
