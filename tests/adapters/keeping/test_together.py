"""An instance goes to another customer with everything known of it, whenever the run that brings it there is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.entries import InstanceEntry
from exoalias.adapters.keeping.settings import Places
from exoalias.adapters.keeping.together import book_and_journal
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.ownership import Look, RowState
from exoalias.domain.problems import AnotherRun, BadJournal, UnknownInstance
from exoalias.domain.records import SysId
from exoalias.domain.target import HomeAccount, Pin, Proof, Tier

if TYPE_CHECKING:
    from pathlib import Path

    from exoalias.adapters.keeping.journal import Journal
    from exoalias.adapters.keeping.settings import InstanceBook

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
ME = HomeAccount("1" * 36, "2" * 36)
MARK = "marker-quokka"
PROD = InstanceEntry(
    f"{MARK} prod", f"https://{MARK}.service-now.com", "admin", DelegatedUser(f"svc@{MARK}.example", "1" * 36), customer="Before"
)
OTHERS = (
    InstanceEntry("general", "https://g.service-now.com", "u"),
    InstanceEntry("mate", "https://m.service-now.com", "u", customer="Before"),
    InstanceEntry("host", "https://h.service-now.com", "u", customer="After"),
)

_MOVES = """
import os, signal, sys
from pathlib import Path
from exoalias.adapters.keeping.settings import Places
from exoalias.adapters.keeping.together import book_and_journal
from exoalias.adapters.machine.clock import utc_now
home, name, customer, at = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
book, journal = book_and_journal(Places.below(home), utc_now)
entry = book.get(name)
seen = 0
def hook(event, arguments):
    global seen
    if event in {"open", "os.rename", "os.remove", "os.rmdir", "sqlite3.connect/handle"}:
        if seen == at:
            os.kill(os.getpid(), signal.SIGKILL)
        seen += 1
import tomli_w, json
sys.addaudithook(hook)
book.put(entry._replace(customer=customer))
"""


def both(home: Path) -> tuple[InstanceBook, Journal]:
    return book_and_journal(Places.below(home), lambda: NOW)


def filled(home: Path, entry: InstanceEntry = PROD) -> tuple[InstanceBook, Journal]:
    """The instance with a write undone, an open intent, a proof, a pin, ids and an unlock; and others around it."""
    book, journal = both(home)
    for each in (*OTHERS, entry):
        book.put(each)
        journal.note(each.name, "seen", {})
    wrote = journal.intend(entry.name, "set-field", {"record": MARK})
    journal.outcome(wrote, "written")
    journal.note(entry.name, "undo", {"undoes": str(wrote)})
    journal.intend(entry.name, "sign-in", {"upn": MARK})
    journal.add_proof(entry.name, Proof(SysId("c" * 32), Tier.ENTERED, ME, f"svc@{MARK}.example", NOW, "s", ()))
    journal.set_pin(entry.name, Pin(ME, Tier.ENTERED, NOW, MARK))
    journal.remember(entry.name, {"ids": {"x": [MARK]}})
    journal.looks.keep(entry.name, (Look(SysId("c" * 32), MARK, RowState.SAME, NOW, NOW),))
    return book, journal


def holding(home: Path, mark: str = MARK) -> set[str]:
    """The files with *mark* in them, without what belongs to nobody."""
    found = {p.relative_to(home).as_posix() for p in home.rglob("*") if p.is_file() and mark.encode() in p.read_bytes()}
    return {name.replace("config/", "").replace("state/", "").partition("-")[0] for name in found}


def complete(home: Path, name: str = PROD.name) -> str:
    """With whom the instance is, after everything of it was seen to be there."""
    book, journal = both(home)
    (entry,) = [each for each in book.all() if each.name == name]
    assert entry._replace(customer="") == PROD._replace(customer="")
    entries = journal.entries(name)
    assert [e.kind for e in entries] == ["seen", "set-field", "undo", "sign-in"]
    assert entries[2].facts["undoes"] == str(entries[1].id)
    assert [e.kind for e in journal.unfinished(name)] == ["sign-in"]
    assert len(journal.proofs(name)) == 1
    assert journal.pin(name) is not None
    assert journal.remembered(name) == {"ids": {"x": [MARK]}}
    assert [(look.sign_in, look.state) for look in journal.looks.of(name)] == [(MARK, RowState.SAME)]
    assert {e.name for e in book.all()} == {name, *(e.name for e in OTHERS)}
    for other in OTHERS:
        assert len(journal.entries(other.name)) == 1
    assert book.problems() == ()
    return entry.customer


def test_nothing_of_one_customer_is_in_anothers_files(tmp_path: Path) -> None:
    filled(tmp_path)
    assert holding(tmp_path) == {"customers/before"}
    assert complete(tmp_path) == "Before"


@pytest.mark.parametrize(("customer", "where"), [("After", "customers/after"), ("New & Co", "customers/new")])
def test_it_moves_with_everything_and_leaves_nothing(tmp_path: Path, customer: str, where: str) -> None:
    book, journal = filled(tmp_path)
    book.put(PROD._replace(customer=customer))
    assert complete(tmp_path) == customer
    assert holding(tmp_path) == {where}
    book.put(PROD._replace(customer="Before"))
    assert complete(tmp_path) == "Before"
    assert holding(tmp_path) == {"customers/before"}
    number = journal.unfinished(PROD.name)[0].id
    journal.outcome(number, "explained")
    assert journal.unfinished(PROD.name) == ()


def test_to_no_customer_and_from_none(tmp_path: Path) -> None:
    book, _ = filled(tmp_path)
    book.put(PROD._replace(customer=""))
    assert complete(tmp_path) == ""
    assert holding(tmp_path) == {"exoalias.toml", "journal.sqlite3"}
    book.put(PROD._replace(customer="After"))
    assert complete(tmp_path) == "After"
    assert holding(tmp_path) == {"customers/after"}


def test_killed_at_any_point_it_is_in_one_place(tmp_path: Path) -> None:
    ended, seen, at = False, set(), 0
    while not ended:
        home = tmp_path / str(at)
        filled(home)
        command = [sys.executable, "-c", _MOVES, str(home), PROD.name, "After", str(at)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode in {0, -signal.SIGKILL}, done.stderr
        ended, at = done.returncode == 0, at + 1
        customer = complete(home)
        seen.add(customer)
        assert holding(home) == {f"customers/{customer.lower()}"}, at
        assert not list(home.rglob("*.pending"))
    assert seen == {"Before", "After"}
    assert at > 15, "so many points were tried"


def test_a_plain_list_finishes_the_files_and_leaves_the_journal_to_who_has_one(tmp_path: Path) -> None:
    from exoalias.adapters.keeping.settings import InstanceBook

    filled(tmp_path)
    alone = InstanceBook(Places.below(tmp_path).settings_file)
    alone.put(PROD._replace(customer="After"))
    assert [e.customer for e in alone.all() if e.name == PROD.name] == ["After"]
    assert complete(tmp_path) == "After"
    assert alone.get(PROD.name).customer == "After"
    assert not list(tmp_path.rglob("*.pending"))


def test_a_running_deed_keeps_it_where_it_is(tmp_path: Path) -> None:
    book, journal = filled(tmp_path)
    entered, leave = threading.Event(), threading.Event()

    def deed() -> None:
        with journal.claim(PROD.name):
            entered.set()
            leave.wait(10)

    running = threading.Thread(target=deed)
    running.start()
    entered.wait(10)
    with pytest.raises(AnotherRun):
        book.put(PROD._replace(customer="After"))
    leave.set()
    running.join()
    assert complete(tmp_path) == "Before"
    with journal.claim(PROD.name):  # whoever holds the claim may move it
        book.put(PROD._replace(customer="After"))
    assert complete(tmp_path) == "After"


def test_a_journal_that_cannot_take_it_is_told_before_anything_is_changed(tmp_path: Path) -> None:
    book, _ = filled(tmp_path)
    broken = Places.below(tmp_path).of_customer("After").journal_file
    broken.write_bytes(b"no SQLite " * 1000)
    with pytest.raises(BadJournal):
        book.put(PROD._replace(customer="After"))
    broken.unlink()
    book, journal = both(tmp_path)
    journal.note("host", "seen", {})
    assert complete(tmp_path) == "Before"


def test_a_journal_damaged_in_the_middle_stays_where_it_was_until_it_is_mended(tmp_path: Path) -> None:
    filled(tmp_path)
    from exoalias.adapters.keeping.settings import InstanceBook

    InstanceBook(Places.below(tmp_path).settings_file).put(PROD._replace(customer="After"))  # the journal has not followed yet
    broken = Places.below(tmp_path).of_customer("After").journal_file
    kept = broken.read_bytes()
    broken.write_bytes(b"no SQLite " * 1000)
    book, journal = both(tmp_path)
    assert book.get(PROD.name).customer == "After"
    assert len(journal.entries(PROD.name)) == 4, "it is read where it lies"
    journal.note(PROD.name, "seen", {})
    broken.write_bytes(kept)
    book, journal = both(tmp_path)
    assert len(journal.entries(PROD.name)) == 5
    assert holding(tmp_path) == {"customers/after"}


def test_numbers_of_two_files_are_not_mistaken(tmp_path: Path) -> None:
    book, journal = both(tmp_path)
    for entry in OTHERS:
        book.put(entry)
    one, other = journal.intend("mate", "deed", {}), journal.intend("host", "deed", {})
    assert int(one) == int(other) == 1
    journal.outcome(other, "done")
    assert [e.result for e in journal.entries("mate")] == [""]
    assert [e.result for e in journal.entries("host")] == ["done"]
    with pytest.raises(ValueError, match="whose"):
        journal.outcome(1, "done")


def test_the_last_instance_takes_its_customers_files_along(tmp_path: Path) -> None:
    book, journal = filled(tmp_path)
    for name in (PROD.name, "mate"):
        journal.forget(name)
        book.remove(name)
    assert book.customers() == ("After",)
    assert not [path for path in tmp_path.rglob("*") if "before" in path.name]
    assert holding(tmp_path) == set()
    with pytest.raises(UnknownInstance):
        book.get(PROD.name)


def test_while_one_moves_the_others_write(tmp_path: Path) -> None:
    """Writers beside moves: every row is kept, and in the end none is in a file of another customer."""
    book, journal = filled(tmp_path)
    stop, wrote = threading.Event(), [0]

    def write() -> None:
        while not stop.is_set():
            journal.note(PROD.name, "note", {"n": MARK})
            wrote[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(12):
            book.put(PROD._replace(customer=("After", "Before", "")[n % 3]))
    finally:
        stop.set()
        writer.join()
    book.put(PROD._replace(customer="After"))
    assert wrote[0] > 0
    assert len([e for e in journal.entries(PROD.name) if e.kind == "note"]) == wrote[0]
    assert holding(tmp_path) == {"customers/after"}
