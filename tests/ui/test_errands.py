"""Instances, target, undo and reports, by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from exoalias.domain.problems import NoSecret, NoVault
from tests.ui import stories

if TYPE_CHECKING:
    from tests.ui.hands import App, Face

from tests.ui.hands import CTRL, checked, with_instance


def test_adding_an_instance_by_keyboard_checks_it(face: Face, app: App) -> None:
    face.open()
    face.key(Qt.Key.Key_N, CTRL)
    assert face.dialog.objectName() == "add-instance"
    face.find("add-address").setFocus()
    face.write("https://birkenfeld-test.service-now.com")
    face.key(Qt.Key.Key_Tab)
    assert face.find("add-name").text() == "birkenfeld-test", "the name is suggested from the address"
    face.key(Qt.Key.Key_Tab)
    assert face.focus() == "add-user"
    face.write("ada.keller")
    face.key(Qt.Key.Key_Tab)
    face.write("a-secret-of-the-test")
    face.key(Qt.Key.Key_Return)
    face.wait(lambda: ("check", "birkenfeld-test") in app.calls)
    face.idle()
    assert app.calls[0] == (
        "add",
        "birkenfeld-test",
        "https://birkenfeld-test.service-now.com",
        "ada.keller",
        "a-secret-of-the-test",
        True,
    )
    assert face.dialog is None
    assert face.desk.current == "birkenfeld-test"
    assert face.window.pages.currentWidget() is not face.window.first


def test_a_refusing_keyring_leads_to_this_run_only(face: Face, app: App) -> None:
    face.open()
    face.key(Qt.Key.Key_N, CTRL)
    for name, text in (("add-address", "https://a.service-now.com"), ("add-name", "a"), ("add-user", "u"), ("add-secret", "p")):
        face.find(name).setText(text)
    app.problem = NoVault(why="no Secret Service answers", how="Install gnome-keyring.")
    face.find("add-secret").setFocus()
    face.key(Qt.Key.Key_Return)
    face.wait(lambda: face.find("form-says").text())
    face.idle()
    assert "Install gnome-keyring." in face.find("form-says").text()
    assert face.focus() == "add-this-run-only"
    assert face.find("add-secret").text() == "", "a password is not kept in the dialog"
    face.key(Qt.Key.Key_Space)
    face.find("add-secret").setText("p")
    face.find("add-secret").setFocus()
    face.key(Qt.Key.Key_Return)
    face.wait(lambda: ("check", "a") in app.calls)
    face.idle()
    assert app.calls[1][-1] is False


def test_removing_asks_first(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    face.window.instances.setFocus()
    face.key(Qt.Key.Key_Delete)
    assert face.dialog.objectName() == "ask"
    face.key(Qt.Key.Key_Escape)
    assert len(app.entries) == 3
    face.window.instances.setFocus()
    face.key(Qt.Key.Key_Delete)
    face.find("ask-go").setFocus()
    face.key(Qt.Key.Key_Space)
    face.idle()
    assert stories.NAME not in face.desk.known
    assert len(face.desk.known) == 2


def test_undo_asks_first(face: Face, app: App) -> None:
    with_instance(app, profiles=True)
    checked(face)
    face.key(Qt.Key.Key_Z, CTRL)
    assert face.focus() == "ask-back"
    face.key(Qt.Key.Key_Return)
    assert "undo" not in [c[0] for c in app.calls]
    face.key(Qt.Key.Key_Z, CTRL)
    face.find("ask-go").click()
    face.idle()
    assert ("undo", stories.NAME) in app.calls


def test_the_target_is_said_by_keyboard(face: Face, app: App) -> None:
    app.entries = [stories.BARE]
    face.open()
    face.key(Qt.Key.Key_T, CTRL)
    face.idle()
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


def test_a_missing_password_can_be_given_at_once(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.problem = NoSecret(instance=stories.NAME)
    face.key(Qt.Key.Key_F5)
    face.idle()
    face.find("banner-password", QPushButton).click()
    assert face.dialog.objectName() == "add-instance"
    assert face.find("add-name").text() == stories.NAME
    assert face.find("add-name").isReadOnly()


def test_the_reports_open_and_close_by_key(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    for key, name in ((Qt.Key.Key_J, "journal-view"), (Qt.Key.Key_D, "doctor-view"), (Qt.Key.Key_E, "page-says-dialog")):
        face.key(key, CTRL)
        assert face.dialog.objectName() == name
        face.idle()
        face.key(Qt.Key.Key_Escape)
        face.wait(lambda: face.dialog is None)
