"""The list of instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from tests.ui.hands import App, Face

from tests.ui.hands import CTRL, with_instance


def test_the_instances_are_walked_with_the_arrows(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    face.key(Qt.Key.Key_1, CTRL)
    face.idle()
    assert face.focus() == "instances"
    face.key(Qt.Key.Key_Down)
    assert face.desk.current == "calder production"
    assert face.window.header.title.accessibleName() == "calder production"
