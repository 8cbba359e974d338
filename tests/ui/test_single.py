"""One window for each user: two real processes, on a real screen with a window manager."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.lock import alone
from exoalias.adapters.keeping.settings import Places
from exoalias.ui.single import CANT_START, AtStart, OnlyOne, at_start, only_window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Screen

# The program as it is started; it says when its bell hangs, and closes itself on SIGTERM.
PROGRAM = """
import faulthandler, sys
faulthandler.dump_traceback_later(25)  # where it hangs, if it does
from exoalias.ui import single
listen = single.OnlyOne.listen
def listening(self, window):
    listen(self, window)
    print("listening", flush=True)
single.OnlyOne.listen = listening
sys.argv = ["exoalias", *sys.argv[1:]]
from exoalias.__main__ import main
sys.exit(main())
"""


@pytest.fixture
def start(screen: Screen) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the program with a home; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def begin(home: Path, **variables: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            env={**screen.environment, "EXOALIAS_HOME": str(home), **variables},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(process)
        return process

    yield begin
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        print(process.communicate()[1])


def listening(process: subprocess.Popen[str]) -> subprocess.Popen[str]:
    assert process.stdout is not None
    assert process.stdout.readline() == "listening\n"
    return process


def windows(process: subprocess.Popen[str]) -> list[str]:
    found = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--pid", str(process.pid), "--name", "exoalias"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return found.stdout.split()


def active() -> str:
    return subprocess.run(["xdotool", "getactivewindow"], capture_output=True, text=True, check=False).stdout.strip()


def until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.desktop
def test_a_second_start_brings_the_first_window_forward(start: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    first = listening(start(tmp_path / "one"))
    other = listening(start(tmp_path / "other"))  # another home: a window of its own, above the first
    until(lambda: bool(windows(first)) and bool(windows(other)))
    subprocess.run(["xdotool", "windowactivate", "--sync", windows(other)[0]], check=True)
    until(lambda: active() in windows(other))

    second = start(tmp_path / "one")
    out, err = second.communicate(timeout=30)
    assert (second.returncode, out, err) == (0, "", "")
    until(lambda: active() in windows(first))
    assert first.poll() is None


@pytest.mark.desktop
def test_a_minimised_window_is_shown_again(start: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    first = listening(start(tmp_path))
    until(lambda: bool(windows(first)))
    subprocess.run(["xdotool", "windowminimize", "--sync", windows(first)[0]], check=True)
    until(lambda: not windows(first))
    assert start(tmp_path).wait(30) == 0
    until(lambda: bool(windows(first)) and active() in windows(first))


@pytest.mark.desktop
def test_a_killed_window_is_in_nobodys_way(start: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    first = listening(start(tmp_path))
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    second = listening(start(tmp_path))
    assert second.poll() is None
    assert start(tmp_path).wait(30) == 0  # and the bell of the second is heard


@pytest.mark.desktop
def test_a_second_start_while_the_first_ends_becomes_the_first(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    first = listening(start(tmp_path))
    first.send_signal(signal.SIGTERM)
    second = start(tmp_path)
    assert first.wait(30) == 0
    if second.poll() != 0:  # it may have reached the first one just before that closed
        listening(second)


@pytest.mark.desktop
def test_many_windows_where_the_person_wants_them(start: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    first = start(tmp_path, EXOALIAS_ONE_WINDOW="no")
    second = start(tmp_path, EXOALIAS_ONE_WINDOW="no")
    until(lambda: bool(windows(first)) and bool(windows(second)))


# -- without a screen ----------------------------------------------------------------------------------------------------


def test_who_is_first(tmp_path: Path) -> None:
    with OnlyOne(tmp_path) as one, OnlyOne(tmp_path) as other:
        assert one.claim() is True
        assert other.claim(patience_s=0.2) is None  # it holds the place and has no bell yet
        one.close()
        assert other.claim(patience_s=0.2) is True


def test_waiting_for_the_first_to_end(tmp_path: Path) -> None:
    from threading import Timer

    with OnlyOne(tmp_path) as one, OnlyOne(tmp_path) as other:
        assert one.claim()
        Timer(0.3, one.close).start()
        assert other.claim(patience_s=10) is True


def test_a_place_that_cant_be_written_keeps_nobody_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with OnlyOne(tmp_path / "file" / "state") as one:
        assert one.claim() is True


def test_a_silent_first_window_is_told(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom PySide6.QtCore import QTimer\nfrom PySide6.QtWidgets import QApplication\n"
        "from exoalias.ui.dialogs import ask\nfrom exoalias.ui import single\nsingle.OnlyOne.claim.__defaults__ = (0.2,)\n"
        "made = ask.Ask.__init__\n"
        "def shown(self, *a):\n    made(self, *a)\n    print(self.windowTitle(), flush=True)\n"
        "    QTimer.singleShot(0, self.close)\n"
        "ask.Ask.__init__ = shown\nfrom exoalias.ui.main import run\nsys.exit(run())"
    )
    with alone(Places.below(tmp_path).state / "window.lock"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "EXOALIAS_HOME": str(tmp_path)}, capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip
    assert done.returncode == CANT_START
    assert done.stdout == "exoalias is open already\n"
    assert "does not answer" in done.stderr


def test_what_counts_before_the_first_paint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXOALIAS_HOME", str(tmp_path))
    assert at_start(None) == AtStart("system", True)
    file = Places.of_this_user().settings_file
    file.parent.mkdir(parents=True)
    file.write_text('[settings]\nappearance = "dark"\n', "utf-8")
    assert at_start(None) == AtStart("dark", True)
    monkeypatch.setenv("EXOALIAS_ONE_WINDOW", "no")
    assert at_start(None) == AtStart("dark", False)
    with OnlyOne(Places.of_this_user().state) as held:
        assert only_window(None, held, wanted=False) is None
