"""Between one instance and all: what the keys do on each side."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt

from exoalias.domain.problems import NoSecret
from exoalias.ui.known import Over
from tests.ui import stories
from tests.ui.crowd import entries
from tests.ui.hands import CTRL, Outside, checked, start_sign_in, with_instance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exoalias.app.control import Control
    from exoalias.app.world import World
    from exoalias.domain.events import Tell
    from tests.ui.hands import App, Face


def test_above_instances_nothing_can_be_done_to_the_one_left(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    actions = face.window.actions_by_verb.by_name
    ones = ("verb-target", "verb-plan", "verb-apply", "verb-sign-in", "verb-undo", "verb-journal", "verb-instance-remove")
    assert all(actions[name].isEnabled() for name in ones)
    face.key(Qt.Key.Key_0, CTRL)
    assert not any(actions[name].isEnabled() for name in ones)
    assert actions["verb-check"].isEnabled()
    assert actions["check-all"].isEnabled()
    face.key(Qt.Key.Key_Return)
    assert all(actions[name].isEnabled() for name in ones)


def test_a_banner_is_about_its_instance_and_goes(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.problem = NoSecret(instance=stories.NAME)
    face.key(Qt.Key.Key_F5)
    face.idle()
    assert face.window.stage.isVisible()
    face.key(Qt.Key.Key_0, CTRL)
    assert not face.window.stage.isVisible()
    face.key(Qt.Key.Key_Return)
    assert face.window.stage.isVisible(), "and is there again where it belongs"


def test_a_sign_in_stays_in_sight(face: Face, app: App) -> None:
    hold = threading.Event()

    def does(_names: Sequence[str], _tell: Tell, _control: Control) -> None:
        assert hold.wait(20)

    app.sign_in_does = does
    start_sign_in(face, app)
    face.wait(lambda: face.focus() == "sign-in-cancel")
    face.key(Qt.Key.Key_0, CTRL)
    assert face.window.the_overview().isVisible()
    assert face.find("sign-in-cancel").isVisible()
    assert not face.window.the_overview().all.isEnabled()
    hold.set()
    face.idle()
    assert face.desk.over is None, "how it ended is shown at its instance"


def test_one_instance_can_be_looked_at_while_all_are_checked(face: Face, app: App) -> None:
    app.entries = list(entries(12))
    face.open()
    at, go_on = threading.Event(), threading.Event()

    def between(name: str) -> None:
        if name == "c0001 production":
            at.set()
            assert go_on.wait(20)

    app.between = between
    face.key(Qt.Key.Key_R, CTRL | Qt.KeyboardModifier.ShiftModifier)
    face.wait(at.is_set)
    face.wait(lambda: face.desk.known["c0000 production"].checklist is not None)
    face.key(Qt.Key.Key_Return)
    assert face.desk.current == "c0000 production"
    assert face.window.checklist.lines.rowCount() > 0
    face.wait(lambda: face.window.header.line.text() == "Checked 5 of 12")
    assert face.window.header.stop.isVisible()
    go_on.set()
    face.idle()
    assert face.desk.over is None, "the end of it takes nobody away"
    assert "checks hold" in face.window.header.line.text()


def test_f5_without_a_selection_checks_all_that_are_here(face: Face, app: App) -> None:
    app.entries = list(entries(12))
    face.open()
    face.conductor.many.rise(Over("Customer 0001"))
    face.window.the_overview().table.clearSelection()
    face.conductor.many.check()
    face.idle()
    assert [len(call[1]) for call in app.calls] == [4]


def test_the_world_left_is_closed_and_what_it_still_tells_is_not_heard(face: Face, app: App) -> None:
    app.entries = list(entries(4))
    face.open()
    before = cast("Outside", face.desk.world)
    at, go_on = threading.Event(), threading.Event()

    def between(_name: str) -> None:
        at.set()
        assert go_on.wait(20)

    app.between = between
    face.key(Qt.Key.Key_R, CTRL | Qt.KeyboardModifier.ShiftModifier)
    face.wait(at.is_set)
    after = Outside()
    world = cast("World", after)
    face.desk.adopt(world, None)
    face.wait(lambda: face.desk.world is world)
    face.wait(lambda: before.closed == 1)
    go_on.set()
    face.idle()
    assert all(known.checklist is None for known in face.desk.known.values())
    assert after.closed == 0
    assert face.desk.job is None
