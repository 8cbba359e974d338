"""The lock: between threads, between processes, gone with its holder."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.lock import Taken, alone

if TYPE_CHECKING:
    from pathlib import Path

_HOLDS = """
import sys
from pathlib import Path
from exoalias.adapters.keeping.lock import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_another_process_is_kept_out_until_the_holder_dies(tmp_path: Path) -> None:
    path = tmp_path / "locks" / "a.lock"
    child = subprocess.Popen([sys.executable, "-c", _HOLDS, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdin is not None
    with child.stdout, child.stdin:
        assert child.stdout.readline() == "held\n"
        with pytest.raises(Taken), alone(path):
            pass
        child.kill()
        child.wait()
        with alone(path):
            pass


def test_it_waits_as_long_as_it_may(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    holding, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with alone(path):
            holding.set()
            let_go.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait(10)
    started = time.monotonic()
    with pytest.raises(Taken), alone(path, wait_s=0.1):
        pass
    assert time.monotonic() - started >= 0.1
    threading.Timer(0.1, let_go.set).start()
    with alone(path, wait_s=10):
        pass
    thread.join()
