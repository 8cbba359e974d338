"""What checks saw of token rows, kept in the journal's file: ids, one word and two moments, and no secret.

A look that says what the one before it said only makes that one longer, at most once a day: nothing is written for the rest.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from exoalias.domain.ids import SysId
from exoalias.domain.ownership import Look, RowState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exoalias.adapters.keeping.journal_files import JournalFiles


class Looks:
    """The looks of all instances."""

    def __init__(self, files: JournalFiles) -> None:
        self._files = files

    def of(self, instance: str) -> tuple[Look, ...]:
        """All of that instance, oldest first; words of a newer program are passed over."""
        rows = self._files.rows(
            instance, "SELECT credential, sign_in, state, first, last FROM look WHERE instance = ? ORDER BY rowid", instance
        )
        known = {state.value for state in RowState}
        return tuple(
            Look(SysId(credential), sign_in, RowState(state), datetime.fromisoformat(first), datetime.fromisoformat(last))
            for credential, sign_in, state, first, last in rows
            if state in known
        )

    def keep(self, instance: str, looks: Iterable[Look]) -> None:
        """Keep what a check saw."""
        looks = tuple(looks)
        if not looks:
            return
        latest = {(look.credential, look.sign_in): look for look in self.of(instance)}
        new: list[Look] = []
        longer: list[Look] = []
        for look in looks:
            before = latest.get((look.credential, look.sign_in))
            if before is None or before.state is not look.state:
                new.append(look)
            elif before.last.date() < look.last.date():
                longer.append(look)
        if not (new or longer):
            return
        with self._files.change(instance) as db:
            db.executemany(
                "UPDATE look SET last = ? WHERE rowid = "
                "(SELECT max(rowid) FROM look WHERE instance = ? AND credential = ? AND sign_in = ?)",
                [(look.last.isoformat(), instance, look.credential, look.sign_in) for look in longer],
            )
            db.executemany(
                "INSERT INTO look VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (instance, look.credential, look.sign_in, look.state.value, look.first.isoformat(), look.last.isoformat())
                    for look in new
                ],
            )
