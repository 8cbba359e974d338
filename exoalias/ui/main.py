"""The window's entry: paint first, load what is heavy afterwards, leave nothing running."""

from __future__ import annotations

import gc
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from exoalias.adapters import wording
from exoalias.app.speaking import speak
from exoalias.ui import single
from exoalias.ui.desk import Desk
from exoalias.ui.verbs import Verbs
from exoalias.ui.window import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exoalias.app.world import World
    from exoalias.ui.notes import WindowNotes
    from exoalias.ui.verbs import FarSideProcess


_UNSEEN_MS = 2_000  # a window that nobody sees by then is not waited for


def run(world: World | None = None, far_side: FarSideProcess | None = None, argv: Sequence[str] | None = None) -> int:
    """Show the window until it is closed; gives the exit code.

    ``world`` None: the real one, made after the first paint. ``far_side`` is a simulation to stop at the end. ``argv``
    is Qt's own (``-style``, ``-platform``). Where another window of this user's is open, that one is brought forward instead.
    """
    with ExitStack() as held:
        first = single.at_start(world)
        speak(first.language)
        only = single.only_window(world, held, wanted=first.one_window)
        if isinstance(only, int):
            return only
        return _shown(world, far_side, argv, only, first.appearance)


def _shown(
    world: World | None,
    far_side: FarSideProcess | None,
    argv: Sequence[str] | None,
    only: single.OnlyOne | None,
    appearance: str,
) -> int:
    app = QApplication.instance() or QApplication([sys.argv[0], *(argv or ())])
    if not isinstance(app, QApplication):
        raise TypeError("a QApplication is needed, another kind of Qt application runs already")
    app.setApplicationName("exoalias")
    app.setDesktopFileName("exoalias")
    if wording.language() != wording.LANGUAGES[0]:
        from exoalias.ui.words import qt_speaks

        qt_speaks(app)
    if appearance != "system":
        from exoalias.ui.appearance import apply

        apply(appearance)
    desk = Desk(Verbs())
    desk.far_side = far_side
    if world is None:
        desk.list_again(desk.verbs.peek())
    window = Window(desk)
    window.painted.connect(lambda: QTimer.singleShot(0, lambda: wake(window, world)))
    if only is not None:
        window.painted.connect(lambda: QTimer.singleShot(0, lambda: only.listen(window)))
    window.show()
    QTimer.singleShot(_UNSEEN_MS, window.go_on)
    code = 1
    try:
        code = app.exec()
        return code
    finally:
        desk.runner.close()
        for left in {id(w): w for w in (world, desk.world) if w is not None}.values():
            left.close()
        if desk.far_side is not None:
            desk.far_side.stop()
        notes = window.findChild(QObject, "notes")
        if notes is not None:
            cast("WindowNotes", notes).close(code)


def wake(window: Window, world: World | None = None) -> None:
    """After the first paint: exception hooks, what the buttons do, asyncio, and the world."""
    try:
        _wake(window, world)
    finally:
        gc.freeze()  # modules and the window stay as long as the program: they are not looked through again and again


def _wake(window: Window, world: World | None) -> None:
    from exoalias.adapters.machine.core_dumps import keep_memory_private
    from exoalias.adapters.machine.garbage import look_if_due
    from exoalias.ui import appearance
    from exoalias.ui.conduct.conductor import Conductor
    from exoalias.ui.errands.support import SupportBundle
    from exoalias.ui.notes import WindowNotes
    from exoalias.ui.tidy import Tidy

    Tidy(window, look_if_due)
    keep_memory_private()  # from here on it may hold a secret
    # A verb that computes in its thread lets the window in after 1 ms instead of 5: drawing asks for the lock many times.
    sys.setswitchinterval(0.001)
    appearance.follow()
    window.complete()
    notes = WindowNotes(window)
    interrupts = Interrupts(window)
    window.closing.connect(interrupts.let_go)
    conductor = Conductor(window)
    notes.crashes.bundle_wanted.connect(conductor.errands.of(SupportBundle).support)
    if not window.isVisible():
        return  # closed in the meantime, by Ctrl+C for one
    window.desk.runner.open()
    window.desk.open(world)
    if window.desk.far_side is not None:
        window.show_people(window.desk.far_side.announcement)


class Interrupts(QObject):
    """Lets Ctrl+C in the terminal, or a SIGTERM, close the window, without a timer that would wake an idle program."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        import signal
        import socket

        self._read, self._write = socket.socketpair()
        for end in (self._read, self._write):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)
        self._wakeup_before = signal.set_wakeup_fd(self._write.fileno())
        self._before = {
            number: signal.signal(number, lambda _number, _frame: window.close()) for number in (signal.SIGINT, signal.SIGTERM)
        }

    def _woken(self) -> None:
        if self._read.fileno() >= 0:
            self._read.recv(64)  # Python runs its signal handlers as soon as it gets to run at all

    def let_go(self) -> None:
        """Put the former signal handling back."""
        import signal

        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._read.close()
        self._write.close()
