"""The window's notes as a process: how the last run ended, what was under way when something broke, and the end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WINDOW = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel
from exoalias.ui import main
wake = main.wake
def woken(window, world=None):
    wake(window, world)
    notes = window.findChild(main.QObject, "notes")
    print("said", window.statusBar().currentMessage(), flush=True)
    HOW
main.wake = woken
raise SystemExit(main.run())
"""
CRASH = """
    def broken(tell, control):
        raise ValueError("hunter2")
    def start():
        window.desk.runner.start("check", "birkenfeld", broken, lambda job, ending: print("crashed", ending.crashed, flush=True))
    def look():
        dialog = window.findChild(main.QObject, "crash")
        if dialog is None or window.desk.runner.jobs:
            QTimer.singleShot(50, look)
            return
        print("words", dialog.findChild(QLabel, "crash-words").text().splitlines()[0], flush=True)
        dialog.findChild(main.QObject, "crash-bundle").click()
        QTimer.singleShot(0, bundle)
    def bundle():
        view = window.findChild(main.QObject, "bundle-view")
        if view is None or not view.save.isEnabled():
            QTimer.singleShot(50, bundle)
            return
        print("bundle", [view.files.item(n).text().split()[0] for n in range(view.files.count())], flush=True)
        view.reject()
        window.close()
    QTimer.singleShot(100, start)
    QTimer.singleShot(300, look)
"""


def ran(home: Path, how: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "EXOALIAS_HOME": str(home)}
    program = WINDOW.replace("    HOW\n", how)
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def logged(home: Path) -> list[dict[str, object]]:
    paths = sorted((home / "state" / "log").glob("exoalias-*.log"))
    return [json.loads(line) for path in paths for line in path.read_text("ascii").splitlines()]


def test_the_last_run_died(tmp_path: Path) -> None:
    first = ran(tmp_path, "    import faulthandler; QTimer.singleShot(200, faulthandler._sigsegv)\n")
    assert first.returncode < 0
    assert first.stdout == "said \n"
    second = ran(tmp_path, "    QTimer.singleShot(200, window.close)\n")
    assert second.returncode == 0, second.stderr
    assert second.stdout.startswith("said The last run of exoalias did not end in the usual way.")
    third = ran(tmp_path, "    QTimer.singleShot(200, window.close)\n")
    assert third.stdout == "said \n"
    assert [line["fault"] for line in logged(tmp_path) if line["event"] == "run-died"] == ["segmentation fault"]
    assert sorted(path.name.partition("-")[0] for path in (tmp_path / "state" / "log").iterdir()) == ["exoalias", "salt"]


def test_an_error_of_a_verb_from_the_dialog_to_the_bundle(tmp_path: Path) -> None:
    done = ran(tmp_path, CRASH)
    assert done.returncode == 0, done.stderr
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert said["crashed"] == "True"
    assert said["words"].endswith("It happened during: checking birkenfeld. That has stopped; the window goes on.")
    assert "problems.txt" in said["bundle"]
    assert "hunter2" not in done.stderr
    written = logged(tmp_path)
    events = [line["event"] for line in written]
    assert events[0] == "run-started"
    assert events[-1] == "run-ended"
    assert [(line["error"], line["verb"], line["thread"]) for line in written if line["event"] == "unexpected"] == [
        ("ValueError", "check", "worker")
    ]
    assert any(line.get("verb") == "check" and line.get("outcome") == "error" for line in written)
