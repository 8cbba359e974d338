"""What the journal says about a day: of each credential by its name, from what checks kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.entries import InstanceEntry
from exoalias.app.check import judged
from exoalias.app.history import day_of, told_of
from exoalias.domain.ids import SysId
from exoalias.domain.ownership import RowState, Verdict
from exoalias.domain.problems import UnknownInstance, UsageProblem
from tests.app.crowd import world_of
from tests.domain.build import MS1, MS2, NOW, PROOFS, SIGNED_IN
from tests.domain.build import World as Records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from exoalias.app.world import World

NAME = "acme"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = world_of(tmp_path, ())
    made.book.put(InstanceEntry(NAME, "https://acme.service-now.com", "u"))
    for proof, name in zip(PROOFS, ("MS Graph 1", "MS Graph 2"), strict=True):
        made.journal.note(NAME, "sign-in", {"credential": name, "record": proof.credential})
        made.journal.add_proof(NAME, proof)
    yield made
    made.close()


def checked(world: World, records: Records, at: datetime) -> None:
    """A check that saw these records at that time."""
    judged(replace(world, clock=lambda: at), NAME, records.snapshot, records.target)


def verdicts(world: World, day: date) -> dict[str, Verdict]:
    return {told.name: told.answer.verdict for told in told_of(world, NAME, day)}


def test_for_every_day_since_the_sign_in(world: World) -> None:
    first, later = SIGNED_IN + timedelta(days=1), SIGNED_IN + timedelta(days=3)
    checked(world, Records(), first)
    renewed = Records().with_row("tokens", mod_count=1)
    checked(world, renewed, later)
    world = replace(world, clock=lambda: later + timedelta(days=1))
    at = SIGNED_IN.date()
    assert verdicts(world, at - timedelta(days=1)) == {"MS Graph 1": Verdict.NO_SIGN_IN, "MS Graph 2": Verdict.NO_SIGN_IN}
    assert verdicts(world, at) == {"MS Graph 1": Verdict.UNCHANGED, "MS Graph 2": Verdict.UNCHANGED}
    assert verdicts(world, at + timedelta(days=1)) == {"MS Graph 1": Verdict.UNCHANGED, "MS Graph 2": Verdict.UNCHANGED}
    assert verdicts(world, at + timedelta(days=2)) == {"MS Graph 1": Verdict.NOT_LOOKED, "MS Graph 2": Verdict.UNCHANGED}
    assert verdicts(world, at + timedelta(days=3)) == {"MS Graph 1": Verdict.CHANGED, "MS Graph 2": Verdict.UNCHANGED}
    assert verdicts(world, at + timedelta(days=4)) == {"MS Graph 1": Verdict.CHANGED, "MS Graph 2": Verdict.NOT_LOOKED}


def test_what_a_check_keeps_is_small_and_holds_no_secret(world: World) -> None:
    for hour in range(5):
        checked(world, Records(), NOW.replace(hour=hour))
    looks = world.journal.looks.of(NAME)
    assert [(look.credential, look.state) for look in looks] == [(MS1, RowState.SAME), (MS2, RowState.SAME)]
    (text,) = world.journal.files.rows(NAME, "SELECT group_concat(credential || sign_in || state || first || last) FROM look")
    assert "token" not in str(text)
    assert len(str(text)) < 300


def test_the_window_and_the_journal_say_the_same_of_today(world: World) -> None:
    now = SIGNED_IN + timedelta(days=2)
    checked(world, Records(), now)
    found = Records().found("credential.owner", MS1).found
    told = {each.name: each.answer.says for each in told_of(replace(world, clock=lambda: now), NAME, now.date())}
    sentence = found.partition(". ")[2]
    assert sentence.startswith("Last proven to be object id")
    assert told["MS Graph 1"].startswith(sentence)


def test_a_credential_without_a_name_is_called_by_its_record(world: World) -> None:
    nameless = SysId("e0" * 16)
    world.journal.add_proof(NAME, replace(PROOFS[0], credential=nameless))
    assert [told.name for told in told_of(world, NAME, SIGNED_IN.date())] == [str(nameless), "MS Graph 1", "MS Graph 2"]


def test_a_day_to_come_or_an_instance_nobody_knows(world: World) -> None:
    world = replace(world, clock=lambda: datetime(2026, 11, 29, 23, 0, tzinfo=UTC))
    assert told_of(world, NAME, date(2026, 11, 29))
    with pytest.raises(UsageProblem, match="still to come"):
        told_of(world, NAME, date(2026, 11, 30))
    with pytest.raises(UnknownInstance):
        told_of(world, "nobody", date(2026, 11, 1))


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "20.11.2026", "2026-11-20 12:00"])
def test_how_a_day_is_written(text: str) -> None:
    assert day_of(" 2026-11-20 ") == date(2026, 11, 20)
    with pytest.raises(UsageProblem, match="2026-11-20"):
        day_of(text)
