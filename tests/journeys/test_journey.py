"""The whole job as anybody starts it; `python3 dev.py soak journey` does it two hundred times in a row."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.journey import travel, wrong_with

GOOD: dict[str, Any] = {
    "checklist": {"holds": True},
    "record": {
        "writes": [{}, {}],
        "tokens": [{"name": f"MS Graph {number}", "owner": "delegated"} for number in (2, 1)],
    },
}


@pytest.mark.browser
def test_from_nothing_to_proven_and_nothing_left() -> None:
    journey = travel(1)
    assert (journey.wrong, journey.left) == ([], [])


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        (1, {}),
        (0, {"checklist": {"holds": False}}),
        (0, {"record": GOOD["record"] | {"writes": [{}]}}),
        (0, {"record": GOOD["record"] | {"tokens": GOOD["record"]["tokens"][:1]}}),
        (0, {"record": GOOD["record"] | {"tokens": [{"name": "MS Graph 1", "owner": "admin"}, GOOD["record"]["tokens"][0]]}}),
        (0, {"record": {}}),
    ],
)
def test_what_is_missing_is_named(code: int, changes: dict[str, Any]) -> None:
    assert wrong_with(0, GOOD, "") == []
    assert wrong_with(code, GOOD | changes, "")
