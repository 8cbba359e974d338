"""What the log tells of earlier runs: deaths, errors in the program, hangs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from exoalias.domain.log_events import LogEvent
from exoalias.domain.words import counted, joined

if TYPE_CHECKING:
    from exoalias.adapters.machine.log import EventLog

LOOK_BACK: Final = timedelta(days=1)
_BYTES: Final = 1024 * 1024  # of each file: the newest lines are at its end


@dataclass(frozen=True, slots=True)
class Earlier:
    """So many since then."""

    died: int = 0
    unexpected: int = 0
    hangs: int = 0

    @property
    def words(self) -> str:
        """In words; "" for none."""
        found = (
            (self.died, "{n} run that did not end in the usual way", "{n} runs that did not end in the usual way"),
            (self.unexpected, "{n} error in the program", "{n} errors in the program"),
            (self.hangs, "{n} hang", "{n} hangs"),
        )
        return joined(", ", (counted(count, one, many) for count, one, many in found if count))


def earlier(log: EventLog, now: datetime) -> Earlier:
    """What went wrong within a day before *now*."""
    counts = dict.fromkeys((LogEvent.RUN_DIED, LogEvent.UNEXPECTED, LogEvent.HANG), 0)
    since = now - LOOK_BACK
    for path in log.files():
        if path.name[9:17] < f"{since:%Y%m%d}":
            continue
        for line in log.lines(path, _BYTES):
            whole = json.loads(line)
            event = LogEvent(whole["event"])
            if event in counts and datetime.fromisoformat(whole["at"]) >= since:
                counts[event] += 1
    return Earlier(*counts.values())
