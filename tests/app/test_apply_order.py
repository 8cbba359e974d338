"""In which order a write is carried out: the intent is on the disk before the deed, its outcome after; nobody is written over.

A far side that only remembers stands in here: what matters is what the journal's file holds at the moment of each call.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from exoalias.adapters.instance.servicenow import FieldState
from exoalias.adapters.keeping.journal import Journal
from exoalias.app.apply import _carry_out
from exoalias.app.written import SET_FIELD, facts_of
from exoalias.domain.plan import SetField
from exoalias.domain.problems import OutcomeUnknown, Problem, RecordMoved, WriteIgnored
from exoalias.domain.records import SysId

if TYPE_CHECKING:
    from pathlib import Path

    from exoalias.adapters.instance.servicenow import Instance
    from exoalias.app.world import World

RECORD, OLD, NEW, OTHER = (SysId(letter * 32) for letter in "abcd")


@dataclass
class Remembering:
    """Holds one field, and notes for each call what another process would find unfinished in the journal just then."""

    journal: Path
    value: str = OLD
    mod_count: int = 3
    fails: Problem | None = None
    calls: list[tuple[str, int]] = field(default_factory=list)

    def _state(self, call: str) -> FieldState:
        self.calls.append((call, len(Journal(self.journal).unfinished("acme"))))
        return FieldState(self.value, self.value, self.mod_count, None, "somebody")

    def reread(self, step: SetField) -> FieldState:
        """The field as it stands."""
        return self._state("reread")

    def write(self, step: SetField) -> FieldState:
        """Write it, or fail as told."""
        self._state("write")
        if self.fails is not None:
            raise self.fails
        self.value, self.mod_count = step.after, self.mod_count + 1
        return FieldState(self.value, self.value, self.mod_count, None, "we")


def the_step() -> SetField:
    return SetField(
        table="oauth_2_0_credentials",
        record=RECORD,
        record_name="MS Graph 1",
        field="oauth_entity_profile",
        before=OLD,
        before_shown="old",
        after=NEW,
        after_shown="new",
        mod_count=3,
        updated_on=None,
    )


def carry(far: Remembering) -> str:
    open_to_all = SimpleNamespace(kind="test")
    world = cast("World", SimpleNamespace(journal=Journal(far.journal), book=SimpleNamespace(get=lambda _name: open_to_all)))
    return _carry_out(world, "acme", cast("Instance", far), the_step(), (SET_FIELD, facts_of(the_step(), "run")))[0]


def results(far: Remembering) -> list[str]:
    return [entry.result for entry in Journal(far.journal).entries("acme")]


@pytest.fixture
def far(tmp_path: Path) -> Remembering:
    return Remembering(tmp_path / "journal.db")


def test_the_intent_is_on_the_disk_before_the_first_byte_and_closed_after_the_last(far: Remembering) -> None:
    carry(far)
    assert far.calls == [("reread", 1), ("write", 1)]
    assert far.value == NEW
    assert len(results(far)) == 1
    assert Journal(far.journal).unfinished("acme") == ()


@pytest.mark.parametrize(("value", "mod_count"), [(OTHER, 3), (OTHER, 4), (OLD, 4), ("", 3)])
def test_a_record_that_moved_is_never_written(far: Remembering, value: str, mod_count: int) -> None:
    far.value, far.mod_count = value, mod_count
    with pytest.raises(RecordMoved):
        carry(far)
    assert far.calls == [("reread", 1)]
    assert results(far) == ["record-moved"]


def test_what_holds_already_is_not_written(far: Remembering) -> None:
    far.value = NEW
    carry(far)
    assert far.calls == [("reread", 1)]
    assert results(far) == ["already"]


def test_a_write_that_failed_is_closed_with_its_reason(far: Remembering) -> None:
    far.fails = WriteIgnored(host="acme", record="MS Graph 1", field="oauth_entity_profile")
    with pytest.raises(WriteIgnored):
        carry(far)
    assert results(far) == ["write-ignored"]


def test_an_outcome_nobody_knows_stays_open(far: Remembering) -> None:
    far.fails = OutcomeUnknown(record="MS Graph 1", host="acme", why="no answer")
    with pytest.raises(OutcomeUnknown):
        carry(far)
    assert len(Journal(far.journal).unfinished("acme")) == 1
