"""For the tests of the simulator: a real headless Chromium with a fresh profile, driven over its debugging pipe.

Only targets are opened and looked at; no page is attached, so nothing but the page's own script can act on it.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import time
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from pathlib import Path

_FLAGS = (
    "--headless=new",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--no-startup-window",
    "--password-store=basic",
    "--remote-debugging-pipe",
)

Json = dict[str, object]


class Chromium:
    """One browser process; ``close`` ends it."""

    def __init__(self, profile: Path) -> None:
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        high = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 20) for fd in (to_browser, from_browser)]
        nothing = os.open(os.devnull, os.O_RDWR)
        actions = [(os.POSIX_SPAWN_DUP2, fd, number) for fd, number in ((nothing, 1), (nothing, 2), (high[0], 3), (high[1], 4))]
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        command = ["/usr/bin/chromium", *_FLAGS, *root, f"--user-data-dir={profile}"]
        self._pid = os.posix_spawn(command[0], command, dict(os.environ), file_actions=actions, setpgroup=0)
        for fd in (to_browser, from_browser, nothing, *high):
            os.close(fd)
        self._buffer = b""
        self._id = 0
        self.ask("Target.setDiscoverTargets", discover=True)

    def context(self) -> str:
        """A browser context with an empty cookie jar of its own."""
        return str(self.ask("Target.createBrowserContext")["browserContextId"])

    def open(self, url: str, context: str = "") -> str:
        """Open a window at that address; its target id."""
        where: Json = {"browserContextId": context} if context else {}
        return str(self.ask("Target.createTarget", url=url, **where)["targetId"])

    def address(self, target: str) -> str | None:
        """Where the window is (empty while it is on its way to another site); None when it has been closed."""
        found = cast("list[Json]", self.ask("Target.getTargets")["targetInfos"])
        return next((str(info["url"]) for info in found if info["targetId"] == target), None)

    def wait_for(self, target: str, start: str, seconds: float = 10) -> str:
        """Wait until the window's address starts so; the address, or AssertionError."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            url = self.address(target)
            if url and url.startswith(start):
                return url
            time.sleep(0.03)
        raise AssertionError(f"the window is at {self.address(target)!r}, not at {start!r}")

    def wait_until_closed(self, target: str, seconds: float = 10) -> None:
        """Wait until the window is gone, or AssertionError."""
        until = time.monotonic() + seconds
        while self.address(target) is not None:
            if time.monotonic() > until:
                raise AssertionError(f"the window is still at {self.address(target)!r}")
            time.sleep(0.03)

    def ask(self, method: str, **params: object) -> Json:
        """One command of the DevTools protocol to the browser itself, and its result."""
        self._id += 1
        os.write(self._write, json.dumps({"id": self._id, "method": method, "params": params}).encode() + b"\0")
        while True:
            message = self._next()
            if message.get("id") == self._id:
                if "error" in message:
                    raise AssertionError(f"{method}: {message['error']}")
                return cast("Json", message["result"])

    def close(self) -> None:
        """End the browser by closing the pipe, by force if need be."""
        os.close(self._write)
        os.close(self._read)
        for _ in range(200):
            if os.waitpid(self._pid, os.WNOHANG)[0]:
                return
            time.sleep(0.02)
        os.killpg(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)

    def _next(self) -> Json:
        while b"\0" not in self._buffer:
            if not select.select([self._read], [], [], 20)[0]:
                raise AssertionError("the browser says nothing")
            chunk = os.read(self._read, 1 << 16)
            if not chunk:
                raise AssertionError("the browser has gone")
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\0")
        return cast("Json", json.loads(line))
