"""The journal's files: one for each customer, nothing written into the wrong one, nothing left of what is deleted."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.customers import slug_of
from exoalias.adapters.keeping.database import Database
from exoalias.adapters.keeping.journal_files import SCHEMA, TABLES, JournalFiles

if TYPE_CHECKING:
    from pathlib import Path

INSERT = "INSERT INTO pin VALUES (?, ?)"


class Whose:
    """Whose the instances are; may change between two looks, as when one is being moved."""

    def __init__(self, *customers: str) -> None:
        self.customers = list(customers)

    def customer_of(self, name: str) -> str:
        return self.customers.pop(0) if len(self.customers) > 1 else self.customers[0]

    def lies_with(self, name: str, customer: str) -> bool:
        return self.customers[0] == customer


def rows(home: Path, customer: str) -> list[tuple[str, str]]:
    path = home / "customers" / slug_of(customer) / "j" if customer else home / "j"
    return Database(path, SCHEMA).rows("SELECT instance, value FROM pin")


def test_each_customer_has_a_file(tmp_path: Path) -> None:
    for customer in ("", "Acme", "Beta"):
        with JournalFiles(tmp_path / "j", Whose(customer)).change("i") as db:
            db.execute(INSERT, ("i", customer))
    assert [rows(tmp_path, customer) for customer in ("", "Acme", "Beta")] == [[("i", "")], [("i", "Acme")], [("i", "Beta")]]


def test_a_change_follows_an_instance_that_just_moved(tmp_path: Path) -> None:
    with JournalFiles(tmp_path / "j", Whose("Old", "New")).change("i") as db:
        db.execute(INSERT, ("i", "x"))
    assert rows(tmp_path, "Old") == []
    assert rows(tmp_path, "New") == [("i", "x")]


def test_every_table_of_the_schema_is_moved_and_forgotten(tmp_path: Path) -> None:
    database = Database(tmp_path / "f", SCHEMA)
    names = {name for (name,) in database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert names - {"sqlite_sequence"} == set(TABLES)
    for table in TABLES:
        assert "instance" in [column[1] for column in database.rows(f"PRAGMA table_info({table})")]


def test_what_is_deleted_is_gone_from_the_file(tmp_path: Path) -> None:
    files = JournalFiles(tmp_path / "j")
    for n in range(50):
        with files.change("i") as db:
            db.execute("INSERT INTO entry (instance, at, kind, facts) VALUES (?, '', '', ?)", (f"quokka{n}", "quokka" * 300))
    for n in range(50):
        files.forget(f"quokka{n}")
    assert b"quokka" not in (tmp_path / "j").read_bytes()


def test_an_empty_file_is_dropped_and_a_full_one_is_not(tmp_path: Path) -> None:
    files = JournalFiles(tmp_path / "j", Whose("Acme"))
    folder = tmp_path / "customers" / slug_of("Acme")
    files.drop("Acme")
    with files.change("i") as db:
        db.execute(INSERT, ("i", "x"))
    files.drop("Acme")
    assert rows(tmp_path, "Acme") == [("i", "x")]
    files.forget("i")
    (folder / "of-somebody-else").write_text("")
    files.drop("Acme")
    assert [path.name for path in folder.iterdir()] == ["of-somebody-else"]
    files.drop("")
    with files.change("i") as db:
        db.execute(INSERT, ("i", "y"))
    assert rows(tmp_path, "Acme") == [("i", "y")]


def test_one_connection_for_a_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = JournalFiles(tmp_path / "j")
    files.ready("")
    opened: list[str] = []
    real = sqlite3.connect

    def counted(path: str, **options: object) -> sqlite3.Connection:
        opened.append(str(path))
        return real(path, **options)  # type: ignore[call-overload, no-any-return] # passed on

    monkeypatch.setattr(sqlite3, "connect", counted)
    with files.held("i"):
        with files.change("i") as db:
            db.execute(INSERT, ("i", "x"))
        assert files.rows("i", "SELECT value FROM pin") == [("x",)]
        _half_done(files)
        assert len(files.rows("i", "SELECT value FROM pin")) == 1
    assert len(opened) == 1
    files.rows("i", "SELECT 1")
    assert len(opened) == 2


def test_connections_are_kept_while_many_are_checked_and_closed_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = JournalFiles(tmp_path / "j")
    files.ready("")
    opened: list[sqlite3.Connection] = []
    real = sqlite3.connect

    def counted(path: str, **options: object) -> sqlite3.Connection:
        opened.append(real(path, **options))  # type: ignore[call-overload] # passed on
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", counted)
    with files.kept_open(), files.kept_open():
        for value in "xyz":
            with files.held("i"), files.change("i") as db:
                db.execute("INSERT OR REPLACE INTO pin VALUES (?, ?)", ("i", value))
    assert len(opened) == 1
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")
    with files.held("i"):
        assert files.rows("i", "SELECT value FROM pin") == [("z",)]
    assert len(opened) == 2


def _half_done(files: JournalFiles) -> None:
    with suppress(KeyError), files.change("i") as db:
        db.execute(INSERT, ("j", "x"))
        raise KeyError


def test_what_happens_in_a_block_is_not_called_the_journals_fault(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="elsewhere"), JournalFiles(tmp_path / "j").held("i"):
        raise OSError("elsewhere")
