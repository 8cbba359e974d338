"""Journal, doctor and undo, by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from tests.ui import stories
from tests.ui.hands import CTRL, checked, with_instance

if TYPE_CHECKING:
    from tests.ui.hands import App, Face


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


def test_the_reports_open_and_close_by_key(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    for key, name in ((Qt.Key.Key_J, "journal-view"), (Qt.Key.Key_D, "doctor-view"), (Qt.Key.Key_E, "page-says-dialog")):
        face.key(key, CTRL)
        assert face.dialog.objectName() == name
        face.idle()
        face.key(Qt.Key.Key_Escape)
        face.wait(lambda: face.dialog is None)
