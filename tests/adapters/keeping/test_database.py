"""The database file: versions, all-or-nothing changes."""

from __future__ import annotations

import sqlite3
import threading
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


def connection_of(file: Database) -> int:
    """Which connection a block has."""
    with file.held():
        file.rows("SELECT 1")
        return id(file._held.db)


def test_a_kept_connection_serves_the_next_block_of_any_thread(tmp_path: Path) -> None:
    keeping = [True]
    file = Database(tmp_path / "f", (FIRST,), lambda: keeping[0])
    first, found = connection_of(file), list[int]()
    with file.change() as db:
        db.execute("INSERT INTO a VALUES ('1')")
    thread = threading.Thread(target=lambda: found.append(connection_of(file)))
    thread.start()
    thread.join()
    assert found == [first]
    with file.held():
        assert file.rows("SELECT x FROM a") == [("1",)]
    keeping[0] = False
    connection_of(file)
    assert file._idle == []


def test_two_blocks_at_a_time_have_two_connections(tmp_path: Path) -> None:
    file = Database(tmp_path / "f", (FIRST,), lambda: True)
    with file.held():
        mine, found = id(file._held.db), list[int]()
        thread = threading.Thread(target=lambda: found.append(connection_of(file)))
        thread.start()
        thread.join()
    assert found != [mine]
    assert len(file._idle) == 2
    file.close_idle()
    assert file._idle == []


def test_a_kept_connection_of_another_file_is_not_used(tmp_path: Path) -> None:
    file = Database(tmp_path / "f", (FIRST,), lambda: True)
    with file.change() as db:
        db.execute("INSERT INTO a VALUES ('old')")
    connection_of(file)
    (tmp_path / "f").rename(tmp_path / "g")
    with file.held():
        assert file.rows("SELECT x FROM a") == []
    with file.change() as db:
        db.execute("INSERT INTO a VALUES ('new')")
    assert Database(tmp_path / "f", (FIRST,)).rows("SELECT x FROM a") == [("new",)]
    (tmp_path / "f").unlink()
    with file.held():
        assert file.rows("SELECT x FROM a") == []
    file.close_idle()


def test_a_block_within_a_transaction_of_its_own_is_not_handed_on(tmp_path: Path) -> None:
    file = Database(tmp_path / "f", (FIRST,), lambda: True)
    with file.held():
        file.rows("BEGIN")
    assert file._idle == []
