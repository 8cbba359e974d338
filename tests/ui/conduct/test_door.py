"""Signing in to the instance in the window: the panel comes and goes, and every button means what it says."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from exoalias.domain.events import CodeQuestion, Door, DoorPhase, Phase, SignInPhase
from exoalias.domain.problems import NotSignedIn
from exoalias.ui.door_panel import DoorPanel
from tests.ui import stories
from tests.ui.hands import start_sign_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exoalias.app.control import Control
    from exoalias.domain.events import Tell
    from tests.ui.hands import App, Face


def door(phase: Door, seconds: float = 600.0, *, again: bool = False) -> DoorPhase:
    return DoorPhase("acme", stories.ORIGIN, phase, seconds, can_continue=phase is Door.WAITING, again=again)


def waiting(face: Face) -> bool:
    """Whether the panel stands and its person is waited for."""
    panel = face.window.stage.shown
    return isinstance(panel, DoorPanel) and panel.go_on.isEnabled()


def test_the_panel_stands_while_the_person_signs_in_and_goes_afterwards(face: Face, app: App) -> None:
    signed_in = threading.Event()

    def does(tell: Tell, _control: Control) -> None:
        tell(door(Door.OPENING))
        tell(door(Door.WAITING))
        assert signed_in.wait(20)
        tell(door(Door.OPEN))

    app.check_does = does
    app.entries = [stories.ENTRY]
    face.open()
    face.key(Qt.Key.Key_F5)
    face.wait(lambda: waiting(face))
    assert face.find("door-title").text() == "Sign in to acme"
    assert stories.ORIGIN.partition("://")[2] in face.find("door-says").text()
    assert face.find("door-time").text() in {"10:00 left", "9:59 left"}
    signed_in.set()
    face.idle()
    assert not face.find("door-panel").isVisible()
    assert face.desk.here is not None
    assert face.desk.here.checklist is not None


def test_continue_and_cancel_are_wishes_of_the_verb(face: Face, app: App) -> None:
    wished: list[str] = []

    def does(tell: Tell, control: Control) -> None:
        tell(door(Door.WAITING))
        while (wish := control.next_wish()) is None:
            threading.Event().wait(0.01)
        wished.append(wish)
        while not control.cancelled:
            threading.Event().wait(0.01)
        raise NotSignedIn(instance="acme", why="it was cancelled.")

    app.check_does = does
    app.entries = [stories.ENTRY]
    face.open()
    face.key(Qt.Key.Key_F5)
    face.wait(lambda: waiting(face))
    face.find("door-continue").setFocus()
    face.key(Qt.Key.Key_Space)
    face.wait(lambda: wished == ["continue"])
    face.find("door-cancel").setFocus()
    face.key(Qt.Key.Key_Space)
    face.idle()
    assert not face.find("door-panel").isVisible()
    assert "Nobody signed in to acme" in face.find("banner-words").text() + face.find("banner-title").text()


def test_a_session_renewed_during_a_sign_in_gives_the_panel_back(face: Face, app: App) -> None:
    at, go_on = threading.Event(), threading.Event()

    def does(_names: Sequence[str], tell: Tell, _control: Control) -> None:
        tell(SignInPhase(stories.GRAPH_1, "MS Graph 1", stories.UPN, Phase.READING, 300.0))
        tell(door(Door.WAITING, again=True))
        at.set()
        assert go_on.wait(20)
        tell(door(Door.OPEN, again=True))
        at.clear()
        go_on.clear()
        at.set()
        assert go_on.wait(20)

    app.sign_in_does = does
    start_sign_in(face, app)
    face.wait(lambda: at.is_set() and waiting(face))
    assert "earlier session ended" in face.find("door-says").text()
    assert not face.find("sign-in-panel").isVisible()
    go_on.set()
    face.wait(lambda: face.find("sign-in-panel").isVisible())
    assert not face.find("door-panel").isVisible()
    face.wait(lambda: at.is_set() and not go_on.is_set())
    go_on.set()
    face.idle()


def test_a_one_time_code_is_asked_for_and_reaches_the_verb(face: Face, app: App) -> None:
    typed: list[str | None] = []

    def does(tell: Tell, control: Control) -> None:
        tell(CodeQuestion("acme", "ada.keller"))
        typed.append(control.typed(20))

    app.check_does = does
    app.entries = [stories.ENTRY]
    face.open()
    face.key(Qt.Key.Key_F5)
    face.wait(lambda: face.dialog is not None)
    assert face.dialog is not None
    assert face.dialog.objectName() == "code-question"
    face.write("123456")
    face.key(Qt.Key.Key_Return)
    face.wait(lambda: typed == ["123456"])
    face.idle()


def test_a_code_not_given_is_told_as_none(face: Face, app: App) -> None:
    typed: list[str | None] = ["?"]

    def does(tell: Tell, control: Control) -> None:
        tell(CodeQuestion("acme", "ada.keller"))
        typed[0] = control.typed(20)

    app.check_does = does
    app.entries = [stories.ENTRY]
    face.open()
    face.key(Qt.Key.Key_F5)
    face.wait(lambda: face.dialog is not None)
    face.key(Qt.Key.Key_Return)
    assert face.find("form-says").text() == "The code is missing."
    face.key(Qt.Key.Key_Escape)
    face.wait(lambda: typed == [None])
    face.idle()
