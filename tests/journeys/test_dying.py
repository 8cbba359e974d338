"""A program struck where it stands leaves the instance before or after each step, says so itself where it lives, and the next
start says which.

Some of the points here; `python3 dev.py soak death --fault all` strikes at every one.
"""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.dying import living_run, playing, points_for, struck
from tests.journeys.playing import ROOT
from tests.journeys.striking import CLOCKS, DEATH, DISK, FAULTS, own_mounts

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser

Living = list[dict[str, Any]]


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Living:
    """The points of a run that is left alive."""
    return living_run(tmp_path_factory.mktemp("living"))


def _number(living: Living, fault: str, name: str, which: int) -> int:
    """The number of a point of that name at which the fault has something to strike."""
    return [number for number in points_for(fault, living) if living[number - 1]["name"].startswith(name)][which]


def test_the_points_are_many_and_of_every_kind(living: Living) -> None:
    names = [point["name"] for point in living]
    assert len(names) >= 50
    for kind in ("pipe Fetch.fulfillRequest", "http PATCH", "transaction of the journal", "starting the browser", "the profile"):
        assert any(kind in name for name in names), kind
    assert {fault for point in living for fault in point["faults"]} == set(FAULTS)
    everywhere = {fault for fault in FAULTS if len(points_for(fault, living)) == len(names)}
    assert everywhere == {DEATH, DISK, *CLOCKS}, "the others need a browser that is there"


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
def test_killed_there(tmp_path: Path, living: Living, name: str, which: int) -> None:
    strike = struck(tmp_path, DEATH, _number(living, DEATH, name, which))
    assert strike.name.startswith(name)
    assert (strike.ended, strike.wrong) == ("died", [])


@pytest.mark.parametrize(
    ("fault", "name", "which", "ended"),
    [
        ("browser", "after pipe Fetch.enable", 0, "browser-died"),  # between its first answers and the sign-in
        ("page-b", "before a transaction of the journal", 0, "done"),  # the right user's answer is held already
        ("pipe-in", "after pipe Target.createTarget", 0, "browser-died"),
        ("clock-back", "before http GET /api/now/table/oauth_credential", 1, "done"),
        ("profile", "after pipe Target.createTarget", 1, "done"),
    ],
)
def test_struck_there(tmp_path: Path, living: Living, fault: str, name: str, which: int, ended: str) -> None:
    strike = struck(tmp_path, fault, _number(living, fault, name, which))
    assert strike.name, "it did not strike"
    assert (strike.ended, strike.wrong) == (ended, [])


@pytest.mark.skipif(not own_mounts(), reason="a disk of its own for one child: root on Linux, and unshare")
def test_a_full_disk(living: Living) -> None:
    """From the moment on at which the right user's code would be released: it may not be, for that can't be written down."""
    point = _number(living, DISK, "before a transaction of the journal", 5)
    done = subprocess.run(playing(DISK, [str(point)]), cwd=ROOT, capture_output=True, text=True, check=False, timeout=170)
    strike = json.loads(done.stdout)
    assert strike["name"], done.stderr
    assert (strike["ended"], strike["wrong"]) == ("bad-journal", [])
