"""One at a time, between processes: a lock the operating system lets go of when its holder dies, ``kill -9`` included."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from exoalias.adapters.machine.folders import private
from exoalias.adapters.machine.turns import aside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _try(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class Taken(Exception):  # noqa: N818 - a state, not an error
    """Somebody else holds the lock."""


@contextmanager
def alone(path: Path, *, wait_s: float = 0.0) -> Iterator[None]:
    """Hold the lock file at *path*; Taken when it isn't free within *wait_s* seconds. The file itself stays.

    It excludes other threads of this process too: each call opens the file anew.
    """
    private(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        deadline, pause = time.monotonic() + wait_s, threading.Event()
        while not _try(descriptor):
            if time.monotonic() >= deadline:
                raise Taken(path.name)
            with aside():
                pause.wait(0.02)
        yield
    finally:
        os.close(descriptor)  # lets go of the lock
