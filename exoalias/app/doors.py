"""The ways in that are open now: one for each instance, kept in memory between two verbs, shut after a while.

A session that nobody uses is forgotten after ten minutes (a setting), and every one after twelve hours, used or not.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.adapters.access import Access
    from exoalias.adapters.entries import InstanceEntry
    from exoalias.app.lobby import Lobby

IDLE_S = 600.0
LONGEST_S = 12 * 3600.0


@dataclass(slots=True)
class Door:
    """An open way in."""

    entry: InstanceEntry
    access: Access
    opened: float
    used: float
    lobby: Lobby


@dataclass(slots=True)
class Doors:
    """Safe from any thread. ``clock`` counts seconds, steadily."""

    idle_s: float = IDLE_S
    longest_s: float = LONGEST_S
    clock: Callable[[], float] = time.monotonic
    _open: dict[str, Door] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _entering: dict[str, threading.RLock] = field(default_factory=dict)
    _alarm: threading.Timer | None = None

    def entering(self, name: str) -> threading.RLock:
        """Held while a door is opened: two verbs at a time must not both ask the person."""
        with self._lock:
            return self._entering.setdefault(name, threading.RLock())

    def find(self, entry: InstanceEntry) -> Door | None:
        """The open door of that instance, used now; None where there is none, or it led elsewhere, or its time is over."""
        with self._lock:
            self.shut_the_idle()
            door = self._open.get(entry.name)
            if door is not None and not _leads(door.entry, entry):
                self.shut(entry.name)
                return None
            if door is not None:
                door.used = self.clock()
            return door

    def keep(self, entry: InstanceEntry, access: Access, lobby: Lobby) -> Door:
        """Keep this way in open; one that was open before is shut."""
        now = self.clock()
        with self._lock:
            self.shut(entry.name)
            door = self._open[entry.name] = Door(entry, access, now, now, lobby)
            self._arm()
        return door

    def shut(self, name: str) -> None:
        """Forget the session of that instance, and end its window."""
        with self._lock:
            door = self._open.pop(name, None)
        if door is not None:
            door.lobby.close()

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
            over = tuple(n for n, d in self._open.items() if now - d.used >= self.idle_s or now - d.opened >= self.longest_s)
        for name in over:
            self.shut(name)
        return over

    def _arm(self) -> None:
        """Wake when the next door may have to be shut; nothing wakes while all are."""
        with self._lock:
            if self._alarm is not None:
                self._alarm.cancel()
                self._alarm = None
            if not self._open:
                return
            due = min(min(d.used + self.idle_s, d.opened + self.longest_s) for d in self._open.values())
            self._alarm = threading.Timer(max(1.0, due - self.clock()), self._ring)
            self._alarm.daemon = True
            self._alarm.start()

    def _ring(self) -> None:
        self.shut_the_idle()
        self._arm()

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


def _leads(before: InstanceEntry, now: InstanceEntry) -> bool:
    """Whether the door opened for *before* still is the one *now* asks for."""
    ways = [(e.origin, e.way, e.user, e.client_id, e.certificate, e.ca_file, e.one_time_code) for e in (before, now)]
    return ways[0] == ways[1]
