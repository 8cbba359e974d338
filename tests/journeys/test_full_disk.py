"""On a full disk each verb ends by name, with nothing done that could not be written down; with room again all goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.journeys.full_disk import VERBS
from tests.journeys.playing import ROOT
from tests.journeys.striking import own_mounts

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not own_mounts(), reason="a disk of its own for one child: root on Linux, and unshare"),
]
_READS = {"journal", "instance list", "support"}


def test_every_verb_ends_by_name(tmp_path: Path) -> None:
    command = ["unshare", "--mount", sys.executable, "-m", "tests.journeys.full_disk", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=170)
    *told, end = [json.loads(line) for line in done.stdout.splitlines()] or [{}]
    assert len(told) == len(VERBS), done.stderr
    for line in told:
        reads = any(line["verb"].startswith(verb) for verb in _READS)
        assert line["code"] in ({0} if reads else {2, 4}), line
        assert reads or "disk is full" in line["says"] or "No space left" in line["says"], line
    assert end == {"writes": 0, "tokens": 0, "after": 0}
