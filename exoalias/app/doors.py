"""The ways in that are open now: one for each instance, kept in memory between two verbs, shut after a while.

A session that nobody uses is forgotten after ten minutes (a setting), and every one after twelve hours, used or not.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.adapters.access import Access
    from exoalias.adapters.entries import InstanceEntry

IDLE_S = 600.0
LONGEST_S = 12 * 3600.0


class Closable(Protocol):
    """Something that ends with the door: a sign-in browser."""

    def close(self) -> None:
        """End it. May be called again."""


@dataclass(slots=True)
class Door:
    """An open way in."""

    entry: InstanceEntry
    access: Access
    opened: float
    used: float
    behind: Closable | None = None


@dataclass(slots=True)
class Doors:
    """Safe from any thread. ``clock`` counts seconds, steadily."""

    idle_s: float = IDLE_S
    longest_s: float = LONGEST_S
    clock: Callable[[], float] = time.monotonic
    _open: dict[str, Door] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

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

    def keep(self, entry: InstanceEntry, access: Access, behind: Closable | None = None) -> Door:
        """Keep this way in open; one that was open before is shut."""
        now = self.clock()
        with self._lock:
            self.shut(entry.name)
            door = self._open[entry.name] = Door(entry, access, now, now, behind)
        return door

    def shut(self, name: str) -> None:
        """Forget the session of that instance, and end its window."""
        with self._lock:
            door = self._open.pop(name, None)
        if door is not None and door.behind is not None:
            door.behind.close()

    def shut_the_idle(self) -> tuple[str, ...]:
        """Shut what nobody used for too long, or what has been open for too long; gives the names."""
        now = self.clock()
        with self._lock:
            over = tuple(n for n, d in self._open.items() if now - d.used >= self.idle_s or now - d.opened >= self.longest_s)
        for name in over:
            self.shut(name)
        return over

    def shut_all(self) -> None:
        """Forget every session."""
        with self._lock:
            names = tuple(self._open)
        for name in names:
            self.shut(name)

    def names(self) -> tuple[str, ...]:
        """Whose doors are open."""
        with self._lock:
            return tuple(self._open)


def _leads(before: InstanceEntry, now: InstanceEntry) -> bool:
    """Whether the door opened for *before* still is the one *now* asks for."""
    ways = [(e.origin, e.way, e.user, e.client_id, e.certificate, e.ca_file, e.one_time_code) for e in (before, now)]
    return ways[0] == ways[1]
