"""One verb at a time, and what is known of each instance."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from exoalias.domain.problems import Hibernating
from tests.ui import stories

if TYPE_CHECKING:
    from tests.ui.hands import App, Face

from tests.ui.hands import CTRL, with_instance


def test_one_verb_at_a_time_and_the_window_stays_alive(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.gate = threading.Event()
    face.key(Qt.Key.Key_F5)
    face.wait(lambda: app.calls)
    assert face.window.header.main.text() == "Checking …"
    assert not face.window.header.main.isEnabled()
    assert face.window.header.stop.isVisible()
    face.key(Qt.Key.Key_F5)
    face.key(Qt.Key.Key_1, CTRL)
    face.key(Qt.Key.Key_Down)
    assert face.desk.current == "calder production", "the list answers while a check runs"
    app.gate.set()
    face.idle()
    assert app.calls == [("check", stories.NAME)]
    assert face.desk.known[stories.NAME].checklist is not None


def test_check_all_goes_on_after_a_problem(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.problems[stories.NAME] = Hibernating(host="birkenfeld-test.service-now.com")
    face.key(Qt.Key.Key_R, CTRL | Qt.KeyboardModifier.ShiftModifier)
    face.idle()
    assert app.calls == [("check-many", (stories.NAME, "calder production", "corvant dev"))]
    assert face.desk.known[stories.NAME].problem is not None
    assert face.desk.known["corvant dev"].status is not None
