"""The demo: the whole job in one command, with the simulator's own record beside it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.program import COMMAND

if TYPE_CHECKING:
    from tests.cli.program import Program


@pytest.mark.browser
def test_the_whole_job(program: Program) -> None:
    ended = program.run("demo", "--headless", "--scenario", "profile-wrong", "--seed", "11")
    assert ended.code == 0, ended.err
    assert "All holds." in ended.out
    record = ended.out[ended.out.index("The simulator's own record:") :].splitlines()
    assert [line.split(" → ")[0].strip() for line in record[1:]] == ["MS Graph 1", "MS Graph 2"]
    assert len({line.split(" → ")[1] for line in record[1:]}) == 1
    left = [path for path in program.home.rglob("*") if path.is_file()]
    assert {path.parent.name for path in left} == {"log"}, "nothing but the log of the run"


@pytest.mark.browser
def test_a_colleague_signs_in_the_second_time(program: Program) -> None:
    seen = _Seen()
    with seen:
        ended = program.run("demo", "--headless", "--scenario", "wrong-user-second", "--json")
    document = ended.document
    assert ended.code == 3, ended.err
    assert document["problem"]["code"] == "wrong-user"
    record = document["result"]["record"]
    assert [(t["name"], t["owner"]) for t in record["tokens"]] == [("MS Graph 1", "delegated")]
    assert [c["owner"] for c in record["codes_delivered"]] == ["delegated"]
    assert seen.count > 5
    assert seen.passwords == set()


@pytest.mark.browser
def test_without_us(program: Program) -> None:
    ended = program.run("demo", "--headless", "--scenario", "naive", "--json")
    assert (ended.code, {t["owner"] for t in ended.document["result"]["record"]["tokens"]}) == (0, {"admin"})


def test_what_is_refused(program: Program) -> None:
    unknown = program.run("demo", "--headless", "--scenario", "nonsense")
    assert (unknown.code, "profile-missing" in unknown.err) == (2, True)
    assert program.run("demo", "--json").code == 2


def test_an_ending_before_any_browser(program: Program) -> None:
    ended = program.run("demo", "--headless", "--scenario", "hibernating")
    assert ended.code == 5
    assert "hibernating" in ended.err
    assert "no token was stored" in ended.out


def test_ctrl_c_in_the_terminal_leaves_the_record_readable(program: Program) -> None:
    """A terminal sends the signal to the whole group: the far side is not in it."""
    process = subprocess.Popen(
        [*COMMAND, "demo", "--headless", "--scenario", "slow", "--json"],
        env=program.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    assert process.stdout is not None
    with process.stdout, process.stderr:
        while not process.stderr.readline().startswith("Reading http"):
            assert process.poll() is None
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.stdout.read(), process.stderr.read()
        process.wait(30)
    assert out, err
    document = json.loads(out)
    assert (process.returncode, document["problem"]["code"]) == (6, "stopped")
    assert document["result"]["record"]["tokens"] == []


class _Seen:
    """Watches the command lines and environments of all processes: the simulated people's passwords start with ``pw-``."""

    def __init__(self) -> None:
        self.count = 0
        self.passwords: set[str] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def _watch(self) -> None:
        while not self._stop.wait(0.05):
            for process in Path("/proc").glob("[0-9]*"):
                for what in ("cmdline", "environ"):
                    try:
                        content = (process / what).read_bytes()
                    except OSError:
                        continue
                    self.count += 1
                    self.passwords |= {
                        part.decode(errors="replace") for part in content.split(b"\0") if b"pw-" in part and len(part) < 40
                    }

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
