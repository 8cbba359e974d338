"""Until when a guarded instance may be written to: kept in its customer's journal file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exoalias.adapters.keeping.journal_files import JournalFiles


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
        return _unlock(rows[0]) if rows else None

    def among(self, customers: Mapping[str, str]) -> dict[str, Unlock]:
        """Those of many instances, each given with its customer."""
        found: dict[str, Unlock] = {}
        for customer in sorted(set(customers.values())):
            rows = self._files.rows_of(customer, "SELECT instance, given, until, seen FROM unlocked")
            found |= {name: _unlock(whens) for name, *whens in rows if customers.get(name) == customer}
        return found

    def put(self, instance: str, unlock: Unlock) -> None:
        """Keep it, instead of an earlier one."""
        values = (instance, unlock.given.isoformat(), unlock.until.isoformat(), unlock.seen.isoformat())
        with self._files.change(instance) as db:
            db.execute("INSERT OR REPLACE INTO unlocked VALUES (?, ?, ?, ?)", values)

    def remove(self, instance: str) -> bool:
        """Take it away; whether there was one."""
        with self._files.change(instance) as db:
            return db.execute("DELETE FROM unlocked WHERE instance = ?", (instance,)).rowcount > 0


def _unlock(whens: Sequence[str]) -> Unlock:
    given, until, seen = (datetime.fromisoformat(when) for when in whens)
    return Unlock(given, until, seen)
