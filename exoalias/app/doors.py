"""The ways in that are open now: one for each instance, kept in memory between two verbs, shut after a while.

A session that nobody uses is forgotten after ten minutes (a setting), and every one after twelve hours, used or not. Hours in
which the computer slept count. While a request is under way, or somebody signs in, nothing is shut under their hands.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import threading
import time
import weakref
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exoalias.adapters.machine.cores import go_anywhere
from exoalias.adapters.machine.turns import aside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exoalias.adapters.entering.access import Lasting
    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.adapters.keeping.secret import Secret
    from exoalias.app.lobby import Lobby

IDLE_S = 600.0
LONGEST_S = 12 * 3600.0
_LOOK_S = 60.0  # a timer does not count the hours a computer sleeps: soon after them the doors are looked at


def with_sleep() -> float:
    """Seconds of a steady clock that also counts while the computer sleeps; on Windows the usual one does."""
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):  # Linux; macOS, where time.monotonic() stands still asleep
        if hasattr(time, name):
            return time.clock_gettime(getattr(time, name))
    return time.monotonic()


@dataclass(slots=True)
class Door:
    """An open way in."""

    entry: InstanceEntry
    access: Lasting
    opened: float
    used: float
    lobby: Lobby
    inside: bool = False  # the instance has answered us by it; a password is not tried before it is first needed


class RefusedForms:
    """The passwords an instance's login page refused in this run. They are kept as marks that say nothing without this run."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(32)
        self._marks: set[bytes] = set()

    def has(self, entry: InstanceEntry, password: Secret) -> bool:
        """Whether this user with this password was refused there already."""
        return self._mark(entry, password) in self._marks

    def note(self, entry: InstanceEntry, password: Secret) -> None:
        """Not tried again: an instance locks a user out after a few wrong passwords."""
        self._marks.add(self._mark(entry, password))

    def _mark(self, entry: InstanceEntry, password: Secret) -> bytes:
        words = "\0".join((entry.origin, entry.user, password.reveal()))
        return hashlib.blake2b(words.encode(), key=self._salt).digest()


@dataclass(slots=True, weakref_slot=True)
class Doors:
    """Safe from any thread. ``clock`` counts seconds, steadily."""

    idle_s: float = IDLE_S
    longest_s: float = LONGEST_S
    clock: Callable[[], float] = with_sleep
    _open: dict[str, Door] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _entering: dict[str, threading.RLock] = field(default_factory=dict)
    _busy: Counter[str] = field(default_factory=Counter)
    _alarm: threading.Timer | None = None
    _rings: float = 0.0  # when it does, by the clock
    _watchers: list[Callable[[], None]] = field(default_factory=list)
    refused: RefusedForms = field(default_factory=RefusedForms)

    @contextlib.contextmanager
    def entering(self, name: str) -> Iterator[None]:
        """Held while a door is opened: two verbs at a time must not both ask the person."""
        with self._lock:
            door = self._entering.setdefault(name, threading.RLock())
        if not door.acquire(blocking=False):
            with aside():
                door.acquire()
        try:
            yield
        finally:
            door.release()

    def find(self, entry: InstanceEntry) -> Door | None:
        """The open door of that instance, used now; None where there is none, or it led elsewhere, or its time is over."""
        self.shut_the_idle()
        with self._lock:
            door = self._open.get(entry.name)
            if door is not None and _leads(door.entry, entry):
                door.used = self.clock()
                return door
        self.shut(entry.name)
        return None

    def keep(self, entry: InstanceEntry, access: Lasting, lobby: Lobby) -> Door:
        """Keep this way in open; one that was open before is shut."""
        now = self.clock()
        self.shut(entry.name)
        with self._lock:
            door = self._open[entry.name] = Door(entry, access, now, now, lobby)
            self._arm()
        self._tell()
        return door

    def let_in(self, name: str, *, inside: bool) -> None:
        """The instance has answered a request by that door, or would not let us in by it any more."""
        with self._lock:
            door = self._open.get(name)
            news = door is not None and door.inside is not inside
            if door is not None:
                door.inside = inside
        if news:
            self._tell()

    def inside(self) -> tuple[str, ...]:
        """By whose doors we have been let in."""
        with self._lock:
            return tuple(name for name, door in self._open.items() if door.inside)

    def watch(self, moved: Callable[[], None]) -> None:
        """*moved* is called, in any thread, whenever a door was opened or shut, or leads in or no longer."""
        self._watchers.append(moved)

    def _tell(self) -> None:
        for moved in self._watchers:
            moved()

    def shut(self, name: str) -> None:
        """Forget the session of that instance, and end its window. A verb still under way there is not let in anew."""
        with self._lock:
            door = self._open.pop(name, None)
        if door is not None:  # without the lock: who is in there may need it to get out
            self._arm()
            self._tell()
            door.lobby.shut()
            door.access.forget()

    def lobby(self, name: str) -> Lobby | None:
        """The sign-in browser of an instance whose door is open."""
        with self._lock:
            door = self._open.get(name)
            return door.lobby if door is not None else None

    def touch(self, name: str) -> None:
        """Somebody uses that door right now."""
        with self._lock:
            door = self._open.get(name)
            if door is not None:
                door.used = self.clock()

    @contextlib.contextmanager
    def busy(self, name: str) -> Iterator[None]:
        """While this lasts, that door is in use: no lock falls, however long it takes."""
        with self._lock:
            self._busy[name] += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy[name] -= 1
                self.touch(name)

    def last(self, idle_s: float, longest_s: float) -> None:
        """From now on sessions last so long; one that is past it already is forgotten."""
        with self._lock:
            self.idle_s, self.longest_s = idle_s, longest_s
        self.shut_the_idle()
        self._arm()

    def shut_the_idle(self) -> tuple[str, ...]:
        """Shut what nobody used for too long, or what has been open for too long; gives the names."""
        now = self.clock()
        with self._lock:
            over = tuple(
                n
                for n, d in self._open.items()
                if not self._busy[n] and (now - d.used >= self.idle_s or now - d.opened >= self.longest_s)
            )
        for name in over:
            self.shut(name)
        return over

    def look(self) -> None:
        """Shut what is over, and look again when the next may be."""
        with self._lock:
            if self._alarm is threading.current_thread():  # it has rung
                self._alarm = None
        self.shut_the_idle()
        self._arm()

    def _arm(self) -> None:
        """Wake when the next door may have to be shut; nothing wakes while all are.

        An alarm that rings too early is left alone: it looks, and is set anew. Many doors come and go in a second.
        """
        with self._lock:
            due = min((min(d.used + self.idle_s, d.opened + self.longest_s) for d in self._open.values()), default=None)
            rings = None if due is None else self.clock() + min(max(1.0, due - self.clock()), _LOOK_S)
            if self._alarm is not None and (rings is None or rings < self._rings):
                self._alarm.cancel()
                self._alarm = None
            if rings is None or self._alarm is not None:
                return
            self._rings = rings
            self._alarm = threading.Timer(rings - self.clock(), _ring, (weakref.ref(self),))
            self._alarm.name = "doors"
            self._alarm.daemon = True
            self._alarm.start()

    def shut_all(self) -> None:
        """Forget every session."""
        with self._lock:
            names = tuple(self._open)
        for name in names:
            self.shut(name)
        self._arm()

    def names(self) -> tuple[str, ...]:
        """Whose doors are open."""
        with self._lock:
            return tuple(self._open)


def _ring(doors: weakref.ref[Doors]) -> None:
    """A look at doors somebody still has; those of a world that is gone are nobody's."""
    go_anywhere()  # the next alarm is set by this thread, and so on for hours
    still = doors()
    if still is not None:
        still.look()


def _leads(before: InstanceEntry, now: InstanceEntry) -> bool:
    """Whether the door opened for *before* still is the one *now* asks for."""
    ways = [(e.origin, e.way, e.user, e.client_id, e.certificate, e.ca_file, e.one_time_code) for e in (before, now)]
    return ways[0] == ways[1]
