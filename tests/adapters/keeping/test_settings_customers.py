"""Instances of customers: one list, unique names, one spelling of a customer, and a list that may be a moment old."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping import settings as module
from exoalias.adapters.keeping.customers import slug_of
from exoalias.adapters.keeping.entries import InstanceEntry
from exoalias.adapters.keeping.lock import alone
from exoalias.adapters.keeping.settings import InstanceBook, Places
from exoalias.domain.problems import AnotherRun, BadSettings, UnknownInstance, UsageProblem

if TYPE_CHECKING:
    from pathlib import Path

ONE = InstanceEntry("one", "https://one.service-now.com", "u", customer="Acme GmbH")
TWO = InstanceEntry("two", "https://two.service-now.com", "u", customer="Beta")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.below(tmp_path)


@pytest.fixture
def book(places: Places) -> InstanceBook:
    return InstanceBook(places.settings_file)


def test_each_customer_has_folders(places: Places, book: InstanceBook) -> None:
    book.put_all((ONE, TWO))
    for entry in (ONE, TWO):
        file = places.of_customer(entry.customer).settings_file
        assert slug_of(entry.customer) in file.parts
        text = file.read_text("utf-8")
        assert text.startswith(f'customer = "{entry.customer}"\n')
        assert text.count("customer") == 1, "said once for all of them"
    assert not places.settings_file.exists()
    assert places.of_customer("") == places
    assert book.customers() == ("Acme GmbH", "Beta")
    assert [book.customer_of(name) for name in ("one", "two", "nobody")] == ["Acme GmbH", "Beta", ""]


def test_a_customer_keeps_its_first_spelling_while_others_use_it(book: InstanceBook) -> None:
    book.put(ONE)
    book.put(TWO._replace(customer="  ACME   gmbh "))
    assert {entry.customer for entry in book.all()} == {"Acme GmbH"}
    book.remove("two")
    book.put(ONE._replace(customer="ACME GmbH"))
    assert book.customers() == ("ACME GmbH",)
    with pytest.raises(UsageProblem, match="80"):
        book.put(ONE._replace(customer="x" * 81))


def test_a_name_is_one_instances_in_all_files(book: InstanceBook) -> None:
    book.put_all((ONE, TWO))
    book.put(ONE._replace(customer="Beta", user="other"))
    assert [(e.name, e.customer, e.user) for e in book.all()] == [("two", "Beta", "u"), ("one", "Beta", "other")]


def test_unknown_keys_move_along(places: Places, book: InstanceBook) -> None:
    book.put(ONE)
    file = places.of_customer("Acme GmbH").settings_file
    file.write_text(file.read_text("utf-8").replace("[instance.one]", '[instance.one]\ncolour = "blue"'), "utf-8")
    book.put(ONE._replace(customer="Beta"))
    assert 'colour = "blue"' in places.of_customer("Beta").settings_file.read_text("utf-8")
    assert not file.exists()


def test_what_else_a_customers_file_says_keeps_it(places: Places, book: InstanceBook) -> None:
    book.put(ONE)
    file = places.of_customer("Acme GmbH").settings_file
    file.write_text("later = 3\n" + file.read_text("utf-8"), "utf-8")
    book.remove("one")
    assert "later = 3" in file.read_text("utf-8")
    assert book.all() == ()


def test_one_broken_file(places: Places, book: InstanceBook) -> None:
    book.put_all((ONE, TWO))
    file = places.of_customer("Beta").settings_file
    file.write_text("[broken", "utf-8")
    assert [entry.name for entry in book.all()] == ["one"]
    assert [problem.facts["path"] for problem in book.problems()] == [str(file)]
    for name in ("two", "nobody"):
        with pytest.raises(BadSettings, match="beta-"):
            book.get(name)
        with pytest.raises(BadSettings, match="beta-"):
            book.remove(name)
    book.put(ONE._replace(user="changed"))  # what is known can be changed
    assert book.get("one").user == "changed"
    with pytest.raises(BadSettings):
        book.put(TWO._replace(name="new", customer=""))  # its name may be taken in there
    with pytest.raises(BadSettings):
        book.put(ONE._replace(customer="Beta"))
    assert file.read_text("utf-8") == "[broken"
    file.unlink()
    assert book.problems() == ()
    with pytest.raises(UnknownInstance):
        book.get("two")


def test_all_or_none(places: Places, book: InstanceBook) -> None:
    book.put(ONE)
    with pytest.raises(UsageProblem):
        book.put_all((TWO, ONE._replace(user="changed"), TWO._replace(name="three", customer="x" * 81)))
    assert book.all() == (ONE,)


def test_a_list_in_use_is_said_to_be(book: InstanceBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOCK_WAIT_S", 0.1)
    book.put(ONE)
    with alone(book.path.with_suffix(".lock")), pytest.raises(AnotherRun, match="the list of instances"):
        book.put(TWO)


def test_a_list_may_be_a_moment_old_in_a_block_of_still(
    places: Places, book: InstanceBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = InstanceBook(places.settings_file)
    book.put(ONE)
    now = [100.0]
    monkeypatch.setattr("exoalias.adapters.keeping.settings.time.monotonic", lambda: now[0])
    with book.still():
        assert book.all() == (ONE,)
        elsewhere.put(TWO)
        assert book.all() == (ONE,), "asked a moment ago"
        now[0] += 1.1
        assert book.all() == (ONE, TWO)
        book.put(ONE._replace(user="mine"))
        assert book.get("one").user == "mine", "one's own change is seen at once"
        elsewhere.put(ONE._replace(customer="Beta"))
        assert not book.lies_with("one", "Acme GmbH"), "before it writes, the journal looks"
        assert book.get("one").customer == "Beta"
    elsewhere.remove("two")
    assert [entry.name for entry in book.all()] == ["one"]


def test_many_threads_read_while_one_writes(places: Places, book: InstanceBook) -> None:
    book.put_all((ONE, TWO))
    wrong: list[object] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            names = sorted(entry.name for entry in book.all())
            if names != ["one", "two"]:
                wrong.append(names)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    other = InstanceBook(places.settings_file)
    for n in range(60):
        other.put(ONE._replace(customer=("Acme GmbH", "Beta", "")[n % 3]))
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []
