"""A run that dies leaves where its threads were; a later run finds it, once."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.machine.last_words import asked_for, take_dead

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHILD = """
import faulthandler, sys, pathlib, threading, time
from exoalias.adapters.machine.last_words import LastWords
from exoalias.adapters.keeping.lock import alone
words = LastWords(pathlib.Path(sys.argv[1]), "window")
words.open()
print("ready", flush=True)
if sys.argv[2] == "segv":
    faulthandler._sigsegv()
if sys.argv[2] == "abort":
    faulthandler._sigabrt()
if sys.argv[2] == "hang":
    with alone(pathlib.Path(sys.argv[1]) / "x.lock"):
        try:
            with alone(pathlib.Path(sys.argv[1]) / "x.lock", wait_s=60):
                pass
        except KeyboardInterrupt:
            pass
words.close()
"""


def start(folder: Path, how: str) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), how], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


@pytest.fixture
def hanging(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A run that waits in our own code."""
    child = start(tmp_path, "hang")
    yield child
    child.kill()
    child.communicate()


@pytest.mark.parametrize(("how", "fault"), [("segv", "segmentation fault"), ("abort", "abort")])
def test_a_hard_death_is_found_once(tmp_path: Path, how: str, fault: str) -> None:
    child = start(tmp_path, how)
    _out, err = child.communicate(timeout=30)
    assert child.returncode < 0
    assert "Fatal" not in err, "it is written to the file, not to the terminal"
    [died] = take_dead(tmp_path)
    assert (died.face, died.fault) == ("window", fault)
    assert [stack.lines for stack in died.stacks] == [("1 of other code",)]
    assert take_dead(tmp_path) == ()
    assert [path.name for path in tmp_path.iterdir()] == []


def test_a_usual_end_leaves_nothing(tmp_path: Path) -> None:
    child = start(tmp_path, "end")
    child.communicate(timeout=30)
    assert child.returncode == 0
    assert list(tmp_path.iterdir()) == []
    assert take_dead(tmp_path) == ()


def test_a_run_that_goes_on_is_not_dead_and_one_that_was_killed_is(tmp_path: Path, hanging: subprocess.Popen[str]) -> None:
    assert take_dead(tmp_path) == ()
    [words] = tmp_path.glob("run-*.txt")
    assert words.name == f"run-window-{hanging.pid}.txt"
    assert stat.S_IMODE(words.stat().st_mode) == 0o600
    hanging.kill()
    hanging.wait(30)
    [died] = take_dead(tmp_path)
    assert died.fault == "stopped from outside"
    assert died.stacks == ()


def test_asked_by_a_signal_it_says_where_it_is_and_goes_on(tmp_path: Path, hanging: subprocess.Popen[str]) -> None:
    assert asked_for(tmp_path) == ()
    time.sleep(0.3)  # until it waits
    os.kill(hanging.pid, signal.SIGUSR1)
    end = time.monotonic() + 10
    while not (stacks := asked_for(tmp_path)):
        assert time.monotonic() < end
        time.sleep(0.05)
    [stack] = stacks
    assert any(line.startswith("adapters/keeping/lock.py:") and line.endswith(" alone") for line in stack.lines)
    assert hanging.poll() is None


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert take_dead(tmp_path / "none") == ()
    assert asked_for(tmp_path / "none") == ()
