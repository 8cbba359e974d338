"""Check reads, judges, remembers; it changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.app.check import check
from exoalias.app.control import Control
from exoalias.domain.events import Checked
from exoalias.domain.problems import Hibernating, SignInRefused, Stopped, UnknownInstance

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.app.playing import Played


def test_a_check_changes_nothing_and_the_second_costs_one_round_trip(play: Callable[[str], Played]) -> None:
    played = play("profile-missing")
    first = check(played.world, played.name, played.tell)
    assert [s.record_name for s in first.plan.writes] == ["MS Graph 1", "MS Graph 2"]
    assert not first.checklist.holds
    assert played.told[-1] == first
    again = check(played.world, played.name, played.tell)
    assert again.checklist.round_trips == 1
    assert again.plan == first.plan
    assert sum(isinstance(e, Checked) for e in played.told) == 2
    assert played.writes == []
    methods = {row["method"] for row in played.far_side.record()["requests"]}
    assert methods <= {"GET", "POST"}  # POST: the batches that read


@pytest.mark.parametrize(("scenario", "problem"), [("hibernating", Hibernating), ("basic-auth-refused", SignInRefused)])
def test_what_the_far_side_refuses(play: Callable[[str], Played], scenario: str, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        play(scenario)


def test_unknown_and_stopped(play: Callable[[str], Played]) -> None:
    played = play("happy")
    with pytest.raises(UnknownInstance):
        check(played.world, "nobody", played.tell)
    control = Control()
    control.cancel()
    with pytest.raises(Stopped):
        check(played.world, played.name, played.tell, control)
