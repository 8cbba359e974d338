"""A person at the program: with a home of their own, at a screen or without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys.playing import Player

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Screen


@pytest.fixture
def player(tmp_path: Path) -> Iterator[Player]:
    """Somebody without a screen. Whatever happened, nothing of a browser may be left."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    made = Player(home)
    yield made
    made.leaves_nothing()


@pytest.fixture
def seated(player: Player, screen: Screen) -> Player:
    """The same person, at the throwaway desktop's screen."""
    player.environment = screen.environment
    return player
