"""What a scenario is when nothing is said about it."""

from __future__ import annotations

from exoalias.simulator.faults import Faults
from exoalias.simulator.story import Scenario, Turn


def test_left_alone_a_story_is_the_procedure_itself() -> None:
    story = Scenario("plain", "Nothing special.", 0, 2)
    assert story.turns == (Turn("delegated", "sign_in"), Turn("delegated", "sign_in"))
    assert (story.way, story.consent, story.instance_sign_in, story.admin_roles) == ("password", "allow", "local", ("admin",))
    assert story.faults == Faults()
