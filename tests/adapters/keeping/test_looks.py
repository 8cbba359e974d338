"""Looks: kept short, and only what they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.journal_files import JournalFiles
from exoalias.adapters.keeping.looks import Looks
from exoalias.domain.ids import SysId
from exoalias.domain.ownership import Look, RowState

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
ONE, TWO = SysId("c1" * 16), SysId("c2" * 16)
SEEN = Look(ONE, "s-1", RowState.SAME, NOW, NOW)


def later(look: Look, **ago: float) -> Look:
    at = NOW + timedelta(**ago)
    return replace(look, first=at, last=at)


@pytest.fixture
def files(tmp_path: Path) -> JournalFiles:
    return JournalFiles(tmp_path / "journal.sqlite3")


def test_the_same_again_makes_a_look_longer_once_a_day(files: JournalFiles) -> None:
    looks = Looks(files)
    assert looks.of("acme") == ()
    for hours in (0, 1, 13, 14, 15, 40):
        looks.keep("acme", (later(SEEN, hours=hours),))
    assert looks.of("acme") == (replace(SEEN, last=NOW + timedelta(hours=40)),)
    looks.keep("acme", (later(SEEN, hours=41),))
    assert looks.of("acme")[0].last == NOW + timedelta(hours=40), "the same day: nothing is written"


def test_nothing_is_written_where_nothing_is_new(files: JournalFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = Looks(files)
    looks.keep("acme", (SEEN,))

    def written(_instance: str) -> None:
        raise AssertionError

    monkeypatch.setattr(files, "change", written)
    looks.keep("acme", (later(SEEN, hours=2),))
    looks.keep("acme", ())


def test_another_state_sign_in_or_credential_is_a_look_of_its_own(files: JournalFiles) -> None:
    looks = Looks(files)
    seen = (
        SEEN,
        later(replace(SEEN, credential=TWO), hours=1),
        later(replace(SEEN, state=RowState.CHANGED), hours=2),
        later(replace(SEEN, sign_in="s-2"), hours=3),
        later(SEEN, hours=4),
    )
    for each in seen:
        looks.keep("acme", (each,))
    assert looks.of("acme") == seen
    looks.keep("acme", (later(replace(SEEN, sign_in="s-2"), days=2), later(replace(SEEN, credential=TWO), days=2)))
    lasting = {
        (look.credential, look.sign_in, look.state): look.last for look in looks.of("acme") if look.last > NOW + timedelta(days=1)
    }
    assert set(lasting) == {(ONE, "s-2", RowState.SAME), (TWO, "s-1", RowState.SAME)}
    assert looks.of("other") == ()


def test_a_word_of_a_newer_program_is_passed_over(files: JournalFiles) -> None:
    Looks(files).keep("acme", (SEEN,))
    with files.change("acme") as db:
        db.execute("UPDATE look SET state = 'melted'")
    assert Looks(files).of("acme") == ()


def test_forgotten_with_the_instance(files: JournalFiles) -> None:
    Looks(files).keep("acme", (SEEN,))
    files.forget("acme")
    assert Looks(files).of("acme") == ()
