"""The plan before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea

from exoalias.ui.dialogs.plan_preview import PlanPreview
from tests.ui import stories

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.ui.hands import App, Face

from tests.ui.hands import CTRL, checked, with_instance


def test_nothing_is_written_before_the_person_agrees(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    face.window.header.main.setFocus()
    face.key(Qt.Key.Key_Space)
    assert face.dialog.objectName() == "plan-preview"
    change = face.find("plan-change-1")
    assert change.accessibleName() == f"MS Graph 1: oauth_entity_profile from (empty) to {stories.PROFILE_NAME}"
    face.key(Qt.Key.Key_Escape)
    assert face.dialog is None
    assert "apply" not in [c[0] for c in app.calls]


def test_the_sign_ins_may_be_left_for_later(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    face.key(Qt.Key.Key_P, CTRL)
    face.find("plan-then-sign-in").setChecked(False)
    face.find("plan-agree").click()
    face.wait(lambda: app.profiles)
    face.idle()
    assert [c[0] for c in app.calls] == ["check", "apply"]
    assert face.window.header.main.text() == "Sign in MS Graph 1 …"


def test_all_of_a_plan_is_seen_where_the_screen_has_room(qtbot: QtBot) -> None:
    preview = PlanPreview(stories.plan(), stories.UPN)
    qtbot.addWidget(preview)
    preview.open()
    area = preview.findChild(QScrollArea, "plan-steps")
    assert area is not None
    room = preview.screen().availableSize().height() * 8 // 10
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() == 0 or preview.height() == room)
    assert preview.height() <= room
    assert area.verticalScrollBar().maximum() == 0
