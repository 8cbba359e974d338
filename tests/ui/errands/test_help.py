"""The simulated instance to try things on."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from exoalias.domain.problems import Hibernating, UsageProblem
from exoalias.ui.verbs import Playground
from tests.ui import stories
from tests.ui.hands import CTRL, checked, with_instance

if TYPE_CHECKING:
    from tests.ui.hands import App, Face


def test_a_simulation_that_does_not_start_says_why(face: Face, app: App) -> None:
    def refuse() -> Playground:
        raise UsageProblem(why="No port is free.")

    app.play = refuse
    face.open()
    face.window.first.play.setFocus()
    face.key(Qt.Key.Key_Space)
    face.idle()
    assert "No port is free." in face.window.first.says.text()
    assert face.window.first.play.isEnabled()


def test_moving_to_a_simulation_while_all_are_checked(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.gate = threading.Event()
    app.problem = Hibernating(host="birkenfeld-test.service-now.com")
    face.key(Qt.Key.Key_R, CTRL | Qt.KeyboardModifier.ShiftModifier)
    face.wait(lambda: app.calls)
    app.entries = [stories.ENTRY._replace(name="simulated")]

    class Side:
        announcement = stories.ANNOUNCEMENT

        def stop(self) -> None:
            """Nothing runs."""

    app.play = lambda: Playground(face.desk.world, Side(), "simulated")  # type: ignore[arg-type] # any world does
    face.window.actions_by_verb.by_name["verb-demo"].trigger()
    face.wait(lambda: "simulated" in face.desk.known)
    app.gate.set()
    face.idle()
    assert list(face.desk.known) == ["simulated"]
    assert face.desk.known["simulated"].problem is None
    checked_now = checked(face)
    assert checked_now.desk.known["simulated"].checklist is not None
