"""The log: what this program did, in a form that can be given away. One file a day, JSON lines, kept for some days.

What a line may hold is decided in ``domain/log_events.py``; here it is only brought to the disk. A log that can't be written
never stops the program: the lines lost are counted, and said as soon as a line gets through again.

One process has one log. ``note`` is for everybody who has something to say; without an open log it does nothing.
"""

from __future__ import annotations

import logging
import os
import re
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from exoalias.adapters.machine.clock import utc_now
from exoalias.adapters.machine.folders import private
from exoalias.domain.log_events import LogEvent, Terms, line_of, readmitted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

MOST_BYTES: Final = 5 * 1024 * 1024  # of one file; the older half of a day is kept beside it
_NAME: Final = re.compile(r"exoalias-(\d{8})(?:\.1)?\.log")
_FLAGS: Final = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


class EventLog:
    """The log files in *folder*. Safe from any thread; several processes may write at the same time."""

    def __init__(
        self, folder: Path, verbs: Iterable[str] = (), clock: Callable[[], datetime] = utc_now, most_bytes: int = MOST_BYTES
    ) -> None:
        self.folder = folder
        self.lost = 0
        self._clock = clock
        self._most_bytes = most_bytes
        self._run = os.getpid() % 100_000
        self._lock = threading.Lock()
        self._verbs = frozenset(verbs)
        self._terms: Terms | None = None

    @property
    def terms(self) -> Terms:
        """What makes this computer's pseudonyms, and the words for verbs."""
        with self._lock:
            return self._the_terms()

    def write(self, event: LogEvent, /, **fields: object) -> None:
        """Write one line. What the table of events does not allow is dropped; a disk that refuses is no error of the caller."""
        now = self._clock()
        with self._lock:
            line = self._line(now, event, fields)
            if self.lost:
                line = self._line(now, LogEvent.LOST, {"lines": self.lost}) + line
            try:
                self._append(now, line)
                self.lost = 0
            except OSError:
                self.lost += 1

    def files(self) -> tuple[Path, ...]:
        """The log files there are, the oldest first."""
        with suppress(OSError):
            there = [path for path in self.folder.iterdir() if _NAME.fullmatch(path.name)]
            return tuple(sorted(there, key=lambda path: (path.name[9:17], not path.name.endswith(".1.log"))))
        return ()

    def lines(self, path: Path, most_bytes: int = MOST_BYTES) -> tuple[str, ...]:
        """The newest lines of a file, each judged anew: one that is not as this program writes it is left out."""
        with suppress(OSError), path.open("rb") as file:
            skipped = max(0, path.stat().st_size - most_bytes)
            file.seek(skipped)
            lines = file.read(most_bytes).split(b"\n")[1 if skipped else 0 :]
            terms = self.terms
            return tuple(good for line in lines if line and (good := readmitted(line.decode("ascii", "replace"), terms)))
        return ()

    def prune(self, days: int) -> None:
        """Delete the files older than so many days."""
        oldest = (self._clock() - timedelta(days=max(1, days))).strftime("%Y%m%d")
        for path in self.files():
            if path.name[9:17] < oldest:
                with suppress(OSError):
                    path.unlink()

    def _line(self, now: datetime, event: LogEvent, fields: dict[str, object]) -> str:
        at = now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return line_of(at, self._run, event, fields, self._the_terms()) + "\n"

    def _append(self, now: datetime, text: str) -> None:
        """Opened for each line: nothing is held open, and a file moved away by another process is not written to."""
        path = self.folder / f"exoalias-{now.astimezone(UTC):%Y%m%d}.log"
        descriptor = self._opened(path)
        try:
            if os.fstat(descriptor).st_size + len(text) > self._most_bytes:
                os.close(descriptor)
                descriptor = -1
                path.replace(path.with_suffix(".1.log"))
                descriptor = self._opened(path)
            os.write(descriptor, text.encode("ascii"))  # at once: lines of two processes don't mix
        finally:
            if descriptor >= 0:
                os.close(descriptor)

    def _opened(self, path: Path) -> int:
        try:
            return os.open(path, _FLAGS, 0o600)
        except FileNotFoundError:
            private(self.folder)
            return os.open(path, _FLAGS, 0o600)

    def _the_terms(self) -> Terms:
        if self._terms is None:
            self._terms = Terms(self._verbs, self._salt())
        return self._terms

    def _salt(self) -> bytes:
        """32 bytes only this computer knows; for this run alone where they can't be kept."""
        path = self.folder / "salt"
        fresh = os.urandom(32)
        with suppress(OSError):
            private(self.folder)
            with suppress(FileExistsError):
                beside = path.with_name(f"salt.{self._run}")
                beside.touch(0o600)
                beside.write_bytes(fresh)
                try:
                    os.link(beside, path)  # whole or not at all, and the first one stays
                finally:
                    beside.unlink()
            kept = path.read_bytes()
            return kept if len(kept) == len(fresh) else fresh
        return fresh


# -- the log of this process --------------------------------------------------------------------------------------------

_open: list[EventLog] = []


def note(event: LogEvent, /, **fields: object) -> None:
    """Write a line to this process's log, if it has one."""
    if _open:
        _open[-1].write(event, **fields)


def open_log(log: EventLog) -> None:
    """Make this the log of the process, until it is closed."""
    _open.append(log)


def close_log() -> None:
    """Go back to the log there was before, if any."""
    if _open:
        _open.pop()


# -- what libraries say -------------------------------------------------------------------------------------------------


class Counting(logging.Handler):
    """Takes what libraries log, and counts it. Their texts hold addresses, headers and answers: none is kept or shown."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines = 0

    def handle(self, record: logging.LogRecord) -> bool:  # noqa: ARG002 - logging's signature
        """Count it. Nothing is formatted: a message's arguments are not even turned into text."""
        self.lines += 1
        return True

    def attach(self) -> None:
        """Stand where the libraries' lines arrive, instead of Python's own last resort, which prints them."""
        logging.getLogger().addHandler(self)

    def let_go(self) -> None:
        """Leave that place."""
        logging.getLogger().removeHandler(self)
