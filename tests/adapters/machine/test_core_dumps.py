"""The memory of a run is nobody else's: no core dump of it, and none of the browser it starts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.machine.core_dumps import Privacy, keep_memory_private

if TYPE_CHECKING:
    from pathlib import Path

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux' own switches")
_ASK = """
from exoalias.adapters.machine.core_dumps import keep_memory_private
import pathlib, subprocess, sys
print(keep_memory_private())
print(pathlib.Path("/proc/self/limits").read_text().split("Max core file size")[1].split()[:2])
subprocess.run(["grep", "Max core file size", "/proc/self/limits"])
sys.stdout.flush()
"""


def _run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)


@linux
def test_no_core_dump_of_this_process_or_its_children(root: Path) -> None:
    told = _run(_ASK, root).stdout.splitlines()
    assert told[0] == str(Privacy(no_core_dumps=True, not_dumpable=True))
    assert told[1] == "['0', '0']"
    assert told[2].split()[4:6] == ["0", "0"]


_SOMEBODY = "import os, ctypes; os.setgroups([]); os.setgid(65534); os.setuid(65534); ctypes.CDLL(None).prctl(4, 1, 0, 0, 0);"


@linux
@pytest.mark.skipif(
    getattr(os, "geteuid", lambda: 1)() != 0, reason="starts programs as another user; root may read everything in any case"
)
@pytest.mark.parametrize("private", [False, True])
def test_no_other_program_of_the_same_user_reads_its_memory(root: Path, private: bool) -> None:
    guard = "keep_memory_private();" if private else ""
    code = f"import resource; from {keep_memory_private.__module__} import keep_memory_private; {_SOMEBODY} {guard}"
    waits = [sys.executable, "-c", f"{code} import time; print(1, flush=True); time.sleep(60)"]
    with subprocess.Popen(waits, cwd=root, stdout=subprocess.PIPE) as held:
        try:
            assert held.stdout is not None
            assert held.stdout.read(1) == b"1"
            reads = _run(f"{_SOMEBODY} open('/proc/{held.pid}/mem', 'rb').close()", root)
        finally:
            held.kill()
    assert (reads.returncode != 0) is private, reads.stderr


@linux
def test_a_crash_leaves_no_core_file(root: Path, tmp_path: Path) -> None:
    crash = f"import sys; sys.path.insert(0, {str(root)!r}); %s import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
    guard = "from exoalias.adapters.machine.core_dumps import keep_memory_private; keep_memory_private();"
    assert _run(crash % guard, tmp_path).returncode == -signal.SIGSEGV
    assert not list(tmp_path.iterdir())


def test_a_system_without_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert keep_memory_private() == Privacy(None, None)


def test_a_system_that_is_no_linux_has_the_limit_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    asked: list[object] = []
    monkeypatch.setattr(resource, "setrlimit", lambda *said: asked.append(said))
    monkeypatch.setattr(sys, "platform", "darwin")
    assert keep_memory_private().not_dumpable is None
    assert asked == [(resource.RLIMIT_CORE, (0, 0))]
