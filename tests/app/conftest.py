"""A simulated far side as a child process, and the world that acts on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.app.demo import prepare
from exoalias.app.far_side import FarSide
from exoalias.app.world import World
from tests.app.playing import Played

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def far_side_of() -> Iterator[Callable[[str], FarSide]]:
    """Starts the far side of a scenario; all are stopped at the end."""
    started: list[FarSide] = []

    def start(scenario: str) -> FarSide:
        far_side = FarSide(scenario)
        started.append(far_side)
        far_side.start()
        return far_side

    yield start
    for far_side in started:
        far_side.stop()


@pytest.fixture
def play(far_side_of: Callable[[str], FarSide], tmp_path: Path) -> Iterator[Callable[[str], Played]]:
    """Starts a scenario, with its instance added and the target said; its world is left at the end."""
    worlds: list[World] = []

    def started(scenario: str) -> Played:
        far_side = far_side_of(scenario)
        world = World.simulated_from(far_side.announcement, tmp_path / "state", headless=True)
        worlds.append(world)
        played = Played(far_side, world)
        prepare(world, played.tell)
        return played

    yield started
    for world in worlds:
        world.close()
