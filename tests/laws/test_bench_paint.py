"""What the bench sees of a program from outside: not a window that is small or still empty, but the first large painted one."""

from __future__ import annotations

import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import _bench_paint as paint
    from tests.conftest import Screen
else:  # scripts, not a package: loaded from where they stand
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "dev"))
        paint = import_module("_bench_paint")

# A small window; then a large one, which is on the screen for half a second before it is painted.
SMALL_THEN_LARGE = """
import time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
class Told(QWidget):
    def __init__(self, name, width, height):
        super().__init__()
        self.setWindowTitle(name)
        self.resize(width, height)
    def paintEvent(self, event):
        print(self.windowTitle(), time.monotonic_ns(), flush=True)
app = QApplication([])
small, large = Told("small", 300, 200), Told("large", 640, 480)
small.show()
QTimer.singleShot(300, lambda: (large.show(), time.sleep(0.5)))
app.exec()
"""


def seen(program: str, screen: Screen) -> tuple[paint.Seen, str, dict[str, int]]:
    """What was seen, its title, and when each window says that it was first painted. Again where it came too soon to tell."""
    for _again in range(5):
        with paint.Onlooker() as onlooker:
            process = subprocess.Popen([sys.executable, "-c", program], env=screen.environment, stdout=subprocess.PIPE)
            try:
                found = onlooker.first_paint(process, 60)
                title = onlooker.title(found.window)
            except paint.TooLate:
                continue
            finally:
                time.sleep(0.2)
                process.kill()
                said = process.communicate()[0].decode().splitlines()
        told: dict[str, int] = {}
        for line in said:
            told.setdefault(line.split()[0], int(line.split()[1]))
        return found, title, told
    pytest.fail("each time the window was there before it could be watched")


@pytest.mark.desktop
def test_the_first_large_window_is_seen_when_it_is_painted(screen: Screen) -> None:
    found, title, told = seen(SMALL_THEN_LARGE, screen)
    assert (title, found.width, found.height) == ("large", 640, 480)
    assert told["small"] < told["large"] < found.at, "neither the small one, nor the large one while it was empty"
    assert (found.at - told["large"]) / 1e9 < 0.5


@pytest.mark.desktop
def test_a_program_that_ends_without_a_window_is_said(screen: Screen) -> None:
    with paint.Onlooker() as onlooker:
        process = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"], env=screen.environment)
        with pytest.raises(paint.Unseen, match="ended with 3"):
            onlooker.first_paint(process, 60)


def test_the_family_of_a_process() -> None:
    with subprocess.Popen(["sh", "-c", "sleep 60 & echo $!; wait"], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        try:
            assert paint.family(parent.pid) == {parent.pid, child}
        finally:
            subprocess.run(["kill", str(child)], check=True)
