"""The window's half of the program's own notes: hooks for what goes wrong, the loop's pulse, and how the last run ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from exoalias.app.diagnostics import Diagnostics, log_folder
from exoalias.ui.crash import CrashWatch, Doing
from exoalias.ui.pulse import Pulse
from exoalias.ui.words import _

if TYPE_CHECKING:
    from pathlib import Path

    from exoalias.ui.runner import Job
    from exoalias.ui.window import Window

NAME = "notes"


class WindowNotes(QObject):
    """Taken from the first paint on, until ``close``."""

    def __init__(self, window: Window, folder: Path | None = None) -> None:
        super().__init__(window)
        self.setObjectName(NAME)
        self._window = window
        self.diagnostics = Diagnostics(folder or log_folder(), "window").open()
        self.crashes = CrashWatch(window, self.diagnostics, self._doing)
        self._pulse = Pulse(window, self.diagnostics.watchdog)
        window.desk.runner.observer = self.diagnostics
        window.closing.connect(self.let_go)
        if self.diagnostics.died:
            window.statusBar().showMessage(
                _(
                    "The last run of exoalias did not end in the usual way. Help, Support bundle … shows what is known about it; "
                    "what was under way is in the journal."
                )
            )

    def let_go(self) -> None:
        """The window closes: nothing is left of it that could show an error."""
        self.crashes.let_go()
        self._pulse.let_go()

    def close(self, exit_code: int) -> None:
        """The run ends."""
        world = self._window.desk.world
        if world is not None:
            self.diagnostics.log.prune(world.settings.log_days)
        self.diagnostics.close(exit_code)

    def _doing(self) -> Doing:
        """The verb whose error it is, or else those under way."""
        runner = self._window.desk.runner
        if runner.failing is not None:
            return Doing(runner.failing.verb, _words(runner.failing))
        return Doing("", ", ".join(_words(job) for job in runner.jobs.values()))


def _words(job: Job) -> str:
    words = {
        "check": _("checking {name}", name=job.instance),
        "check-all": _("checking all instances"),
        "apply": _("writing the plan on {name}", name=job.instance),
        "undo": _("putting back what was written on {name}", name=job.instance),
        "sign-in": _("the sign-in for {name}", name=job.instance),
        "open": _("reading the settings"),
    }
    return words.get(job.verb, job.verb)
