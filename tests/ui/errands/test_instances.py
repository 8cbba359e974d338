"""Adding, removing and listing instances, by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from exoalias.domain.problems import NoSecret, NoVault
from tests.ui import stories
from tests.ui.hands import CTRL, by_password, with_instance

if TYPE_CHECKING:
    from tests.ui.hands import App, Face


def test_adding_an_instance_by_keyboard_checks_it(face: Face, app: App) -> None:
    face.open()
    face.key(Qt.Key.Key_N, CTRL)
    assert face.dialog.objectName() == "add-instance"
    face.find("add-address").setFocus()
    face.write("https://birkenfeld-test.service-now.com")
    face.key(Qt.Key.Key_Tab)
    assert face.find("add-name").text() == "birkenfeld-test", "the name is suggested from the address"
    face.key(Qt.Key.Key_Tab)
    assert face.focus() == "add-way"
    face.write("User")
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
    by_password(face)
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
