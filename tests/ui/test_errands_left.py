"""A dialog that was closed before its answer came is not touched again, and what was done is shown all the same."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from exoalias.domain.problems import Hibernating, NoVault, UsageProblem
from exoalias.ui.verbs import Playground
from tests.ui import stories
from tests.ui.hands import CTRL, checked, with_instance

if TYPE_CHECKING:
    from tests.ui.hands import App, Face


def fill_in(face: Face) -> None:
    face.key(Qt.Key.Key_N, CTRL)
    for name, text in (("add-address", "https://a.service-now.com"), ("add-name", "a"), ("add-user", "u"), ("add-secret", "p")):
        face.find(name).setText(text)
    face.find("add-secret").setFocus()


@pytest.mark.parametrize("refused", [False, True])
def test_an_instance_added_after_its_form_was_closed(face: Face, app: App, refused: bool) -> None:
    face.open()
    app.gate = threading.Event()
    if refused:
        app.problem = NoVault(why="declined", how="Unlock it.")
    fill_in(face)
    face.key(Qt.Key.Key_Return)
    face.wait(lambda: app.calls)
    face.key(Qt.Key.Key_Escape)
    assert face.dialog is None
    QApplication.processEvents()
    app.gate.set()
    face.idle()
    if refused:
        assert "declined" in face.window.statusBar().currentMessage()
        assert face.desk.known == {}
    else:
        face.wait(lambda: ("check", "a") in app.calls)
        face.idle()
        assert face.desk.current == "a"


@pytest.mark.parametrize("key", [Qt.Key.Key_T, Qt.Key.Key_J, Qt.Key.Key_D])
@pytest.mark.parametrize("refused", [False, True])
def test_a_view_closed_while_it_reads(face: Face, app: App, key: Qt.Key, refused: bool) -> None:
    with_instance(app)
    face.open()
    app.gate = threading.Event()
    if refused:
        app.problem = Hibernating(host="birkenfeld-test.service-now.com")
    face.key(key, CTRL)
    face.wait(lambda: app.calls)
    face.key(Qt.Key.Key_Escape)
    QApplication.processEvents()
    app.gate.set()
    face.idle()
    assert face.dialog is None


@pytest.mark.parametrize(
    ("key", "name"), [(Qt.Key.Key_T, "target-form"), (Qt.Key.Key_J, "journal-view"), (Qt.Key.Key_D, "doctor-view")]
)
def test_a_view_says_why_it_stays_empty(face: Face, app: App, key: Qt.Key, name: str) -> None:
    with_instance(app)
    face.open()
    app.problem = Hibernating(host="birkenfeld-test.service-now.com")
    face.key(key, CTRL)
    face.idle()
    assert face.dialog.objectName() == name
    said = face.find("target-profiles").item(0).text() if name == "target-form" else face.find("report-says").text()
    assert "hibernating" in said


def test_a_target_that_is_refused_keeps_what_was_typed(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    face.key(Qt.Key.Key_T, CTRL)
    face.idle()
    face.find("target-mail").setText("rooms@birkenfeld")
    app.problem = UsageProblem(why="The mailbox has the form name@domain.")
    face.find("target-mail").setFocus()
    face.key(Qt.Key.Key_Return)
    face.wait(lambda: face.find("form-says").text())
    assert "name@domain" in face.find("form-says").text()
    assert face.find("target-mail").text() == "rooms@birkenfeld"
    assert face.find("target-upn").text() == stories.UPN
    assert face.find("form-go").isEnabled(), "it can be sent again"
    face.idle()


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
    app.entries = [replace(stories.ENTRY, name="simulated")]

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
