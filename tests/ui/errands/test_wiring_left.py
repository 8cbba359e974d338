"""A dialog that was closed before its answer came is not touched again, and what was done is shown all the same."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from exoalias.domain.problems import Hibernating, NoVault
from tests.ui.hands import CTRL, by_password, with_instance

if TYPE_CHECKING:
    from tests.ui.hands import App, Face


def fill_in(face: Face) -> None:
    face.key(Qt.Key.Key_N, CTRL)
    by_password(face)
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
