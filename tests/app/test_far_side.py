"""The far side is a child process: it answers, it ends, it leaves nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from exoalias.app.far_side import FarSide
from exoalias.domain.problems import Unreachable

_PARENT = """
import os, signal
from exoalias.app.far_side import FarSide
far_side = FarSide("happy", 3)
far_side.start()
print(far_side.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _gone(pid: int) -> bool:
    end = time.monotonic() + 5
    while _alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    return not _alive(pid)


def test_it_announces_and_answers_and_ends() -> None:
    with FarSide("profile-missing", 3) as far_side:
        said = far_side.announcement
        assert (said["scenario"], said["seed"]) == ("profile-missing", 3)
        assert said["instance"].startswith("http://127.0.0.1:")
        assert far_side.record()["tokens"] == []
        folder, pid = far_side.folder, far_side.pid
        (folder / "something").write_text("left")
        assert folder.stat().st_mode & 0o077 == 0
    assert pid is not None
    assert not _alive(pid)
    assert not folder.exists()
    far_side.stop()
    with pytest.raises(Unreachable, match="not running"):
        far_side.record()


def test_the_same_seed_draws_the_same_people() -> None:
    with FarSide("happy", 5) as one, FarSide("happy", 5) as other, FarSide("happy") as third:
        assert one.announcement["delegated"] == other.announcement["delegated"]
        assert one.announcement["delegated"] != third.announcement["delegated"]


def test_a_scenario_that_is_not_there() -> None:
    with pytest.raises(Unreachable, match="simulator"):
        FarSide("no-such-scenario").start()


def test_a_child_that_dies_is_noticed() -> None:
    with FarSide("happy") as far_side:
        assert far_side.pid is not None
        os.kill(far_side.pid, signal.SIGKILL)
        assert far_side._process is not None
        far_side._process.wait(5)
        with pytest.raises(Unreachable, match="ended"):
            far_side.record()


def test_it_ends_when_its_parent_is_killed() -> None:
    done = subprocess.run([sys.executable, "-c", _PARENT], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert _gone(int(done.stdout))
