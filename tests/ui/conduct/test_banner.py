"""Banners come, and go without starting anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from exoalias.domain.problems import NoTarget
from tests.ui import stories
from tests.ui.hands import with_instance

if TYPE_CHECKING:
    from tests.ui.hands import App, Face


def test_closing_a_banner_gives_the_keyboard_back_to_the_window(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.problem = NoTarget(instance=stories.NAME, why="no delegated user is known")
    face.key(Qt.Key.Key_F5)
    face.idle()
    face.find("banner-close").setFocus()
    face.key(Qt.Key.Key_Space)
    assert not face.window.stage.isVisible()
    assert face.focus()
    assert [c[0] for c in app.calls] == ["check"], "closing starts nothing"
