"""A real Chromium under policies of its machine: what forbids is refused before it starts, what does not is lived with.

The folder of policies is the whole machine's. Each program here gets a mount namespace in which that folder is its own, so that
no other browser on this machine sees a thing, and nothing is left behind however the test ends.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.program import Ended

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path("/etc/chromium")
MANAGED = FOLDER / "policies/managed"
_INSIDE = f'mount -t tmpfs none {FOLDER} && mkdir -p {MANAGED} && printf %s "$1" > {MANAGED}/a.json && '
_BOTH = f'{_INSIDE} printf %s "$2" > {MANAGED}/b && shift 2 && exec "$@"'
_LAUNCH = """
import sys
from pathlib import Path
from exoalias.adapters.browser.find import find
from exoalias.adapters.browser.launch import launch
from exoalias.adapters.browser.session import BrowserSession, ClosedList
from exoalias.domain.problems import BrowserForbidden
launched = launch(find(), Path(sys.argv[1]), headless=True, simulated=True)
try:
    with BrowserSession(launched, ClosedList("https://acme.service-now.example")):
        launched.refuse_elsewhere("of this test")
        print("works")
except BrowserForbidden as problem:
    print(problem.exit_code, problem.words)
"""


def _own_mounts() -> bool:
    """Whether a child can have mounts of its own: root, on Linux, outside a container that forbids it."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or not FOLDER.is_dir():
        return False
    tried = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", str(FOLDER)], capture_output=True, check=False)
    return tried.returncode == 0


pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not _own_mounts(), reason="policies of its own for one child: root on Linux, unshare, and Chromium's folder"
    ),
]


def _under(policies: Mapping[str, object], home: Path, *command: str, later: Mapping[str, object] | None = None) -> Ended:
    """Run Python where these are the machine's policies."""
    arguments = [
        "unshare",
        "-m",
        "sh",
        "-c",
        _BOTH,
        "sh",
        json.dumps(policies),
        json.dumps(later or {}),
        sys.executable,
        *command,
    ]
    environment = {**os.environ, "EXOALIAS_HOME": str(home)}
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert not MANAGED.exists(), "it reached the machine itself"
    return Ended(done.returncode, done.stdout, done.stderr)


def _started(home: Path) -> bool:
    return any("browser-started" in path.read_text("utf-8", "replace") for path in home.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("policies", "works"),
    [
        ({"DeveloperToolsAvailability": 2}, True),
        ({"IncognitoModeAvailability": 1}, True),
        ({"UserDataDir": "/nowhere"}, True),
        ({"RemoteDebuggingAllowed": False}, False),
        ({"IncognitoModeAvailability": 2}, False),
    ],
    ids=str,
)
def test_the_whole_job_or_a_refusal_beforehand(tmp_path: Path, *, policies: dict[str, object], works: bool) -> None:
    ended = _under(policies, tmp_path, "-m", "exoalias", "demo", "--headless", "--json")
    assert _started(tmp_path) is works
    if works:
        assert ended.code == 0, ended.err
        assert {token["owner"] for token in ended.document["result"]["record"]["tokens"]} == {"delegated"}
        return
    ((name, value),) = policies.items()
    problem = ended.document["problem"]
    assert (ended.code, problem["code"]) == (4, "browser-forbidden")
    said = f"can't be the sign-in window: the policy {name} is {json.dumps(value)} in {MANAGED}/a.json"
    assert said in ended.out
    assert f"Ask for the policy {name} to be lifted" in ended.out


@pytest.mark.parametrize(("first", "later"), [(False, True), (True, False)])
def test_the_browser_itself_and_the_later_of_two_files(tmp_path: Path, *, first: bool, later: bool) -> None:
    name = "RemoteDebuggingAllowed"
    ended = _under({name: first}, tmp_path, "-c", _LAUNCH, str(tmp_path / "profiles"), later={name: later})
    if later:
        assert ended.out == "works\n", ended.err
    else:
        assert ended.out.startswith("4 Chromium can't be the sign-in window: it ended before its first answer"), ended.err
        assert name in ended.out
    assert list((tmp_path / "profiles").iterdir()) == []


def test_doctor_says_what_was_found(tmp_path: Path) -> None:
    noted = _under({"DeveloperToolsAvailability": 2}, tmp_path, "-m", "exoalias", "doctor")
    assert f"DeveloperToolsAvailability is 2 in {MANAGED}/a.json: no developer tools" in " ".join(noted.out.split())
    forbidden = _under({"RemoteDebuggingAllowed": False}, tmp_path, "-m", "exoalias", "doctor")
    assert f"the policy RemoteDebuggingAllowed is false in {MANAGED}/a.json" in " ".join(forbidden.out.split())
    assert forbidden.code != 0
