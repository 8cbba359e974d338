"""Production is read-only: what writes leads through the dialog, and the lock falls by itself."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from exoalias.domain.problems import ReadOnly
from tests.ui import stories
from tests.ui.hands import CTRL, checked

if TYPE_CHECKING:
    from tests.ui.hands import App, Face

NAME = stories.NAME


def production(face: Face, app: App, *, profiles: bool = False) -> None:
    app.entries = [stories.ENTRY._replace(kind="production"), *stories.OTHERS]
    app.profiles = profiles
    checked(face)


def unlock(face: Face, typed: str = NAME) -> None:
    assert face.dialog.objectName() == "unlock-form"
    assert face.focus() == "unlock-typed"
    face.write(typed)
    face.key(Qt.Key.Key_Return)


def done(app: App) -> list[str]:
    return [call[0] for call in app.calls]


def test_it_says_that_it_is_read_only_and_unlocking_says_until_when(face: Face, app: App) -> None:
    production(face, app)
    header = face.window.header
    assert "read-only" in header.guard_says.text()
    assert header.unlock.isVisible()
    assert not header.lock.isVisible()
    header.unlock.setFocus()
    face.key(Qt.Key.Key_Space)
    unlock(face)
    face.wait(lambda: face.dialog is None)
    face.idle()
    until = app.unlocks[NAME].astimezone()
    assert f"unlocked until {until:%H:%M}" in header.guard_says.text()
    assert "30 minutes left" in header.guard_says.text()
    assert header.lock.isVisible()
    assert not header.unlock.isVisible()
    header.lock.setFocus()
    face.key(Qt.Key.Key_Space)
    face.idle()
    assert app.unlocks == {}
    assert "read-only" in header.guard_says.text()
    assert done(app) == ["check", "unlock", "lock"]


def test_others_have_no_lock(face: Face, app: App) -> None:
    production(face, app)
    face.desk.choose("corvant dev")
    assert not face.window.header.guard.isVisible()
    actions = face.window.actions_by_verb.by_name
    assert not actions["verb-unlock"].isEnabled()
    assert not actions["verb-lock"].isEnabled()
    face.desk.choose(NAME)
    assert actions["verb-unlock"].isEnabled()


def test_the_plan_can_be_looked_at_and_is_written_once_the_name_was_typed(face: Face, app: App) -> None:
    production(face, app)
    face.key(Qt.Key.Key_P, CTRL)
    face.wait(lambda: face.focus() == "plan-agree")
    assert face.find("plan-agree", QPushButton).text() == "&Unlock …"
    face.key(Qt.Key.Key_Return)
    assert "apply" not in done(app)
    unlock(face)
    face.wait(lambda: "sign-in" in done(app))
    face.idle()
    assert done(app) == ["check", "unlock", "apply", "sign-in"]


def test_a_name_typed_wrong_writes_nothing(face: Face, app: App) -> None:
    production(face, app)
    face.key(Qt.Key.Key_P, CTRL)
    face.wait(lambda: face.focus() == "plan-agree")
    face.key(Qt.Key.Key_Return)
    unlock(face, "birkenfeld")
    assert face.dialog.objectName() == "unlock-form"
    face.key(Qt.Key.Key_Escape)
    assert done(app) == ["check"]


def test_a_sign_in_leads_through_the_dialog(face: Face, app: App) -> None:
    production(face, app, profiles=True)
    header = face.window.header
    assert header.main.text() == "Unlock …"
    assert not header.unlock.isVisible(), "there is one such button"
    assert face.find("detail-action", QPushButton).text() == "Unlock …"
    header.main.setFocus()
    face.key(Qt.Key.Key_Space)
    unlock(face)
    face.wait(lambda: "sign-in" in done(app))
    face.idle()
    assert done(app) == ["check", "unlock", "sign-in"]


def test_a_lock_that_fell_during_the_work_is_shown_with_the_way_on(face: Face, app: App) -> None:
    app.unlocks = {NAME: app.now + timedelta(minutes=20)}
    production(face, app)
    assert face.window.header.lock.isVisible()
    app.problem = ReadOnly(instance=NAME)
    face.key(Qt.Key.Key_P, CTRL)
    face.wait(lambda: face.focus() == "plan-agree")
    face.key(Qt.Key.Key_Return)
    face.wait(lambda: "apply" in done(app))
    face.idle()
    assert face.find("banner-title").text() == "Read-only"
    assert "read-only" in face.window.header.guard_says.text()
    assert face.focus() == "banner-unlock"
    face.key(Qt.Key.Key_Space)
    unlock(face)
    face.idle()
    assert app.unlocks[NAME] > app.now
    assert face.desk.known[NAME].unlocked_until == app.unlocks[NAME]


def test_undo_without_unlocking_is_refused_by_the_app_and_offered_the_lock(face: Face, app: App) -> None:
    production(face, app)
    app.problem = ReadOnly(instance=NAME)
    face.key(Qt.Key.Key_Z, CTRL)
    face.find("ask-go").click()
    face.idle()
    assert face.find("banner-unlock", QPushButton).isVisible()


@pytest.mark.parametrize("left_s", [-5.0, 0.4])
def test_it_falls_by_itself_in_sight_of_the_person(face: Face, app: App, left_s: float) -> None:
    app.unlocks = {NAME: datetime.now(UTC) + timedelta(seconds=left_s)}
    production(face, app)
    face.wait(lambda: "read-only" in face.window.header.guard_says.text())
    assert face.desk.known[NAME].locked
    assert not face.conductor.locks._clock.isActive(), "nothing wakes an idle window"


def test_the_minutes_left_are_told_anew(face: Face, app: App) -> None:
    app.unlocks = {NAME: datetime.now(UTC) + timedelta(minutes=20, seconds=5)}
    production(face, app)
    locks = face.conductor.locks
    assert 0 < locks._clock.remainingTime() <= 60_000
    face.window.header.guard_says.setText("")
    locks._look()
    assert "20 minutes left" in face.window.header.guard_says.text()


def test_a_form_that_was_closed_before_the_answer_is_not_touched(face: Face, app: App) -> None:
    production(face, app)
    face.key(Qt.Key.Key_U, CTRL)
    app.gate = threading.Event()
    unlock(face)
    face.wait(lambda: "unlock" in done(app))
    face.key(Qt.Key.Key_Escape)
    app.gate.set()
    face.idle()
    assert not face.desk.known[NAME].locked


def test_one_lock_that_falls_leaves_the_clock_to_the_other(face: Face, app: App) -> None:
    production(face, app)
    other, soon = "calder production", datetime.now(UTC) + timedelta(seconds=0.3)
    face.desk.unlocked(other, datetime.now(UTC) + timedelta(minutes=20))
    face.desk.unlocked(NAME, soon)
    face.wait(lambda: face.desk.known[NAME].unlocked_until is None)
    clock = face.conductor.locks._clock
    assert clock.isActive()
    face.desk.take(stories.checked(name=NAME))
    assert clock.isActive(), "a result of another one leaves it alone"
    face.desk.unlocked(other, None)
    assert not clock.isActive()
    face.desk.take(stories.checked(name=other))
    assert not clock.isActive()
