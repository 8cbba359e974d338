"""An unexpected error: say so in plain words, offer what helps, never twice at once, never a secret.

Words of an exception and values of variables are shown nowhere: they could hold anything. What is shown is the kind of
error and the places in this program's own code.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, NamedTuple, Protocol

from PySide6.QtCore import QObject, Qt, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from exoalias.domain.log_events import LogEvent, type_of
from exoalias.domain.places import of_error, texts
from exoalias.ui import theme
from exoalias.ui.labels import heading, named, prose
from exoalias.ui.words import _, plural

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from PySide6.QtCore import QMessageLogContext

_GRAVE = {QtMsgType.QtCriticalMsg: "critical", QtMsgType.QtFatalMsg: "fatal"}


class Notes(Protocol):
    """The program's own notes: app/diagnostics.py."""

    def unexpected(self, error: BaseException, thread: str, verb: str = "") -> None:
        """An error in the program."""

    def message(self, event: LogEvent, **fields: object) -> None:
        """Anything else worth a line."""


def details(error: BaseException) -> str:
    """What a maintainer needs: versions, kind of error, and the places in the code. No words of the error, no values."""
    import platform

    import PySide6

    from exoalias import __version__

    versions = f"exoalias {__version__}, Python {platform.python_version()}, PySide6 {PySide6.__version__}, {platform.system()}"
    lines = [versions, type_of(error), *(f"  {text}" for text in texts(of_error(error.__traceback__)))]
    cause = error.__cause__ or error.__context__
    if cause is not None:
        lines += [f"after {type_of(cause)}", *(f"  {text}" for text in texts(of_error(cause.__traceback__)))]
    return "\n".join(lines)


class Doing(NamedTuple):
    """What was under way: the verb whose error it is ("" where it is nobody's), and all of it in words ("" for nothing)."""

    verb: str = ""
    words: str = ""


class CrashDialog(QDialog):
    """Says what is known; the window stays, since most errors leave it usable. ``bundle_wanted``: the person asked for it."""

    bundle_wanted = Signal()

    def __init__(self, text: str, doing: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("crash")
        self.setWindowTitle(_("An error in exoalias"))
        self._text = text
        step = theme.grid(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(step * 2, step * 2, step * 2, step * 2)
        column.setSpacing(step)
        column.addWidget(heading(_("Something went wrong inside exoalias"), factor=1.2))
        column.addWidget(prose(self._words(doing), name="crash-words"))
        self._more = prose(name="crash-more")
        self._more.hide()
        column.addWidget(self._more)
        shown = named(QPlainTextEdit(text), "crash-details")
        shown.setReadOnly(True)
        shown.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        shown.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        shown.setAccessibleName(_("Details of the error"))
        shown.setTabChangesFocus(True)
        column.addWidget(shown, 1)
        column.addWidget(self._buttons())
        self.setTabOrder(shown, self._bundle)
        self._close.setFocus()
        theme.spread(self, 88, 26)

    def count(self, more: int) -> None:
        """So many errors came after this one."""
        words = plural(
            more,
            "One more error was met since; it is in the log, too.",
            "{n} more errors were met since; they are in the log, too.",
        )
        self._more.setText(words)
        self._more.show()

    @staticmethod
    def _words(doing: str) -> str:
        what = (
            _("It happened during: {doing}. That has stopped; the window goes on.", doing=doing)
            if doing
            else _("Nothing was being done on an instance. The window goes on.")
        )
        return "\n\n".join(
            (
                _("This is an error in the program, not on your instance. {what}", what=what),
                _(
                    "Nothing half-done is lost: what was begun and what was finished is in the journal, and the next check "
                    "explains it."
                ),
                _(
                    "The details below are places in the program. They hold no passwords, tokens, names or addresses; you can "
                    "send them along, and better still a support bundle, which you see in full before it is saved."
                ),
            )
        )

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(self)
        self._bundle = named(QPushButton(_("&Support bundle …")), "crash-bundle")
        copy = named(QPushButton(_("C&opy the details")), "crash-copy")
        self._close = named(QPushButton(_("&Close")), "crash-close")
        box.addButton(self._bundle, QDialogButtonBox.ButtonRole.ActionRole)
        box.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        box.addButton(self._close, QDialogButtonBox.ButtonRole.RejectRole)
        for button in (self._bundle, copy):
            button.setAutoDefault(False)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._text))
        self._bundle.clicked.connect(self._ask_for_bundle)
        box.rejected.connect(self.reject)
        self._close.setDefault(True)
        return box

    def _ask_for_bundle(self) -> None:
        self.reject()
        self.bundle_wanted.emit()


class CrashWatch(QObject):
    """The hooks of the window's process for what nobody caught: its own thread, the others, the loop, and Qt's messages.

    ``doing`` says what is under way now.
    """

    bundle_wanted = Signal()
    _met = Signal(str, str)

    def __init__(self, window: QWidget, notes: Notes | None = None, doing: Callable[[], Doing] = Doing) -> None:
        super().__init__(window)
        self._window = window
        self._notes = notes
        self._doing = doing
        self._dialog: CrashDialog | None = None
        self._since = 0
        self.count = 0
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        self._met.connect(self._show, Qt.ConnectionType.QueuedConnection)
        sys.excepthook = self._hook
        threading.excepthook = self._of_thread
        sys.unraisablehook = self._unraisable
        self._qt_before = qInstallMessageHandler(self._of_qt) if notes is not None else None

    def let_go(self) -> None:
        """Put the former hooks back."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
        if self._notes is not None:
            qInstallMessageHandler(self._qt_before)

    # -- what is met ----------------------------------------------------------------------------------------------------

    def _hook(self, kind: type[BaseException], error: BaseException | None, _trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._window.close()
            return
        self._take(error if error is not None else kind(), self._thread())

    def _of_thread(self, args: threading.ExceptHookArgs) -> None:
        if not issubclass(args.exc_type, SystemExit):
            self._take(args.exc_value or args.exc_type(), self._thread())

    def _unraisable(self, args: sys.UnraisableHookArgs) -> None:
        """An error while something was thrown away: nothing is broken by it, so it is noted and not shown."""
        if self._notes is not None and args.exc_value is not None:
            self._notes.unexpected(args.exc_value, self._thread())

    def _of_qt(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        """Qt's own messages go where they went before; of grave ones a line is noted, without their words."""
        if self._notes is not None and kind in _GRAVE:
            self._notes.message(LogEvent.QT_MESSAGE, grave=_GRAVE[kind])
        if callable(self._qt_before):
            self._qt_before(kind, context, message)
        elif sys.stderr is not None and kind is not QtMsgType.QtDebugMsg:
            sys.stderr.write(f"{message}\n")

    def _take(self, error: BaseException, thread: str) -> None:
        text, doing = details(error), self._doing()
        if self._notes is not None:
            self._notes.unexpected(error, "worker" if doing.verb else thread, doing.verb)
        if sys.stderr is not None:  # a program without a console has none
            sys.stderr.write(f"{text}\n")
        self._met.emit(text, doing.words)

    @staticmethod
    def _thread() -> str:
        return "window" if threading.current_thread() is threading.main_thread() else "worker"

    # -- what is shown --------------------------------------------------------------------------------------------------

    def _show(self, text: str, doing: str) -> None:
        """One dialog at a time; errors that follow while it stands are counted there, and in the log."""
        self.count += 1
        if self._dialog is not None:
            self._since += 1
            self._dialog.count(self._since)
            return
        self._since = 0
        self._dialog = CrashDialog(text, doing, self._window)
        self._dialog.bundle_wanted.connect(self.bundle_wanted)
        self._dialog.finished.connect(self._forget)
        self._dialog.open()

    def _forget(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
