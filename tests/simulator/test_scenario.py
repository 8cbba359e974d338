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


@pytest.mark.parametrize("seed", range(20))
def test_people_are_told_apart(seed: int) -> None:
    people = draw(seed).people
    assert len({person.object_id for person in people.values()}) == len(people)
    assert len({person.upn for person in people.values()}) == len(people)
    assert all(person.upn == person.upn.lower() and person.upn.isascii() for person in people.values())
    assert people["delegated"].display_name == people["namesake"].display_name
    assert people["guest"].guest_object_id
    assert people["guest"].home != people["delegated"].home


def test_a_seed_is_a_world() -> None:
    assert draw(7) == draw(7) != draw(8)
    assert draw() != draw()
    assert draw(7).sys_id("a") == draw(7).sys_id("a") != draw(8).sys_id("a")
    assert draw(7).stream("a").random() == draw(7).stream("a").random() != draw(7).stream("b").random()
