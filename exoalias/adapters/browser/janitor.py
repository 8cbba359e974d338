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

from exoalias.adapters.machine.folders import private

if TYPE_CHECKING:
    from collections.abc import Callable

_PREFIX = "window-"
_LOCK = ".in-use"
_NAMES = 5  # so many names are tried for one profile
_JUST_MADE_S = 60.0  # an empty profile this young is still being made, by another program or for another instance
_SOCKET = "SingletonSocket"
_SOCKET_FOLDER = re.compile(r"\.?(org\.chromium|com\.google|com\.microsoft)\.[\w.\-]+", re.ASCII)


class Profile:
    """A fresh browser profile, readable by this user alone, held by a lock while it is in use."""

    def __init__(self, parent: Path) -> None:
        private(parent)
        for _ in range(_NAMES):
            self.path = parent / f"{_PREFIX}{secrets.token_hex(8)}"
            self.path.mkdir(mode=0o700)
            try:
                self._lock = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            except FileNotFoundError:
                continue  # swept before it was there
            except OSError:
                self.path.rmdir()
                raise
            if _try_lock(self._lock) and (self.path / _LOCK).exists():
                return
            os.close(self._lock)  # swept between making it and holding it
        raise BlockingIOError(0, "the profile can't be held")

    def delete(self, *, patience_s: float = 5.0) -> bool:
        """Delete it; a browser that is just ending may still write, so try for a while. Whether it is gone."""
        with contextlib.suppress(OSError):
            os.close(self._lock)
        return _delete(self.path, patience_s)


def sweep(parent: Path) -> int:
    """Delete the profiles that nobody holds any more; how many."""
    swept = 0
    for path in parent.glob(f"{_PREFIX}*") if parent.is_dir() else ():
        swept += _sweep(path)
    return swept


def _sweep(path: Path) -> bool:
    """Delete it if nobody holds it; the lock is held meanwhile, so that nobody takes it for theirs. Whether it is gone."""
    try:
        lock = os.open(path / _LOCK, os.O_RDWR)
    except FileNotFoundError:
        return not _is_just_made(path) and _delete(path, patience_s=1.0)
    except OSError:
        return False  # not ours to look into: leave it
    try:
        if not _try_lock(lock):
            return False
        if os.name != "nt":  # an open file can't be deleted there
            return _delete(path, patience_s=1.0)
    finally:
        os.close(lock)
    return _delete(path, patience_s=1.0)


def _is_just_made(path: Path) -> bool:
    try:
        # A clock that was set back must not keep it for hours: what is as far in the future is no newer.
        age = abs(time.time() - path.stat().st_mtime)
        return age < _JUST_MADE_S and all(each.name == _LOCK for each in path.iterdir())
    except OSError:
        return False


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
