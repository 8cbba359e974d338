"""Unlocks: in their customer's file, read for many at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from exoalias.adapters.keeping.customers import slug_of
from exoalias.adapters.keeping.journal_files import JournalFiles
from exoalias.adapters.keeping.unlocks import Unlock, Unlocks

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
ONE, OTHER = (Unlock(NOW, NOW + timedelta(minutes=n), NOW) for n in (30, 60))
WHOSE = {"a": "Acme", "b": "Beta", "g": ""}


class Whose:
    """The customers of the instances above."""

    def customer_of(self, name: str) -> str:
        return WHOSE.get(name, "")

    def lies_with(self, name: str, customer: str) -> bool:
        return self.customer_of(name) == customer


def test_they_come_back_and_go(tmp_path: Path) -> None:
    unlocks = Unlocks(JournalFiles(tmp_path / "j", Whose()))
    assert unlocks.get("a") is None
    unlocks.put("a", ONE)
    unlocks.put("a", OTHER)
    assert unlocks.get("a") == OTHER
    assert unlocks.remove("a")
    assert not unlocks.remove("a")
    assert unlocks.get("a") is None


def test_many_are_read_at_once_and_no_file_is_made_for_it(tmp_path: Path) -> None:
    unlocks = Unlocks(JournalFiles(tmp_path / "j", Whose()))
    assert unlocks.among(WHOSE) == {}
    assert list(tmp_path.rglob("*")) == []
    unlocks.put("a", ONE)
    unlocks.put("g", OTHER)
    assert unlocks.among(WHOSE) == {"a": ONE, "g": OTHER}
    assert unlocks.among({"g": "", "b": "Beta"}) == {"g": OTHER}
    assert (tmp_path / "customers" / slug_of("Acme") / "j").exists()
    assert not (tmp_path / "customers" / slug_of("Beta")).exists()
