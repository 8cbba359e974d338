"""A machine's policy against remote debugging is found before a browser is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from exoalias.adapters.browser.find import Browser
from exoalias.adapters.browser.policy import forbidden_by

CHROMIUM = Browser("Chromium", Path("/usr/bin/chromium"))
EDGE = Browser("Microsoft Edge", Path("/opt/microsoft/msedge/msedge"))


@pytest.mark.parametrize(
    ("content", "forbids"),
    [
        ('{"RemoteDebuggingAllowed": false}', True),
        ('{"RemoteDebuggingAllowed": true}', False),
        ('{"Other": false}', False),
        ("[]", False),
        ("not json", False),
        ("\xff", False),
    ],
)
def test_policy_files(tmp_path: Path, content: str, *, forbids: bool) -> None:
    folder = tmp_path / "etc/chromium/policies/managed"
    folder.mkdir(parents=True)
    (folder / "b.json").write_bytes(content.encode("latin-1"))
    (folder / "a.json").write_text("{}")
    assert forbidden_by(CHROMIUM, tmp_path) == (str(folder / "b.json") if forbids else "")
    assert forbidden_by(EDGE, tmp_path) == ""


def test_a_machine_without_policies(tmp_path: Path) -> None:
    assert forbidden_by(CHROMIUM, tmp_path) == ""
