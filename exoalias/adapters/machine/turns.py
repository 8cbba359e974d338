"""Threads that take turns: one computes, any number wait for the network or the disk.

The interpreter runs one thread at a time anyway. Left to itself it changes threads every few milliseconds, and each of
sixteen checks that has an answer in hand waits for the fifteen others again and again; that cost a third of the processor's
time. With a turn a check is carried on until it has to wait for something outside. Whoever has begun goes on before somebody
else begins, so that an answer does not lie about while the next question is being thought of.
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
    """What the threads of one job share. Threads that never take it are not held up by it.

    ``requests``: so many may be under way at a time, however many threads there are; None: as many as there are threads.
    """

    def __init__(self, requests: int | None = None) -> None:
        self._lock = threading.Lock()
        self._beginning = threading.Lock()  # of those who begin only one waits for the turn
        self._wire = None if requests is None else threading.Semaphore(requests)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """While this lasts, no other thread of the job computes."""
        with self._beginning:
            self._lock.acquire()
        _MINE.turn = self
        try:
            yield
        finally:
            _MINE.turn = None
            self._lock.release()

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


@contextmanager
def on_the_wire() -> Iterator[None]:
    """While this lasts, a request of this thread is under way; it is waited for where enough of the job's are already."""
    wire = None if _MINE.turn is None else _MINE.turn._wire  # noqa: SLF001 - the same
    if wire is None:
        yield
        return
    if not wire.acquire(blocking=False):
        with aside():
            wire.acquire()
    try:
        yield
    finally:
        wire.release()
