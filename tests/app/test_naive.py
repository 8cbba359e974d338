"""Without exoalias the wrong account's token is stored, and nobody is told: the danger is real, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.settings import Places
from exoalias.app.control import Control
from exoalias.app.far_side import FarSide
from exoalias.app.naive import naive
from exoalias.app.world import World
from exoalias.domain.problems import UsageProblem

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.browser
def test_the_admin_s_token_is_stored_for_the_delegated_user() -> None:
    with FarSide("naive") as far_side:
        world = World.simulated_from(far_side.announcement, far_side.folder, headless=True)
        record = naive(world, far_side, lambda _event: None, Control())
        assert {token["name"]: token["owner"] for token in record["tokens"]} == {"MS Graph 1": "admin", "MS Graph 2": "admin"}
        assert not [path for path in (world.places.cache / "ordinary").iterdir() if path.is_dir()]


def test_it_plays_on_a_simulated_instance_only(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem):
        naive(World.real(places=Places.below(tmp_path), this_run_only=True), FarSide("naive"), lambda _event: None, Control())
