"""The whole job, as far as it goes without a browser; the journeys with one are in tests/cli/test_demo.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.settings import Places
from exoalias.app.control import Control
from exoalias.app.demo import playground, prepare, whole_job
from exoalias.app.world import World
from exoalias.domain.problems import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from exoalias.app.far_side import FarSide


@pytest.mark.parametrize("scenario", ["duplicate-credential", "wrong-grant", "cloned", "not-admin"])
def test_a_blocked_plan_ends_it_with_nothing_done(far_side_of: Callable[[str], FarSide], tmp_path: Path, scenario: str) -> None:
    far_side = far_side_of(scenario)
    world = World.simulated_from(far_side.announcement, tmp_path, headless=True)
    checked = whole_job(world, lambda _event: None, Control(interactive=False))
    assert checked.plan.blocked
    assert not checked.checklist.holds
    record = far_side.record()
    assert (record["writes"], record["tokens"], record["authorize"]) == ([], [], [])


def test_a_playground_is_ready_to_be_checked_and_goes_away() -> None:
    world, far_side, name = playground()
    try:
        assert [entry.name for entry in world.book.all()] == [name]
        target = world.target(name)
        assert target.profile
        assert target.delegated_user is not None
        assert target.delegated_user.object_id == far_side.announcement["delegated"]["object_id"]
        assert world.places.config.is_relative_to(far_side.folder)
        folder = far_side.folder
    finally:
        far_side.stop()
    assert not folder.exists()


def test_who_is_not_known_is_not_entered(far_side_of: Callable[[str], FarSide], tmp_path: Path) -> None:
    world = World.simulated_from(far_side_of("first-use").announcement, tmp_path)
    user = world.target(prepare(world, lambda _event: None)).delegated_user
    assert user is not None
    assert user.object_id == ""


def test_it_plays_on_a_simulated_instance_only(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem):
        prepare(World.real(places=Places.below(tmp_path), this_run_only=True), lambda _event: None)
