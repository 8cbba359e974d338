"""The database file: versions, all-or-nothing changes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.database import Database
from exoalias.domain.problems import BadJournal

if TYPE_CHECKING:
    from pathlib import Path

FIRST = "CREATE TABLE a (x TEXT); CREATE TABLE b (x TEXT)"
SECOND = "ALTER TABLE a ADD COLUMN y TEXT"


def test_an_older_file_is_brought_forward_and_keeps_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "f"
    with Database(path, (FIRST,)).change() as db:
        db.execute("INSERT INTO a VALUES ('1')")
    newer = Database(path, (FIRST, SECOND))
    assert newer.rows("SELECT x, y FROM a WHERE x = ?", "1") == [("1", None)]


def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    Database(tmp_path / "f", (FIRST, SECOND)).rows("SELECT * FROM a")
    with pytest.raises(BadJournal, match="newer exoalias"):
        Database(tmp_path / "f", (FIRST,)).rows("SELECT * FROM a")


def test_a_change_that_fails_leaves_nothing(tmp_path: Path) -> None:
    file = Database(tmp_path / "f", (FIRST,))

    def half_done() -> None:
        with file.change() as db:
            db.execute("INSERT INTO a VALUES ('1')")
            raise KeyError

    with pytest.raises(KeyError):
        half_done()
    assert file.rows("SELECT * FROM a") == []


def test_every_connection_waits_for_the_disk(tmp_path: Path) -> None:
    file = Database(tmp_path / "f", (FIRST,))
    assert file.rows("PRAGMA synchronous") == [(2,)]  # FULL


def test_a_folder_that_cannot_be_made_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadJournal):
        Database(tmp_path / "file" / "below", (FIRST,)).rows("SELECT 1")


def test_the_version_is_in_the_file(tmp_path: Path) -> None:
    Database(tmp_path / "f", (FIRST, SECOND)).rows("SELECT 1")
    with closing(sqlite3.connect(tmp_path / "f")) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (2,)
