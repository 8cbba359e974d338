"""Bench: process start to the first painted window, the program as it is started against a bare PySide6 window, interleaved.

The X server says when something was painted, for both alike: a program's own word for it may come too early.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from _bench_paint import Onlooker, TooLate

ROWS = 40
_SHOWN_S = 60

# Both are looked at from outside and then asked to end.
BARE_WINDOW = """
from PySide6.QtWidgets import QApplication, QLabel, QWidget, QVBoxLayout
app = QApplication([])
window = QWidget()
window.setWindowTitle("bare")
QVBoxLayout(window).addWidget(QLabel("bare"))
window.resize(900, 600)
window.show()
app.exec()
"""
# Says in itself what it holds when it takes its window for painted, and some time later.
_TELLS = """
import sys
import exoalias.__main__ as entry
def window(world, far_side):
    from exoalias.ui.signatures import put_off
    put_off()  # as the one that stands there
    from PySide6.QtCore import QTimer
    from exoalias.ui import main as ui
    def memory():
        with open("/proc/self/smaps_rollup") as file:
            return next(line.split()[1] for line in file if line.startswith("Pss:"))
    wake = ui.wake
    def woken(window, *world):
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
        for turn in range(rounds + 1):
            one, other = _shown("-c", BARE_WINDOW, environment), _shown("-m", "exoalias", environment)
            if turn:  # the first round warms the disk
                bare.append(one)
                ours.append(other)
        said = _said(environment)
    ratio = statistics.median(o / b for o, b in zip(ours, bare, strict=True))
    return {
        "bare window, first paint, ms": statistics.median(bare),
        f"exoalias, first paint with {ROWS} rows, ms": statistics.median(ours),
        "rows shown at first paint": said["rows-at-first-paint"],
        "first paint, ratio to bare": ratio,
        "first paint, ratio to bare, each at its quickest": min(ours) / min(bare),
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


def _shown(how: str, what: str, environment: dict[str, str]) -> float:
    """The ms to the first paint; once more where the window came too soon to be watched."""
    for _again in range(4):
        with suppress(TooLate):
            return _seen([sys.executable, how, what], environment)
    return _seen([sys.executable, how, what], environment)


def _seen(command: list[str], environment: dict[str, str]) -> float:
    with Onlooker() as onlooker:
        started = time.monotonic_ns()
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            return (onlooker.first_paint(process, _SHOWN_S).at - started) / 1e6
        finally:
            process.terminate()
            process.wait(_SHOWN_S)


def _said(environment: dict[str, str]) -> dict[str, float]:
    command = [sys.executable, "-c", _TELLS]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=_SHOWN_S, check=True)
    return {name: float(value) for name, value in (line.split() for line in done.stdout.splitlines())}
