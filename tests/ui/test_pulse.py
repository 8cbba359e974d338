"""The watchdog hears of what the person does, is answered by the loop, and finds a loop that does not turn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget

from exoalias.ui.pulse import Pulse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot


class Dog:
    """Who wants to know."""

    def __init__(self) -> None:
        self.works = 0
        self.turned = 0
        self.ping: Callable[[], object] | None = None

    def watch_loop(self, ping: Callable[[], object] | None) -> None:
        self.ping = ping

    def loop_works(self) -> None:
        self.works += 1

    def loop_turned(self) -> None:
        self.turned += 1


def test_what_the_person_does_is_heard_in_dialogs_too(qtbot: QtBot) -> None:
    window, dog = QWidget(), Dog()
    button = QPushButton("x", window)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    pulse = Pulse(window, dog)
    handle = window.windowHandle()
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, button.geometry().center())
    assert dog.works == 2  # pressed, let go
    QTest.mouseMove(handle)
    assert dog.works == 2
    dialog = QDialog(window)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_A)
    assert dog.works == 3
    dialog.deleteLater()
    qtbot.waitUntil(lambda: len(pulse._seen) == 1)
    pulse.let_go()
    QTest.keyClick(handle, Qt.Key.Key_A)
    assert dog.works == 3
    assert dog.ping is None


def test_the_loop_answers_when_it_turns(qtbot: QtBot) -> None:
    window, dog = QWidget(), Dog()
    qtbot.addWidget(window)
    window.show()
    pulse = Pulse(window, dog)
    assert dog.ping is not None
    dog.ping()
    assert dog.turned == 0, "not before it comes to it"
    QApplication.processEvents()
    assert dog.turned == 1
    pulse.let_go()


BLOCKED = """
import time
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from exoalias.ui import main
wake = main.wake
def woken(window, world=None):
    wake(window, world)
    dog = window.findChild(main.QObject, "notes").diagnostics.watchdog
    dog._loop_s, dog._look_s = 0.6, 0.1
    window.knob = QPushButton("x", window)
    window.knob.show()
    window.knob.raise_()
    def block():
        time.sleep(2)
        QTimer.singleShot(300, window.close)
    window.knob.clicked.connect(block)
    def press():
        if window.desk.runner.jobs:
            QTimer.singleShot(100, press)
        else:
            QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=window.knob.geometry().center())
    QTimer.singleShot(500, press)
main.wake = woken
raise SystemExit(main.run())
"""


def test_a_loop_that_is_blocked_is_in_the_log_with_where_it_is(tmp_path: Path) -> None:
    environment = {**os.environ, "EXOALIAS_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    paths = (tmp_path / "state" / "log").glob("exoalias-*.log")
    written = [json.loads(line) for path in paths for line in path.read_text("ascii").splitlines()]
    events = [line["event"] for line in written]
    at = events.index("hang")
    assert written[at]["of"] == "window"
    places = [line["places"] for line in written[at:] if line["event"] == "stack" and line["thread"] == "window"]
    assert len(places) == 1
    assert any(place.startswith("ui/main.py:") for place in places[0])
    assert events.index("hang-over") > at
    assert events[-1] == "run-ended"
