"""A program killed where it stands leaves the instance before or after each step, and the next start says which.

Some of the points here; `python3 dev.py soak death` dies at every one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys.dying import died, points_of_a_living_run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return points_of_a_living_run(tmp_path_factory.mktemp("living"))


def test_the_points_are_many_and_of_every_kind(points: list[str]) -> None:
    assert len(points) >= 50
    for kind in ("pipe Fetch.fulfillRequest", "http PATCH", "transaction of the journal", "starting the browser", "the profile"):
        assert any(kind in point for point in points), kind


@pytest.mark.parametrize(
    ("name", "which"),
    [
        ("after http PATCH", 0),  # written, and not yet noted
        ("at the end of a transaction of the journal", 1),
        ("after starting the browser", 0),
        ("before pipe Fetch.fulfillRequest", -1),  # the right user's code is about to be let go
        ("after pipe Fetch.fulfillRequest", 0),  # and was, unread
    ],
)
def test_killed_there(tmp_path: Path, points: list[str], name: str, which: int) -> None:
    at = [number for number, point in enumerate(points, 1) if point.startswith(name)][which]
    death = died(tmp_path, at)
    assert death.name, "it reached no point at all"
    assert death.wrong == []
