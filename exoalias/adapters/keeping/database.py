"""An SQLite file that survives ``kill -9`` at any point and is shared by threads and processes.

``synchronous=FULL`` with SQLite's own rollback journal: a committed change is on the disk, an uncommitted one never
happened. A connection lives for one call, or for a block of one thread's; while many instances are checked, it is kept for the
next block (a new one reads the schema first, which costs as much as the queries of a check).
"""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exoalias.adapters.machine.folders import private
from exoalias.adapters.machine.turns import aside
from exoalias.domain.problems import BadJournal
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BUSY_S = 15.0  # how long a writer waits for another process' transaction


@dataclass(frozen=True, slots=True)
class _Kept:
    """A connection and the file it speaks of: (device, inode)."""

    db: sqlite3.Connection
    file: tuple[int, int] | None


class Database:
    """The file at *path*, made on first use, readable by its owner alone.

    *schema* is one script for each version; a file of an older version is brought forward by the later scripts, a newer
    one is refused. *keep* tells whether connections are kept between two blocks. What SQLite says goes on as BadJournal.
    """

    def __init__(self, path: Path, schema: tuple[str, ...], keep: Callable[[], bool] = lambda: False) -> None:
        self._path = path
        self._schema = schema
        self._keep = keep  # whether a connection is kept for the next block
        self._idle: list[_Kept] = []
        self._counting = threading.Lock()  # of what is idle
        self._held = threading.local()
        self._turn = threading.Lock()  # writers of this process queue here instead of sleeping in SQLite's busy handler

    def rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        """The rows a query gives; for a query that changes nothing."""
        with self._opened(careful=False) as db:
            return db.execute(query, values).fetchall()

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is on the disk when it ends, or never happened."""
        with aside(), self._turn, self._opened() as db, _transaction(db):
            yield db

    @contextmanager
    def change_with(self, other: Database) -> Iterator[sqlite3.Connection]:
        """The same over this file ("main") and another one ("other"): in both, or in neither."""
        other.rows("SELECT 1")  # it is made, and of this version
        with aside(), self._turn, other._turn, self._opened() as db:
            db.execute("ATTACH DATABASE ? AS other", (str(other._path),))
            _make_careful(db)
            with _transaction(db):
                yield db

    @contextmanager
    def held(self) -> Iterator[None]:
        """For this thread, one connection for all calls in the block."""
        with self._translated():
            kept = self._borrowed() or _Kept(self._ready(careful=False), _file_at(self._path))
        before, self._held.db = getattr(self._held, "db", None), kept.db
        try:
            yield
        finally:
            self._held.db = before
            self._give_back(kept)

    def close_idle(self) -> None:
        """Close what was kept for the next block."""
        with self._counting:
            idle, self._idle = self._idle, []
        for kept in idle:
            kept.db.close()

    def _borrowed(self) -> _Kept | None:
        """A connection kept from an earlier block, if the file at the path still is the one it speaks of."""
        while self._idle:
            with self._counting:
                kept = self._idle.pop() if self._idle else None
            if kept is not None and kept.file == _file_at(self._path):
                return kept
            if kept is not None:
                kept.db.close()
        return None

    def _give_back(self, kept: _Kept) -> None:
        with self._counting:
            if self._keep() and not kept.db.in_transaction:
                self._idle.append(kept)
                return
        kept.db.close()

    @contextmanager
    def _opened(self, *, careful: bool = True) -> Iterator[sqlite3.Connection]:
        """A connection. A careful one waits for the disk; it is needed only to write, and costs as much as a small query."""
        held: sqlite3.Connection | None = getattr(self._held, "db", None)
        with self._translated():
            if held is not None:
                if careful:
                    _make_careful(held)
                yield held
                return
            with closing(self._ready(careful=careful)) as db:
                yield db

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise BadJournal(path=self._path, why=error) from error

    def _ready(self, *, careful: bool) -> sqlite3.Connection:
        db = self._connect()
        try:
            if careful:
                _make_careful(db)
            self._migrate(db)
        except BaseException:
            db.close()
            raise
        return db

    def _connect(self) -> sqlite3.Connection:
        if not self._path.exists():
            private(self._path.parent)
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite would make it readable for others
        # One thread at a time uses it, but not always the same one.
        return sqlite3.connect(self._path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)

    def _migrate(self, db: sqlite3.Connection) -> None:
        newest = len(self._schema)
        if _version(db) == newest:
            return
        _make_careful(db)
        with _transaction(db):
            found = _version(db)  # read again: another process may have been first
            if found > newest:
                raise BadJournal(path=self._path, why=say("it was written by a newer exoalias (version {found})", found=found))
            for script in self._schema[found:]:
                for statement in script.split(";"):
                    db.execute(statement)
            db.execute(f"PRAGMA user_version = {newest}")


def _file_at(path: Path) -> tuple[int, int] | None:
    """Which file is there now; None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - as quick as can be: asked at each check
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _make_careful(db: sqlite3.Connection) -> None:
    """Wait for the disk, and overwrite what is deleted; for every file of this connection."""
    for _, schema, _path in db.execute("PRAGMA database_list").fetchall():
        db.execute(f"PRAGMA {schema}.synchronous = FULL")
        db.execute(f"PRAGMA {schema}.secure_delete = ON")


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])
