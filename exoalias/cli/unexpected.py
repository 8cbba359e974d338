"""The outermost guard of a run in the terminal: an error in the program ends in one calm paragraph, never in a traceback.

Words of an exception and values of variables are not printed: they could hold anything.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

from exoalias.adapters.wording import _
from exoalias.app.diagnostics import Diagnostics, log_folder
from exoalias.domain.log_events import type_of
from exoalias.domain.places import of_error

if TYPE_CHECKING:
    from types import TracebackType

    from exoalias.cli.terminal import Terminal
    from exoalias.domain.events import Event
    from exoalias.domain.problems import Problem

EXIT_CODE = 70  # an error in the program: EX_SOFTWARE of sysexits.h


class Guarded:
    """One verb's run, noted from beginning to end; an error in the program does not leave it."""

    def __init__(self, terminal: Terminal, verb: str, instance: str = "") -> None:
        self._terminal = terminal
        self._verb = verb
        self._instance = instance
        self._notes = Diagnostics(log_folder(), "terminal")
        self._hook = threading.excepthook
        self._code = 0

    def tell(self, event: Event) -> None:
        """What the verb told: a sign of life."""
        self._notes.tells(self, event)

    def keep(self, days: int) -> None:
        """Delete what the log has kept for longer than that."""
        self._notes.log.prune(days)

    def ended(self, problem: Problem | None, exit_code: int) -> None:
        """The verb ended in a way it may end: done, or with a Problem."""
        self._code = exit_code
        self._notes.ends(self, problem)

    def __enter__(self) -> Self:
        self._notes.open()
        self._notes.begins(self, self._verb, self._instance)
        threading.excepthook = self._beside
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        threading.excepthook = self._hook
        bug = isinstance(error, Exception) and not isinstance(error, BrokenPipeError)
        if error is not None and bug:
            self._code = EXIT_CODE
            self._notes.unexpected(error, "terminal", self._verb)
            self._say(error)
        if error is not None:
            self._notes.ends(self, error)
        self._notes.close(self._code)
        return bug

    def _say(self, error: BaseException) -> None:
        ours = [place.text for place in of_error(error.__traceback__) if place.ours]
        place = _(" at {ours}", ours=ours[-1]) if ours else ""
        what = f"{type_of(error)}{place}"
        self._terminal.message(
            _(
                "exoalias: an error in the program ended exoalias {verb} ({what}). Nothing half-done is "
                "lost: what was begun and what was finished is in the journal, and the next check explains "
                "it.\n  exoalias support shows what is known about it, without names and secrets, and saves "
                "it to a file you can pass on.",
                verb=self._verb,
                what=what,
            )
        )

    def _beside(self, args: threading.ExceptHookArgs) -> None:
        """An error in a thread beside the verb: the verb itself goes on, or finds out."""
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            self._notes.unexpected(args.exc_value, "worker", self._verb)
            self._terminal.message("exoalias: an error in the program was met beside the work under way; it is in the log.")
