"""What may strike a living program from outside: its browser killed, a page crashed, the pipe cut, the clock set, the disk full.

Everything is done to the real thing: signals to real processes, descriptors really closed, a file system really full. What a
fault needs is noted while the program goes on (``Scene``), so that a run that is left alive can say where each one would strike.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from exoalias.adapters.machine import clock
from tests.adapters.browser.loopback import below

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

DEATH: Final = "program"  # the program itself is killed
DISK: Final = "disk"
CLOCKS: Final = {"clock-forward": timedelta(hours=6), "clock-back": timedelta(hours=-6)}
FAULTS: Final = (DEATH, "browser", "page-a", "page-b", "pipe-out", "pipe-in", *CLOCKS, DISK, "profile")
DISK_MB, DISK_FILES = 64, 4000  # a fresh profile takes some ten, and some hundred files
_NOTICED_S: Final = 0.5  # in which the browser tells that a page crashed


def own_mounts() -> bool:
    """Whether a child can have mounts of its own: root, on Linux, outside a container that forbids it."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return False
    tried = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
    return tried.returncode == 0


class Relay:
    """Stands in the pipe that comes from the browser: sees which pages there are, and can be cut at once, as the pipe can."""

    def __init__(self, from_browser: int, saw: Callable[[dict[str, Any]], None]) -> None:
        self._from, self._saw = from_browser, saw
        self.fd, self._on = os.pipe()
        self._wake, self._cut = os.pipe()
        threading.Thread(target=self._carry, name="relay", daemon=True).start()

    def cut(self) -> None:
        """Both ends are closed: the program reads an end, and what the browser writes breaks."""
        os.write(self._cut, b"x")

    def _carry(self) -> None:
        rest = b""
        with contextlib.suppress(OSError):
            while self._wake not in select.select([self._from, self._wake], [], [])[0]:
                chunk = os.read(self._from, 65_536)
                if not chunk:
                    break
                *messages, rest = (rest + chunk).split(b"\0")
                for message in messages:
                    self._saw(json.loads(message))
                view = memoryview(chunk)
                while view:
                    view = view[os.write(self._on, view) :]
        os.close(self._from)
        os.close(self._on)


class _SetClock(datetime):
    """The wall clock as it was set."""

    off = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """As ever, and so much off."""
        return super().now(tz) + cls.off


@dataclass
class Scene:
    """What there is to be struck in this process, from moment to moment."""

    state: Path
    process: Any = None
    profile: Any = None
    write_fd: int = -1
    relay: Relay | None = None
    pages: dict[str, str] = field(default_factory=dict)  # page → jar; the first jar told of is window A's
    crashed: set[str] = field(default_factory=set)
    jars: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """From now on, note what the program starts."""
        from exoalias.adapters.browser import launch

        real_start, real_launch = launch.start, launch.launch

        def start(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - passed on
            process, read_fd, self.write_fd = real_start(*args, **kwargs)
            self.pages, self.jars, self.crashed = {}, [], set()
            self.process, self.relay = process, Relay(read_fd, self._saw)
            return process, self.relay.fd, self.write_fd

        def launched(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - passed on
            given = real_launch(*args, **kwargs)
            self.profile = given.profile
            return given

        from exoalias.app import lobby

        launch.start = start
        lobby.launch = launched  # type: ignore[attr-defined] # the seam is the name the lobby uses
        clock.datetime = _SetClock  # type: ignore[attr-defined] # the one place the time is asked
        real_time = time.time
        time.time = lambda: real_time() + _SetClock.off.total_seconds()

    def _saw(self, said: dict[str, Any]) -> None:
        params = said.get("params", {})
        match said.get("method"):
            case "Target.targetCreated" if params["targetInfo"]["type"] == "page":
                jar = params["targetInfo"]["browserContextId"]
                self.jars += [] if jar in self.jars else [jar]
                self.pages[params["targetInfo"]["targetId"]] = jar
            case "Target.targetDestroyed":
                self.pages.pop(params["targetId"], None)
            case "Target.targetCrashed":
                self.crashed.add(params["targetId"])

    # -- what can be struck, and the striking ----------------------------------------------------------------------------------

    def can(self, fault: str) -> bool:
        """Whether there is something that fault would strike now."""
        if fault in {DEATH, DISK, *CLOCKS}:
            return True
        if self.process is None or not _alive(self.process.pid):
            return False
        if fault == "profile":
            return self.profile is not None and self.profile.path.exists()
        if fault in {"page-a", "page-b"}:
            return bool(self._pages_of(fault))
        return True

    def strike(self, fault: str) -> bool:
        """Let it strike; whether it did. Only of a page's crash is that not known beforehand."""
        if fault == DEATH:
            os.kill(os.getpid(), signal.SIGKILL)
        elif fault in CLOCKS:
            _SetClock.off = CLOCKS[fault]
        elif fault == DISK:
            fill(self.state / "filler")
        elif fault == "browser":
            os.kill(self.process.pid, signal.SIGKILL)
        elif fault == "profile":
            shutil.rmtree(self.profile.path, ignore_errors=True)
        elif fault == "pipe-in":
            assert self.relay is not None
            self.relay.cut()
        elif fault == "pipe-out":
            _replace_by_a_broken_one(self.write_fd)
        else:
            return self._crash(fault)
        return True

    def _pages_of(self, fault: str) -> set[str]:
        """The pages in window A's jar, or in the other ones."""
        a = self.jars[:1]
        return {page for page, jar in self.pages.copy().items() if ([jar] == a) == (fault == "page-a")} - self.crashed

    def _crash(self, fault: str) -> bool:
        """Kill the processes that draw pages, one after the other, until the browser tells that one of that window crashed.

        Which process draws which page is not told to us: the oldest is window A's, the newest B's or one kept in reserve.
        """
        wanted = self._pages_of(fault)
        renderers = sorted(pid for pid in below(self.process.pid) if "--type=renderer" in _arguments(pid))
        for pid in renderers if fault == "page-a" else reversed(renderers):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            end = time.monotonic() + _NOTICED_S
            while time.monotonic() < end:
                if self.crashed & wanted:
                    return True
                time.sleep(0.01)
        return False


def _replace_by_a_broken_one(descriptor: int) -> None:
    """Close it, but keep its number from being given to something else: the program will close it, too."""
    read, broken = os.pipe()
    os.close(read)
    os.dup2(broken, descriptor, inheritable=False)
    os.close(broken)


def fill(folder: Path) -> None:
    """Write until the file system is full, to the last byte and the last file."""
    folder.mkdir()
    with (folder / "bytes").open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while file.write(b"\0" * size):
                    pass
    with contextlib.suppress(OSError):
        for number in range(2 * DISK_FILES):
            (folder / str(number)).touch()


def _arguments(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def _alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    return False
