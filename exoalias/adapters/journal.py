"""The journal: what was intended, what happened, who signed in. It never holds a secret.

An intent is on the disk before the deed it speaks of, its outcome after. A process that dies in between leaves an
unfinished entry, which the next check explains by reading the truth from the instance.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from exoalias.adapters.database import Database
from exoalias.adapters.lock import Taken, alone
from exoalias.adapters.proofs import from_pin, from_proof, to_pin, to_proof
from exoalias.domain.problems import AnotherRun

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from exoalias.domain.target import Pin, Proof

SCHEMA = (
    """
CREATE TABLE entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT, instance TEXT NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL, facts TEXT NOT NULL,
    result TEXT, result_at TEXT, result_facts TEXT NOT NULL DEFAULT '{}');
CREATE INDEX entry_instance ON entry (instance, id);
CREATE TABLE proof (id INTEGER PRIMARY KEY AUTOINCREMENT, instance TEXT NOT NULL, credential TEXT NOT NULL, value TEXT NOT NULL);
CREATE INDEX proof_instance ON proof (instance, credential, id);
CREATE TABLE pin (instance TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE remembered (instance TEXT PRIMARY KEY, value TEXT NOT NULL);
""",
)  # one script for each version; version 1 is the first


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal. ``result`` is "" while the entry is unfinished."""

    id: int
    instance: str
    at: datetime
    kind: str
    facts: Mapping[str, str] = field(default_factory=dict)
    result: str = ""
    result_at: datetime | None = None
    result_facts: Mapping[str, str] = field(default_factory=dict)


class PinConflict(ValueError):  # noqa: N818 - a state the caller tells apart
    """Another account is pinned already; a pin is taken away on purpose only (``unpin``)."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Journal:
    """The journal file at *path*, made on first use, readable by its owner alone."""

    def __init__(self, path: Path, clock: Callable[[], datetime] = _utc_now) -> None:
        self.path = path
        self._clock = clock
        self._file = Database(path, SCHEMA)

    # -- entries --

    def intend(self, instance: str, kind: str, facts: Mapping[str, str]) -> int:
        """Write down what is about to be done; it is on the disk when this returns. The number is for ``outcome``."""
        with self._file.change() as db:
            return _insert(db, self._clock(), instance, kind, facts)

    def outcome(self, entry: int, result: str, facts: Mapping[str, str] | None = None) -> None:
        """Close an intent: "done", "refused", "explained"… An entry is closed once; a second result is a bug (ValueError)."""
        with self._file.change() as db:
            changed = db.execute(
                "UPDATE entry SET result = ?, result_at = ?, result_facts = ? WHERE id = ? AND result IS NULL",
                (result, self._clock().isoformat(), _json(facts or {}), entry),
            ).rowcount
            if changed != 1:
                raise ValueError(f"entry {entry} is not open")

    def note(self, instance: str, kind: str, facts: Mapping[str, str]) -> int:
        """Write down something that has happened already; nothing is left open."""
        with self._file.change() as db:
            number = _insert(db, self._clock(), instance, kind, facts)
            db.execute("UPDATE entry SET result = 'noted', result_at = at WHERE id = ?", (number,))
            return number

    def entries(self, instance: str) -> tuple[Entry, ...]:
        """Everything of that instance, oldest first."""
        return _entries(self._file.rows(f"{_SELECT} WHERE instance = ? ORDER BY id", instance))

    def unfinished(self, instance: str) -> tuple[Entry, ...]:
        """Intents without an outcome. One of a run that is still going is among them: hold ``claim`` before judging."""
        return _entries(self._file.rows(f"{_SELECT} WHERE instance = ? AND result IS NULL ORDER BY id", instance))

    # -- proofs and pin --

    def add_proof(self, instance: str, proof: Proof) -> None:
        """Keep what a finished sign-in showed."""
        with self._file.change() as db:
            db.execute(
                "INSERT INTO proof (instance, credential, value) VALUES (?, ?, ?)",
                (instance, proof.credential, _json(from_proof(proof))),
            )

    def proofs(self, instance: str) -> tuple[Proof, ...]:
        """The latest proof of each credential."""
        rows = self._file.rows(
            "SELECT value FROM proof WHERE id IN (SELECT max(id) FROM proof WHERE instance = ? GROUP BY credential) ORDER BY id",
            instance,
        )
        return tuple(to_proof(json.loads(value)) for (value,) in rows)

    def set_pin(self, instance: str, pin: Pin) -> None:
        """Pin the account proven by a sign-in. The same account may be pinned again; another one is refused (PinConflict)."""
        with self._file.change() as db:
            row = db.execute("SELECT value FROM pin WHERE instance = ?", (instance,)).fetchone()
            if row is not None and to_pin(json.loads(row[0])).account != pin.account:
                raise PinConflict(instance)
            db.execute("INSERT OR REPLACE INTO pin VALUES (?, ?)", (instance, _json(from_pin(pin))))

    def pin(self, instance: str) -> Pin | None:
        """The pinned account, if one was proven."""
        rows = self._file.rows("SELECT value FROM pin WHERE instance = ?", instance)
        return to_pin(json.loads(rows[0][0])) if rows else None

    def unpin(self, instance: str, why: str) -> None:
        """Take the pin away because the person named another delegated user; that is written down in the same breath."""
        with self._file.change() as db:
            if db.execute("DELETE FROM pin WHERE instance = ?", (instance,)).rowcount:
                number = _insert(db, self._clock(), instance, "unpinned", {"why": why})
                db.execute("UPDATE entry SET result = 'noted', result_at = at WHERE id = ?", (number,))

    # -- remembered ids --

    def remembered(self, instance: str) -> dict[str, Any]:
        """The ids found by the last check; {} before the first."""
        rows = self._file.rows("SELECT value FROM remembered WHERE instance = ?", instance)
        value = json.loads(rows[0][0]) if rows else {}
        return value if isinstance(value, dict) else {}

    def remember(self, instance: str, ids: Mapping[str, Any]) -> None:
        """Keep the ids for the next check, which verifies them."""
        with self._file.change() as db:
            db.execute("INSERT OR REPLACE INTO remembered VALUES (?, ?)", (instance, _json(ids)))

    def forget(self, instance: str) -> None:
        """Delete everything of that instance."""
        with self._file.change() as db:
            for table in ("entry", "proof", "pin", "remembered"):
                db.execute(f"DELETE FROM {table} WHERE instance = ?", (instance,))  # noqa: S608 - table names of this file

    @contextmanager
    def claim(self, instance: str) -> Iterator[None]:
        """Be the only run that changes that instance, or judges what an earlier one left; AnotherRun if somebody else is."""
        name = sha256(instance.encode()).hexdigest()[:24]
        try:
            with alone(self.path.parent / "locks" / f"{name}.lock"):
                yield
        except Taken:
            raise AnotherRun(instance=instance) from None


_SELECT = "SELECT id, instance, at, kind, facts, result, result_at, result_facts FROM entry"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _insert(db: sqlite3.Connection, at: datetime, instance: str, kind: str, facts: Mapping[str, str]) -> int:
    row = (instance, at.isoformat(), kind, _json(dict(facts)))
    number = db.execute("INSERT INTO entry (instance, at, kind, facts) VALUES (?, ?, ?, ?) RETURNING id", row).fetchone()[0]
    return int(number)


def _entries(rows: list[tuple[Any, ...]]) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            id=row[0],
            instance=row[1],
            at=datetime.fromisoformat(row[2]),
            kind=row[3],
            facts=json.loads(row[4]),
            result=row[5] or "",
            result_at=datetime.fromisoformat(row[6]) if row[6] else None,
            result_facts=json.loads(row[7]),
        )
        for row in rows
    )
