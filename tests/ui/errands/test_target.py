"""What should be true, said by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from exoalias.domain.problems import UsageProblem
from tests.ui import stories
from tests.ui.hands import CTRL, with_instance

if TYPE_CHECKING:
    from tests.ui.hands import App, Face


def test_the_target_is_said_by_keyboard(face: Face, app: App) -> None:
    app.entries = [stories.BARE]
    face.open()
    face.key(Qt.Key.Key_T, CTRL)
    face.idle()
    assert stories.PIN.account.object_id in face.dialog.pinned.text()
    profiles = face.find("target-profiles")
    assert profiles.currentItem().data(Qt.ItemDataRole.UserRole) == stories.PROFILE or profiles.currentItem() is not None
    face.find("target-upn").setFocus()
    face.write(stories.UPN)
    assert f"az ad user show --id {stories.UPN} --query id -o tsv" in face.dialog.how.text()
    face.find("target-object-id").setFocus()
    face.write("7d0c")
    face.key(Qt.Key.Key_Return)
    assert "not complete" in face.find("form-says").text()
    face.find("target-object-id").setText(stories.OBJECT_ID)
    face.key(Qt.Key.Key_Return)
    face.wait(lambda: ("check", stories.NAME) in app.calls)
    face.idle()
    said = next(c for c in app.calls if c[0] == "set-target")[2]
    assert said["delegated_user"] == stories.UPN
    assert said["object_id"] == stories.OBJECT_ID
    assert said["profile"] == stories.PROFILE
    assert face.dialog is None


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
