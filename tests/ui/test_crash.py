"""An unexpected error is said once, without secrets, and the window stays."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from exoalias.ui.crash import CrashDialog, CrashWatch, details, scrubbed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

SECRET = "OAQABAAIAAABVrSpeuWamRam2jAF1XRQE-marker"


@pytest.fixture
def watch(qtbot: QtBot, capsys: pytest.CaptureFixture[str]) -> Iterator[CrashWatch]:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    made = CrashWatch(window)
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


@pytest.mark.parametrize(
    "message",
    [
        f"https://a.service-now.com/oauth_redirect.do?code={SECRET}&state=1",
        f"bad token {SECRET}",
        f"'{SECRET}' is not in list",
        "password 'kurz' refused",
        'Authorization: "Basic YWRhOmtlbGxlcg=="',
    ],
)
def test_no_secret_stays_in_the_words(message: str) -> None:
    words = scrubbed(message)
    assert SECRET not in words
    assert "marker" not in words
    assert "kurz" not in words
    assert "YWRh" not in words


def test_details_name_the_place_and_no_folder_of_this_machine() -> None:
    try:
        fail(KeyError(SECRET))
    except KeyError as error:
        text = details(KeyError, error, error.__traceback__)
    assert "KeyError" in text
    assert "test_crash.py" in text
    assert SECRET not in text
    assert "/home" not in text
    assert "/root" not in text


def test_one_dialog_however_many_errors(qtbot: QtBot, watch: CrashWatch) -> None:
    for number in range(5):
        boom(f"error {number}")
    qtbot.waitUntil(lambda: watch.count == 5)
    assert len(open_dialogs(watch)) == 1
    dialog = open_dialogs(watch)[0]
    shown = dialog.findChild(QPlainTextEdit, "crash-details")
    assert shown is not None
    assert "error 0" in shown.toPlainText()
    close = dialog.findChild(QPushButton, "crash-close")
    assert close is not None
    close.click()
    qtbot.waitUntil(lambda: not open_dialogs(watch))
    boom("later")
    qtbot.waitUntil(lambda: len(open_dialogs(watch)) == 1)
    open_dialogs(watch)[0].reject()


def test_errors_of_other_threads_are_shown_in_the_windows(qtbot: QtBot, watch: CrashWatch) -> None:
    def work() -> None:
        raise ValueError("beside")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: watch.count == 1)
    open_dialogs(watch)[0].reject()


def test_ctrl_c_closes_instead(watch: CrashWatch) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    parent = watch.parent()
    assert isinstance(parent, QWidget)
    assert not parent.isVisible()
    assert watch.count == 0
