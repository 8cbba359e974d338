"""Tells the watchdog when the person does something, and answers it when the loop turns. An idle window stays asleep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QWindow

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

_INPUT = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.KeyPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.Close,
    }
)


class Watched(Protocol):
    """Who wants to know: adapters/machine/watchdog.py."""

    def watch_loop(self, ping: Callable[[], object] | None) -> None:
        """How the loop is asked; None: it is gone."""

    def loop_works(self) -> None:
        """The person did something."""

    def loop_turned(self) -> None:
        """The loop's sign of life."""


class Pulse(QObject):
    """Looks at the windows' own events, of which there are few; what becomes of them in the widgets passes it by."""

    _asked = Signal()

    def __init__(self, window: QWidget, watchdog: Watched) -> None:
        super().__init__(window)
        self._watchdog = watchdog
        self._seen: list[QWindow] = []
        self._asked.connect(watchdog.loop_turned, Qt.ConnectionType.QueuedConnection)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._look_at)
        self._look_at(window.windowHandle())
        watchdog.watch_loop(self._asked.emit)

    def let_go(self) -> None:
        """The window is gone: nobody asks any more."""
        self._watchdog.watch_loop(None)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.disconnect(self._look_at)
        for seen in self._seen:
            seen.removeEventFilter(self)
        self._seen.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - Qt's signature
        """See QObject. Nothing is kept from anybody."""
        if event.type() in _INPUT:
            self._watchdog.loop_works()
        return False

    def _look_at(self, window: QWindow | None) -> None:
        if window is not None and window not in self._seen:
            self._seen.append(window)
            window.destroyed.connect(lambda: self._seen.remove(window) if window in self._seen else None)
            window.installEventFilter(self)
