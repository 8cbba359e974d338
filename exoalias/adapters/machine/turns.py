"""Threads that take turns: one computes, any number wait for the network or the disk.

The interpreter runs one thread at a time anyway. Left to itself it changes threads every few milliseconds, and each of
sixteen checks that has an answer in hand waits for the fifteen others again and again; that cost a third of the processor's
time. With a turn a check is carried on until it has to wait for something outside.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Mine(threading.local):
    """Which turn this thread has, if any."""

    turn: Turn | None = None


_MINE = _Mine()


class Turn:
    """What the threads of one job share. Threads that never take it are not held up by it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """While this lasts, no other thread of the job computes."""
        with self._lock:
            _MINE.turn = self
            try:
                yield
            finally:
                _MINE.turn = None

    @contextmanager
    def _given_up(self) -> Iterator[None]:
        _MINE.turn = None
        self._lock.release()
        try:
            yield
        finally:
            self._lock.acquire()
            _MINE.turn = self


@contextmanager
def aside() -> Iterator[None]:
    """While this lasts, this thread waits for something outside the program: whoever has something to compute may.

    For a thread without a turn this does nothing, and so may stand at every place that waits.
    """
    turn = _MINE.turn
    if turn is None:
        yield
        return
    with turn._given_up():  # noqa: SLF001 - both are of this file
        yield
