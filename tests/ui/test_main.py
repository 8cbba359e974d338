"""The window's entry as a process: paints, lists, closes on Ctrl+C, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.settings import InstanceBook, Places
from tests.ui import stories

if TYPE_CHECKING:
    from pathlib import Path

WINDOW = """
import sys
from PySide6.QtCore import QTimer
from exoalias.ui import main
wake = main.wake
def woken(window, world=None):
    # "dataclasses": each class made with it takes a millisecond of the first paint
    heavy = ("requests", "keyring", "msal", "qasync", "asyncio", "dataclasses", "exoalias.domain.target")
    print("painted", [m for m in heavy if m in sys.modules], list(window.desk.known), flush=True)
    wake(window, world)
    def settled():
        if window.desk.world is not None and not window.desk.runner.jobs:
            print("open", list(window.desk.known), flush=True)
            AT_OPEN
    window.desk.runner.changed.connect(lambda: QTimer.singleShot(0, settled))
main.wake = woken
code = main.run()
print("ended", code, flush=True)
sys.exit(code)
"""


SAYS_WHEN_IT_OPENS = """
from exoalias.app import leftovers
sweep = leftovers.sweep
leftovers.sweep = lambda *given, **named: (print("opened", flush=True), sweep(*given, **named))[1]
"""


def start(home: Path, at_open: str) -> subprocess.Popen[str]:
    InstanceBook(Places.below(home).settings_file).put(stories.ENTRY)
    environment = {**os.environ, "EXOALIAS_HOME": str(home)}
    return subprocess.Popen(
        [sys.executable, "-c", WINDOW.replace("AT_OPEN", at_open)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_it_paints_first_and_loads_afterwards(tmp_path: Path) -> None:
    out, err = start(tmp_path, "window.close()").communicate(timeout=60)
    assert out.splitlines() == [f"painted [] ['{stories.NAME}']", f"open ['{stories.NAME}']", "ended 0"], err
    assert "Traceback" not in err


def test_a_window_that_nobody_sees_is_not_waited_for(tmp_path: Path) -> None:
    """Started minimised, or covered: whoever starts the program again reaches it all the same."""
    unseen = "from exoalias.ui.window import Window; Window.windowHandle = lambda self: None; main._UNSEEN_MS = 100"
    program = WINDOW.replace("wake = main.wake\n", f"{unseen}\nwake = main.wake\n").replace("AT_OPEN", "window.close()")
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "EXOALIAS_HOME": str(tmp_path)}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["painted [] []", "open []", "ended 0"], done.stderr


@pytest.mark.parametrize("meanwhile", [False, True], ids=["before it wakes", "while it wakes"])
def test_closed_while_it_starts_it_ends_without_a_word(tmp_path: Path, meanwhile: bool) -> None:
    """As Ctrl+C does, which comes at any moment."""
    now, later = "window.close()", "from exoalias.ui import appearance; appearance.follow = window.close"
    program = WINDOW.replace("    wake(window, world)", f"    {later if meanwhile else now}\n    wake(window, world)")
    program = f"{SAYS_WHEN_IT_OPENS}\n{program}"
    done = subprocess.run(
        [sys.executable, "-c", program.replace("AT_OPEN", "pass")],
        env={**os.environ, "EXOALIAS_HOME": str(tmp_path)}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout.splitlines()[1:] == ["ended 0"], "nothing is opened any more"
    assert "Exception" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_being_asked_to_end_closes_it(tmp_path: Path, number: signal.Signals) -> None:
    process = start(tmp_path, "pass")
    assert process.stdout is not None
    process.stdout.readline()
    assert process.stdout.readline().startswith("open")
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert "ended 0" in out, err
    assert "Traceback" not in err
