"""The journal's files: the general one, and one for each customer, found by the instance's name.

Nothing of one customer is ever written into another's file, and what is deleted is overwritten in it.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, Protocol

from exoalias.adapters.keeping.customers import FOLDER, slug_of
from exoalias.adapters.keeping.database import Database

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA: Final = (
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
    "CREATE TABLE unlocked (instance TEXT PRIMARY KEY, given TEXT NOT NULL, until TEXT NOT NULL, seen TEXT NOT NULL)",
    "CREATE TABLE state (instance TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (instance, kind))",
    """
CREATE TABLE look (
    instance TEXT NOT NULL, credential TEXT NOT NULL, sign_in TEXT NOT NULL, state TEXT NOT NULL, first TEXT NOT NULL,
    last TEXT NOT NULL)
""",
)  # one script for each version; version 1 is the first
TABLES: Final = ("entry", "proof", "pin", "remembered", "unlocked", "state", "look")
_UNDOES: Final = "undoes"  # the fact by which one entry names another's number


class Whose(Protocol):
    """Tells whose an instance is: the list of instances."""

    def customer_of(self, name: str) -> str:
        """With which customer its rows lie; "" is the general file. Waits while it is being moved."""

    def lies_with(self, name: str, customer: str) -> bool:
        """Whether that is still so; doesn't wait."""


class Nobodys:
    """No instance belongs to a customer."""

    def customer_of(self, name: str) -> str:  # noqa: ARG002 - the same for every name
        """The general file."""
        return ""

    def lies_with(self, name: str, customer: str) -> bool:  # noqa: ARG002 - the same
        """Always."""
        return not customer


class JournalFiles:
    """The general file at *path*, the customers' below it. ``whose`` tells in which one an instance's rows are."""

    def __init__(self, path: Path, whose: Whose | None = None) -> None:
        self._path = path
        self._whose = whose or Nobodys()
        self.many = whose is not None  # then a number alone doesn't tell in which file an entry is
        self._open: dict[str, Database] = {}  # by the customer's folder
        self._keeping = 0  # so many want connections kept between two blocks
        self._lock = threading.Lock()

    def rows(self, instance: str, query: str, *values: str) -> list[tuple[Any, ...]]:
        """The rows a query gives in the file of that instance."""
        return self._at(self._whose.customer_of(instance)).rows(query, *values)

    @contextmanager
    def held(self, instance: str) -> Iterator[None]:
        """For this thread, one connection for all that is read and written of that instance in the block."""
        with self._at(self._whose.customer_of(instance)).held():
            yield

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """While this lasts, connections of ``held`` are kept for the next who needs one to the same file."""
        with self._lock:
            self._keeping += 1
        try:
            yield
        finally:
            with self._lock:
                self._keeping -= 1
                files = [] if self._keeping else list(self._open.values())
            for file in files:
                file.close_idle()

    def rows_of(self, customer: str, query: str) -> list[tuple[Any, ...]]:
        """The rows a query gives in one customer's file; none where there is no file yet."""
        return self._at(customer).rows(query) if self._path_of(customer).exists() else []

    @contextmanager
    def change(self, instance: str) -> Iterator[sqlite3.Connection]:
        """A transaction in the file of that instance, which is still that instance's when it begins."""
        while True:
            customer = self._whose.customer_of(instance)
            with self._at(customer).change() as db:
                if self._whose.lies_with(instance, customer):
                    yield db
                    return

    def ready(self, customer: str) -> None:
        """Open that customer's file; BadJournal where it can't be used."""
        self._at(customer).rows("SELECT 1")

    def forget(self, instance: str) -> None:
        """Delete every row of that instance."""
        with self.change(instance) as db:
            _forget(db, instance)

    def move(self, instance: str, before: str, after: str) -> None:
        """Bring an instance's rows from one customer's file into another's, in one transaction over both.

        Entries get new numbers there, so what names one by its number is written anew. An unlocked instance is locked again.
        """
        if not self._path_of(before).exists():
            return
        with self._at(after).change_with(self._at(before)) as db:
            _move_entries(db, instance)
            for table in ("proof", "pin", "remembered", "state", "look"):
                columns = "instance, credential, value" if table == "proof" else "*"
                into = f"({columns})" if columns != "*" else ""
                which = "WHERE instance = ? ORDER BY rowid"
                db.execute(f"INSERT OR REPLACE INTO main.{table} {into} SELECT {columns} FROM other.{table} {which}", (instance,))  # noqa: S608 - names of this file
            _forget(db, instance, "other")

    def drop(self, customer: str) -> None:
        """Take an empty file away with its folder, for a customer who has no instance any more."""
        path = self._path_of(customer)
        if not customer or not path.exists() or not _is_empty(self._at(customer)):
            return
        with self._lock:
            file = self._open.pop(slug_of(customer), None)
        if file is not None:
            file.close_idle()  # elsewhere than on Linux and macOS an open file can't be taken away
        path.unlink(missing_ok=True)
        with suppress(OSError):  # somebody else keeps something there
            path.parent.rmdir()

    def _at(self, customer: str) -> Database:
        slug = slug_of(customer) if customer else ""
        with self._lock:
            found = self._open.get(slug)
            if found is None:
                found = self._open[slug] = Database(self._path_of(customer), SCHEMA, lambda: self._keeping > 0)
            return found

    def _path_of(self, customer: str) -> Path:
        return self._path.parent / FOLDER / slug_of(customer) / self._path.name if customer else self._path


def _forget(db: sqlite3.Connection, instance: str, schema: str = "main") -> None:
    for table in TABLES:
        db.execute(f"DELETE FROM {schema}.{table} WHERE instance = ?", (instance,))  # noqa: S608 - table names of this file


def _move_entries(db: sqlite3.Connection, instance: str) -> None:
    columns = "instance, at, kind, facts, result, result_at, result_facts"
    numbers: dict[str, str] = {}
    rows: list[tuple[Any, ...]] = db.execute(
        f"SELECT id, {columns} FROM other.entry WHERE instance = ? ORDER BY id",  # noqa: S608 - columns of this file
        (instance,),
    ).fetchall()
    for old, *values in rows:
        values[3] = _renumbered(values[3], numbers)
        marks = ", ".join("?" * len(values))
        made = db.execute(f"INSERT INTO main.entry ({columns}) VALUES ({marks})", values).lastrowid  # noqa: S608 - the same
        numbers[str(old)] = str(made)


def _renumbered(facts: str, numbers: dict[str, str]) -> str:
    said = json.loads(facts)
    if _UNDOES not in said:
        return facts
    return json.dumps(said | {_UNDOES: numbers.get(said[_UNDOES], said[_UNDOES])}, ensure_ascii=False, sort_keys=True)


def _is_empty(file: Database) -> bool:
    return not any(file.rows(f"SELECT 1 FROM {table} LIMIT 1") for table in TABLES)  # noqa: S608 - table names of this file
