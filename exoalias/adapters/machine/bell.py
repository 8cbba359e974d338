"""How a second start reaches the window that is open: one fixed word over a local socket, or a named pipe on Windows.

No TCP, no UDP. The socket lies in a folder that only this user may enter. Whoever gets to the bell can do one thing: bring
the window forward.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from hashlib import sha256
from pathlib import Path
from typing import Final

WORD: Final = b"come forward\n"
DONE: Final = b"done\n"
LONGEST_PATH: Final = 100  # bytes: sun_path holds 104 on macOS, 108 on Linux, a closing zero included
_FOLDER_MODE: Final = 0o700


class NoPlace(OSError):  # noqa: N818 - a state of this machine
    """There is no folder of this user's own for the socket."""


def address(state: Path) -> str:
    """Where the bell of the window with these files is: a socket's path, or a pipe's name on Windows. NoPlace, OSError."""
    mark = sha256(os.fsencode(state.resolve())).hexdigest()[:16]
    if sys.platform == "win32":
        return rf"\\.\pipe\exoalias-{mark}"  # the mark holds the user's profile folder; the pipe is for this user alone
    for folder in _folders(state):
        path = folder / f"{mark}.bell"
        if len(os.fsencode(path)) <= LONGEST_PATH and _own(folder):
            return str(path)
    raise NoPlace("no folder of this user's own with a short enough path")


def _folders(state: Path) -> tuple[Path, ...]:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    named = (Path(runtime) / "exoalias",) if runtime.startswith("/") else ()
    return (*named, state / "run", Path("/tmp") / f"exoalias-{_uid()}")  # noqa: S108 - checked: of this user alone


def _uid() -> int:
    return os.getuid() if sys.platform != "win32" else 0


def _own(folder: Path) -> bool:
    """Make the folder; whether it is this user's and nobody else may enter it. A link is not followed."""
    try:
        folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == _uid() and not found.st_mode & 0o077


def ring(where: str, wait_s: float) -> bool:
    """Ask the open window to come forward; whether it answered within *wait_s* seconds."""
    with contextlib.suppress(OSError):
        return _ring_pipe(where) if sys.platform == "win32" else _ring_socket(where, wait_s)
    return False


def _ring_socket(where: str, wait_s: float) -> bool:
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        caller.settimeout(wait_s)
        caller.connect(where)
        caller.sendall(WORD)
        return caller.recv(len(DONE)) == DONE


def _ring_pipe(where: str) -> bool:
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)  # we may come forward, being started by the person: pass it on
    with open(where, "r+b", buffering=0) as pipe:  # noqa: PTH123 - a pipe's name is no path
        pipe.write(WORD)
        return pipe.read(len(DONE)) == DONE
