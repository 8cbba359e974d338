"""A few of the sign-ins that `python3 dev.py soak sign-in` plays by the hundred; and that a violation would be seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from exoalias.domain.events import Phase
from exoalias.domain.happenings import Which
from exoalias.domain.identity import Accepted
from exoalias.domain.problems import AnotherRun
from exoalias.domain.target import Tier
from exoalias.simulator.scenario import Turn
from tests.journeys.beside import Ending
from tests.journeys.people import Beside, Played, draw_play, one_at_a_time, played
from tests.journeys.sitting_in import BOTH

if TYPE_CHECKING:
    from pathlib import Path

    from exoalias.domain.identity import Expectation
    from exoalias.domain.target import HomeAccount
    from tests.journeys.people import Play
    from tests.journeys.sitting_in import Desk


@pytest.mark.browser
@pytest.mark.parametrize("number", [*range(8), 9, 10])  # 8 waits a minute for a token that does not come
def test_whatever_they_do(tmp_path: Path, number: int) -> None:
    play = draw_play(number)
    print(play.words)
    done = played(play, tmp_path)
    assert done.violations == []


def test_the_plays_are_many_and_different() -> None:
    plays = [draw_play(number) for number in range(500)]
    assert len({play.words.partition(":")[2] for play in plays}) == 500
    assert 100 < sum(play.must_hold for play in plays) < 400, "neither all harmless nor all hopeless"
    assert {turn.person for play in plays for turn in play.turns} == {"delegated", "colleague", "guest", "namesake", "admin"}
    assert draw_play(7) == draw_play(7)
    closed = {(play.closes.phase, play.closes.windows) for play in plays if play.closes is not None}
    assert {phase for phase, _ in closed} == set(Phase) - {Phase.DONE, Phase.BY_HAND}  # by hand there is no window of ours
    assert {windows for _, windows in closed} == {(Which.A,), (Which.B,), (Which.A, Which.B)}
    beside = {(play.beside.same, play.beside.apart) for play in plays if play.beside is not None}
    assert beside == {(same, apart) for same in (False, True) for apart in (False, True)}


def _calm(*, credentials: tuple[str, ...], beside: Beside) -> Play:
    """Everybody does what they came for."""
    calm = replace(draw_play(1), admin_moves=(), faults={}, closes=None, cancels=None, second_opinion=False)
    turns = (Turn("delegated"), Turn("delegated"))
    return replace(calm, turns=turns, instance_sign_in="local", know_object_id=True, credentials=credentials, beside=beside)


@pytest.mark.browser
@pytest.mark.parametrize("same", [True, False], ids=["the same credential", "another credential"])
def test_who_comes_in_the_middle_is_refused_by_name(tmp_path: Path, *, same: bool) -> None:
    done = played(_calm(credentials=BOTH[:1], beside=Beside(same, Phase.INSTANCE, apart=False)), tmp_path)
    assert done.violations == []
    assert done.problem is None
    assert done.second is not None
    assert (done.second.problem, done.second.stored) == ("another-run", [])


@pytest.mark.browser
@pytest.mark.parametrize("same", [True, False], ids=["the same credential", "another credential"])
def test_two_computers_at_once_each_tell_their_own_ending(tmp_path: Path, *, same: bool) -> None:
    done = played(_calm(credentials=BOTH[:1], beside=Beside(same, Phase.STARTING, apart=True)), tmp_path)
    assert done.violations == []
    assert done.second is not None
    assert done.second.problem or done.second.stored


def test_a_second_run_that_ends_in_the_middle_is_a_violation_unless_it_was_refused() -> None:
    play = _calm(credentials=BOTH[:1], beside=Beside(same=True, begins=Phase.INSTANCE, apart=False))
    refused, served = Ending("another-run", over=1.0), Ending(stored=[BOTH[0]], over=1.0)
    desk = cast("Desk", None)  # it looks at nothing else
    one_at_a_time(desk, Played(play, second=refused, over=2.0))
    one_at_a_time(desk, Played(play, second=served, over=0.5))  # afterwards, alone
    with pytest.raises(AssertionError, match="in the middle"):
        one_at_a_time(desk, Played(play, second=served, over=2.0))
    with pytest.raises(AssertionError, match="each was refused"):
        one_at_a_time(desk, Played(play, problem=AnotherRun(instance="acme"), second=refused, over=2.0))


@pytest.mark.browser
def test_a_violation_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a gate that takes anybody for the delegated user."""

    def anybody(_expected: Expectation, said: HomeAccount, _opinion: object = None) -> Accepted:
        return Accepted(said, Tier.ENTERED)

    monkeypatch.setattr("exoalias.domain.identity.judge", anybody)
    calm = replace(draw_play(1), admin_moves=(), faults={}, closes=None, cancels=None, second_opinion=False, credentials=BOTH)
    done = played(replace(calm, turns=(Turn("colleague"),), instance_sign_in="local"), tmp_path)
    assert [violation.partition(":")[0] for violation in done.violations] == ["tokens"]


def test_a_play_of_the_wrong_person_need_not_hold() -> None:
    play = next(p for p in map(draw_play, range(500)) if p.must_hold)
    assert not replace(play, turns=(Turn("colleague"),)).must_hold
    assert not replace(play, turns=(Turn(moves=("close",)),)).must_hold
    assert not replace(play, faults={"os_account": "admin"}).must_hold
