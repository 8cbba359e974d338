"""Notices that the window's loop does not turn, or that a verb has been silent for longer than its time-outs allow.

One thread, which sleeps without waking up while nothing is going on. It is woken when the person does something in the window
or a verb begins. Then it asks the loop once a second for a sign of life, until nothing is going on any more.
"""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from exoalias.domain.places import Place, of_stack

if TYPE_CHECKING:
    from collections.abc import Callable

LOOP_S: Final = 5.0  # a loop that has not turned for so long hangs
SILENT_S: Final = 330.0  # the longest one request may take with its repetitions (adapters/network/http.py), and a minute
WINDOW: Final = "window"
VERB: Final = "verb"


@dataclass(frozen=True, slots=True)
class Stack:
    """Where a thread is, the outermost place first."""

    thread: str
    places: tuple[Place, ...]


class Told(Protocol):
    """Who is told of a hang."""

    def hang(self, of: str, verb: str, seconds: float, stacks: tuple[Stack, ...]) -> None:
        """Something hangs."""

    def hang_over(self, of: str, seconds: float) -> None:
        """It goes on again."""


@dataclass(slots=True)
class _Watched:
    """Something that has to give a sign of life."""

    of: str
    verb: str
    since: float
    within: float
    told: bool = False


class Watchdog:
    """``told`` is called in the watchdog's own thread. ``loop_s`` and ``look_s`` are seconds."""

    def __init__(
        self, told: Told, *, loop_s: float = LOOP_S, look_s: float = 1.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._told = told
        self._loop_s = loop_s
        self._look_s = look_s
        self._clock = clock
        self._turns = threading.Condition()
        self._ping: Callable[[], object] | None = None
        self._asked = False  # the loop was, and has not answered yet
        self._loop: _Watched | None = None
        self._verbs: dict[object, _Watched] = {}
        self._ended = False
        self._asleep = True
        self._thread: threading.Thread | None = None

    # -- signs of life --------------------------------------------------------------------------------------------------

    def watch_loop(self, ping: Callable[[], object] | None) -> None:
        """``ping`` makes the loop call ``loop_turned`` when it comes to it; None: there is no loop any more."""
        self._ping = ping
        self.loop_turned()

    def loop_works(self) -> None:
        """The person did something: the loop has something to do."""
        if self._loop is None and self._ping is not None:
            self._loop = _Watched(WINDOW, "", self._clock(), self._loop_s)
            self._wake()

    def loop_turned(self) -> None:
        """The loop's sign of life."""
        was, self._loop, self._asked = self._loop, None, False
        self._live_again(was)

    def verb_begins(self, key: object, verb: str, within_s: float = SILENT_S) -> None:
        """A verb begins; it will say something at least every *within_s* seconds."""
        with self._turns:
            self._verbs[key] = _Watched(VERB, verb, self._clock(), within_s)
        self._wake()

    def verb_speaks(self, key: object, within_s: float = SILENT_S) -> None:
        """It said something; until the next time it may take so long."""
        before = self._verbs.get(key)
        if before is not None:
            self._live_again(before)
            self._verbs[key] = _Watched(VERB, before.verb, self._clock(), within_s)

    def verb_ends(self, key: object) -> None:
        """It ended."""
        with self._turns:
            before = self._verbs.pop(key, None)
        self._live_again(before)

    def close(self) -> None:
        """End the thread."""
        with self._turns:
            self._ended = True
            self._turns.notify_all()
        if self._thread is not None:
            self._thread.join(2 * self._look_s)

    # -- looking --------------------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        """Only where it sleeps without end: at every other time it looks by itself."""
        if not self._asleep or self._ended:
            return
        with self._turns:
            self._asleep = False
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, name="watchdog", daemon=True)
                self._thread.start()
            self._turns.notify_all()

    def _look(self) -> None:
        while not self._ended:
            with self._turns:
                self._asleep = True  # before looking: whoever comes after the look wakes us
                while not self._loop and not self._verbs and not self._ended:
                    self._turns.wait()
                self._asleep = False
                self._turns.wait_for(lambda: self._ended, self._look_s)
                if self._verbs and self._loop is None and self._ping is not None:
                    self._loop = _Watched(WINDOW, "", self._clock(), self._loop_s)  # a verb runs: its ends and words keep it busy
                watched = [w for w in (self._loop, *self._verbs.values()) if w is not None]
            self._ask()
            for each in watched:
                self._judge(each)

    def _ask(self) -> None:
        """Ask the loop once; it answers when it turns."""
        ping = self._ping
        if self._loop is not None and not self._asked and ping is not None:
            self._asked = True
            ping()

    def _judge(self, watched: _Watched) -> None:
        silent = self._clock() - watched.since
        if silent > watched.within and not watched.told:
            watched.told = True
            self._told.hang(watched.of, watched.verb, silent, stacks())

    def _live_again(self, was: _Watched | None) -> None:
        if was is not None and was.told:
            self._told.hang_over(was.of, self._clock() - was.since)


def stacks() -> tuple[Stack, ...]:
    """Where every thread of this process is now, but for the one that asks."""
    names = {thread.ident: _role(thread) for thread in threading.enumerate()}
    me = threading.get_ident()
    frames = sys._current_frames()  # noqa: SLF001 - documented for exactly this, in spite of its name
    return tuple(Stack(names.get(ident, "another"), of_stack(frame)) for ident, frame in frames.items() if ident != me)


def _role(thread: threading.Thread) -> str:
    """What a thread is for, in a word of the log's table."""
    if thread is threading.main_thread():
        return "window" if "PySide6.QtWidgets" in sys.modules else "terminal"
    roles = {
        "verb": "worker",
        "question": "question",
        "far-side": "far side",
        "browser-pipe": "sign-in browser",
        "lobby": "sign-in browser",
    }
    return next((role for head, role in roles.items() if thread.name.startswith(head)), "another")
