"""An unexpected error is said once, in plain words, without secrets, and the window stays."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import Qt, QTimer, qCritical
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QWidget

from exoalias.domain.log_events import LogEvent
from exoalias.ui.crash import CrashDialog, CrashWatch, Doing, details

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

SECRET = "OAQABAAIAAABVrSpeuWamRam2jAF1XRQE-marker"


class Notes:
    """The program's own notes."""

    def __init__(self) -> None:
        self.errors: list[tuple[type[BaseException], str]] = []
        self.messages: list[tuple[LogEvent, dict[str, object]]] = []

    def unexpected(self, error: BaseException, thread: str, verb: str = "") -> None:
        self.errors.append((type(error), thread))

    def message(self, event: LogEvent, **fields: object) -> None:
        self.messages.append((event, fields))


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def watch(qtbot: QtBot, capsys: pytest.CaptureFixture[str], notes: Notes) -> Iterator[CrashWatch]:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    made = CrashWatch(window, notes, lambda: Doing("", "checking acme"))
    yield made
    made.let_go()


def fail(error: Exception) -> None:
    raise error


def boom(text: str) -> None:
    try:
        fail(RuntimeError(text))
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)


def open_dialogs(watch: CrashWatch) -> list[CrashDialog]:
    parent = watch.parent()
    assert isinstance(parent, QWidget)
    return [d for d in parent.findChildren(CrashDialog) if d.isVisible()]


def child(dialog: QWidget, kind: type[QWidget], name: str) -> Any:  # noqa: ANN401 - of that name there is one kind
    found = dialog.findChild(kind, name)
    assert found is not None, name
    return found


def shown(dialog: CrashDialog) -> str:
    """Every word of the dialog."""
    return "\n".join(
        [*(label.text() for label in dialog.findChildren(QLabel)), child(dialog, QPlainTextEdit, "crash-details").toPlainText()]
    )


def test_details_name_kinds_and_places_and_nothing_else() -> None:
    try:
        try:
            fail(KeyError(SECRET))
        except KeyError as cause:
            raise RuntimeError(f"{SECRET}: {cause}") from cause
    except RuntimeError as error:
        error.add_note(SECRET)
        text = details(error)
    assert text.splitlines()[1:] == ["RuntimeError", "  1 of other code", "after KeyError", "  2 of other code"]
    for never in (SECRET, "marker", "/home", "/root", "test_crash"):
        assert never not in text


def test_our_own_places_are_named() -> None:
    with pytest.raises(AttributeError) as caught:
        details(cast("Any", ValueError))  # a type where an error should be
    assert "\n  ui/crash.py:" in details(caught.value)


def test_it_says_what_happened_and_what_was_under_way(qtbot: QtBot, watch: CrashWatch) -> None:
    boom(SECRET)
    qtbot.waitUntil(lambda: watch.count == 1)
    [dialog] = open_dialogs(watch)
    words = shown(dialog)
    for said in ("an error in the program", "It happened during: checking acme.", "Nothing half-done is lost", "journal"):
        assert said in words
    assert "marker" not in words
    dialog.reject()
    assert "Nothing was being done" in shown(CrashDialog("x"))


def test_one_dialog_however_many_errors(qtbot: QtBot, watch: CrashWatch, notes: Notes) -> None:
    for number in range(5):
        boom(f"error {number}")
    qtbot.waitUntil(lambda: watch.count == 5)
    [dialog] = open_dialogs(watch)
    assert child(dialog, QLabel, "crash-more").text().startswith("4 more errors")
    assert len(notes.errors) == 5
    child(dialog, QPushButton, "crash-close").click()
    qtbot.waitUntil(lambda: not open_dialogs(watch))
    boom("later")
    qtbot.waitUntil(lambda: len(open_dialogs(watch)) == 1)
    [dialog] = open_dialogs(watch)
    assert not child(dialog, QLabel, "crash-more").isVisible()
    boom("one more")
    qtbot.waitUntil(lambda: watch.count == 7)
    assert child(dialog, QLabel, "crash-more").text().startswith("One more error")
    dialog.reject()


def test_a_slot_of_the_window(qtbot: QtBot, watch: CrashWatch, notes: Notes) -> None:
    """Qt calls the slot; what it raises comes by Python's hook."""
    with qtbot.captureExceptions():  # pytest-qt's own hook stands aside
        sys.excepthook = watch._hook
        QTimer.singleShot(0, lambda: fail(KeyError(SECRET)))
        qtbot.waitUntil(lambda: watch.count == 1)
    assert notes.errors == [(KeyError, "window")]
    open_dialogs(watch)[0].reject()


def test_errors_of_other_threads_are_shown_in_the_windows(qtbot: QtBot, watch: CrashWatch, notes: Notes) -> None:
    def work() -> None:
        raise ValueError("beside")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: watch.count == 1)
    assert notes.errors == [(ValueError, "worker")]
    open_dialogs(watch)[0].reject()


def test_a_thread_that_exits_is_no_error(watch: CrashWatch, notes: Notes) -> None:
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()
    QApplication.processEvents()
    assert (watch.count, notes.errors) == (0, [])


def test_an_error_while_throwing_away_is_noted_and_not_shown(
    watch: CrashWatch, notes: Notes, capsys: pytest.CaptureFixture[str]
) -> None:
    class Bad:
        def __del__(self) -> None:
            raise ValueError(SECRET)

    sys.unraisablehook = watch._unraisable  # pytest watches these itself
    Bad()
    QApplication.processEvents()
    assert notes.errors == [(ValueError, "window")]
    assert watch.count == 0
    assert "marker" not in capsys.readouterr().err


@pytest.mark.qt_log_ignore("grave words")
def test_a_grave_message_of_qt_is_noted_without_its_words(watch: CrashWatch, notes: Notes) -> None:
    qCritical("grave words")
    assert notes.messages == [(LogEvent.QT_MESSAGE, {"grave": "critical"})]


def test_ctrl_c_closes_instead(watch: CrashWatch) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    parent = watch.parent()
    assert isinstance(parent, QWidget)
    assert not parent.isVisible()
    assert watch.count == 0


def focus() -> QWidget:
    """Where the keyboard is."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_details_to_copy_and_a_bundle_by_keyboard(qtbot: QtBot, watch: CrashWatch) -> None:
    wanted = []
    watch.bundle_wanted.connect(lambda: wanted.append(1))
    boom("x")
    qtbot.waitUntil(lambda: watch.count == 1)
    [dialog] = open_dialogs(watch)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    assert focus().objectName() == "crash-close", "Return and Space close"
    seen = set()
    for _ in range(6):
        seen.add(focus().objectName())
        QTest.keyClick(focus(), Qt.Key.Key_Tab)
    assert {"crash-close", "crash-details", "crash-bundle", "crash-copy"} <= seen
    QTest.keyClick(dialog, Qt.Key.Key_O, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: "RuntimeError" in QGuiApplication.clipboard().text())
    QTest.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: wanted == [1])
    assert open_dialogs(watch) == []


def test_a_fatal_message_of_qt_ends_the_program_with_a_line_in_the_log_and_last_words(tmp_path: Path) -> None:
    program = (
        "import sys; from PySide6.QtCore import qFatal, QTimer; from exoalias.ui import main\n"
        "wake = main.wake\n"
        "def woken(*given):\n    wake(*given)\n    QTimer.singleShot(300, lambda: qFatal('hunter2'))\n"
        "main.wake = woken\nmain.run()"
    )
    environment = {**os.environ, "EXOALIAS_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode < 0
    folder = tmp_path / "state" / "log"
    written = "".join(path.read_text("ascii") for path in folder.glob("exoalias-*.log"))
    assert '"event":"qt-message","grave":"fatal"' in written
    assert "hunter2" not in written
    [words] = folder.glob("run-window-*.txt")
    assert "Aborted" in words.read_text()
