"""What a run notes about itself, so that it can be helped: verbs, phases, unexpected errors, hangs, and how the last run ended.

One process has one Diagnostics, started by its face. Everything it notes goes through the table of ``domain/log_events.py``.
"""

from __future__ import annotations

import platform
import sys
import time
from typing import TYPE_CHECKING, Final, Literal

from exoalias import __version__
from exoalias.adapters.keeping.settings import Places
from exoalias.adapters.machine.last_words import LastWords, take_dead
from exoalias.adapters.machine.log import Counting, EventLog, close_log, note, open_log
from exoalias.adapters.machine.watchdog import SILENT_S, Watchdog
from exoalias.app.verbs import VERBS
from exoalias.domain.events import CodeQuestion, DoorPhase, FirstUseQuestion, SignInEnded, SignInPhase
from exoalias.domain.log_events import LogEvent
from exoalias.domain.places import of_error
from exoalias.domain.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from exoalias.adapters.machine.last_words import Died
    from exoalias.adapters.machine.watchdog import Stack
    from exoalias.domain.events import Event

Face = Literal["window", "terminal"]
WINDOW_ERRANDS: Final = (
    *"add candidates change check-all close export import list lock open remove rotate set-pin set-settings set-target".split(),
    "unlock",
)
_PATIENCE_S: Final = 660.0  # a person may take ten minutes to sign in or to answer


class Diagnostics:
    """Safe from any thread. ``died``: the runs before this one that did not end in the usual way."""

    def __init__(self, folder: Path, face: Face) -> None:
        self.log = log_of(folder)
        self.watchdog = Watchdog(self)
        self.died: tuple[Died, ...] = ()
        self.errors = 0
        self._face = face
        self._last_words = LastWords(folder, face)
        self._libraries = Counting()
        self._began = time.monotonic()
        self._verbs: dict[object, tuple[str, str, float]] = {}

    def open(self) -> Diagnostics:
        """Begin: say what runs, tell of those who died before, and be ready for the worst."""
        open_log(self.log)
        self._libraries.attach()
        self.died = take_dead(self.log.folder)
        for each in self.died:
            note(LogEvent.RUN_DIED, fault=each.fault, face=each.face)
            for stack in each.stacks:
                note(LogEvent.STACK, places=stack)
        self._last_words.open()
        note(
            LogEvent.RUN_STARTED,
            face=self._face,
            exoalias=numbers(__version__),
            python=tuple(sys.version_info[:3]),
            system=platform.system(),
        )
        return self

    def close(self, exit_code: int = 0) -> None:
        """The run ends in the usual way."""
        self.watchdog.close()
        if self._libraries.lines:
            note(LogEvent.LIBRARIES, lines=self._libraries.lines)
        note(LogEvent.RUN_ENDED, seconds=time.monotonic() - self._began, exit=exit_code)
        self._last_words.close()
        self._libraries.let_go()
        close_log()

    # -- verbs ----------------------------------------------------------------------------------------------------------

    def begins(self, key: object, verb: str, instance: str = "") -> None:
        """A verb begins."""
        self._verbs[key] = (verb, instance, time.monotonic())
        self.watchdog.verb_begins(key, verb)
        note(LogEvent.VERB_STARTED, verb=verb, instance=instance or None)

    def tells(self, key: object, event: Event) -> None:
        """It said something; where it waits for a person, it may be silent for longer."""
        waits = isinstance(event, SignInPhase | DoorPhase | CodeQuestion | FirstUseQuestion)
        self.watchdog.verb_speaks(key, _PATIENCE_S if waits else SILENT_S)
        if isinstance(event, SignInPhase):
            note(LogEvent.SIGN_IN, phase=event.phase)
        elif isinstance(event, DoorPhase):
            note(LogEvent.SIGN_IN, phase=event.phase, again=event.again)
        elif isinstance(event, SignInEnded):
            note(LogEvent.SIGN_IN, problem=event.problem)

    def ends(self, key: object, error: BaseException | None = None) -> None:
        """It ended: done, with a Problem, or by an error in the program (which ``unexpected`` is told of too)."""
        verb, instance, began = self._verbs.pop(key, ("", "", time.monotonic()))
        self.watchdog.verb_ends(key)
        outcome = "done" if error is None else "problem" if isinstance(error, Problem) else "error"
        outcome = "stopped" if isinstance(error, KeyboardInterrupt) else outcome
        problem = error if isinstance(error, Problem) else None
        ms = (time.monotonic() - began) * 1000
        note(LogEvent.VERB_ENDED, verb=verb, instance=instance or None, outcome=outcome, problem=problem, ms=ms)

    @property
    def doing(self) -> tuple[str, ...]:
        """The verbs under way, the oldest first."""
        return tuple(verb for verb, _instance, _began in self._verbs.values())

    # -- what goes wrong ------------------------------------------------------------------------------------------------

    def unexpected(self, error: BaseException, thread: str, verb: str = "") -> None:
        """An error in the program. Its words are not kept: they could hold anything."""
        self.errors += 1
        cause = error.__cause__ or error.__context__
        places = of_error(error.__traceback__)
        note(LogEvent.UNEXPECTED, error=error, cause=cause, verb=verb or None, thread=thread, places=places)

    def message(self, event: LogEvent, **fields: object) -> None:
        """Anything else worth a line."""
        note(event, **fields)

    def hang(self, of: str, verb: str, seconds: float, stacks: tuple[Stack, ...]) -> None:
        """The watchdog noticed that something hangs."""
        note(LogEvent.HANG, of=of, verb=verb or None, seconds=seconds)
        for stack in stacks:
            note(LogEvent.STACK, thread=stack.thread, places=stack.places)

    def hang_over(self, of: str, seconds: float) -> None:
        """It goes on again."""
        note(LogEvent.HANG_OVER, of=of, seconds=seconds)


def log_of(folder: Path) -> EventLog:
    """The log in that folder, with the words for verbs."""
    return EventLog(folder, (*(verb.name for verb in VERBS), *WINDOW_ERRANDS))


def numbers(version: str) -> tuple[int, ...]:
    """A version's leading numbers: "6.11.1" is (6, 11, 1)."""
    found = []
    for part in version.split(".")[:4]:
        if not part.isascii() or not part.isdecimal():
            break
        found.append(int(part))
    return tuple(found)


def log_folder() -> Path:
    """Where this user's log is: one for all worlds, the simulated ones too."""
    return Places.of_this_user().state / "log"
