"""While signing in nothing listens; after any ending, the killing of the program included, nothing is left."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.adapters.browser.loopback import below, listening, until, using
from tests.journeys.playing import NAME, Game, game, playing_on, profiles, tokens
from tests.simulator.running import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exoalias.simulator.serve import Simulator
    from tests.journeys.playing import Player

pytestmark = pytest.mark.browser

_EACH_S = 0.04
MICROSOFT, INSTANCE, READING = "delegated user to sign in to Microsoft", "sign in to ServiceNow", "Reading back"


@dataclass
class Poll:
    """Looks at the sockets of a process, of all below it, and of every browser of that home, again and again."""

    pid: int
    home: Path
    looks: int = 0
    browsers_seen: int = 0
    found: list[str] = field(default_factory=list)

    def look(self) -> None:
        """Once."""
        browsers = using(self.home)
        self.browsers_seen += bool(browsers)
        self.found += listening(below(self.pid) | browsers)
        self.looks += 1


@contextlib.contextmanager
def polled(process: subprocess.Popen[str], home: Path) -> Iterator[Poll]:
    """Poll beside until the block ends."""
    poll, over = Poll(process.pid, home), threading.Event()

    def go_on() -> None:
        while not over.is_set():
            poll.look()
            over.wait(_EACH_S)

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield poll
    finally:
        over.set()
        thread.join()


@dataclass
class Running:
    """A run of the program with its standard error read line by line."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        self.lines.extend(iter(self.process.stderr.readline, ""))

    def wait_for(self, words: str) -> None:
        """Until it says so."""
        until(lambda: any(words in line for line in self.lines) or self.process.poll() is not None, f"it never said {words}", 60)
        assert any(words in line for line in self.lines), "".join(self.lines)

    def end(self) -> int:
        """Its exit code, once it has ended."""
        code = self.process.wait(60)
        self._reader.join(5)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        return code


@contextlib.contextmanager
def signing_in(played: Game) -> Iterator[Running]:
    """The program, started on its sign-ins."""
    played.add()
    with started(played) as run:
        yield run


@contextlib.contextmanager
def started(played: Game) -> Iterator[Running]:
    """The same on an instance that was added before."""
    process = played.player.start(*played.simulated, "apply", NAME, "--yes", "--sign-in", *played.player.headless)
    run = Running(process)
    try:
        yield run
    finally:
        process.kill()
        run.end()


@contextlib.contextmanager
def waiting_at_microsoft(player: Player) -> Iterator[tuple[Game, Running]]:
    """A sign-in at which the person in the Microsoft window does nothing."""
    with _simulator() as simulator, signing_in(playing_on(simulator, player)) as run:
        run.wait_for(MICROSOFT)
        time.sleep(0.5)
        yield playing_on(simulator, player), run


@contextlib.contextmanager
def _simulator() -> Iterator[Simulator]:
    from exoalias.simulator.scenario import Turn, draw

    seed = draw().seed
    print(f"seed {seed}")
    with running("profile-missing", seed=seed, turns=(Turn(does="nothing"),)) as simulator:
        yield simulator


def _browser_of(run: Running, home: Path) -> int:
    """The browser's first process: the program's own child."""
    children = {
        int(line.split()[0])
        for line in subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.splitlines()
        if line.split()[1] == str(run.process.pid)
    }
    (browser,) = children & using(home)
    return browser


@dataclass(frozen=True)
class Seen:
    """What a sign-in had beside its profile: processes by number and start, and the folder of its single-instance lock."""

    processes: frozenset[tuple[int, str]]
    socket_folder: Path

    @classmethod
    def of(cls, run: Running, home: Path) -> Seen:
        """The browser's whole tree: its helpers don't all name the profile."""
        (profile,) = profiles(home)
        found = {(pid, _start_of(pid)) for pid in below(_browser_of(run, home)) | using(home) - {run.process.pid}}
        return cls(frozenset(found), (Path(profile) / "SingletonSocket").readlink().parent)

    def alive(self) -> list[int]:
        """Which of the processes are still there."""
        return [pid for pid, start in self.processes if start and _start_of(pid) == start]


def _start_of(pid: int) -> str:
    """When it was started, in ticks since the machine was; "" for none and for the dead not yet fetched."""
    try:
        state, *rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if state in {"Z", "X"} else rest[18]


def _journal_after_a_check(played: Game) -> list[str]:
    """How each sign-in ended, as the journal says once the next check has looked; none may be open."""
    checked = played.verb("check", NAME)
    assert checked.problem == "", checked.stderr
    entries = played.verb("journal", NAME).document["result"]["entries"]
    assert [e for e in entries if e["result"] == ""] == []
    return [e["result"] for e in entries if e["kind"] == "sign-in"]


# -- sockets -------------------------------------------------------------------------------------------------------------


def test_the_poll_can_see_a_listener(tmp_path: Path) -> None:
    """Of every kind it says it looks for, and in a child's child."""
    opens = (
        "import socket, subprocess, sys\n"
        "kinds = [(socket.AF_INET, socket.SOCK_STREAM), (socket.AF_INET6, socket.SOCK_STREAM),"
        " (socket.AF_INET, socket.SOCK_DGRAM), (socket.AF_INET6, socket.SOCK_DGRAM)]\n"
        "made = [socket.socket(*kind) for kind in kinds]\n"
        "for s in made: s.bind(('localhost' if s.family == socket.AF_INET else '::1', 0))\n"
        "for s in made[:2]: s.listen()\n"
        "print('ready', flush=True); sys.stdin.read()\n"
    )
    shell = ["sh", "-c", '"$0" -c "$1"; true', sys.executable, opens]
    with subprocess.Popen(shell, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        poll = Poll(process.pid, tmp_path)
        poll.look()
        process.communicate("")
    assert sorted({re.findall(r" (\w+) ", line)[0] for line in poll.found}) == ["tcp", "tcp6", "udp", "udp6"]


def test_a_connected_socket_is_no_listener(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        seen = listening({os.getpid()})
        assert len([line for line in seen if f":{server.getsockname()[1]:04X}" in line]) == 1
        assert not [line for line in seen if f":{client.getsockname()[1]:04X}" in line]


@pytest.mark.parametrize("scenario", ["happy", "admin-sso-oidc", "wrong-user"])
def test_nothing_listens_from_beginning_to_end(player: Player, scenario: str) -> None:
    with game(scenario, player) as played, signing_in(played) as run:
        with polled(run.process, player.home) as poll:
            code = run.process.wait(90)
        assert code == played.said["exit_code"]
        assert poll.found == []
        assert poll.browsers_seen >= 10, "it did not look at a browser"
        player.leaves_nothing()


@pytest.mark.desktop
def test_nothing_listens_in_a_window(seated: Player) -> None:
    with game("happy", seated) as played, signing_in(played) as run:
        with polled(run.process, seated.home) as poll:
            assert run.process.wait(90) == 0
        assert poll.found == []
        assert poll.browsers_seen >= 10
        seated.leaves_nothing()


def test_nothing_listens_with_a_second_opinion(player: Player) -> None:
    """Its redirect http://localhost:PORT is stopped in the browser; nobody is there."""
    with game("happy", player) as played:
        played.add(public_client=True)
        with started(played) as run, polled(run.process, player.home) as poll:
            assert run.process.wait(90) == 0, "".join(run.lines)
        assert poll.found == []
        assert any(a["client_id"] == played.said["public_client_id"] for a in played.record()["authorize"])


# -- endings -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scenario", "ends"),
    [
        ("happy", ["stored", "stored"]),
        ("wrong-user", ["wrong-user"]),
        ("cancel", ["window-closed"]),
        ("microsoft-error", ["microsoft-error"]),
        ("token-exchange-fails", ["token-not-stored"]),
    ],
)
def test_each_ending_leaves_nothing_but_a_line_that_says_so(player: Player, scenario: str, ends: list[str]) -> None:
    with game(scenario, player) as played, signing_in(played) as run:
        run.wait_for(INSTANCE)
        os.kill(run.process.pid, signal.SIGSTOP)  # or it might be over before all is looked at
        seen = Seen.of(run, player.home)
        os.kill(run.process.pid, signal.SIGCONT)
        assert run.process.wait(90) == played.said["exit_code"]
        until(lambda: not seen.alive(), "a browser's process outlived the sign-in", 5)
        player.leaves_nothing()
        assert not seen.socket_folder.exists()
        assert _journal_after_a_check(played) == ends


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_being_asked_to_end_leaves_nothing(player: Player, number: signal.Signals) -> None:
    with waiting_at_microsoft(player) as (played, run):
        seen = Seen.of(run, player.home)
        assert len(seen.alive()) > 3, "a browser has many processes"
        os.kill(run.process.pid, number)
        assert run.process.wait(15) == 6
        until(lambda: not seen.alive(), "a browser's process outlived the sign-in", 5)
        player.leaves_nothing()
        assert not seen.socket_folder.exists()
        assert played.record()["tokens"] == []
        assert _journal_after_a_check(played) == ["cancelled"]


def test_a_killed_browser_leaves_nothing(player: Player) -> None:
    with waiting_at_microsoft(player) as (played, run):
        seen = Seen.of(run, player.home)
        assert len(seen.alive()) > 3, "a browser has many processes"
        os.kill(_browser_of(run, player.home), signal.SIGKILL)
        assert run.process.wait(15) == 5
        until(lambda: not seen.alive(), "a browser's process outlived the sign-in", 5)
        player.leaves_nothing()
        assert not seen.socket_folder.exists()
        assert played.record()["tokens"] == []
        assert _journal_after_a_check(played) == ["browser-died"]


def test_the_browser_of_a_killed_program_ends_with_it_and_the_next_start_sweeps(player: Player) -> None:
    with waiting_at_microsoft(player) as (played, run):
        seen = Seen.of(run, player.home)
        os.kill(run.process.pid, signal.SIGKILL)
        run.process.wait(5)
        until(lambda: not seen.alive() and not using(player.home), "the browser outlived the program", 5)
        (left,) = profiles(player.home)
        assert played.record()["tokens"] == []
        assert _journal_after_a_check(played) == ["explained"]
        with started(played) as second:
            second.wait_for(MICROSOFT)
            assert not Path(left).exists(), "the next start did not sweep"
            os.kill(second.process.pid, signal.SIGINT)
            assert second.process.wait(15) == 6
        player.leaves_nothing()
        assert not seen.socket_folder.exists()


@pytest.mark.parametrize("words", [INSTANCE, MICROSOFT, READING])
def test_killed_at_any_phase_the_truth_is_told_afterwards(player: Player, words: str) -> None:
    """The next run explains what the killed one left open, and gets the job done."""
    with game("profile-missing", player) as played:
        with signing_in(played) as run:
            run.wait_for(words)
            os.kill(run.process.pid, signal.SIGKILL)
            run.process.wait(5)
        until(lambda: not using(player.home), "the browser outlived the program", 5)
        again = played.apply_and_sign_in()
        assert again.exit_code == 0, again.stderr
        planned = {c["sys_id"] for c in played.said["credentials"]}
        assert tokens(played.record(), played.said["delegated"], planned) == 2
        journal = played.verb("journal", NAME).document["result"]["entries"]
        assert [e for e in journal if e.get("result") == ""] == [], journal
        player.leaves_nothing()
