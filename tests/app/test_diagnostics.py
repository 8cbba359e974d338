"""What a run notes about itself, from beginning to end. It takes over the process's hooks, so it runs in processes of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from exoalias.app.diagnostics import numbers

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import logging, pathlib, sys, threading
from exoalias.app.diagnostics import Diagnostics
from exoalias.domain.events import CodeQuestion, Door, DoorPhase, Phase, Progress, SignInEnded, SignInPhase
from exoalias.domain.problems import BadAnswer
run = Diagnostics(pathlib.Path(sys.argv[1]), "terminal").open()
print("ready", [(d.face, d.fault) for d in run.died], flush=True)
{}
"""
WHOLE = """
run.begins(1, "check", "acme production")
assert run.doing == ("check",)
run.tells(1, Progress("hunter2"))
run.tells(1, SignInPhase("id", "hunter2", "ada@hunter2.example", Phase.MICROSOFT, 600.0))
run.tells(1, DoorPhase("hunter2", "https://hunter2.service-now.com", Door.WAITING, 600.0, again=True))
run.tells(1, CodeQuestion("hunter2", "hunter2"))
run.tells(1, SignInEnded("id", "hunter2", BadAnswer(host="hunter2", why="hunter2")))
run.ends(1, BadAnswer(host="hunter2", why="hunter2"))
run.begins(2, "hunter2")
run.ends(2, KeyboardInterrupt())
run.ends(3, ValueError("hunter2"))
try:
    try:
        raise OSError("hunter2")
    except OSError as cause:
        raise KeyError("hunter2") from cause
except KeyError as error:
    run.unexpected(error, "terminal", "check")
assert run.errors == 1
logging.getLogger("urllib3").warning("hunter2")
run.close(5)
"""


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for path in sorted(folder.glob("exoalias-*.log")) for line in path.read_text("ascii").splitlines()]


def ran(folder: Path, program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.format(program), str(folder)], capture_output=True, text=True, timeout=60, check=False
    )


def test_a_run_from_beginning_to_end(tmp_path: Path) -> None:
    done = ran(tmp_path, WHOLE)
    assert (done.returncode, done.stdout, done.stderr) == (0, "ready []\n", "")
    written = lines(tmp_path)
    assert [line["event"] for line in written] == [
        "run-started", "verb-started", "sign-in", "sign-in", "sign-in", "verb-ended", "verb-started", "verb-ended", "verb-ended",
        "unexpected", "libraries", "run-ended",
    ]  # fmt: skip
    assert written[2]["phase"] == "microsoft"
    assert (written[3]["phase"], written[3]["again"]) == ("waiting", True)
    assert written[4]["problem"] == written[5]["problem"] == "bad-answer"
    assert str(written[1]["instance"]).startswith("instance-")
    assert [line["outcome"] for line in written if line["event"] == "verb-ended"] == ["problem", "stopped", "error"]
    assert (written[9]["error"], written[9]["cause"]) == ("KeyError", "OSError")
    assert written[-1]["exit"] == 5
    assert not any("dropped" in line for line in written), "the program itself gives nothing the table doesn't take"
    everything = "".join(path.read_text("ascii") for path in tmp_path.glob("*.log"))
    assert "hunter2" not in everything
    assert "acme" not in everything


def test_the_next_run_is_told_how_the_last_one_died(tmp_path: Path) -> None:
    done = ran(tmp_path, "import faulthandler; faulthandler._sigsegv()")
    assert done.returncode < 0
    done = ran(tmp_path, "run.close()")
    assert done.stdout == "ready [('terminal', 'segmentation fault')]\n"
    assert ran(tmp_path, "run.close()").stdout == "ready []\n"
    died = [line for line in lines(tmp_path) if line["event"] in {"run-died", "stack"}]
    assert died[0]["fault"] == "segmentation fault"
    assert died[1]["places"]


def test_a_verb_that_hangs_is_written_down_with_where_it_is(tmp_path: Path) -> None:
    program = """
from exoalias.adapters.keeping.lock import Taken, alone
from exoalias.adapters.machine.watchdog import Watchdog
run.watchdog = Watchdog(run, look_s=0.05)
path = pathlib.Path(sys.argv[1]) / "x.lock"
run.begins(1, "check")
run.watchdog.verb_begins(1, "check", 0.2)
with alone(path):
    try:
        with alone(path, wait_s=1.0):
            pass
    except Taken:
        pass
run.tells(1, Progress("on"))
run.ends(1)
run.close()
"""
    done = ran(tmp_path, program)
    assert (done.returncode, done.stderr) == (0, "")
    written = lines(tmp_path)
    events = [line["event"] for line in written]
    at = events.index("hang")
    assert (written[at]["of"], written[at]["verb"]) == ("verb", "check")
    places = written[at + 1]["places"]
    assert written[at + 1]["thread"] == "terminal"
    assert isinstance(places, list)
    assert any(place.startswith("adapters/keeping/lock.py:") for place in places)
    assert events.index("hang-over") > at


@pytest.mark.parametrize("number", [signal.SIGKILL])
def test_a_killed_run_is_told_of(tmp_path: Path, number: signal.Signals) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format("threading.Event().wait()"), str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(0.1)
    os.kill(child.pid, number)
    child.communicate(timeout=30)
    assert ran(tmp_path, "run.close()").stdout == "ready [('terminal', 'stopped from outside')]\n"


@pytest.mark.parametrize(
    ("version", "parts"),
    [("6.11.1", (6, 11, 1)), ("1.2.3.4.5", (1, 2, 3, 4)), ("0.1.0.dev3", (0, 1, 0)), ("x", ()), ("", ()), ("6.²", (6,))],
)
def test_numbers_of_a_version(version: str, parts: tuple[int, ...]) -> None:
    assert numbers(version) == parts
