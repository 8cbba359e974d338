"""Apply and undo against the simulator: one field at a time, nothing unplanned, nothing over a moved record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.instance.servicenow import Instance
from exoalias.app.apply import apply, undo
from exoalias.app.check import check
from exoalias.app.control import Control
from exoalias.app.entrance import enter
from exoalias.domain.events import StepDone
from exoalias.domain.problems import (
    AnotherRun,
    AnotherUser,
    NothingToUndo,
    NotSignedIn,
    RecordMoved,
    Stopped,
    UsageProblem,
    WriteIgnored,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.app.playing import Played


def _results(played: Played) -> list[tuple[str, str]]:
    return [(e.kind, e.result) for e in played.world.journal.entries(played.name)]


def _profiles(played: Played) -> set[str | None]:
    plan = check(played.world, played.name, played.tell).plan
    return {step.before for step in plan.writes}


@pytest.mark.parametrize("scenario", ["profile-missing", "profile-wrong"])
def test_apply_writes_the_plan_and_undo_puts_it_back(play: Callable[[str], Played], scenario: str) -> None:
    played = play(scenario)
    plan = check(played.world, played.name, played.tell).plan
    before = {step.before for step in plan.writes}
    checked = apply(played.world, played.name, plan, played.tell)
    assert checked.plan.writes == ()
    assert [(w["table"], w["sys_id"], w["fields"]) for w in played.writes] == [
        (step.table, step.record, [step.field]) for step in plan.writes
    ]
    assert _results(played) == [("set-field", "written")] * 2
    assert [e.step for e in played.told if isinstance(e, StepDone)] == list(plan.writes)

    # The same plan again: it says so and writes nothing.
    apply(played.world, played.name, plan, played.tell)
    assert len(played.writes) == 2
    assert _results(played)[2:] == [("set-field", "already")] * 2

    undone = undo(played.world, played.name, played.tell)
    assert {step.before for step in undone.plan.writes} == before
    assert [w["sys_id"] for w in played.writes[2:]] == [step.record for step in reversed(plan.writes)]
    with pytest.raises(NothingToUndo):
        undo(played.world, played.name, played.tell)
    assert len(played.writes) == 4


def test_a_plan_read_as_one_user_is_not_written_as_another(play: Callable[[str], Played]) -> None:
    """Between looking and writing the session may have been locked, and somebody else may have signed in."""
    played = play("profile-missing")
    plan = check(played.world, played.name, played.tell).plan
    assert plan.user == enter(played.world, played.name).user
    with pytest.raises(AnotherUser, match=r"somebody\.else was before"):
        apply(played.world, played.name, replace(plan, user="somebody.else"), played.tell)
    assert (played.writes, _results(played)) == ([], [])
    apply(played.world, played.name, replace(plan, user=plan.user.upper()), played.tell)
    assert len(played.writes) == 2


def test_a_record_that_moved_is_left_alone(play: Callable[[str], Played]) -> None:
    played = play("moved-meanwhile")
    plan = check(played.world, played.name, played.tell).plan
    with pytest.raises(RecordMoved, match="MS Graph 1"):
        apply(played.world, played.name, plan, played.tell)
    assert played.writes == []
    assert _results(played) == [("set-field", "record-moved")]
    assert played.world.journal.unfinished(played.name) == ()


def test_undo_leaves_what_somebody_else_set(play: Callable[[str], Played]) -> None:
    played = play("profile-wrong")
    plan = check(played.world, played.name, played.tell).plan
    apply(played.world, played.name, plan, played.tell)
    first, second = plan.writes
    instance = enter(played.world, played.name)
    instance.write(replace(first, before=first.after, after=""))  # somebody else's doing
    undo(played.world, played.name, played.tell)
    assert [w["sys_id"] for w in played.writes[3:]] == [second.record]
    with pytest.raises(NothingToUndo, match="changed by"):
        undo(played.world, played.name, played.tell)
    instance.write(replace(first, before="", after=first.before))  # they put it back themselves
    undo(played.world, played.name, played.tell)
    with pytest.raises(NothingToUndo, match="already"):
        undo(played.world, played.name, played.tell)
    assert len(played.writes) == 5


def test_a_write_that_is_ignored_stops_it(play: Callable[[str], Played]) -> None:
    played = play("write-ignored")
    plan = check(played.world, played.name, played.tell).plan
    with pytest.raises(WriteIgnored):
        apply(played.world, played.name, plan, played.tell)
    assert [w["sys_id"] for w in played.writes] == [plan.writes[0].record]
    assert _results(played) == [("set-field", "write-ignored")]
    with pytest.raises(NothingToUndo):
        undo(played.world, played.name, played.tell)


def test_what_is_refused_before_a_byte_is_sent(play: Callable[[str], Played]) -> None:
    played = play("profile-missing")
    plan = check(played.world, played.name, played.tell).plan
    with pytest.raises(UsageProblem, match="not the address"):
        apply(played.world, played.name, replace(plan, origin="https://other.example"), played.tell)
    foreign = replace(plan, steps=(replace(plan.writes[0], field="client_secret"),))
    with pytest.raises(ValueError, match="does not do"):
        apply(played.world, played.name, foreign, played.tell)
    with played.world.journal.claim(played.name), pytest.raises(AnotherRun):
        apply(played.world, played.name, plan, played.tell)
    control = Control()
    control.cancel()
    with pytest.raises(Stopped, match="0 of 2"):
        apply(played.world, played.name, plan, played.tell, control)
    assert played.writes == []


def test_cancel_between_two_writes(play: Callable[[str], Played]) -> None:
    played = play("profile-missing")
    control = Control()

    def tell(event: object) -> None:
        if isinstance(event, StepDone):
            control.cancel()

    with pytest.raises(Stopped) as stopped:
        apply(played.world, played.name, check(played.world, played.name, played.tell).plan, tell, control)
    assert stopped.value.words == "Applying the plan was stopped. 1 of 2 fields were written."
    assert len(played.writes) == 1


@pytest.mark.parametrize(("after", "says"), [(0, ""), (1, "1 of 2 fields were written."), (2, "2 of 2 fields were written.")])
def test_who_does_not_sign_in_again_is_told_what_was_written(
    play: Callable[[str], Played], monkeypatch: pytest.MonkeyPatch, after: int, says: str
) -> None:
    """The session ends in the middle of a plan, at its next request: the record's, or that of the check at the end."""
    played = play("profile-missing")
    plan = check(played.world, played.name, played.tell).plan

    def gone(*_: object) -> None:
        raise NotSignedIn(instance=played.name, why="it was cancelled.")

    def end() -> None:
        monkeypatch.setattr(Instance, "reread", gone)
        monkeypatch.setattr(Instance, "read", gone)

    def tell(event: object) -> None:
        if isinstance(event, StepDone) and len(played.writes) == after:
            end()

    if not after:
        end()
    with pytest.raises(NotSignedIn) as met:
        apply(played.world, played.name, plan, tell)
    assert len(played.writes) == after
    assert met.value.words == f"Nobody signed in to {played.name}: it was cancelled. {says}".rstrip()
