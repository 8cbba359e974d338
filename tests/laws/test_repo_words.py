"""No path of somebody's machine and no unfinished work in the repository."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def _look(root: Path, *files: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "dev" / "_words.py"), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_no_forbidden_words(root: Path) -> None:
    done = _look(root)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_notices(root: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.md"
    bad.write_text("fine\nsee /" + "work/here\n# TO" + "DO later\nnetwork/ and TO" + "DOS are fine\n")
    done = _look(root, bad)
    assert done.returncode == 1
    assert [line.split(":")[1] for line in done.stdout.splitlines()] == ["2", "3"]
