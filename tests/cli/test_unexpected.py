"""An error in the program ends in one calm paragraph, a line in the log and its own exit code; never in a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

BUG = """
import sys, threading
from exoalias.cli import deeds
from exoalias.domain.problems import Cancelled
def broken(run):
    password = "hunter2"
    if "beside" in sys.argv[0]:
        thread = threading.Thread(target=lambda: {}[password])
        thread.start()
        thread.join()
        return 0
    if "problem" in sys.argv[0]:
        raise Cancelled(credential="hunter2")
    if "exit" in sys.argv[0]:
        raise SystemExit(9)
    if "wait" in sys.argv[0]:
        print("waits", flush=True)
        threading.Event().wait()
    run.tell(password)
    raise ValueError(f"password {password}: https://ada:{password}@a.example/?code={password}")
deeds.DEEDS["doctor"] = broken
from exoalias.__main__ import main
how = sys.argv.pop(1)
sys.argv[0] = how
sys.exit(main())
"""


def ran(home: Path, how: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", BUG, how, "doctor", *arguments],
        env={**os.environ, "EXOALIAS_HOME": str(home)}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def logged(home: Path) -> list[dict[str, object]]:
    paths = sorted((home / "state" / "log").glob("exoalias-*.log"))
    return [json.loads(line) for path in paths for line in path.read_text("ascii").splitlines()]


def test_one_calm_paragraph(tmp_path: Path) -> None:
    done = ran(tmp_path, "bug")
    assert done.returncode == 70
    assert done.stdout == ""
    assert done.stderr.startswith("exoalias: an error in the program ended exoalias doctor (ValueError at cli/")
    assert "journal" in done.stderr
    assert "exoalias support" in done.stderr
    for never in ("Traceback", "hunter2", "code="):
        assert never not in done.stderr
    written = logged(tmp_path)
    assert [line["event"] for line in written] == ["run-started", "verb-started", "unexpected", "verb-ended", "run-ended"]
    assert (written[2]["error"], written[3]["outcome"], written[4]["exit"]) == ("ValueError", "error", 70)
    assert "hunter2" not in json.dumps(written)


def test_in_json_there_is_still_one_document(tmp_path: Path) -> None:
    done = ran(tmp_path, "bug", "--json")
    document = json.loads(done.stdout)
    assert (done.returncode, document["exit_code"], document["problem"]) == (70, 70, None)
    assert "hunter2" not in done.stdout + done.stderr


def test_beside_the_work_the_work_goes_on(tmp_path: Path) -> None:
    done = ran(tmp_path, "beside")
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)
    assert "Traceback" not in done.stderr
    assert [line["error"] for line in logged(tmp_path) if line["event"] == "unexpected"] == ["KeyError"]


def test_a_problem_is_none(tmp_path: Path) -> None:
    done = ran(tmp_path, "problem")
    assert done.returncode == 6
    written = logged(tmp_path)
    assert (written[2]["outcome"], written[2]["problem"], written[3]["exit"]) == ("problem", "cancelled", 6)


def test_an_exit_is_none(tmp_path: Path) -> None:
    assert ran(tmp_path, "exit").returncode == 9
    assert [line["event"] for line in logged(tmp_path)][-1] == "run-ended"


@pytest.mark.parametrize("number", [signal.SIGKILL])
def test_a_killed_run_is_told_of_by_the_doctor(tmp_path: Path, number: signal.Signals) -> None:
    environment = {**os.environ, "EXOALIAS_HOME": str(tmp_path)}
    child = subprocess.Popen([sys.executable, "-c", BUG, "wait", "doctor"], env=environment, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(0.1)
    os.kill(child.pid, number)
    child.communicate(timeout=30)
    command = [sys.executable, "-m", "exoalias", "--this-run-only", "doctor"]
    doctor = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert "1 run that did not end in the usual way" in doctor.stdout
    assert doctor.returncode == 1
