"""From check to apply to sign-in, by key presses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from exoalias.domain.problems import NoTarget
from tests.ui import stories

if TYPE_CHECKING:
    from tests.ui.hands import App, Face

from tests.ui.hands import CTRL, checked, with_instance


def test_check_by_key_draws_the_checklist_and_stands_on_what_presses(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    assert app.thread_names == {next(iter(app.thread_names))}
    assert all(name.startswith("verb") for name in app.thread_names), "verbs never run in the window's thread"
    assert face.window.detail.item is not None
    assert face.window.detail.item.status.is_finding
    assert face.window.header.main.text() == "Review 2 changes …"
    assert "4 need you" in face.window.header.line.text()
    assert face.find("detail-found").text() == "(empty)"


def test_apply_writes_the_plan_that_was_shown_and_the_sign_ins_follow(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    shown = face.desk.here.plan  # type: ignore[union-attr] # an instance is there
    face.key(Qt.Key.Key_P, CTRL)
    face.wait(lambda: face.focus() == "plan-agree")
    face.key(Qt.Key.Key_Return)
    face.wait(lambda: "sign-in" in [c[0] for c in app.calls])
    face.idle()
    assert app.calls[1] == ("apply", stories.NAME, shown)
    assert app.calls[1][2] is shown
    assert app.calls[2] == ("sign-in", stories.NAME, ("MS Graph 1", "MS Graph 2"))


def test_without_a_delegated_user_the_target_is_asked_for(face: Face, app: App) -> None:
    app.entries = [stories.BARE]
    app.profiles = True
    checked(face)
    face.key(Qt.Key.Key_L, CTRL)
    assert face.dialog.objectName() == "target-form"
    face.idle()


def test_a_missing_target_leads_to_the_form(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.problem = NoTarget(instance=stories.NAME, why="no delegated user is known")
    face.key(Qt.Key.Key_F5)
    face.idle()
    face.find("banner-target", QPushButton).click()
    assert face.dialog.objectName() == "target-form"
    face.idle()
