"""The journal: what was intended, what happened, who signed in. It never holds a secret.

An intent is on the disk before the deed it speaks of, its outcome after. A process that dies in between leaves an
unfinished entry, which the next check explains by reading the truth from the instance.

Each customer's instances have a file of their own (journal_files.py); callers name the instance, as ever.
"""

from __future__ import annotations

import json
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Self

from exoalias.adapters.keeping.journal_files import JournalFiles
from exoalias.adapters.keeping.lock import Taken, alone
from exoalias.adapters.keeping.looks import Looks
from exoalias.adapters.keeping.proofs import from_pin, from_proof, to_pin, to_proof
from exoalias.adapters.keeping.states import Kind, States, answers_of, desired_of, fenced_of, scan_of
from exoalias.adapters.keeping.unlocks import Unlocks
from exoalias.adapters.machine.clock import utc_now
from exoalias.domain.problems import AnotherRun, BadJournal

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from exoalias.adapters.keeping.journal_files import Whose
    from exoalias.domain.desired import Desired
    from exoalias.domain.instance_answer import InstanceAnswer
    from exoalias.domain.scan import Scan
    from exoalias.domain.target import Pin, Proof


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


@dataclass(frozen=True, slots=True)
class Aim:
    """What is kept of what should be true of an instance and of what it refuses, and what a check begins with."""

    pin: Pin | None
    desired: Desired | None
    fenced: frozenset[str]
    answers: tuple[InstanceAnswer, ...]
    remembered: Mapping[str, Any] = field(default_factory=dict)  # the ids found by the last check; {} before the first
    unfinished: bool = False  # whether an earlier run left something open, or one still going has


class EntryNumber(int):
    """An entry's number in its file, and whose entry it is: two customers' files count for themselves."""

    instance: str

    def __new__(cls, number: int, instance: str) -> Self:
        """The number of an entry of that instance."""
        made = super().__new__(cls, number)
        made.instance = instance
        return made


class PinConflict(ValueError):  # noqa: N818 - a state the caller tells apart
    """Another account is pinned already; a pin is taken away on purpose only (``unpin``)."""


class Journal:
    """The journal: the general file at *path* and the customers' below it, made on first use, readable by their owner alone.

    ``whose`` tells to which customer an instance belongs; without it all are in the general file.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime] = utc_now, whose: Whose | None = None) -> None:
        self.path = path
        self.files = JournalFiles(path, whose)
        self.unlocks = Unlocks(self.files)
        self.states = States(self.files)
        self.looks = Looks(self.files)
        self._clock = clock
        self._mine = threading.local()

    # -- entries --

    def intend(self, instance: str, kind: str, facts: Mapping[str, str]) -> int:
        """Write down what is about to be done; it is on the disk when this returns. The number is for ``outcome``."""
        with self.files.change(instance) as db:
            return _insert(db, self._clock(), instance, kind, facts)

    def outcome(self, entry: int, result: str, facts: Mapping[str, str] | None = None) -> None:
        """Close an intent: "done", "refused", "explained"… An entry is closed once; a second result is a bug (ValueError)."""
        if self.files.many and not isinstance(entry, EntryNumber):
            raise ValueError("the number alone doesn't say whose entry it is")
        with self.files.change(getattr(entry, "instance", "")) as db:
            changed = db.execute(
                "UPDATE entry SET result = ?, result_at = ?, result_facts = ? WHERE id = ? AND result IS NULL",
                (result, self._clock().isoformat(), _json(facts or {}), entry),
            ).rowcount
            if changed != 1:
                raise ValueError(f"entry {entry} is not open")

    def note(self, instance: str, kind: str, facts: Mapping[str, str]) -> int:
        """Write down something that has happened already; nothing is left open."""
        with self.files.change(instance) as db:
            return _note(db, self._clock(), instance, kind, facts)

    def entries(self, instance: str) -> tuple[Entry, ...]:
        """Everything of that instance, oldest first."""
        return _entries(self.files.rows(instance, f"{_SELECT} WHERE instance = ? ORDER BY id", instance))

    def unfinished(self, instance: str) -> tuple[Entry, ...]:
        """Intents without an outcome. One of a run that is still going is among them: hold ``claim`` before judging."""
        return _entries(self.files.rows(instance, f"{_SELECT} WHERE instance = ? AND result IS NULL ORDER BY id", instance))

    # -- proofs and pin --

    def add_proof(self, instance: str, proof: Proof) -> None:
        """Keep what a finished sign-in showed."""
        with self.files.change(instance) as db:
            db.execute(
                "INSERT INTO proof (instance, credential, value) VALUES (?, ?, ?)",
                (instance, proof.credential, _json(from_proof(proof))),
            )

    def proofs(self, instance: str) -> tuple[Proof, ...]:
        """The latest proof of each credential."""
        rows = self.files.rows(
            instance,
            f"SELECT value FROM proof WHERE {_LATEST} ORDER BY id",  # noqa: S608 - a condition of this file
            instance,
        )
        return tuple(to_proof(json.loads(value)) for (value,) in rows)

    def all_proofs(self, instance: str) -> tuple[Proof, ...]:
        """Every proof of that instance, oldest first: what can be said of a day long ago rests on them."""
        rows = self.files.rows(instance, "SELECT value FROM proof WHERE instance = ? ORDER BY id", instance)
        return tuple(to_proof(json.loads(value)) for (value,) in rows)

    def set_pin(self, instance: str, pin: Pin) -> None:
        """Pin the account proven by a sign-in. The same account may be pinned again; another one is refused (PinConflict)."""
        with self.files.change(instance) as db:
            row = db.execute("SELECT value FROM pin WHERE instance = ?", (instance,)).fetchone()
            if row is not None and to_pin(json.loads(row[0])).account != pin.account:
                raise PinConflict(instance)
            db.execute("INSERT OR REPLACE INTO pin VALUES (?, ?)", (instance, _json(from_pin(pin))))

    def pin(self, instance: str) -> Pin | None:
        """The pinned account, if one was proven."""
        rows = self.files.rows(instance, "SELECT value FROM pin WHERE instance = ?", instance)
        return to_pin(json.loads(rows[0][0])) if rows else None

    def unpin(self, instance: str, why: str) -> None:
        """Take the pin away because the person said so, or named another delegated user; written down in the same breath."""
        self._repin(instance, None, why)

    def repin(self, instance: str, pin: Pin, why: str) -> None:
        """Pin this account, whatever was pinned before, because the person said so; written down in the same breath."""
        self._repin(instance, pin, why)

    def _repin(self, instance: str, pin: Pin | None, why: str) -> None:
        with self.files.change(instance) as db:
            row = db.execute("SELECT value FROM pin WHERE instance = ?", (instance,)).fetchone()
            if row is None and pin is None:
                return
            facts = {"why": why} | (_told("was_", to_pin(json.loads(row[0]))) if row is not None else {})
            if pin is None:
                db.execute("DELETE FROM pin WHERE instance = ?", (instance,))
            else:
                db.execute("INSERT OR REPLACE INTO pin VALUES (?, ?)", (instance, _json(from_pin(pin))))
                facts |= _told("", pin)
            _note(db, self._clock(), instance, "unpinned" if pin is None else "pinned", facts)

    # -- what a check is aimed by, and judged by: each in one query --

    def aim(self, instance: str) -> Aim:
        """Pin, what was right, what it refuses, what it said itself: what a target is made of beside the person's own words.

        Besides, the ids of the last check and whether something was left open: a check asks the file once before it reads.
        """
        rows = self.files.rows(
            instance,
            "SELECT kind, value FROM state WHERE instance = ? AND kind IN (?, ?, ?) "
            "UNION ALL SELECT 'pin', value FROM pin WHERE instance = ? "
            "UNION ALL SELECT 'remembered', value FROM remembered WHERE instance = ? "
            "UNION ALL SELECT 'unfinished', '' WHERE EXISTS (SELECT 1 FROM entry WHERE instance = ? AND result IS NULL)",
            *(instance, Kind.DESIRED, Kind.FENCED, Kind.ANSWERS, instance, instance, instance),
        )
        kept: dict[str, str] = dict(rows)
        return Aim(
            pin=to_pin(json.loads(kept["pin"])) if "pin" in kept else None,
            desired=desired_of(kept.get(Kind.DESIRED)),
            fenced=fenced_of(kept.get(Kind.FENCED)),
            answers=answers_of(kept.get(Kind.ANSWERS)),
            remembered=_mapping(kept.get("remembered")),
            unfinished="unfinished" in kept,
        )

    def evidence(self, instance: str) -> tuple[tuple[Proof, ...], Scan | None]:
        """The latest proof of each credential, and what ServiceNow's own scan said last."""
        rows = self.files.rows(
            instance,
            f"SELECT 'proof', id, value FROM proof WHERE {_LATEST} "  # noqa: S608 - a condition of this file
            "UNION ALL SELECT kind, 0, value FROM state WHERE instance = ? AND kind = ? ORDER BY 2",
            *(instance, instance, Kind.SCAN),
        )
        proofs = tuple(to_proof(json.loads(value)) for kind, _, value in rows if kind != Kind.SCAN)
        return proofs, next((scan_of(value) for kind, _, value in rows if kind == Kind.SCAN), None)

    # -- remembered ids --

    def remembered(self, instance: str) -> dict[str, Any]:
        """The ids found by the last check; {} before the first."""
        rows = self.files.rows(instance, "SELECT value FROM remembered WHERE instance = ?", instance)
        return _mapping(rows[0][0] if rows else None)

    def remember(self, instance: str, ids: Mapping[str, Any]) -> None:
        """Keep the ids for the next check, which verifies them."""
        with self.files.change(instance) as db:
            db.execute("INSERT OR REPLACE INTO remembered VALUES (?, ?)", (instance, _json(ids)))

    def forget(self, instance: str) -> None:
        """Delete everything of that instance."""
        self.files.forget(instance)

    @contextmanager
    def claim(self, instance: str) -> Iterator[None]:
        """Be the only run that changes that instance, or judges what an earlier one left; AnotherRun if somebody else is.

        BadJournal where that can't be made sure of: the disk is full, or the folder not ours to write.
        """
        lock = self.path.parent / "locks" / f"{sha256(instance.encode()).hexdigest()[:24]}.lock"
        with ExitStack() as stack:
            try:
                stack.enter_context(alone(lock))
            except Taken:
                raise AnotherRun(instance=instance) from None
            except OSError as error:
                raise BadJournal(path=lock, why=error.strerror or error) from error
            held = self._held()
            held.add(instance)
            stack.callback(held.discard, instance)
            yield

    def claimed_here(self, instance: str) -> bool:
        """Whether this very thread holds the claim."""
        return instance in self._held()

    def _held(self) -> set[str]:
        held: set[str] = self._mine.__dict__.setdefault("held", set())
        return held


_LATEST = "id IN (SELECT max(id) FROM proof WHERE instance = ? GROUP BY credential)"
_SELECT = "SELECT id, instance, at, kind, facts, result, result_at, result_facts FROM entry"


def _told(before: str, pin: Pin) -> dict[str, str]:
    """A pin as facts of an entry."""
    return {before + name: str(value) for name, value in from_pin(pin).items() if value}


def _mapping(text: str | None) -> dict[str, Any]:
    value = json.loads(text) if text is not None else {}
    return value if isinstance(value, dict) else {}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _insert(db: sqlite3.Connection, at: datetime, instance: str, kind: str, facts: Mapping[str, str]) -> EntryNumber:
    row = (instance, at.isoformat(), kind, _json(dict(facts)))
    number = db.execute("INSERT INTO entry (instance, at, kind, facts) VALUES (?, ?, ?, ?) RETURNING id", row).fetchone()[0]
    return EntryNumber(number, instance)


def _note(db: sqlite3.Connection, at: datetime, instance: str, kind: str, facts: Mapping[str, str]) -> EntryNumber:
    """An entry of what has happened already."""
    number = _insert(db, at, instance, kind, facts)
    db.execute("UPDATE entry SET result = 'noted', result_at = at WHERE id = ?", (number,))
    return number


def _entries(rows: list[tuple[Any, ...]]) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            id=EntryNumber(row[0], row[1]),
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
