"""The scenarios of the other ways in."""

from __future__ import annotations

import pytest

from exoalias.simulator.scenario import CLONES, SCENARIOS, known, scenario
from exoalias.simulator.scenario_ways import WAYS_IN


@pytest.mark.parametrize("name", WAYS_IN)
def test_each_is_found_by_name_and_ends_well(name: str) -> None:
    story = scenario(name)
    assert story.name == name
    assert story.says.endswith(".")
    assert (story.exit_code, story.tokens_after) == (0, 2)
    assert story.way not in story.faults.closed


def test_no_name_means_two_things() -> None:
    assert set(known()) == {*SCENARIOS, *WAYS_IN, *CLONES}
    assert not set(SCENARIOS) & set(WAYS_IN)
    assert all(story.way == "password" for story in SCENARIOS.values())


def test_the_other_ways_are_tried_where_a_password_alone_is_refused_or_a_session_dies() -> None:
    for story in WAYS_IN.values():
        assert story.faults.basic_auth_gate or story.faults.wants_code or story.faults.session_dies_after
