"""The bench measures what a person would meet, also where it is run as root."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

DEV = Path(__file__).resolve().parents[2] / "dev"
_STARTED = "import os; os.nice(-1)"
_MEASURES = f"""
import bench, subprocess, sys
bench._as_a_person()
sys.exit(subprocess.run([sys.executable, "-c", {_STARTED!r}], stderr=subprocess.DEVNULL).returncode)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there root's browser raises its priority")
def test_no_browser_it_starts_can_put_itself_before_the_window() -> None:
    done = subprocess.run([sys.executable, "-c", _MEASURES], cwd=DEV, check=False)
    assert done.returncode == 1
