"""Ends what takes too long, for any number of requests at a time, with one thread instead of one each.

Two hundred checks side by side would start hundreds of timers a second, and each start waits for its thread to be heard. The
thread is there while anything is watched, and ends with the last of it: an idle program has none.
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from typing import TYPE_CHECKING

from exoalias.adapters.machine.cores import go_anywhere

if TYPE_CHECKING:
    from collections.abc import Callable


class Deadline:
    """Something that is cut off at a moment (seconds of ``time.monotonic``), unless it was done before."""

    __slots__ = ("_cut", "at", "passed")

    def __init__(self, at: float, cut: Callable[[], None]) -> None:
        self.at = at
        self.passed = False  # it took too long, and was cut off
        self._cut: Callable[[], None] | None = cut

    @property
    def is_over(self) -> bool:
        """Whether nothing is waited for any more."""
        return self._cut is None

    def done(self) -> bool:
        """It was in time: forget it, and what it would have cut. False where it was done or cut already."""
        was, self._cut = self._cut, None
        return was is not None

    def cut(self) -> None:
        """Its time has come."""
        cut, self._cut = self._cut, None
        if cut is not None:
            self.passed = True
            cut()


class Deadlines:
    """Safe from any thread. What cuts must neither wait nor raise: the others' time goes on."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Deadline]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._watched = 0
        self._thread: threading.Thread | None = None

    def watch(self, seconds: float, cut: Callable[[], None]) -> Deadline:
        """*cut* is called in *seconds*, in another thread, unless ``done`` is said of the Deadline before."""
        deadline = Deadline(time.monotonic() + seconds, cut)
        with self._changed:
            first = not self._heap or deadline.at < self._heap[0][0]
            heapq.heappush(self._heap, (deadline.at, next(self._numbers), deadline))
            self._watched += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            elif first:
                self._changed.notify()
        return deadline

    def done(self, deadline: Deadline) -> None:
        """It was in time."""
        with self._changed:
            if deadline.done():
                self._watched -= 1
                if self._watched == 0:
                    self._changed.notify()

    def _run(self) -> None:
        """Cut what is due until nothing is watched. The lock is held while something is cut: after ``done`` nothing is."""
        go_anywhere()
        with self._changed:
            while self._watched:
                while self._heap[0][2].is_over:
                    heapq.heappop(self._heap)
                left = self._heap[0][0] - time.monotonic()
                if left > 0:
                    self._changed.wait(left)
                    continue
                self._watched -= 1
                heapq.heappop(self._heap)[2].cut()
            self._heap.clear()
            self._thread = None
