"""Bench: process start to the first painted window, the shipped entry point against a bare PySide6 window, interleaved.

On Linux the X server says when something was painted, for both alike: a program's own word for it may come too early.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext, suppress
from pathlib import Path

from _bench_paint import Onlooker, TooLate

ROWS = 40
_SHOWN_S = 60

# Each child prints CLOCK_MONOTONIC in ns when it takes its window for painted.
_BARE = """
import time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QWidget, QVBoxLayout
class Bare(QWidget):
    def paintEvent(self, event):
        super().paintEvent(event)
        print("painted", time.monotonic_ns(), flush=True)
        QTimer.singleShot(500, app.quit)
app = QApplication([])
window = Bare()
QVBoxLayout(window).addWidget(QLabel("bare"))
window.resize(900, 600)
window.show()
app.exec()
"""
_OURS = """
import sys, time
import exoalias.__main__ as entry
def window(world, far_side):
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication
    from exoalias.ui import main as ui
    from exoalias.ui.window import Window
    def memory():
        with open("/proc/self/smaps_rollup") as file:
            return next(line.split()[1] for line in file if line.startswith("Pss:"))
    wake = ui.wake
    def woken(window, *world):
        print("painted", time.monotonic_ns(), flush=True)
        print("pss-first-paint", memory(), flush=True)
        print("rows-at-first-paint", len(window.desk.known), flush=True)
        wake(window, *world)
        QTimer.singleShot(1500, lambda: (print("pss-loaded", memory(), flush=True), window.close()))
    ui.wake = woken
    return ui.run(world=world, far_side=far_side)
entry._window = window
sys.argv = ["exoalias"]
sys.exit(entry.main())
"""


def measure(rounds: int) -> dict[str, float]:
    """Medians in ms, ratios and PSS in MB. The same interpreter, the same screen, one after the other in each round."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        instances(home)
        environment = {**os.environ, "EXOALIAS_HOME": str(home)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # or our modules, and not Qt's, would be compiled at every start
        bare, ours = [], []
        said: dict[str, float] = {}
        for turn in range(rounds + 1):
            one, other = _run(_BARE, environment), _run(_OURS, environment)
            if turn:  # the first round warms the disk
                bare.append(one["painted"])
                ours.append(other["painted"])
                said = other
    ratio = statistics.median(o / b for o, b in zip(ours, bare, strict=True))
    return {
        "bare window, first paint, ms": statistics.median(bare),
        f"exoalias, first paint with {ROWS} rows, ms": statistics.median(ours),
        "rows shown at first paint": said["rows-at-first-paint"],
        "first paint, ratio to bare": ratio,
        "memory at first paint, MB PSS": said["pss-first-paint"] / 1024,
        "memory when loaded, MB PSS": said["pss-loaded"] / 1024,
    }


def instances(home: Path) -> None:
    """So many instances are known in that home."""
    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.adapters.keeping.settings import InstanceBook, Places

    book = InstanceBook(Places.below(home).settings_file)
    for number in range(ROWS):
        book.put(
            InstanceEntry(name=f"customer-{number:02}-production", origin=f"https://c{number}.service-now.com", user="admin")
        )


def _run(program: str, environment: dict[str, str]) -> dict[str, float]:
    """What the child said, with the ms to its first paint; once more where its window came too soon to be watched."""
    for _again in range(4):
        with suppress(TooLate):
            return _seen(program, environment)
    return _seen(program, environment)


def _seen(program: str, environment: dict[str, str]) -> dict[str, float]:
    command = [sys.executable, "-c", program]
    with Onlooker() if sys.platform.startswith("linux") else nullcontext() as onlooker:
        started = time.monotonic_ns()
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            at = onlooker.first_paint(process, _SHOWN_S).at if onlooker is not None else None
            out, err = process.communicate(timeout=60)
    if process.returncode:
        raise SystemExit(err[-2000:])
    # A bare window says it with every paint: the first one counts.
    said = {name: float(value) for name, value in (line.split() for line in reversed(out.splitlines()))}
    said["painted"] = ((at or said["painted"]) - started) / 1e6
    return said
