"""Scenarios and casts as data."""

from __future__ import annotations

import pytest

from exoalias.simulator.scenario import RECORD_DEFECTS, SCENARIOS, draw, scenario


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenarios_speak_of_people_and_defects_there_are(name: str) -> None:
    story = SCENARIOS[name]
    assert story.name == name
    assert story.says.endswith(".")
    assert set(story.records) <= set(RECORD_DEFECTS)
    assert {turn.person for turn in story.turns} <= set(draw(1).people)
    assert 0 <= story.exit_code <= 7


def test_every_defect_has_its_scenario() -> None:
    assert set(RECORD_DEFECTS) <= set(SCENARIOS)


def test_a_scenario_can_be_varied_and_a_wrong_name_names_the_right_ones() -> None:
    assert scenario("happy", exit_code=5).exit_code == 5
    with pytest.raises(KeyError, match="happy"):
        scenario("nonsense")
