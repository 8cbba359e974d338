"""An unexpected error: say so, offer details to copy, never twice at once, never a secret."""

from __future__ import annotations

import re
import sys
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from exoalias.ui import theme
from exoalias.ui.labels import heading, named, prose
from exoalias.ui.words import _

if TYPE_CHECKING:
    from types import TracebackType

_ADDRESS = re.compile(r"(\w+://[^\s?#'\"]+)[?#][^\s'\"]*")
_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_LONG = re.compile(r"[A-Za-z0-9+/=_.~-]{20,}")


def scrubbed(message: str) -> str:
    """An exception's own words without what could be a secret: quoted values, address queries, long strings."""
    message = _ADDRESS.sub(r"\1?…", message)
    return _LONG.sub("…", _QUOTED.sub("'…'", message))


def _place(filename: str) -> str:
    """A file's path without the folders of this person's machine."""
    path = filename.replace("\\", "/")
    for folder in ("/exoalias/", "/site-packages/", "/lib/python"):
        _before, found, after = path.rpartition(folder)
        if found:
            return after
    return path.rpartition("/")[2]


def details(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> str:
    """What a maintainer needs: versions, kind, scrubbed words, and the places in the code. No values."""
    import platform
    import traceback

    import PySide6

    from exoalias import __version__

    places = [f"  {_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    versions = f"exoalias {__version__}, Python {platform.python_version()}, PySide6 {PySide6.__version__}, {platform.system()}"
    return "\n".join((versions, f"{kind.__name__}: {scrubbed(str(error))}", *places))


class CrashDialog(QDialog):
    """Says what is known; the window stays, since most errors leave it usable."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("crash")
        self.setWindowTitle(_("An error in exoalias"))
        step = theme.grid(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(step * 2, step * 2, step * 2, step * 2)
        column.setSpacing(step)
        column.addWidget(heading(_("Something went wrong inside exoalias"), factor=1.2))
        column.addWidget(
            prose(
                _(
                    "This is an error in the program, not on your instance. What was under way has "
                    "stopped. Check the instance to see "
                    "how it stands now. The details below hold no passwords, tokens or addresses of "
                    "pages; you can send them along."
                )
            )
        )
        shown = named(QPlainTextEdit(text), "crash-details")
        shown.setReadOnly(True)
        shown.setAccessibleName(_("Details of the error"))
        shown.setTabChangesFocus(True)
        column.addWidget(shown, 1)
        box = QDialogButtonBox(self)
        copy = named(QPushButton(_("C&opy the details")), "crash-copy")
        close = named(QPushButton(_("&Close")), "crash-close")
        box.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        box.addButton(close, QDialogButtonBox.ButtonRole.RejectRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        box.rejected.connect(self.reject)
        close.setDefault(True)
        column.addWidget(box)
        close.setFocus()
        self.resize(theme.wide(self, 80), self.fontMetrics().height() * 22)


class CrashWatch(QObject):
    """The exception hook of the window's process, for its own thread and the others."""

    _met = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._dialog: CrashDialog | None = None
        self.count = 0
        self._before = (sys.excepthook, threading.excepthook)
        self._met.connect(self._show, Qt.ConnectionType.QueuedConnection)
        sys.excepthook = self._hook
        threading.excepthook = lambda args: self._hook(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)

    def let_go(self) -> None:
        """Put the former hooks back."""
        sys.excepthook, threading.excepthook = self._before

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._window.close()
            return
        text = details(kind, error, trace)
        sys.stderr.write(f"{text}\n")
        self._met.emit(text)

    def _show(self, text: str) -> None:
        """One dialog at a time; errors that follow while it stands are only counted and written to standard error."""
        self.count += 1
        if self._dialog is not None:
            return
        self._dialog = CrashDialog(text, self._window)
        self._dialog.finished.connect(self._forget)
        self._dialog.open()

    def _forget(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
