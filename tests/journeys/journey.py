"""The whole job by the program as anybody starts it: a fresh far side, check, apply, both sign-ins, proven, and nothing left.

`python3 dev.py soak journey` does it two hundred times in a row; as a program: the seeds, a line of JSON each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.adapters.browser.loopback import using
from tests.journeys.playing import Player, profiles

SCENARIO: Final = "profile-missing"  # everything is to be done: two fields, two sign-ins
_GONE_S: Final = 5.0


@dataclass
class Journey:
    """One of them, and what was wrong with it."""

    seed: int
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def travel(seed: int) -> Journey:
    """From nothing to a proven checklist."""
    journey = Journey(seed)
    with tempfile.TemporaryDirectory(prefix="journey-") as folder:
        home = Path(folder)
        (home / "tmp").mkdir()
        player = Player(home, {"TMPDIR": str(home / "tmp")})
        began = time.monotonic()
        try:
            ended = player.run("demo", "--headless", "--scenario", SCENARIO, "--seed", str(seed))
        except (AssertionError, subprocess.TimeoutExpired) as wrong:
            journey.wrong.append(str(wrong)[:500])
        else:
            journey.wrong += wrong_with(ended.exit_code, ended.document["result"], ended.problem)
        journey.seconds = time.monotonic() - began
        journey.left = _left(home)
        journey.wrong += [f"left behind: {journey.left}"] if journey.left else []
    return journey


def wrong_with(exit_code: int, result: dict[str, Any], problem: str) -> list[str]:
    """By the simulator's own record, and by the checklist the program ended with."""
    record = result.get("record", {})
    owners = sorted((token["name"], token["owner"]) for token in record.get("tokens", ()))
    expected = [("MS Graph 1", "delegated"), ("MS Graph 2", "delegated")]
    wrong = [] if exit_code == 0 else [f"it ended with {exit_code} {problem}"]
    wrong += [] if owners == expected else [f"tokens: {owners}"]
    wrong += [] if len(record.get("writes", ())) == 2 else [f"writes: {record.get('writes')}"]
    wrong += [] if result.get("checklist", {}).get("holds") is True else ["the checklist does not hold"]
    return wrong


def _left(home: Path) -> list[str]:
    """Processes, profiles, and folders of temporary files that are still there when a moment has passed."""
    end = time.monotonic() + _GONE_S
    while left := [*map(str, using(home)), *profiles(home), *os.listdir(home / "tmp")]:  # noqa: PTH208 - names will do
        if time.monotonic() > end:
            return left
        time.sleep(0.02)
    return []


def main(seeds: list[str]) -> None:
    """Travel with these seeds."""
    for seed in seeds:
        print(json.dumps(asdict(travel(int(seed)))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
