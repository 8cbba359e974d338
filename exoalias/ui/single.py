"""One running window per user: a second start brings the first one's window forward and ends.

Who is first is decided by a lock that the operating system lets go of with its holder, ``kill -9`` included. The bell, by which
the second reaches the first, is hung up after the first paint: it costs the start nothing.
"""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TYPE_CHECKING, Final, NamedTuple

from exoalias.adapters.keeping.lock import Taken, alone
from exoalias.adapters.keeping.settings import Places
from exoalias.adapters.machine.first_look import may_say

if TYPE_CHECKING:
    from pathlib import Path

    from exoalias.app.world import World
    from exoalias.ui.window import Window

PATIENCE_S: Final = 10.0  # so long the first one may take to be painted, to get through what it does, or to end
CANT_START: Final = 4  # exit code: something on this machine keeps it from starting


class AtStart(NamedTuple):
    """The settings that count before the first paint."""

    appearance: str = "system"
    one_window: bool = True
    language: str = "system"


def at_start(world: World | None) -> AtStart:
    """What they are; None: in the real world, which isn't there yet."""
    if world is not None:
        return AtStart(world.settings.appearance, world.settings.one_window, world.settings.language)
    file = Places.of_this_user().settings_file
    if not may_say(file, AtStart._fields):
        return AtStart()  # the table of settings alone would take a twentieth of a bare window's start to load
    from exoalias.adapters.machine.ladder import climb

    settings = climb(file).settings
    return AtStart(settings.appearance, settings.one_window, settings.language)


class OnlyOne(contextlib.ExitStack):
    """The place of the one window of these files, from ``claim`` until it is closed."""

    def __init__(self, state: Path) -> None:
        super().__init__()
        self._state = state

    def claim(self, patience_s: float = PATIENCE_S) -> bool | None:
        """True: we are the first. False: another one is, and came forward. None: another one is, and doesn't answer."""
        if self._held():
            return True
        from threading import Event

        from exoalias.adapters.machine.bell import address, ring

        until, pause = time.monotonic() + patience_s, Event()
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                if ring(address(self._state), max(0.1, until - time.monotonic())):
                    return False
            if self._held():  # it ended meanwhile
                return True
            pause.wait(0.05)
        return None

    def _held(self) -> bool:
        try:
            self.enter_context(alone(self._state / "window.lock"))
        except Taken:
            return False
        except OSError:
            return True  # a folder that can't be written: doctor says so, and two windows do no harm
        return True

    def listen(self, window: Window) -> None:
        """Hang up the bell: called after the first paint."""
        from exoalias.adapters.machine.bell import address
        from exoalias.ui.bell import PipeBell, SocketBell, come_forward

        with contextlib.suppress(OSError):  # without a place for it a second start says that the first doesn't answer
            where = address(self._state)
            bell = PipeBell(where) if sys.platform == "win32" else SocketBell(where)
            bell.rung.connect(lambda: come_forward(window))
            window.closing.connect(bell.take_down)
            self.callback(bell.take_down)


def only_window(world: World | None, held: contextlib.ExitStack, *, wanted: bool) -> OnlyOne | int | None:
    """The place of the one window, kept with *held*; None where there may be many; the exit code of a second start.

    A simulated world's window is beside the point: it has its own files.
    """
    if not wanted or (world is not None and world.simulated is not None):
        return None
    only = held.enter_context(OnlyOne((world.places if world is not None else Places.of_this_user()).state))
    first = only.claim()
    if first:
        return only
    return 0 if first is False else _say_silent()


def _say_silent() -> int:
    from PySide6.QtWidgets import QApplication

    from exoalias.ui.dialogs.ask import Ask
    from exoalias.ui.words import _

    app = QApplication.instance() or QApplication(sys.argv[:1])
    words = _("Its window does not answer. Close it, or end the program, then start exoalias again.")
    if sys.stderr is not None:
        sys.stderr.write(_("exoalias is open already") + f". {words}\n")
    told = Ask(_("exoalias is open already"), words, "")
    told.show()
    app.exec()
    return CANT_START
