"""Starting the browser: flags, profile, environment, and exactly one pipe that nothing else can reach."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from exoalias.adapters.browser import launch as launching
from exoalias.adapters.browser.find import Browser, find
from exoalias.adapters.browser.launch import (
    Launched,
    WindowsCalls,
    environment,
    flags,
    io_pipes_flag,
    launch,
    profiles_of,
    start_windows,
    windows_calls,
)
from exoalias.domain.problems import BrowserForbidden, RunAsRoot
from tests.adapters.browser.loopback import descriptors, listening, until, using

if TYPE_CHECKING:
    from collections.abc import Iterator

CHROMIUM = Browser("Chromium", Path("/usr/bin/chromium"))

# A program in the browser's place: says what it was started with over the pipe, then waits for the pipe's end.
_STANDS_IN = """#!{python}
import json, os, sys
said = {{
    "argv": sys.argv[1:],
    "descriptors": sorted(int(n) for n in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{{n}}")),
    "environment": dict(os.environ),
    "session": [os.getpid(), os.getpgrp()],
    "streams": [os.readlink(f"/proc/self/fd/{{n}}") for n in (0, 1, 2)],
}}
os.write(4, json.dumps(said).encode() + b"\\0")
sys.stderr.write({stderr!r}); sys.stderr.flush()
if {stays}:
    while os.read(3, 1024):
        pass
"""


def _stand_in(folder: Path, *, stderr: str = "", stays: bool = True) -> Browser:
    program = folder / "browser"
    program.write_text(_STANDS_IN.format(python=sys.executable, stderr=stderr, stays=stays))
    program.chmod(0o755)
    return Browser("Stand-in", program)


def _said(read_fd: int) -> dict[str, Any]:
    rest = b""
    while not rest.endswith(b"\0"):
        chunk = os.read(read_fd, 65_536)
        assert chunk, "it ended without a word"
        rest += chunk
    said: dict[str, Any] = json.loads(rest[:-1])
    return said


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Launched]:
    """A program in the browser's place, started like the browser."""
    launched = launch(_stand_in(tmp_path), tmp_path / "profiles", simulated=True)
    yield launched
    os.close(launched.write_fd)
    os.close(launched.read_fd)
    launched.process.kill()
    launched.profile.delete()


# -- flags ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headless", [True, False])
@pytest.mark.parametrize("without_sandbox", [True, False])
@pytest.mark.parametrize("name", ["Microsoft Edge", "Google Chrome", "Chromium"])
def test_flags(tmp_path: Path, name: str, headless: bool, without_sandbox: bool) -> None:
    given = flags(Browser(name, tmp_path), tmp_path / "p", headless=headless, without_sandbox=without_sandbox)
    assert "--remote-debugging-pipe" in given
    assert f"--user-data-dir={tmp_path}/p" in given
    assert "--auth-server-allowlist=_" in given
    assert "--password-store=basic" in given
    assert ("--headless=new" in given) is headless
    assert ("--no-sandbox" in given) is without_sandbox
    assert ("--edge-skip-compat-layer-relaunch" in given) is (name == "Microsoft Edge")
    assert len(given) == len({flag.partition("=")[0] for flag in given}), "only the last of two would count"


@pytest.mark.parametrize(
    ("proxy", "given"),
    [("", []), ("none", ["--no-proxy-server"]), ("proxy.acme.com:8080", ["--proxy-server=proxy.acme.com:8080"])],
)
def test_the_window_goes_through_the_proxy_that_is_set(tmp_path: Path, proxy: str, given: list[str]) -> None:
    browser = Browser("Chromium", Path("/usr/bin/chromium"))
    made = flags(browser, tmp_path, headless=False, without_sandbox=False, proxy=proxy)
    assert [flag for flag in made if "proxy" in flag] == given


def test_no_flag_opens_a_port_or_weakens_the_browser(tmp_path: Path) -> None:
    given = " ".join(flags(CHROMIUM, tmp_path, headless=False, without_sandbox=False))
    for never in (
        "remote-debugging-port",
        "remote-debugging-address",
        "disable-web-security",
        "ignore-certificate-errors",
        "no-sandbox",
        "AutomationControlled",
        "enable-automation",
    ):
        assert never not in given


def test_one_list_of_features_with_edges_own_sign_in_off(tmp_path: Path) -> None:
    (off,) = (f for f in flags(CHROMIUM, tmp_path, headless=True, without_sandbox=False) if f.startswith("--disable-features="))
    assert {"msImplicitSignin", "msForceBrowserSignIn", "MediaRouter"} <= set(off.partition("=")[2].split(","))


# -- profile -------------------------------------------------------------------------------------------------------------


def test_a_fresh_private_profile(started: Launched, tmp_path: Path) -> None:
    path = started.profile.path
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert path.parent == tmp_path / "profiles"
    preferences = json.loads((path / "Default" / "Preferences").read_text())
    assert preferences["credentials_enable_service"] is False
    assert preferences["profile"]["password_manager_enabled"] is False
    assert preferences["autofill"]["profile_enabled"] is False


def test_a_snap_gets_its_profiles_where_it_may_write(private_home: Path) -> None:
    usual = private_home / "cache" / "sign-in"
    assert profiles_of(CHROMIUM, usual) == usual
    assert profiles_of(Browser("Chromium", usual, "chromium"), usual) == private_home / "snap/chromium/common/exoalias"


# -- root ----------------------------------------------------------------------------------------------------------------


def test_root_is_refused_and_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(RunAsRoot):
        launch(_stand_in(tmp_path), tmp_path / "profiles")
    assert not (tmp_path / "profiles").exists()


@pytest.mark.parametrize(("user", "without_sandbox"), [(0, True), (1000, False)])
def test_only_root_against_the_simulator_goes_without_sandbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: int, without_sandbox: bool
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    launched = launch(_stand_in(tmp_path), tmp_path / "profiles", simulated=True)
    try:
        assert ("--no-sandbox" in _said(launched.read_fd)["argv"]) is without_sandbox
    finally:
        os.close(launched.write_fd)
        os.close(launched.read_fd)
        launched.process.kill()
        launched.profile.delete()


def test_an_ordinary_user_keeps_the_sandbox_on_a_real_instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    launched = launch(_stand_in(tmp_path), tmp_path / "profiles")
    try:
        assert "--no-sandbox" not in _said(launched.read_fd)["argv"]
    finally:
        os.close(launched.write_fd)
        os.close(launched.read_fd)
        launched.process.kill()
        launched.profile.delete()


# -- what the browser gets of ours ---------------------------------------------------------------------------------------


def test_the_browser_gets_its_pipe_and_nothing_else(tmp_path: Path) -> None:
    leaked = os.open(os.devnull, os.O_RDONLY)
    high = 250
    os.dup2(leaked, high)  # inheritable, as what a careless parent left open in us
    os.set_inheritable(leaked, True)
    try:
        launched = launch(_stand_in(tmp_path), tmp_path / "profiles", simulated=True)
    finally:
        os.close(leaked)
        os.close(high)
    try:
        said = _said(launched.read_fd)
        assert said["descriptors"] == [0, 1, 2, 3, 4]
        assert said["streams"] == ["/dev/null", "/dev/null", str(launched.profile.path / "stderr.log")]
        assert stat.S_IMODE((launched.profile.path / "stderr.log").stat().st_mode) == 0o600
    finally:
        os.close(launched.write_fd)
        os.close(launched.read_fd)
        launched.process.kill()
        launched.profile.delete()


def test_our_ends_of_the_pipe_reach_no_other_child(started: Launched) -> None:
    assert not os.get_inheritable(started.read_fd)
    assert not os.get_inheritable(started.write_fd)


def test_the_browser_has_a_group_of_its_own(started: Launched) -> None:
    pid, group = _said(started.read_fd)["session"]
    assert pid == group == started.process.pid
    assert group != os.getpgrp()


def test_no_descriptor_of_ours_stays_open(tmp_path: Path) -> None:
    before = descriptors()
    launched = launch(_stand_in(tmp_path), tmp_path / "profiles", simulated=True)
    os.close(launched.write_fd)
    os.close(launched.read_fd)
    launched.process.kill()
    launched.profile.delete()
    assert descriptors() == before


def test_the_program_ends_with_its_pipe(started: Launched) -> None:
    _said(started.read_fd)
    assert not started.process.ended(0.1)
    spare = os.dup(started.write_fd)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, started.write_fd)
    os.close(null)
    os.close(spare)
    assert started.process.ended(5)
    assert started.process.ended(0)  # asked again, it still ended


def test_kill_ends_the_whole_group(tmp_path: Path) -> None:
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\nsleep 300 &\nsleep 300\n")
    program.chmod(0o755)
    launched = launch(Browser("Stand-in", program), tmp_path / "profiles", simulated=True)
    group = launched.process.pid
    until(lambda: len(_in_group(group)) >= 2, "the stand-in did not start its child")
    launched.process.kill()
    until(lambda: not _in_group(group), "something of it is left")
    launched.process.kill()  # again, with nothing left to end
    os.close(launched.write_fd)
    os.close(launched.read_fd)
    launched.profile.delete()


def test_a_helper_that_outlives_the_browser_is_ended_with_it(tmp_path: Path) -> None:
    """Or it would make its folders anew in a profile that was just deleted."""
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\nsleep 300 &\n")
    program.chmod(0o755)
    launched = launch(Browser("Stand-in", program), tmp_path / "profiles", simulated=True)
    assert launched.process.ended(5)
    until(lambda: not _in_group(launched.process.pid), "its helper is left")
    os.close(launched.write_fd)
    os.close(launched.read_fd)
    launched.profile.delete()


def _in_group(group: int) -> list[str]:
    listed = subprocess.run(["ps", "-eo", "pid=,pgid=,stat="], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if line.split()[1] == str(group) and not line.split()[2].startswith("Z")]


# -- environment ---------------------------------------------------------------------------------------------------------


def test_the_environment_is_the_persons_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/theirs")
    assert environment() == dict(os.environ)


@pytest.mark.parametrize(("original", "expected"), [("/opt/theirs", "/opt/theirs"), (None, None)])
def test_a_frozen_programs_library_path_does_not_reach_the_browser(
    monkeypatch: pytest.MonkeyPatch, original: str | None, expected: str | None
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/tmp/unpacked-exoalias")
    if original is not None:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", original)
    given = environment()
    assert given.get("LD_LIBRARY_PATH") == expected
    assert "LD_LIBRARY_PATH_ORIG" not in given


# -- when it does not start ----------------------------------------------------------------------------------------------


def test_a_program_that_cannot_be_started(tmp_path: Path) -> None:
    broken = tmp_path / "browser"
    broken.write_text("no program at all")
    broken.chmod(0o755)
    before = descriptors()
    with pytest.raises(BrowserForbidden, match="can't be started"):
        launch(Browser("Broken", broken), tmp_path / "profiles", simulated=True)
    assert list((tmp_path / "profiles").iterdir()) == []
    assert descriptors() == before


def test_a_folder_in_which_no_profile_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "profiles").write_text("no folder at all")
    with pytest.raises(BrowserForbidden, match=r"can't be given a fresh profile in .*profiles \(Not a directory\)") as refused:
        launch(_stand_in(tmp_path), tmp_path / "profiles", simulated=True)
    assert "disk is full" in refused.value.remedy


def test_a_full_disk_is_named_where_the_profile_cannot_be_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_profile: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(launching, "_prefer", full)
    with pytest.raises(BrowserForbidden, match="No space left on device") as refused:
        launch(_stand_in(tmp_path), tmp_path / "profiles", simulated=True)
    assert "disk is full" in refused.value.remedy
    assert list((tmp_path / "profiles").iterdir()) == []


@pytest.mark.parametrize("made", ["SingletonLock", "lockfile", "Local State", ""])
def test_a_browser_in_another_folder_is_refused(started: Launched, made: str) -> None:
    if made:
        (started.profile.path / made).symlink_to("nowhere")  # the lock is a link that names a process
        started.refuse_elsewhere("UserDataDir")
        return
    with pytest.raises(BrowserForbidden, match="another folder than the fresh one it was given: the policy UserDataDir"):
        started.refuse_elsewhere("UserDataDir")


@pytest.mark.parametrize(
    ("stderr", "says"),
    [
        ("DevTools remote debugging is disallowed by the system admin.\n", "RemoteDebuggingAllowed"),
        ("something else\n", "no reason"),
    ],
)
def test_last_words(tmp_path: Path, stderr: str, says: str) -> None:
    launched = launch(_stand_in(tmp_path, stderr=stderr, stays=False), tmp_path / "profiles", simulated=True)
    try:
        assert launched.process.ended(5)
        problem = launched.forbidden()
        assert says in problem.words
        assert problem.exit_code == 4
    finally:
        os.close(launched.write_fd)
        os.close(launched.read_fd)
        launched.profile.delete()
    assert launched.last_words() == "it gave no reason."


# -- Windows -------------------------------------------------------------------------------------------------------------


class Popen(subprocess.Popen[bytes]):
    """A process that Windows would have started: ends when it is told to."""

    def __init__(self, *, ends: bool) -> None:
        self.pid, self.killed, self._ends = 4711, False, ends

    def __del__(self, _maxsize: int = 0, _warn: object = None) -> None:
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Ended, or the time-out."""
        if not (self._ends or self.killed):
            raise subprocess.TimeoutExpired("browser", timeout or 0)
        return 0

    def kill(self) -> None:
        """End it."""
        self.killed = True


class Windows:
    """Stands where Windows would be: handles are descriptors plus 1000; keeps what was asked, passes bytes on by dup."""

    def __init__(self, *, refuses: bool = False, ends: bool = True) -> None:
        self.inherited: list[int] = []
        self.started: list[tuple[list[str], list[int]]] = []
        self.theirs: list[int] = []
        self.popen_made = Popen(ends=ends)
        self._refuses = refuses

    def calls(self) -> WindowsCalls:
        """As start_windows wants them."""
        return WindowsCalls(lambda descriptor: descriptor + 1000, self.inherited.append, self._popen)

    def _popen(self, arguments: list[str], handles: list[int]) -> subprocess.Popen[bytes]:
        if self._refuses:
            raise PermissionError(13, "Access is denied")
        self.started.append((arguments, handles))
        self.theirs = [os.dup(handle - 1000) for handle in handles]
        return self.popen_made


def test_windows_inherits_exactly_the_two_handles_it_names(tmp_path: Path) -> None:
    windows = Windows()
    process, read_fd, write_fd = start_windows(tmp_path / "msedge.exe", ["--one", "--two"], windows.calls())
    try:
        ((arguments, handles),) = windows.started
        assert windows.inherited == handles
        assert len(set(handles)) == 2
        assert arguments == [str(tmp_path / "msedge.exe"), "--one", "--two", io_pipes_flag(*handles)]
        assert arguments[-1] == f"--remote-debugging-io-pipes={handles[0]},{handles[1]}"
        assert process.pid == 4711
    finally:
        for descriptor in (read_fd, write_fd, *windows.theirs):
            os.close(descriptor)


def test_windows_pipe_goes_the_right_way(tmp_path: Path) -> None:
    """The first handle is what the browser reads commands from, the second what it writes answers to."""
    windows = Windows()
    _, read_fd, write_fd = start_windows(tmp_path / "msedge.exe", [], windows.calls())
    reads, writes = windows.theirs
    try:
        os.write(write_fd, b"command\0")
        assert os.read(reads, 100) == b"command\0"
        os.write(writes, b"answer\0")
        assert os.read(read_fd, 100) == b"answer\0"
        os.close(write_fd)
        assert os.read(reads, 1) == b"", "closing our end must be the browser's end of file"
    finally:
        for descriptor in (read_fd, reads, writes):
            os.close(descriptor)


def test_windows_refusing_leaves_no_descriptor(tmp_path: Path) -> None:
    before = descriptors()
    with pytest.raises(PermissionError):
        start_windows(tmp_path / "msedge.exe", [], Windows(refuses=True).calls())
    assert descriptors() == before


@pytest.mark.parametrize("ends", [True, False])
def test_windows_process(tmp_path: Path, ends: bool) -> None:
    windows = Windows(ends=ends)
    process, read_fd, write_fd = start_windows(tmp_path / "msedge.exe", [], windows.calls())
    try:
        assert process.ended(0.01) is ends
        process.kill()
        assert windows.popen_made.killed
        assert process.ended(0.01)
    finally:
        for descriptor in (read_fd, write_fd, *windows.theirs):
            os.close(descriptor)


def test_the_real_windows_calls_exist_on_windows_alone() -> None:
    with pytest.raises(OSError, match="not Windows"):
        windows_calls()


# -- the real one --------------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_the_real_browser_answers_listens_nowhere_and_ends_with_its_pipe(tmp_path: Path) -> None:
    launched = launch(find(), tmp_path / "profiles", headless=True, simulated=True)
    try:
        os.write(launched.write_fd, b'{"id":1,"method":"Browser.getVersion"}\0')
        assert _said(launched.read_fd)["id"] == 1
        tree = using(launched.profile.path)
        assert launched.process.pid in tree
        assert listening(tree) == []
    finally:
        os.close(launched.write_fd)
    assert launched.process.ended(5)
    os.close(launched.read_fd)
    until(lambda: not using(launched.profile.path), "a process of the browser is left")
    assert launched.profile.delete()
