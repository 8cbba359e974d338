"""The bell of the open window: whoever rings it brings the window forward. Loaded after the first paint.

A caller may say one fixed word (adapters/machine/bell.py); whatever else it says, it is hung up on.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    import socket

    from PySide6.QtCore import QSocketNotifier
    from PySide6.QtNetwork import QLocalServer, QLocalSocket
    from PySide6.QtWidgets import QWidget

_CALLERS: Final = 4  # at a time; more are turned away
_CALL_MS: Final = 2000  # a caller that says nothing for so long is hung up on


def come_forward(window: QWidget) -> None:
    """Show the window above the others, with the keyboard, from wherever it was."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    window.setWindowState((window.windowState() & ~Qt.WindowState.WindowMinimized) | Qt.WindowState.WindowActive)
    window.show()
    top = QApplication.activeModalWidget() or window
    for each in dict.fromkeys((window, top)):
        each.raise_()
        each.activateWindow()
    QApplication.alert(window)


class SocketBell(QObject):
    """A socket in a folder of this user's own. Costs nothing: Python has it loaded anyway."""

    rung = Signal()

    def __init__(self, where: str) -> None:
        super().__init__()
        import socket

        from PySide6.QtCore import QSocketNotifier

        self._where = where
        with contextlib.suppress(FileNotFoundError):
            os.unlink(where)  # noqa: PTH108 - of one that was killed: we hold its lock now
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._calls: dict[socket.socket, QSocketNotifier] = {}
        try:
            self._socket.bind(where)
            self._socket.listen(_CALLERS)
            self._socket.setblocking(False)
        except OSError:
            self._socket.close()
            raise
        self._notifier = QSocketNotifier(self._socket.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._called)

    def _called(self) -> None:
        from PySide6.QtCore import QSocketNotifier, QTimer

        with contextlib.suppress(OSError):
            caller, _name = self._socket.accept()
            if len(self._calls) >= _CALLERS:
                caller.close()
                return
            caller.setblocking(False)
            heard = self._calls[caller] = QSocketNotifier(caller.fileno(), QSocketNotifier.Type.Read, self)
            heard.activated.connect(lambda: self._heard(caller))
            QTimer.singleShot(_CALL_MS, self, lambda: self._hang_up(caller))

    def _heard(self, caller: socket.socket) -> None:
        from exoalias.adapters.machine.bell import DONE, WORD

        with contextlib.suppress(OSError):
            if caller in self._calls and caller.recv(len(WORD) + 1) == WORD:
                self.rung.emit()
                caller.send(DONE)
        self._hang_up(caller)

    def _hang_up(self, caller: socket.socket) -> None:
        heard = self._calls.pop(caller, None)
        if heard is not None:
            heard.setEnabled(False)
            heard.deleteLater()
            caller.close()

    def take_down(self) -> None:
        """Nobody listens any more. May be called again."""
        if self._socket.fileno() < 0:
            return
        self._notifier.setEnabled(False)
        for caller in tuple(self._calls):
            self._hang_up(caller)
        self._socket.close()
        with contextlib.suppress(OSError):
            os.unlink(self._where)  # noqa: PTH108 - as above


class PipeBell(QObject):
    """A named pipe for this user alone, on Windows. It takes QtNetwork, which is loaded after the first paint."""

    rung = Signal()

    def __init__(self, where: str) -> None:
        super().__init__()
        from PySide6.QtNetwork import QLocalServer

        self._server: QLocalServer = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.setMaxPendingConnections(_CALLERS)
        QLocalServer.removeServer(where)  # of one that was killed: we hold its lock now
        if not self._server.listen(where):
            raise OSError(self._server.errorString())
        self._server.newConnection.connect(self._called)

    def _called(self) -> None:
        from PySide6.QtCore import QTimer

        caller = self._server.nextPendingConnection()
        while caller is not None:
            caller.setReadBufferSize(64)
            caller.readyRead.connect(lambda caller=caller: self._heard(caller))
            caller.disconnected.connect(caller.deleteLater)
            QTimer.singleShot(_CALL_MS, caller, caller.abort)
            caller = self._server.nextPendingConnection()

    def _heard(self, caller: QLocalSocket) -> None:
        from exoalias.adapters.machine.bell import DONE, WORD

        if bytes(caller.read(len(WORD) + 1).data()) == WORD:
            self.rung.emit()
            caller.write(DONE)
            caller.flush()
        caller.disconnectFromServer()

    def take_down(self) -> None:
        """Nobody listens any more. May be called again."""
        self._server.close()
