"""``exoalias journal --on``: whose tokens they were on a day, in sentences and as JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.settings import Places
from exoalias.adapters.keeping.together import book_and_journal
from exoalias.domain.ids import SysId
from exoalias.domain.ownership import Look, RowState
from exoalias.domain.target import HomeAccount, Proof, Tier, TokenMark

if TYPE_CHECKING:
    from tests.cli.program import Program

AT = datetime(2025, 11, 10, 9, 30, tzinfo=UTC)
SEEN = datetime(2025, 11, 12, 8, tzinfo=UTC)
ROW = SysId("c0" * 16)


@pytest.fixture
def acme(program: Program) -> Program:
    """Signed in for on the 10th; the row seen unchanged until the 12th, and changed on the 14th."""
    assert program.run("--this-run-only", "instance", "add", "acme", "--url", "acme.service-now.com").code == 0
    _, journal = book_and_journal(Places.below(program.home), lambda: AT)
    journal.note("acme", "sign-in", {"credential": "MS Graph 1", "record": ROW})
    mark = TokenMark(SysId("t1"), "refresh_token", AT, AT, 0)
    journal.add_proof("acme", Proof(ROW, Tier.SECOND_OPINION, HomeAccount("o-1", "t-1"), "svc@acme.example", AT, "s-1", (mark,)))
    journal.looks.keep("acme", (Look(ROW, "s-1", RowState.SAME, SEEN, SEEN),))
    changed = SEEN.replace(day=14)
    journal.looks.keep("acme", (Look(ROW, "s-1", RowState.CHANGED, changed, changed),))
    return program


@pytest.mark.parametrize(
    ("day", "verdict", "says"),
    [
        ("2025-11-09", "no sign-in", "cannot tell whose token it was"),
        ("2025-11-12", "unchanged", "the row is unchanged since"),
        ("2025-11-13", "not looked", "cannot tell for that day"),
        ("2025-11-14", "changed", "changed since: cannot tell"),
    ],
)
def test_of_any_day(acme: Program, day: str, verdict: str, says: str) -> None:
    shown = acme.run("journal", "acme", "--on", day)
    assert shown.code == 0
    assert shown.out.startswith("MS Graph 1\n    ")
    assert says in " ".join(shown.out.split())
    result = acme.run("journal", "acme", "--on", day, "--json").document["result"]
    (told,) = result["credentials"]
    assert (result["on"], told["credential"], told["record"]) == (day, "MS Graph 1", ROW)
    assert (told["verdict"], told["proven"]) == (verdict, verdict == "unchanged")
    assert says in told["says"]
    if verdict != "no sign-in":
        assert told["sign_in"]["sign_in"] == "s-1"
        assert told["sign_in"]["account"] == {"object_id": "o-1", "tenant_id": "t-1"}


def test_days_that_are_none(acme: Program) -> None:
    assert acme.run("journal", "acme", "--on", "yesterday").code == 2
    assert "still to come" in acme.run("journal", "acme", "--on", "2999-01-01").err


def test_nobody_signed_in_yet(program: Program) -> None:
    assert program.run("--this-run-only", "instance", "add", "acme", "--url", "acme.service-now.com").code == 0
    assert "No sign-in was seen here yet" in program.run("journal", "acme", "--on", "2025-11-12").out
