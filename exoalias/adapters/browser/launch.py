"""Starting the browser with a pipe for debugging and nothing that listens.

POSIX: the browser reads descriptor 3 and writes descriptor 4. Windows: two inheritable handles, named on the command line.
Sources: Chromium's ``--remote-debugging-pipe`` and ``--remote-debugging-io-pipes`` switches (content/public/common).
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from exoalias.adapters.browser.janitor import Profile
from exoalias.adapters.browser.preferences import preferences
from exoalias.adapters.machine.log import note
from exoalias.domain.log_events import LogEvent
from exoalias.domain.problems import BrowserForbidden, RunAsRoot
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.adapters.browser.find import Browser

# Edge signs a fresh profile in to the Windows account by itself unless told not to; casting opens a listening socket.
_FEATURES_OFF = (
    "msImplicitSignin",
    "msForceBrowserSignIn",
    "msEdgeWelcomePage",
    "MediaRouter",
    "DialMediaRouteProvider",
    "CertificateTransparencyComponentUpdater",
    "OptimizationHints",
    "Translate",
)
_FLAGS = (
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-startup-window",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-popup-blocking",  # a slow click handler's window.open would be blocked in a fresh profile
    "--password-store=basic",
    "--use-mock-keychain",
    "--auth-server-allowlist=_",  # no integrated (Kerberos, NTLM) sign-in in any window
    "--media-router=0",
    f"--disable-features={','.join(_FEATURES_OFF)}",
)
_EDGE_FLAGS = ("--edge-skip-compat-layer-relaunch",)  # Edge would start itself again and lose the pipe
_STDERR = "stderr.log"
_HOW = "Doctor shows what is known of it. Use another browser, or sign in on another machine."
_ROOM = "See whether the disk is full or the folder not yours to write."
# What a browser makes in its profile before its first answer: its lock (POSIX, Windows), its state of all profiles.
_OWN = ("SingletonLock", "lockfile", "Local State")
_FORBIDDEN = "remote debugging is disallowed"


class Process(Protocol):
    """A started browser."""

    @property
    def pid(self) -> int:
        """Its process id."""

    def ended(self, timeout_s: float) -> bool:
        """Whether it ended, waiting so long at most."""

    def kill(self) -> None:
        """End it at once, with all that belongs to it."""


@dataclass(frozen=True, slots=True)
class Launched:
    """A started browser, its profile, and our two ends of the pipe."""

    browser: Browser
    process: Process
    profile: Profile
    read_fd: int
    write_fd: int
    again: tuple[str, ...] = ()  # what a second start on the same profile has to be told too

    def last_words(self) -> str:
        """Why it ended, if it said so."""
        with contextlib.suppress(OSError):
            words = (self.profile.path / _STDERR).read_text(errors="replace")
            if _FORBIDDEN in words:
                return "a policy of this machine forbids remote debugging (RemoteDebuggingAllowed)."
        return "it gave no reason."

    def refuse_elsewhere(self, policy: str) -> None:
        """BrowserForbidden if it runs in another folder than ours, where *policy* may have sent it. After its first answer."""
        if not any(os.path.lexists(self.profile.path / name) for name in _OWN):
            why = say("it took another folder than the fresh one it was given: the policy {policy}", policy=policy)
            raise BrowserForbidden(browser=self.browser.name, why=why, how=_HOW)

    def forbidden(self) -> BrowserForbidden:
        """The Problem to raise when it ended before its first answer."""
        return BrowserForbidden(
            browser=self.browser.name,
            why=say("it ended before its first answer: {last_words}", last_words=self.last_words()),
            how=_HOW,
        )


def profiles_of(browser: Browser, usual: Path) -> Path:
    """Where profiles for this browser may lie: a snap sees neither /tmp nor hidden folders of the home."""
    if browser.confined:
        return Path.home() / "snap" / browser.confined / "common" / "exoalias"
    return usual


def flags(browser: Browser, profile: Path, *, headless: bool, without_sandbox: bool, proxy: str = "") -> list[str]:
    """The command line of a sign-in window. ``proxy`` is the setting: "" as the system has it, "none", or HOST:PORT."""
    edge = _EDGE_FLAGS if "edge" in browser.name.lower() else ()
    headless_flags = ("--headless=new",) if headless else ()
    root = _without_sandbox(without=without_sandbox)
    way = ["--no-proxy-server"] if proxy == "none" else [f"--proxy-server={proxy}"] if proxy else []
    return [*_FLAGS, *edge, *headless_flags, *root, *way, f"--user-data-dir={profile}"]


def _without_sandbox(*, without: bool) -> tuple[str, ...]:
    return ("--no-sandbox",) if without else ()


def launch(browser: Browser, profiles: Path, *, headless: bool = False, simulated: bool = False, proxy: str = "") -> Launched:
    """Start the browser. As root only against the simulator: there it runs without its sandbox."""
    root = sys.platform != "win32" and os.geteuid() == 0
    if root and not simulated:
        raise RunAsRoot
    folder = profiles_of(browser, profiles)
    try:
        profile = Profile(folder)
    except OSError as failed:
        why = say(
            "it can't be given a fresh profile in {folder} ({strerror}).", folder=folder, strerror=failed.strerror or failed
        )
        raise BrowserForbidden(browser=browser.name, why=why, how=_ROOM) from failed
    try:
        _prefer(profile.path)
        arguments = flags(browser, profile.path, headless=headless, without_sandbox=root, proxy=proxy)
        again = (*_without_sandbox(without=root), _FLAGS[0], "--no-first-run", arguments[-1])
        process, read_fd, write_fd = start(browser.path, arguments, profile.path / _STDERR)
    except OSError as failed:
        profile.delete()
        why = say("it can't be started ({strerror}).", strerror=failed.strerror or failed)
        how = _ROOM if failed.errno in {errno.ENOSPC, errno.EDQUOT} else _HOW
        raise BrowserForbidden(browser=browser.name, why=why, how=how) from failed
    except BaseException:
        profile.delete()
        raise
    note(LogEvent.BROWSER_STARTED, browser=_family(browser))
    return Launched(browser, process, profile, read_fd, write_fd, again)


def _family(browser: Browser) -> str:
    """Which kind of browser, in a word of the log."""
    name = browser.name.lower()
    return next((family for family in ("edge", "chromium", "chrome") if family in name), "chromium")


def start(path: Path, arguments: list[str], stderr: Path) -> tuple[Process, int, int]:
    """Start that program with a pipe of ours, and our two ends of it: it reads the second, and writes the first."""
    if sys.platform == "win32":
        return start_windows(path, arguments, windows_calls())
    return _start_posix(path, arguments, stderr)


def _prefer(profile: Path) -> None:
    (profile / "Default").mkdir()
    (profile / "Default" / "Preferences").write_text(json.dumps(preferences()))
    (profile / "First Run").touch()


def environment() -> dict[str, str]:
    """Our environment as the person's own programs have it: a frozen program's library path must not reach the browser."""
    ours = dict(os.environ)
    original = ours.pop("LD_LIBRARY_PATH_ORIG", None)
    if getattr(sys, "frozen", False):
        ours.pop("LD_LIBRARY_PATH", None)
        if original is not None:
            ours["LD_LIBRARY_PATH"] = original
    return ours


# -- POSIX ---------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class PosixProcess:
    """A child process in a group of its own."""

    pid: int
    _over: bool = False

    def ended(self, timeout_s: float) -> bool:
        """Whether it ended, waiting so long at most."""
        end = time.monotonic() + timeout_s
        while not self._over:
            try:
                self._over = os.waitpid(self.pid, os.WNOHANG)[0] == self.pid
            except ChildProcessError:
                self._over = True
            if self._over:
                self._kill_group()  # a helper that was just starting would go on, and make its folders anew
            if self._over or time.monotonic() >= end:
                break
            time.sleep(0.01)  # noqa: TID251 - waitpid has no time-out
        return self._over

    def kill(self) -> None:
        """End the whole group at once."""
        if not self._over:
            self._kill_group()
            self.ended(5.0)

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)


def _start_posix(path: Path, arguments: list[str], stderr: Path) -> tuple[Process, int, int]:
    """``posix_spawn`` with our pipe as 3 and 4: ``preexec_fn`` would be unsafe in a program with threads."""
    import fcntl

    to_read, our_write = os.pipe()
    our_read, to_write = os.pipe()
    # Above 10, so that duplicating to 3 and 4 can't overwrite the one not yet duplicated.
    theirs = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (to_read, to_write)]
    os.close(to_read)
    os.close(to_write)
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.fspath(stderr), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_DUP2, theirs[0], 3),
        (os.POSIX_SPAWN_DUP2, theirs[1], 4),
        *((os.POSIX_SPAWN_CLOSE, number) for number in _inheritable()),
    ]
    try:
        pid = os.posix_spawn(path, [os.fspath(path), *arguments], environment(), file_actions=actions, setpgroup=0)
    except OSError:
        os.close(our_write)
        os.close(our_read)
        raise
    finally:
        for end in theirs:
            os.close(end)
    return PosixProcess(pid), our_read, our_write


def _inheritable() -> list[int]:
    """Descriptors above 4 that would reach the browser: what our own parent left open in us, or a library without care."""
    with contextlib.suppress(OSError):
        numbers = [int(name) for name in os.listdir("/dev/fd") if name.isdigit()]  # noqa: PTH208 - paths would be made for nothing
        return [number for number in numbers if number > 4 and _is_inheritable(number)]
    return []


def _is_inheritable(number: int) -> bool:
    try:
        return os.get_inheritable(number)
    except OSError:  # the listing's own, closed since
        return False


# -- Windows -------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class WindowsProcess:
    """A child process; its own children end with it, as the browser does when its pipe closes."""

    popen: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.popen.pid

    def ended(self, timeout_s: float) -> bool:
        """Whether it ended, waiting so long at most."""
        try:
            self.popen.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End it at once."""
        self.popen.kill()
        self.ended(5.0)


def io_pipes_flag(read_handle: int, write_handle: int) -> str:
    """The switch that tells a browser on Windows which two inherited handles are its pipe."""
    return f"--remote-debugging-io-pipes={read_handle},{write_handle}"


@dataclass(frozen=True, slots=True)
class WindowsCalls:
    """The few calls that exist on Windows alone, so that what is done with them can be tried elsewhere."""

    handle_of: Callable[[int], int]  # descriptor → handle
    inherit: Callable[[int], None]  # mark a handle as inheritable
    popen: Callable[[list[str], list[int]], subprocess.Popen[bytes]]  # arguments, the handles to inherit


def windows_calls() -> WindowsCalls:
    """The real ones."""
    if sys.platform == "win32":
        import ctypes
        import msvcrt

        def popen(arguments: list[str], handles: list[int]) -> subprocess.Popen[bytes]:
            if getattr(sys, "frozen", False):
                ctypes.windll.kernel32.SetDllDirectoryW(None)  # or the browser would look for its libraries in ours
            startup = subprocess.STARTUPINFO(lpAttributeList={"handle_list": handles})
            group = subprocess.CREATE_NEW_PROCESS_GROUP
            return subprocess.Popen(arguments, env=environment(), startupinfo=startup, close_fds=True, creationflags=group)

        def inherit(handle: int) -> None:
            os.set_handle_inheritable(handle, True)  # noqa: FBT003 - its only form

        return WindowsCalls(msvcrt.get_osfhandle, inherit, popen)
    raise OSError(0, "this is not Windows")


def start_windows(path: Path, arguments: list[str], calls: WindowsCalls) -> tuple[Process, int, int]:
    """Exactly two handles are inherited; nothing else of ours reaches the browser. Not yet run on Windows: see SECURITY.md."""
    to_read, our_write = os.pipe()
    our_read, to_write = os.pipe()
    try:
        handles = [calls.handle_of(end) for end in (to_read, to_write)]
        for handle in handles:
            calls.inherit(handle)
        popen = calls.popen([os.fspath(path), *arguments, io_pipes_flag(*handles)], handles)
    except OSError:
        os.close(our_write)
        os.close(our_read)
        raise
    finally:
        os.close(to_read)
        os.close(to_write)
    return WindowsProcess(popen), our_read, our_write
