"""Threads that take turns: one computes, any number wait for the network or the disk.

The interpreter runs one thread at a time anyway. Left to itself it changes threads every few milliseconds, and each of
sixteen checks that has an answer in hand waits for the fifteen others again and again; that cost a third of the processor's
time. With a turn a check is carried on until it has to wait for something outside.

Whose turn it is next is decided by what the wire needs: a request that is sent early is answered while others think. So
whoever talks with its instance goes on first, then whoever has a request ready and a place for it, then somebody begins, and
whoever only has an answer to think about waits. A turn that changes hands wakes a sleeping thread, and that takes longer than
much of what is done in it: so a place on the wire is handed over together with the turn.
"""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Why(IntEnum):
    """What a thread wants its turn for, in the order they get it."""

    TALKS = 0
    SENDS = 1  # it needs a place on the wire besides
    BEGINS = 2
    THINKS = 3


class _Mine(threading.local):
    """Which turn this thread has, if any, and what for."""

    turn: Turn | None = None
    why: _Why = _Why.TALKS


_MINE = _Mine()


class Turn:
    """What the threads of one job share. Threads that never take it are not held up by it.

    ``requests``: so many may be under way at a time, however many threads there are; None: as many as there are threads.
    """

    def __init__(self, requests: int | None = None) -> None:
        self._guard = threading.Lock()
        self._is_taken = False
        self._waiting = tuple(deque[threading.Lock]() for _ in _Why)
        self._places = requests  # so many requests more may be under way; None: any number

    @contextmanager
    def taken(self) -> Iterator[None]:
        """While this lasts, no other thread of the job computes."""
        self._take(_Why.BEGINS)
        _MINE.turn, _MINE.why = self, _Why.TALKS
        try:
            yield
        finally:
            _MINE.turn = None
            self._give()

    @contextmanager
    def _given_up(self) -> Iterator[None]:
        _MINE.turn = None
        self._give()
        try:
            yield
        finally:
            self._take(_MINE.why)
            _MINE.turn = self

    def _take(self, why: _Why) -> None:
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return
            call = threading.Lock()
            call.acquire()
            self._waiting[why].append(call)
        call.acquire()  # until it is handed over

    def _give(self) -> None:
        with self._guard:
            self._hand_on()

    def _hand_on(self) -> None:
        """The turn goes to whoever is next, if anybody waits. The guard is held."""
        for why, waiting in zip(_Why, self._waiting, strict=True):
            if waiting and (why is not _Why.SENDS or self._places):
                if why is _Why.SENDS and self._places is not None:
                    self._places -= 1
                waiting.popleft().release()
                return
        self._is_taken = False

    def _go_on_the_wire(self) -> None:
        """Take a place on the wire; where there is none, the turn is given up until there is, and comes back with it."""
        with self._guard:
            if self._places is None:
                return
            if self._places:
                self._places -= 1
                return
            call = threading.Lock()
            call.acquire()
            self._waiting[_Why.SENDS].append(call)
            self._hand_on()
        call.acquire()

    def _leave_the_wire(self) -> None:
        """Whoever takes that place is called with the next turn that is given: this thread has it now."""
        with self._guard:
            if self._places is not None:
                self._places += 1

    def _think(self) -> None:
        """From now on this thread only thinks: whoever has more to do with its instance goes before."""
        _MINE.why = _Why.THINKS
        if any(self._waiting[: _Why.THINKS]):
            with self._given_up():
                pass


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
    turn = _MINE.turn
    if turn is None:
        yield
        return
    _MINE.why = _Why.TALKS
    turn._go_on_the_wire()  # noqa: SLF001 - both are of this file
    try:
        yield
    finally:
        turn._leave_the_wire()  # noqa: SLF001 - the same
    turn._think()  # noqa: SLF001 - the same
