"""A password typed with real key events in a real window is in that page's own request, and nowhere else.

Three processes: this one plays the far side and types (XTEST, by xdotool); ``driving.py`` runs the program's own sign-in; the
browser is the browser. The driving process is never given the delegated user's password, so its memory may be searched. That
the search of the pipe would find it is shown with a hole in the closed list of addresses; that of the memory, with the one
password it was given.
"""

from __future__ import annotations

import base64
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

from exoalias.simulator import entra_pages
from tests.adapters.browser.keyboard import Keyboard
from tests.adapters.browser.loopback import using
from tests.journeys.playing import ROOT
from tests.simulator.running import running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exoalias.simulator.entra_http import Answer
    from exoalias.simulator.serve import Simulator
    from tests.journeys.playing import Player

pytestmark = [pytest.mark.browser, pytest.mark.desktop]

_LOG_IN, _MICROSOFT = "Log in | ServiceNow", entra_pages.TITLE
_PAGES = ("username", "password", "consent", "stay_signed_in")

# The driving program with one address too many in its closed list: every page of Microsoft's, the password's post included.
_WITH_A_HOLE = """
import runpy
from exoalias.adapters.browser.session import ClosedList
closed = ClosedList.patterns
ClosedList.patterns = lambda self: [*closed(self), {"urlPattern": f"{self.microsoft}/*", "requestStage": "Request"}]
runpy.run_module("tests.journeys.driving", run_name="__main__")
"""


def forms_of(text: str) -> list[bytes]:
    """How bytes may hold the text: in the widths of Python and of libraries, or within a post's base64 at any offset."""
    forms = [text.encode(width) for width in ("utf-8", "utf-16-le", "utf-32-le")]
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + text.encode())
        forms.append(whole[4 if before else 0 : -4])  # the quartets at both ends also hold bits of the neighbours
    return forms


def holds(whole: bytes, text: str) -> bool:
    """Whether these bytes hold it in any form."""
    return any(form in whole for form in forms_of(text))


class Driven:
    """The program at work in a process of its own."""

    def __init__(self, player: Player, announcement: Path, tapped: Path, *, hole: bool = False) -> None:
        self.home, self.tapped = player.home, tapped
        program = ["-c", _WITH_A_HOLE] if hole else ["-m", "tests.journeys.driving"]
        command = [sys.executable, *program, str(announcement), str(player.home / "state"), str(tapped)]
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
        """Whether its memory holds the text."""
        return any(holds(piece, text) for piece in self.memory())

    def files_with(self, text: str) -> list[str]:
        """Files below its home that hold the text; the browser's profile is among them while it runs."""
        found = []
        for folder, _, names in os.walk(self.home):  # passes over folders that a living browser takes away meanwhile
            for path in (Path(folder, name) for name in names):
                try:
                    whole = path.read_bytes() if path.is_file() else b""
                except OSError:
                    continue
                found += [str(path)] if holds(whole, text) else []
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
def driven(seated: Player, simulator: Simulator, *, hole: bool = False) -> Iterator[Driven]:
    """The program, given the announcement without the passwords it has no business with."""
    said = dict(simulator.announcement())
    for who in ("delegated", "admin"):
        person = said[who]
        assert isinstance(person, dict)
        said[who] = person | {"password": "withheld"}
    announcement = seated.home / "announcement.json"
    announcement.write_text(json.dumps(said))
    program = Driven(seated, announcement, seated.home.parent / "tapped", hole=hole)
    try:
        yield program
    finally:
        program.process.kill()
        program.end()
        print("".join(program.printed))  # seen only where the test fails


class Typist:
    """The people at the windows, by keys alone. What the far side has seen says when a key came too early: then once more."""

    def __init__(self, keyboard: Keyboard, simulator: Simulator, shown: list[str]) -> None:
        self._keyboard, self._simulator, self._shown = keyboard, simulator, shown

    def type_everything(self) -> None:
        """The admin on the instance's page, then the delegated user on Microsoft's."""
        delegated = self._simulator.cast.people["delegated"]
        self._keyboard.wait_for_window(_LOG_IN)
        self._until(lambda: self._recorded("sign_ins", side="instance", how="password"), self._log_in)
        self._keyboard.wait_for_window(_MICROSOFT)
        self._until(lambda: "password" in self._shown, lambda: self._fill_in(delegated.upn))
        self._until(lambda: "consent" in self._shown, lambda: self._fill_in(delegated.password))
        self._until(lambda: "stay_signed_in" in self._shown, lambda: self._keyboard.press("Return"))
        self._until(lambda: self._recorded("codes_issued"), lambda: self._keyboard.press("Return"))

    def _asked_for_the_login(self) -> int:
        rows = self._simulator.record.as_dict()["requests"]
        return sum(row["side"] == "instance" and row["method"] == "GET" for row in rows)

    def _log_in(self) -> None:
        admin = self._simulator.cast.admin
        if not self._recorded("requests", side="instance", method="POST", path="/login.do"):
            before = self._asked_for_the_login()
            self._keyboard.press("F5")  # whatever has the focus: begin at the page's beginning
            end = time.monotonic() + 8  # on a busy machine what is typed before the page is there anew is lost with the old one
            while self._asked_for_the_login() == before and time.monotonic() < end:
                time.sleep(0.05)
            time.sleep(1.2)
        self._keyboard.into_the_page()
        self._keyboard.press("Tab")
        self._keyboard.type(admin.user_name)
        self._keyboard.press("Tab")
        self._keyboard.type(admin.password)
        self._keyboard.press("Return")

    def _fill_in(self, text: str) -> None:
        self._keyboard.into_the_page()
        self._keyboard.press("Tab")
        self._keyboard.press("ctrl+a")  # over what login_hint, or a first attempt, left there
        self._keyboard.type(text)
        self._keyboard.press("Return")

    def _until(self, done: Callable[[], bool], attempt: Callable[[], None]) -> None:
        """Attempt until the far side has it; every page gets a moment to set the focus first."""
        for _ in range(8):
            time.sleep(0.5)
            self._keyboard.bring_back()
            attempt()
            end = time.monotonic() + 5
            while time.monotonic() < end:
                if done():
                    return
                time.sleep(0.02)
        raise AssertionError(f"the keys went nowhere; Microsoft showed {self._shown}, in front is {self._keyboard.in_front()!r}")

    def _recorded(self, kind: str, **facts: str) -> bool:
        return any(facts.items() <= row.items() for row in self._simulator.record.as_dict()[kind])


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages Microsoft shows, in order, as it makes them."""
    seen: list[str] = []
    for name in _PAGES:
        make = getattr(entra_pages, name)

        def noted(*given: object, _name: str = name, _make: Callable[..., Answer] = make) -> Answer:
            seen.append(_name)
            return _make(*given)

        monkeypatch.setattr(entra_pages, name, noted)
    return seen


def test_a_typed_password_is_nowhere_but_in_that_pages_request(seated: Player, shown: list[str]) -> None:
    with running("by-hand", seed=_seed()) as simulator, driven(seated, simulator) as program:
        delegated = simulator.cast.people["delegated"]
        at_microsoft = [simulator.cast.people[who].password for who in ("delegated", "admin")]
        typed = [delegated.password, simulator.cast.admin.password]  # the admin's in window A, where it is known by right
        Typist(Keyboard(seated.environment["DISPLAY"]), simulator, shown).type_everything()

        program.stops_at("WHO")  # the browser is still there, the password typed a moment ago
        assert using(seated.home), "the browser should be there"
        assert program.remembers(delegated.upn), "the search of its memory finds nothing at all"
        _nowhere(program, at_microsoft)
        program.go_on()

        program.stops_at("END")
        assert program.remembers(simulator.cast.admin.password), "the one password it was given"
        assert program.files_with(delegated.upn), "the search of its files finds nothing at all"
        _nowhere(program, at_microsoft)
        program.go_on()
        assert program.end() == 0

        came = program.tapped.read_bytes()
        assert b"/oauth_redirect.do?code=" in came, "the tap saw nothing at all"
        printed = "".join(program.printed).encode()
        assert holds(printed, delegated.upn)
        for secret in {*at_microsoft, *typed}:
            assert not holds(came, secret)
            assert not holds(printed, secret)

        record = simulator.record.as_dict()
        assert [(t["name"], t["owner"]) for t in record["tokens"]] == [("MS Graph 1", "delegated")]
        arrived = [s["who"] for s in record["sign_ins"] if s["side"] == "microsoft" and s["how"] == "password"]
        assert arrived == ["delegated"], "it did arrive where it belongs"
        seated.leaves_nothing()


def test_with_a_hole_in_the_closed_list_the_pipe_brings_it(seated: Player, shown: list[str]) -> None:
    """The same typing, one address too many: this is how it would be noticed.

    Its memory is no witness here: what the program has no use for is dropped at once, and the place soon written over.
    """
    with running("by-hand", seed=_seed()) as simulator, driven(seated, simulator, hole=True) as program:
        Typist(Keyboard(seated.environment["DISPLAY"]), simulator, shown).type_everything()
        program.stops_at("WHO")
        secret = simulator.cast.people["delegated"].password
        assert holds(program.tapped.read_bytes(), secret)
        program.go_on()
        program.stops_at("END")
        program.go_on()
        assert program.end() == 0


@pytest.mark.parametrize("before", range(7))
def test_a_text_is_found_within_base64_at_any_offset(before: int) -> None:
    """As the browser tells of a post's body."""
    secret = "pw-" + "abcdefgh234567"
    told = base64.b64encode(b"x" * before + secret.encode() + b"&action=signin")
    assert holds(b'{"bytes":"' + told + b'"}', secret)
    assert not holds(b'{"bytes":"' + told + b'"}', secret[::-1])


def _nowhere(program: Driven, secrets: list[str]) -> None:
    """Not in the program's memory, in no file below its home, in no arguments or environment, its browser's included."""
    for secret in secrets:
        assert not program.remembers(secret)
        assert program.files_with(secret) == []
        assert not program.has_in_arguments(secret)


def _seed() -> int:
    from exoalias.simulator.scenario import draw

    seed = draw().seed
    print(f"scenario by-hand, seed {seed}")
    return seed
