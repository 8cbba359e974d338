"""The program as people run it: a child process with a home of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from exoalias.app.far_side import FarSide
from tests.cli.program import Program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Runs exoalias with an empty home."""
    return Program(tmp_path / "home")


@pytest.fixture
def against(tmp_path: Path) -> Iterator[Callable[[str], Program]]:
    """Runs exoalias against a simulated far side, started by the test as a child."""
    started: list[FarSide] = []

    def start(scenario: str) -> Program:
        far_side = FarSide(scenario)
        started.append(far_side)
        file = tmp_path / "announced.json"
        file.write_text(json.dumps(far_side.start()), "utf-8")
        return Program(tmp_path / "home", far_side, ("--simulated", str(file)))

    yield start
    for far_side in started:
        far_side.stop()
