"""The app's side in memory, and hands on the window's keyboard."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from exoalias.app.doors import Doors
from exoalias.domain.events import InstanceChecked, ManyProgress
from exoalias.domain.problems import NameNotTyped
from exoalias.domain.target import HomeAccount, Target
from exoalias.ui.conduct.conductor import Conductor
from exoalias.ui.desk import Desk
from exoalias.ui.verbs import Verbs, Wanted
from exoalias.ui.window import Window
from tests.ui import stories

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytestqt.qtbot import QtBot

    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.app.control import Control
    from exoalias.app.world import World
    from exoalias.domain.candidates import Candidate
    from exoalias.domain.events import Checked, Tell
    from exoalias.domain.plan import Plan
    from exoalias.domain.problems import Problem
    from exoalias.domain.target import Pin


class Outside:
    """Stands for the world where a test needs none; counts how often it was closed."""

    def __init__(self) -> None:
        self.closed = 0
        self.doors = Doors()

    def close(self) -> None:
        """See World."""
        self.closed += 1


class App:
    """The app's side, in memory: what was asked, and an instance that changes as a real one would."""

    def __init__(self) -> None:
        self.entries: list[InstanceEntry] = []
        self.calls: list[tuple[Any, ...]] = []
        self.profiles = False
        self.tokens = 0
        self.problem: Problem | None = None  # raised by the next verb
        self.sign_in_does: Callable[[Sequence[str], Tell, Control], None] | None = None
        self.check_does: Callable[[Tell, Control], None] | None = None
        self.gate: threading.Event | None = None  # a verb waits for it
        self.thread_names: set[str] = set()
        self.play: Callable[[], Any] | None = None
        self.problems: dict[str, Problem] = {}  # of single instances, met by a check of many
        self.owner_problem: Problem | None = None  # what asking for a script, or comparing an answer, ends with
        self.between: Callable[[str], None] | None = None  # called after each instance of a check of many
        self.unlocks: dict[str, datetime] = {}
        self.pin: Pin | None = stories.PIN
        self.troubles: tuple[Problem, ...] = ()
        self.now = datetime.now(UTC)

    def _met(self, *call: object) -> None:
        self.calls.append(call)
        self.thread_names.add(threading.current_thread().name)
        if self.gate is not None:
            assert self.gate.wait(20)
        problem, self.problem = self.problem, None
        if problem is not None:
            raise problem

    def _checked(self, name: str) -> Checked:
        return stories.checked(profiles=self.profiles, tokens=self.tokens, name=name)

    def listing(self, _world: World) -> tuple[InstanceEntry, ...]:
        return tuple(self.entries)

    def add(self, _world: World, wanted: Wanted, _tell: Tell, _control: Control) -> None:
        user = str(wanted.said.get("user", ""))
        self._met("add", wanted.name, wanted.url, user, wanted.secrets.get("password", ""), wanted.keep)
        self.entries.append(stories.BARE._replace(name=wanted.name, origin=wanted.url, user=user))

    def remove(self, _world: World, name: str) -> None:
        self._met("remove", name)
        self.entries = [e for e in self.entries if e.name != name]

    def check(self, _world: World, name: str, tell: Tell, control: Control) -> Checked:
        self._met("check", name)
        if self.check_does is not None:
            self.check_does(tell, control)
        checked = self._checked(name)
        tell(checked)
        return checked

    def check_many(self, _world: World, names: Sequence[str], tell: Tell, control: Control) -> object:
        self._met("check-many", tuple(names))
        tell(ManyProgress(0, len(names), tuple(names[:2])))
        for done, name in enumerate(names, start=1):
            if control.cancelled:
                break
            problem = self.problems.get(name)
            checked = None if problem is not None else self._checked(name)
            tell(InstanceChecked(name, problem.exit_code if problem is not None else 1, checked, problem))
            tell(ManyProgress(done, len(names), tuple(names[done : done + 2])))
            if self.between is not None:
                self.between(name)
        return ()

    def unlock(self, _world: World, name: str, typed: str, minutes: int) -> datetime:
        self._met("unlock", name, typed, minutes)
        if typed != name:
            raise NameNotTyped(instance=name)
        self.unlocks[name] = self.now + timedelta(minutes=minutes)
        return self.unlocks[name]

    def lock(self, _world: World, name: str) -> None:
        self._met("lock", name)
        self.unlocks.pop(name, None)

    def apply(self, _world: World, name: str, plan: Plan, _tell: Tell, _control: Control) -> Checked:
        self._met("apply", name, plan)
        self.profiles = True
        return self._checked(name)

    def undo(self, _world: World, name: str, _tell: Tell, _control: Control) -> Checked:
        self._met("undo", name)
        self.profiles = False
        return self._checked(name)

    def remember(self, _world: World, name: str, _tell: Tell, _control: Control) -> Checked:
        self._met("remember", name)
        return self._checked(name)

    def scan(self, _world: World, name: str, _tell: Tell, _control: Control) -> Checked:
        self._met("scan", name)
        return self._checked(name)

    def owner_script(self, _world: World, name: str, credential: str, _tell: Tell, _control: Control) -> str:
        self._met("owner-script", name, credential)
        if self.owner_problem is not None:
            raise self.owner_problem
        return f"// for {credential}"

    def owner_answer(self, _world: World, name: str, pasted: str, tell: Tell, _control: Control) -> Checked:
        self._met("owner-answer", name, pasted)
        if self.owner_problem is not None:
            raise self.owner_problem
        checked = self._checked(name)
        tell(checked)
        return checked

    def sign_in_by(self, _world: World, name: str, credentials: Sequence[str], strategy: str, *_: object) -> Checked:
        self._met("sign-in", name, tuple(credentials), strategy)
        return self._checked(name)

    def sign_in(self, _world: World, name: str, credentials: Sequence[str], tell: Tell, control: Control) -> Checked:
        self._met("sign-in", name, tuple(credentials))
        if self.sign_in_does is not None:
            self.sign_in_does(credentials, tell, control)
        self.tokens = 2
        return self._checked(name)

    def candidates(self, _world: World, name: str, _tell: Tell, _control: Control) -> tuple[Candidate, ...]:
        self._met("candidates", name)
        return stories.candidates()

    def set_target(self, _world: World, name: str, said: Mapping[str, str], _tell: Tell, _control: Control) -> Target:
        self._met("set-target", name, dict(said))
        self.entries = [stories.ENTRY._replace(name=name) if e.name == name else e for e in self.entries]
        return Target(stories.ORIGIN)

    def pinned(self, _world: World, name: str) -> Pin | None:
        self._met("pin", name)
        return self.pin

    def pin_by_hand(self, _world: World, name: str, object_id: str, tenant: str, typed: str) -> Pin:
        self._met("pin-by-hand", name, object_id, tenant, typed)
        self.pin = replace(stories.PIN, account=HomeAccount(object_id, tenant or stories.TENANT), sign_in="")
        return self.pin

    def remove_pin(self, _world: World, name: str, typed: str) -> Pin:
        self._met("remove-pin", name, typed)
        self.pin = None
        return stories.PIN

    def journal(self, _world: World, name: str) -> tuple[Any, ...]:
        self._met("journal", name)
        return ()

    def doctor(self, _world: World) -> tuple[Any, ...]:
        self._met("doctor")
        return ()

    def verbs(self) -> Verbs:
        return Verbs(
            open_world=lambda: cast("World", Outside()), listing=self.listing, add=self.add, remove=self.remove, check=self.check,
            apply=self.apply, undo=self.undo, sign_in=self.sign_in, sign_in_by=self.sign_in_by, candidates=self.candidates,
            remember=self.remember, scan=self.scan, owner_script=self.owner_script, owner_answer=self.owner_answer,
            pinned=self.pinned, pin_by_hand=self.pin_by_hand, remove_pin=self.remove_pin,
            target=lambda _world, _name: cast("Any", None), set_target=self.set_target, journal=self.journal, doctor=self.doctor,
            check_many=self.check_many, unlocked=lambda _world, _entries: dict(self.unlocks), unlock=self.unlock, lock=self.lock,
            unlock_minutes=lambda _world: 30, troubles=lambda _world: self.troubles,
            play=lambda: self.play() if self.play else cast("Any", None),
        )  # fmt: skip


class Face:
    """The window, and hands on its keyboard."""

    def __init__(self, qtbot: QtBot, app: App) -> None:
        self.bot = qtbot
        self.app = app
        self.desk = Desk(app.verbs())
        self.window = Window(self.desk).complete()
        self.conductor = Conductor(self.window)
        self.window.show()
        qtbot.waitExposed(self.window).__enter__()
        self.window.activateWindow()

    def open(self) -> Face:
        """List the instances, as after the first paint."""
        self.desk.open()
        self.idle()
        return self

    def idle(self) -> None:
        """Wait until no verb runs."""
        self.bot.waitUntil(lambda: not self.desk.runner.jobs, timeout=10_000)

    def wait(self, so: Callable[[], object]) -> None:
        """Wait until that is so."""
        self.bot.waitUntil(lambda: bool(so()), timeout=10_000)

    def settle(self) -> None:
        """Wait until the dialog, or the window where there is none, has the keyboard."""
        QApplication.processEvents()
        top = self.dialog if self.dialog is not None else self.window
        if not top.isActiveWindow():
            top.activateWindow()
            self.bot.waitUntil(top.isActiveWindow, timeout=10_000)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is."""
        self.settle()
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)
        QApplication.processEvents()

    def write(self, text: str) -> None:
        """Type where the keyboard is."""
        self.settle()
        QTest.keyClicks(QApplication.focusWidget() or self.window, text)

    def find(self, name: str, kind: type[QWidget] = QWidget) -> Any:  # noqa: ANN401 - of that name there is one kind
        """The widget of that object name, in the window or its dialog."""
        found = (self.conductor.dialog or self.window).findChild(kind, name) or self.window.findChild(kind, name)
        assert found is not None, name
        return found

    @property
    def dialog(self) -> Any:  # noqa: ANN401 - whichever is open
        return self.conductor.dialog

    def focus(self) -> str:
        """The object name of where the keyboard is."""
        self.settle()
        widget = QApplication.focusWidget()
        return widget.objectName() if widget else ""


CTRL = Qt.KeyboardModifier.ControlModifier


def with_instance(app: App, *, profiles: bool = False) -> None:
    app.entries = [stories.ENTRY, *stories.OTHERS]
    app.profiles = profiles


def checked(face: Face) -> Face:
    """Opened, and checked with F5."""
    face.open()
    face.key(Qt.Key.Key_F5)
    face.idle()
    return face


def by_password(face: Face) -> None:
    """Choose user and password in the open form."""
    way = face.find("add-way")
    way.setCurrentIndex(way.findData("password"))


def start_sign_in(face: Face, app: App) -> None:
    with_instance(app, profiles=True)
    checked(face)
    face.window.header.main.setFocus()
    face.key(Qt.Key.Key_Space)
