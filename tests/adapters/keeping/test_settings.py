"""Settings: what isn't understood is kept or refused, never lost."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from exoalias.adapters.keeping.entries import InstanceEntry
from exoalias.adapters.keeping.settings import InstanceBook, Places
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.problems import BadSettings, ListNotWritten, UnknownInstance

ACME = InstanceEntry("acme", "https://acme.service-now.com", "admin")
FULL = InstanceEntry(
    name='Größe "7" [x]',
    origin="https://other.service-now.com",
    user="ädmin",
    delegated_user=DelegatedUser("svc@other.example", "a" * 36, "rooms@other.example"),
    profile="f" * 32,
    profile_name="Profile 'ü'",
    credential_names=("MS Graph 1", "MS Graph 7"),
    public_client_id="b" * 36,
)


@pytest.fixture
def book(tmp_path: Path) -> InstanceBook:
    return InstanceBook(tmp_path / "config" / "exoalias.toml")


def test_entries_come_back_as_they_went(book: InstanceBook) -> None:
    assert book.all() == ()
    book.put(ACME)
    book.put(FULL)
    assert book.all() == (ACME, FULL)
    assert book.get(FULL.name) == FULL
    book.put(FULL._replace(delegated_user=None, profile=""))
    assert book.get(FULL.name) == FULL._replace(delegated_user=None, profile="")
    book.remove("acme")
    assert [e.name for e in book.all()] == [FULL.name]
    for missing in (book.get, book.remove):
        with pytest.raises(UnknownInstance, match="acme"):
            missing("acme")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("no folder at all")
    with pytest.raises(ListNotWritten, match="Not a directory"):
        InstanceBook(tmp_path / "config" / "exoalias.toml").put(ACME)


def test_unknown_keys_are_kept_at_every_level(book: InstanceBook) -> None:
    book.put(ACME._replace(delegated_user=DelegatedUser("a@b.example")))
    text = book.path.read_text("utf-8")
    book.path.write_text(
        "later = [1, 2]\n[window]\nwidth = 3\n"
        + text.replace("[instance.acme]\n", '[instance.acme]\ncolour = "blue"\n').replace(
            'upn = "a@b.example"', 'upn = "a@b.example"\nnote = "x"'
        ),
        "utf-8",
    )
    book.put(ACME._replace(delegated_user=DelegatedUser("c@b.example")))
    after = book.path.read_text("utf-8")
    for kept in ("later = [", "width = 3", 'colour = "blue"', 'note = "x"', "c@b.example"):
        assert kept in after


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[instance.acme\n", "line 1"),
        ('ok = 1\n[instance.acme]\norigin = "https://a.example"\nuser = "u"\nbroken\n', "line 5"),
        ("instance = 3\n", "must be a table"),
        ("[instance]\nacme = 3\n", "must be a table"),
        ('[instance.acme]\nuser = "u"\n', "origin of"),
        ('[instance.acme]\norigin = 7\nuser = "u"\n', "origin of"),
        ('[instance.acme]\norigin = "https://a.example"\nuser = "u"\ndelegated_user = "x"\n', "must be a table"),
        ('[instance.acme]\norigin = "https://a.example"\nuser = "u"\ncredential_names = "x"\n', "list of texts"),
        (
            '[instance.acme]\norigin = "https://a.example"\nuser = "u"\n[instance.acme.delegated_user]\nupn = ""\nmail = "m"\n',
            "upn of",
        ),
    ],
)
def test_a_broken_file_is_refused_and_left_as_it_is(book: InstanceBook, text: str, why: str) -> None:
    book.path.parent.mkdir()
    book.path.write_text(text, "utf-8")
    for use in (book.all, lambda: book.put(FULL), lambda: book.remove("acme")):
        with pytest.raises(BadSettings, match=why):
            use()
    assert book.path.read_text("utf-8") == text


def test_bytes_that_are_no_text_are_refused(book: InstanceBook) -> None:
    book.path.parent.mkdir()
    book.path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSettings):
        book.put(ACME)


def test_only_its_owner_may_read_it(book: InstanceBook) -> None:
    before = os.umask(0)
    try:
        book.put(ACME)
    finally:
        os.umask(before)
    assert stat.S_IMODE(book.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(book.path.parent.stat().st_mode) == 0o700


def test_a_write_that_fails_leaves_the_old_file(book: InstanceBook, monkeypatch: pytest.MonkeyPatch) -> None:
    book.put(ACME)
    before = book.path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ListNotWritten, match="No space left on device"):
        book.put(FULL)
    with pytest.raises(ListNotWritten, match="No space left on device"):
        book.remove("acme")
    with pytest.raises(ListNotWritten, match="No space left on device"):  # two files: a record of it is begun, and taken back
        book.put(ACME._replace(customer="Nord"))
    monkeypatch.undo()
    assert book.all() == (ACME,)
    assert book.path.read_bytes() == before
    assert sorted(path.name for path in book.path.parent.iterdir()) == ["exoalias.lock", "exoalias.toml"]


_PUTS = """
import sys
from pathlib import Path
from exoalias.adapters.keeping.entries import InstanceEntry
from exoalias.adapters.keeping.settings import InstanceBook
book = InstanceBook(Path(sys.argv[1]))
for n in range(15):
    book.put(InstanceEntry(f"{sys.argv[2]}{n}", "https://a.example", "u"))
"""


def test_two_processes_lose_nothing_of_each_other(book: InstanceBook) -> None:
    children = [subprocess.Popen([sys.executable, "-c", _PUTS, str(book.path), name]) for name in "ab"]
    assert [child.wait(60) for child in children] == [0, 0]
    assert len(book.all()) == 30


def test_places_can_be_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, private_home: Path) -> None:
    usual = Places.of_this_user()
    assert usual.settings_file == private_home / "config" / "exoalias" / "exoalias.toml"
    assert usual.journal_file == private_home / "state" / "exoalias" / "journal.sqlite3"
    monkeypatch.setenv("EXOALIAS_HOME", str(tmp_path / "moved"))
    assert Places.of_this_user() == Places.below(Path(tmp_path / "moved"))
