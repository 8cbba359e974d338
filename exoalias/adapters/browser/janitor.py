"""Profiles of sign-in windows: made for one sitting, deleted after it, swept at the next start if the program was killed."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import stat
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_PREFIX = "window-"
_LOCK = ".in-use"
_SOCKET = "SingletonSocket"
_SOCKET_FOLDER = re.compile(r"\.?(org\.chromium|com\.google|com\.microsoft)\.[\w.\-]+", re.ASCII)


class Profile:
    """A fresh browser profile, readable by this user alone, held by a lock while it is in use."""

    def __init__(self, parent: Path) -> None:
        parent.mkdir(parents=True, exist_ok=True)
        self.path = parent / f"{_PREFIX}{secrets.token_hex(8)}"
        self.path.mkdir(mode=0o700)
        self._lock = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        _try_lock(self._lock)

    def delete(self, *, patience_s: float = 5.0) -> bool:
        """Delete it; a browser that is just ending may still write, so try for a while. Whether it is gone."""
        with contextlib.suppress(OSError):
            os.close(self._lock)
        return _delete(self.path, patience_s)


def sweep(parent: Path) -> int:
    """Delete the profiles that nobody holds any more; how many."""
    swept = 0
    for path in parent.glob(f"{_PREFIX}*") if parent.is_dir() else ():
        if not _held(path):
            swept += _delete(path, patience_s=1.0)
    return swept


def _held(path: Path) -> bool:
    try:
        lock = os.open(path / _LOCK, os.O_RDWR)
    except FileNotFoundError:
        return False
    except OSError:
        return True  # not ours to look into: leave it
    try:
        return not _try_lock(lock)
    finally:
        os.close(lock)


def _try_lock(file: int) -> bool:
    """Take the lock without waiting; the system drops it when its holder ends, however it ends."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _delete(path: Path, patience_s: float) -> bool:
    end = time.monotonic() + patience_s
    _delete_socket(path)
    while True:
        shutil.rmtree(path, onerror=_make_writable)
        if not path.exists():
            return True
        if time.monotonic() > end:
            return False
        time.sleep(0.05)  # noqa: TID251 - waiting for another process to let go of its files


def _delete_socket(profile: Path) -> None:
    """A browser that was killed leaves the socket of its single-instance lock in a temporary folder of its own, linked here."""
    with contextlib.suppress(OSError):
        folder = (profile / _SOCKET).readlink().parent
        if _SOCKET_FOLDER.fullmatch(folder.name):
            for name in (_SOCKET, "SingletonCookie"):
                (folder / name).unlink(missing_ok=True)
            folder.rmdir()


def _make_writable(function: Callable[..., object], name: str, _error: object) -> None:
    """Read-only files can't be deleted on Windows; everything else is tried again by the caller."""
    with contextlib.suppress(OSError):
        Path(name).chmod(stat.S_IRWXU)
        function(name)
