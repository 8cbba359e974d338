"""The pinned account by keyboard: shown, changed and removed after typing, and then checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from exoalias.domain.problems import AnotherRun, PinNotConfirmed
from tests.ui import stories
from tests.ui.hands import CTRL, with_instance

if TYPE_CHECKING:
    from tests.ui.hands import App, Face

SHIFT = Qt.KeyboardModifier.ShiftModifier
NAME = stories.NAME


def opened(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    face.key(Qt.Key.Key_P, CTRL | SHIFT)
    face.wait(lambda: face.dialog is not None)
    assert face.dialog.objectName() == "pin-form"


def walk_to(face: Face, name: str) -> None:
    """With the tab key alone."""
    for _ in range(20):
        if face.focus() == name:
            return
        face.key(Qt.Key.Key_Tab)
    raise AssertionError(name)


def test_another_account_by_keyboard_alone(face: Face, app: App) -> None:
    opened(face, app)
    assert face.focus() == "pin-new-object-id"
    face.write(stories.OTHER_ID)
    walk_to(face, "pin-typed")
    face.write(stories.OBJECT_ID[-8:])
    face.key(Qt.Key.Key_Return)
    face.wait(lambda: ("check", NAME) in app.calls)
    face.idle()
    assert ("pin-by-hand", NAME, stories.OTHER_ID, "", stories.OBJECT_ID[-8:]) in app.calls
    assert face.dialog is None
    assert "Another account is pinned" in face.window.statusBar().currentMessage()


def test_removed_by_keyboard_alone(face: Face, app: App) -> None:
    opened(face, app)
    walk_to(face, "pin-typed")
    face.write(NAME)
    walk_to(face, "pin-remove")
    face.key(Qt.Key.Key_Space)
    face.wait(lambda: ("check", NAME) in app.calls)
    face.idle()
    assert ("remove-pin", NAME, NAME) in app.calls
    assert app.pin is None


def test_escape_changes_nothing(face: Face, app: App) -> None:
    opened(face, app)
    walk_to(face, "pin-typed")
    face.write(NAME)
    face.key(Qt.Key.Key_Escape)
    face.idle()
    assert [call[0] for call in app.calls] == ["pin"]


def test_what_the_app_refuses_is_said_in_the_form(face: Face, app: App) -> None:
    opened(face, app)
    face.find("pin-new-object-id").setText(stories.OTHER_ID)
    walk_to(face, "pin-typed")
    face.write(NAME)
    app.problem = PinNotConfirmed(instance=NAME, last="1234abcd")
    face.key(Qt.Key.Key_Return)
    face.idle()
    assert "The pin is as it was" in face.find("form-says").text()
    app.problem = AnotherRun(instance=NAME)
    face.dialog.go.click()
    face.dialog.reject()
    face.idle()
    assert face.window.statusBar().currentMessage()


def test_a_pin_that_can_not_be_read_opens_nothing(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.problem = AnotherRun(instance=NAME)
    face.key(Qt.Key.Key_P, CTRL | SHIFT)
    face.idle()
    assert face.dialog is None
    assert face.window.statusBar().currentMessage()


def test_from_what_should_be_true(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    face.key(Qt.Key.Key_T, CTRL)
    face.idle()
    walk_to(face, "target-pin")
    face.key(Qt.Key.Key_Space)
    face.wait(lambda: face.dialog is not None and face.dialog.objectName() == "pin-form")


def test_without_an_instance_nothing_is_shown(face: Face) -> None:
    from exoalias.ui.errands.pin import PinnedAccount

    face.open()
    face.conductor.errands.of(PinnedAccount).show()
    face.idle()
    assert face.dialog is None
