"""Until when a guarded instance may be written to: kept in its customer's journal file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exoalias.adapters.journal_files import JournalFiles


@dataclass(frozen=True, slots=True)
class Unlock:
    """When it was given, when it ends, and the latest moment at which it was looked at; all aware."""

    given: datetime
    until: datetime
    seen: datetime


class Unlocks:
    """The unlocks of all instances."""

    def __init__(self, files: JournalFiles) -> None:
        self._files = files

    def get(self, instance: str) -> Unlock | None:
        """The instance's unlock, also one that is over."""
        rows = self._files.rows(instance, "SELECT given, until, seen FROM unlocked WHERE instance = ?", instance)
        return Unlock(*(datetime.fromisoformat(when) for when in rows[0])) if rows else None

    def put(self, instance: str, unlock: Unlock) -> None:
        """Keep it, instead of an earlier one."""
        values = (instance, unlock.given.isoformat(), unlock.until.isoformat(), unlock.seen.isoformat())
        with self._files.change(instance) as db:
            db.execute("INSERT OR REPLACE INTO unlocked VALUES (?, ?, ?, ?)", values)

    def remove(self, instance: str) -> bool:
        """Take it away; whether there was one."""
        with self._files.change(instance) as db:
            return db.execute("DELETE FROM unlocked WHERE instance = ?", (instance,)).rowcount > 0
