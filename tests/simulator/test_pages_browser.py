"""The pages in a real Chromium: the simulated person gets through, cookies hold, single sign-on returns."""

from __future__ import annotations

import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tests.simulator.running import initiator, running

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE_S = 60


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "owner"),
    [("happy", "delegated"), ("sso-reload", "delegated"), ("admin-sso-oidc", "admin"), ("naive", "admin")],
)
def test_a_token_is_fetched_without_a_hand(name: str, owner: str, tmp_path: Path) -> None:
    """In an ordinary browser the admin's own Microsoft session is taken without asking: the warning of the documentation."""
    chromium = shutil.which("chromium")
    assert chromium, "chromium is not installed"
    with running(name) as simulator:
        # As root Chromium starts without its sandbox only; it opens nothing but the simulator.
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={tmp_path / 'profile'}"]
        with subprocess.Popen(
            [chromium, *options, initiator(simulator)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as browser:
            try:
                deadline = time.monotonic() + PATIENCE_S
                while not simulator.record.as_dict()["tokens"] and time.monotonic() < deadline:
                    time.sleep(0.05)
            finally:
                browser.terminate()
        assert [row["owner"] for row in simulator.record.as_dict()["tokens"]] == [owner]
