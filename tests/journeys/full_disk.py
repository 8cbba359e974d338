"""Verb after verb on a disk that is full, as a program: it needs mounts of its own, and prints a line of JSON for each verb.

Arguments: a folder, where the small disk is mounted. What is below it is gone when this program ends.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.journeys.playing import NAME, Player, playing_on
from tests.journeys.striking import DISK_FILES, DISK_MB, fill
from tests.simulator.running import running

_PATIENCE_S: Final = 60
VERBS: Final[tuple[tuple[str, ...], ...]] = (
    ("check", NAME),
    ("apply", NAME, "--yes", "--sign-in", "--headless"),
    ("undo", NAME),
    ("target", NAME, "--delegated-user", "somebody@else.example"),
    ("instance", "remove", NAME, "--yes"),
    ("settings", "idle_minutes=5"),
    ("journal", NAME),
    ("instance", "list"),
    ("support",),
)


def main(folder: Path) -> None:
    """Prepare with room, fill the disk, play, make room, and check."""
    size = f"size={DISK_MB}m,nr_inodes={DISK_FILES},mode=700"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", str(folder)], check=True)
    with running("profile-missing", seed=7) as simulator:
        game = playing_on(simulator, Player(folder, {"TMPDIR": os.environ.get("TMPDIR", "/tmp")}))
        game.add()
        fill(folder / "filler")
        for verb in VERBS:
            process = game.player.start(*game.simulated, *verb)
            try:
                _, stderr = process.communicate("", timeout=_PATIENCE_S)
            finally:
                process.kill()
            print(json.dumps({"verb": " ".join(verb), "code": process.returncode, "says": re.sub(r"\s+", " ", stderr)[-400:]}))
        writes, tokens = (len(game.record()[kind]) for kind in ("writes", "tokens"))
        shutil.rmtree(folder / "filler")
        after = game.apply_and_sign_in()
        print(json.dumps({"writes": writes, "tokens": tokens, "after": after.exit_code}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
