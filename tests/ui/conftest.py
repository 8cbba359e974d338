"""A window on a desk whose verbs are the test's own functions; closed at the end, with nothing left behind."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from exoalias.ui import words
from tests.ui.hands import App, Face

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What Qt's offscreen platform says it can't do is no fault of the window; every other warning is an error."""
    for item in items:
        if "tests/ui" in item.path.as_posix():
            item.add_marker(pytest.mark.qt_log_ignore(r"This plugin does not support (propagateSizeHints|raise)\(\)"))


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def face(qtbot: QtBot, app: App, monkeypatch: pytest.MonkeyPatch) -> Iterator[Face]:
    """A window that is closed at the end, with nothing left running and no unexpected error on the way."""
    errors: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: errors.append(error))
    words.stretch(on=False)
    before = set(threading.enumerate())
    made = Face(qtbot, app)
    yield made
    if app.gate is not None:
        app.gate.set()
    made.desk.runner.stop_all()
    made.idle()
    if made.dialog is not None:
        made.dialog.close()
    made.window.close()
    made.desk.runner.close()
    made.window.deleteLater()
    QApplication.processEvents()
    left = set(threading.enumerate()) - before
    for thread in left:  # what was told to end is over in a moment; what waits for its time is not
        thread.join(2)
    left = {t for t in left if t.is_alive()}
    assert not left, left
    assert not errors, errors
