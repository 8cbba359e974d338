"""Whether exoalias is signed in somewhere: said on the line, gone with the lock, and forgotten when the person wants."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import Qt

from exoalias.ui.instance_model import second_line, spoken
from tests.ui import stories
from tests.ui.hands import CTRL, with_instance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exoalias.adapters.entering.access import Lasting
    from exoalias.app.doors import Doors
    from exoalias.app.lobby import Lobby
    from tests.ui.hands import App, Face

NAME = stories.ENTRY.name


class Room:
    """A way in and its lobby; notes in which thread it was shut."""

    def __init__(self) -> None:
        self.shut_in = ""

    def shut(self) -> None:
        self.shut_in = threading.current_thread().name

    def forget(self) -> None:
        pass


@pytest.fixture
def doors(face: Face, app: App) -> Iterator[Doors]:
    """The doors of the window's world; an instance is known."""
    with_instance(app)
    face.open()
    assert face.desk.world is not None
    made = face.desk.world.doors
    yield made
    made.shut_all()
    for each in threading.enumerate():
        if isinstance(each, threading.Timer) and each.finished.is_set():
            each.join(10)  # cancelled: its thread is over in a moment


def enter(doors: Doors) -> Room:
    room = Room()
    doors.keep(stories.ENTRY, cast("Lasting", room), cast("Lobby", room))
    doors.let_in(NAME, inside=True)
    return room


def action_enabled(face: Face) -> bool:
    return face.window.actions_by_verb.by_name["forget-session"].isEnabled()


def test_the_line_says_that_a_session_is_open_and_the_lock_takes_it_away(face: Face, doors: Doors) -> None:
    here = face.desk.known[NAME]
    assert not action_enabled(face)
    thread = threading.Thread(target=enter, args=(doors,))
    thread.start()
    thread.join()
    face.wait(lambda: here.signed_in)
    assert second_line(here).endswith(" · signed in")
    assert "signed in" in spoken(here)
    assert action_enabled(face)
    thread = threading.Thread(target=doors.shut, args=(NAME,))
    thread.start()
    thread.join()
    face.wait(lambda: not here.signed_in)
    assert "signed in" not in second_line(here)
    assert not action_enabled(face)


def test_a_session_is_forgotten_by_its_shortcut_in_a_worker(face: Face, doors: Doors) -> None:
    room = enter(doors)
    face.wait(lambda: face.desk.known[NAME].signed_in)
    face.key(Qt.Key.Key_L, CTRL | Qt.KeyboardModifier.ShiftModifier)
    face.idle()
    assert room.shut_in.startswith("verb")
    assert doors.names() == ()
    face.wait(lambda: not face.desk.known[NAME].signed_in)
    assert "forgotten" in face.window.statusBar().currentMessage()


def test_a_session_may_be_forgotten_while_a_verb_runs(face: Face, app: App, doors: Doors) -> None:
    enter(doors)
    face.wait(lambda: face.desk.known[NAME].signed_in)
    app.gate = threading.Event()
    face.desk.check()
    try:
        assert action_enabled(face)
        face.conductor.sessions.forget()
        face.wait(lambda: doors.names() == ())
    finally:
        app.gate.set()
    face.idle()


def test_a_world_that_was_left_says_nothing_any_more(face: Face, doors: Doors) -> None:
    face.desk.open()
    face.idle()
    enter(doors)
    face.bot.wait(50)
    assert not face.desk.known[NAME].signed_in


def test_who_was_not_let_in_is_not_signed_in(face: Face, doors: Doors) -> None:
    """A password is first shown when something is asked: until the instance has answered, nobody is signed in."""
    here = face.desk.known[NAME]
    room = Room()
    doors.keep(stories.ENTRY, cast("Lasting", room), cast("Lobby", room))
    face.bot.wait(30)
    assert not here.signed_in
    doors.let_in(NAME, inside=True)
    face.wait(lambda: here.signed_in)
    doors.let_in(NAME, inside=False)
    face.wait(lambda: not here.signed_in)
