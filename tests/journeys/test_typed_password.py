"""A password typed with real key events in a real window is in that page's own request, and nowhere else.

Three processes: this one plays the far side and types (XTEST, by xdotool); ``driving.py`` runs the program's own sign-in; the
browser is the browser. The driving process is never given the delegated user's password, so its memory may be searched.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.adapters.browser.loopback import until, using
from tests.journeys.playing import ROOT
from tests.simulator.running import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exoalias.simulator.serve import Simulator
    from tests.journeys.playing import Player

pytestmark = [pytest.mark.browser, pytest.mark.desktop]

_LOG_IN, _MICROSOFT = "Log in | ServiceNow", "Sign in to your account (simulated)"


class Keyboard:
    """Key events to whichever window has the focus."""

    def __init__(self, display: str) -> None:
        self._environment = {**os.environ, "DISPLAY": display}

    def _xdotool(self, *arguments: str, typed: str = "") -> str:
        command = ["xdotool", *arguments]
        done = subprocess.run(
            command, env=self._environment, input=typed, capture_output=True, text=True, check=False, timeout=30
        )
        return done.stdout.strip()

    def type(self, text: str) -> None:
        """One key after the other; the text is in nobody's arguments."""
        self._xdotool("type", "--delay", "25", "--file", "-", typed=text)

    def press(self, key: str) -> None:
        """One key."""
        self._xdotool("key", key)

    def wait_for_window(self, title: str) -> None:
        """Until the window with the focus has this in its title, and its page has had a moment to set the focus."""
        until(lambda: title in self._xdotool("getactivewindow", "getwindowname"), f"no window {title!r} came to the front", 40)
        time.sleep(0.7)


class Driven:
    """The program at work in a process of its own."""

    def __init__(self, player: Player, announcement: Path, tapped: Path) -> None:
        self.home, self.tapped = player.home, tapped
        command = [sys.executable, "-m", "tests.journeys.driving", str(announcement), str(player.home / "state"), str(tapped)]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=player.surroundings(),
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.printed: list[str] = []
        self._stops: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._readers = [threading.Thread(target=self._read, args=(stream,)) for stream in ("stdout", "stderr")]
        for reader in self._readers:
            reader.start()

    def _read(self, name: str) -> None:
        for line in iter(getattr(self.process, name).readline, ""):
            self.printed.append(line)
            if line.startswith("at "):
                self._stops.put(line.strip())
        self._stops.put("")

    def stops_at(self, phase: str) -> None:
        """Wait until it stops there."""
        try:
            stopped = self._stops.get(timeout=60)
        except queue.Empty:
            stopped = "nowhere"
        assert stopped == f"at {phase}", "".join(self.printed)[-3000:]

    def go_on(self) -> None:
        """Let it go on."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def end(self) -> int:
        """Its exit code."""
        code = self.process.wait(30)
        for reader in self._readers:
            reader.join(5)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        return code

    def memory(self) -> Iterator[bytes]:
        """All of its memory that can be read, piece by piece with some overlap."""
        pid, size, overlap = self.process.pid, 1 << 22, 256
        with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
            for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
                low, high = (int(part, 16) for part in line.split()[0].split("-"))
                if not line.split()[1].startswith("r") or "[v" in line:
                    continue
                for start in range(low, high, size):
                    try:
                        memory.seek(start)
                        yield memory.read(min(size + overlap, high - start))
                    except (OSError, OverflowError, ValueError):
                        continue

    def remembers(self, text: str) -> bool:
        """Whether its memory holds the text, in any width Python or a library would keep it in."""
        needles = [text.encode(width) for width in ("utf-8", "utf-16-le", "utf-32-le")]
        return any(needle in piece for piece in self.memory() for needle in needles)

    def files_with(self, text: str) -> list[str]:
        """Files below its home that hold the text; the browser's profile is among them while it runs."""
        needles = [text.encode("utf-8"), text.encode("utf-16-le")]
        found = []
        for path in self.home.rglob("*"):
            try:
                whole = path.read_bytes() if path.is_file() else b""
            except OSError:
                continue
            found += [str(path)] if any(needle in whole for needle in needles) else []
        return found

    def has_in_arguments(self, text: str) -> bool:
        """Whether the text is in arguments or environment of the program or of its browser."""
        for pid in {self.process.pid} | using(self.home):
            for name in ("cmdline", "environ"):
                try:
                    if text.encode() in Path(f"/proc/{pid}/{name}").read_bytes():
                        return True
                except OSError:
                    continue
        return False


@contextmanager
def driven(seated: Player, simulator: Simulator) -> Iterator[Driven]:
    """The program, given the announcement without the passwords it has no business with."""
    said = dict(simulator.announcement())
    for who in ("delegated", "admin"):
        person = said[who]
        assert isinstance(person, dict)
        said[who] = person | {"password": "withheld"}
    announcement = seated.home / "announcement.json"
    announcement.write_text(json.dumps(said))
    program = Driven(seated, announcement, seated.home.parent / "tapped")
    try:
        yield program
    finally:
        program.process.kill()
        program.end()


def _type_everything(keyboard: Keyboard, simulator: Simulator) -> None:
    """The admin on the instance's page, then the delegated user on Microsoft's, by keys alone."""
    admin, delegated = simulator.cast.admin, simulator.cast.people["delegated"]
    keyboard.wait_for_window(_LOG_IN)
    keyboard.press("Tab")
    keyboard.type(admin.user_name)
    keyboard.press("Tab")
    keyboard.type(admin.password)
    keyboard.press("Return")
    keyboard.wait_for_window(_MICROSOFT)
    keyboard.press("Return")  # the user name is there already, from login_hint
    _after_post(simulator, 1)
    keyboard.type(delegated.password)
    keyboard.press("Return")
    _after_post(simulator, 2)
    keyboard.press("Return")  # consent
    _after_post(simulator, 3)
    keyboard.press("Return")  # stay signed in


def _after_post(simulator: Simulator, number: int) -> None:
    """Until so many forms reached Microsoft, and the page that follows had a moment to set the focus."""

    def posts() -> int:
        requests = simulator.record.as_dict()["requests"]
        return len([r for r in requests if r["side"] == "microsoft" and r["method"] == "POST" and "token" not in str(r["path"])])

    until(lambda: posts() >= number, f"form {number} did not reach Microsoft", 20)
    time.sleep(0.7)


def test_a_typed_password_is_nowhere_but_in_that_pages_request(seated: Player) -> None:
    with running("by-hand", seed=_seed()) as simulator, driven(seated, simulator) as program:
        delegated, admin = simulator.cast.people["delegated"], simulator.cast.admin
        _type_everything(Keyboard(seated.environment["DISPLAY"]), simulator)

        program.stops_at("WHO")  # the browser is still there, the password typed a moment ago
        assert using(seated.home), "the browser should be there"
        assert program.remembers(delegated.upn), "the search of its memory finds nothing at all"
        assert not program.remembers(delegated.password)
        assert program.files_with(delegated.password) == []
        assert not program.has_in_arguments(delegated.password)
        program.go_on()

        program.stops_at("END")
        assert not program.remembers(delegated.password)
        assert program.files_with(delegated.upn), "the search of its files finds nothing at all"
        assert program.files_with(delegated.password) == []
        program.go_on()
        assert program.end() == 0

        came = program.tapped.read_bytes()
        assert b"/oauth_redirect.do?code=" in came, "the tap saw nothing at all"
        for secret in (delegated.password, admin.password):  # the admin's was typed in window A
            assert secret.encode() not in came
            assert secret.encode("utf-16-le") not in came
        assert delegated.password not in "".join(program.printed)
        assert admin.password not in "".join(program.printed)

        record = simulator.record.as_dict()
        assert [(t["name"], t["owner"]) for t in record["tokens"]] == [("MS Graph 1", "delegated")]
        typed = [s["who"] for s in record["sign_ins"] if s["side"] == "microsoft" and s["how"] == "password"]
        assert typed == ["delegated"], "it did arrive where it belongs"
        seated.leaves_nothing()


def _seed() -> int:
    from exoalias.simulator.scenario import draw

    seed = draw().seed
    print(f"scenario by-hand, seed {seed}")
    return seed
