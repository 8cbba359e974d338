"""The log is asked what went wrong within a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from exoalias.adapters.machine.log import EventLog
from exoalias.app.earlier import Earlier, earlier
from exoalias.domain.log_events import LogEvent

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def test_only_of_the_last_day(tmp_path: Path) -> None:
    for hours in (60, 25, 23, 1):
        log = EventLog(tmp_path, clock=lambda hours=hours: NOW - timedelta(hours=hours))  # type: ignore[misc] # bound here
        log.write(LogEvent.UNEXPECTED, error=KeyError)
        log.write(LogEvent.LIBRARIES, lines=1)
    log.write(LogEvent.RUN_DIED)
    log.write(LogEvent.HANG, of="window")
    assert earlier(log, NOW) == Earlier(died=1, unexpected=2, hangs=1)
    assert earlier(EventLog(tmp_path / "none"), NOW) == Earlier()


def test_in_words() -> None:
    assert Earlier().words == ""
    assert Earlier(1, 1, 1).words == "1 run that did not end in the usual way, 1 error in the program, 1 hang"
    assert Earlier(unexpected=2, hangs=3).words == "2 errors in the program, 3 hangs"
