"""Run a command on a throwaway desktop: its own screen, window manager, D-Bus session, unlocked keyring and home.

Nothing of the developer's own keyring, settings or screen is touched, and nothing is left behind. Parts: Xvfb on a free
display, openbox, dbus-run-session, gnome-keyring-daemon, each started here and ended here. Elsewhere than on Linux the
command is run as it is, because there the keyring belongs to the person logged in and cannot be swapped.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

MARK = "EXOALIAS_THROWAWAY_DESKTOP"
"""Set to the throwaway home inside a session: tests that need the real parts look for it."""

_NEEDED = ("Xvfb", "openbox", "dbus-run-session", "dbus-send", "gnome-keyring-daemon")
_OF_THE_OUTER_DESKTOP = ("WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "GNOME_KEYRING_CONTROL", "XAUTHORITY", "SESSION_MANAGER")
_START_SECONDS = 20.0


@contextlib.contextmanager
def _running(process: subprocess.Popen[bytes], seconds: float = 2) -> Iterator[subprocess.Popen[bytes]]:
    """End a child whatever happens: asked first, made to after so many *seconds*."""
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def _screen(size: str) -> Iterator[str]:
    """An X server on the first free display; gives the display's name."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[writing], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    with _running(server), os.fdopen(reading, "rb") as pipe:
        ready, _, _ = select.select([pipe], [], [], _START_SECONDS)
        number = pipe.readline().strip().decode() if ready else ""
        if not number:
            raise SystemExit("session: Xvfb did not start. Try it by hand: Xvfb -displayfd 1")
        yield f":{number}"


def _environment(home: Path, display: str) -> dict[str, str]:
    """The environment inside: every place a program may write to lies below *home*."""
    places = {name: home / folder for name, folder in (("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data"))}
    places |= {name: home / folder for name, folder in (("XDG_CACHE_HOME", "cache"), ("XDG_STATE_HOME", "state"))}
    places["XDG_RUNTIME_DIR"] = home / "run"
    for place in places.values():
        place.mkdir(mode=0o700)
    kept = {name: value for name, value in os.environ.items() if name not in _OF_THE_OUTER_DESKTOP}
    return kept | {name: str(place) for name, place in places.items()} | {"HOME": str(home), "DISPLAY": display, MARK: str(home)}


def _owned(name: str) -> bool:
    """Is somebody answering to this D-Bus name? Asked so that the bus starts nothing for it."""
    query = ["dbus-send", "--session", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"]
    query += ["org.freedesktop.DBus.NameHasOwner", f"string:{name}"]
    return "true" in subprocess.run(query, capture_output=True, text=True, check=False).stdout


@contextlib.contextmanager
def _keyring() -> Iterator[None]:
    """An unlocked Secret Service with an empty login collection, its password known to nobody."""
    command = ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"]
    daemon = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with _running(daemon):
        if daemon.stdin is not None:
            daemon.stdin.write(secrets.token_urlsafe(24).encode())
            daemon.stdin.close()
        until = time.monotonic() + _START_SECONDS
        while not _owned("org.freedesktop.secrets"):
            if daemon.poll() is not None or time.monotonic() > until:
                raise SystemExit("session: gnome-keyring-daemon did not start. Try it by hand: gnome-keyring-daemon --foreground")
            time.sleep(0.05)
        yield


def _inside(command: list[str]) -> int:
    """The half that runs on the new D-Bus session: window manager, keyring, then the command."""
    manager = subprocess.Popen(["openbox", "--sm-disable"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with _running(manager), _keyring(), _running(subprocess.Popen(command), seconds=15) as running:
        return running.wait()


def _outside(command: list[str], size: str) -> int:
    """The half that makes the screen and the home, and removes them."""
    absent = [name for name in _NEEDED if shutil.which(name) is None]
    if absent:
        raise SystemExit(f"session: {', '.join(absent)} not found. Run: python3 dev.py setup (as root), or install what it names")
    with tempfile.TemporaryDirectory(prefix="exoalias-", ignore_cleanup_errors=True) as folder, _screen(size) as display:
        environment = _environment(Path(folder), display)
        inner = ["dbus-run-session", "--", sys.executable, __file__, "--inside", *command]
        with _running(subprocess.Popen(inner, env=environment), seconds=20) as running:
            return running.wait()


def _interrupt(number: int, _frame: FrameType | None) -> None:
    """A signal unwinds like any error, so that every child is ended."""
    raise SystemExit(128 + number)


def main() -> int:
    """Read the arguments and run the command; its exit code is ours."""
    parser = argparse.ArgumentParser(prog="dev.py session", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--size", default="1600x1200", help="the screen's size in pixels")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="the command and its arguments")
    chosen = parser.parse_args()
    if not chosen.command:
        parser.error("which command?")
    if not sys.platform.startswith("linux"):
        return subprocess.run(chosen.command, check=False).returncode
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        return _inside(chosen.command) if chosen.inside else _outside(chosen.command, chosen.size)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
