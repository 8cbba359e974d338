"""The list answers while a verb runs: how the verb ends belongs to its own instance, wherever the person stands by then."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from exoalias.domain.problems import Hibernating, NoSecret, WindowClosed
from tests.ui import stories
from tests.ui.hands import CTRL, checked, start_sign_in, with_instance

if TYPE_CHECKING:
    from tests.ui.hands import App, Face

OTHER = stories.OTHERS[0].name


def walk_on(face: Face) -> None:
    """To the next instance, while the verb waits."""
    face.window.instances.setFocus()
    face.key(Qt.Key.Key_Down)
    assert face.desk.current == OTHER


def held(app: App) -> threading.Event:
    app.gate = threading.Event()
    return app.gate


def test_the_sign_ins_that_follow_are_those_of_the_instance_written(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    face.desk.check(OTHER)
    face.idle()
    before = len(app.calls)
    gate = held(app)
    face.key(Qt.Key.Key_P, CTRL)
    face.find("plan-agree").click()
    face.wait(lambda: len(app.calls) > before)
    walk_on(face)
    gate.set()
    face.wait(lambda: "sign-in" in [c[0] for c in app.calls])
    face.idle()
    assert [c[:2] for c in app.calls[before:]] == [("apply", stories.NAME), ("sign-in", stories.NAME)]
    assert face.desk.current == stories.NAME


def test_signing_in_again_is_for_the_same_instance(face: Face, app: App) -> None:
    hold = threading.Event()

    def does(*_given: object) -> None:
        assert hold.wait(20)
        raise WindowClosed(window="Microsoft", credential="MS Graph 1")

    app.sign_in_does = does
    start_sign_in(face, app)
    face.wait(lambda: app.calls[-1][0] == "sign-in")
    walk_on(face)
    hold.set()
    face.idle()
    assert face.desk.current == stories.NAME
    app.sign_in_does = None
    assert face.focus() == "banner-again"
    face.key(Qt.Key.Key_Space)
    face.idle()
    assert [c[1] for c in app.calls if c[0] == "sign-in"] == [stories.NAME, stories.NAME]


def test_a_check_that_failed_elsewhere_is_told_there(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    gate = held(app)
    app.problem = NoSecret(instance=stories.NAME)
    face.key(Qt.Key.Key_F5)
    face.wait(lambda: app.calls)
    walk_on(face)
    gate.set()
    face.idle()
    assert face.desk.current == OTHER, "a failed check is no reason to take the person back"
    assert not face.window.stage.isVisible(), "its buttons would act on the wrong instance"
    assert stories.NAME in face.window.statusBar().currentMessage()
    face.window.instances.setFocus()
    face.key(Qt.Key.Key_Up)
    assert face.find("banner-title").text() == "The password is missing"
    assert face.focus() == "instances", "walking through the list keeps the keyboard"
    face.find("banner-password", QPushButton).click()
    assert face.find("add-name").text() == stories.NAME


def test_each_problem_of_check_all_can_be_read(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.problems[stories.NAME] = Hibernating(host="birkenfeld-test.service-now.com")
    face.key(Qt.Key.Key_R, CTRL | Qt.KeyboardModifier.ShiftModifier)
    face.idle()
    assert face.focus() == "overview-table"
    face.key(Qt.Key.Key_Return)
    assert face.desk.current == stories.NAME
    assert "hibernating" in face.find("banner-words").text()
    walk_on(face)
    assert not face.window.stage.isVisible()
    face.key(Qt.Key.Key_Up)
    assert "hibernating" in face.find("banner-words").text()


def test_a_banner_goes_when_check_all_finds_it_put_right(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.problem = Hibernating(host="birkenfeld-test.service-now.com")
    face.key(Qt.Key.Key_F5)
    face.idle()
    assert face.window.stage.isVisible()
    face.key(Qt.Key.Key_R, CTRL | Qt.KeyboardModifier.ShiftModifier)
    face.idle()
    face.key(Qt.Key.Key_Return)
    assert face.desk.current == stories.NAME
    assert not face.window.stage.isVisible()
