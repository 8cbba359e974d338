"""The import contracts hold, and each of them would notice if it didn't."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"

PLANTED = {
    "The simulator imports nothing of what it tests": ("simulator/planted.py", "from exoalias.domain import planted"),
    "Only the terminal knows the simulator": ("app/planted.py", "import exoalias.simulator"),
    "The domain touches nothing": ("domain/planted.py", "import os.path"),
    "Only ui knows Qt and asyncio": ("adapters/planted.py", "from asyncio import run"),
    "One door for HTTP: adapters/network/http.py": ("adapters/planted_http.py", "import requests.adapters"),
    "One door for the keyring: adapters/keeping/vault.py": ("ui/planted.py", "import keyring"),
    "One door for msal: adapters/microsoft.py": ("cli/planted.py", "def late():\n    import msal"),
    "Dependencies point one way, and a new folder takes its place here": ("domain/planted_up.py", "import exoalias.adapters"),
}
ALLOWED = {
    "adapters/network/http.py": "import requests",
    "adapters/keeping/vault.py": "import keyring.backends.SecretService",
    "adapters/microsoft.py": "import msal",
    "ui/deep/window.py": "import PySide6.QtWidgets, asyncio, qasync",
    "cli/planted.py": "import exoalias.simulator",
    "__main__.py": "import exoalias.cli, exoalias.ui",
}


def _contracts(folder: Path) -> dict[str, str]:
    """KEPT or BROKEN for each contract, as import-linter sees the tree in *folder*."""
    done = subprocess.run([LINT_IMPORTS, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)
    verdicts = dict(re.findall(r"^(.+?) (KEPT|BROKEN)\b", done.stdout, re.MULTILINE))
    assert verdicts, done.stdout + done.stderr
    assert (done.returncode == 0) == ("BROKEN" not in verdicts.values()), done.stdout
    return verdicts


def _skeleton(folder: Path, root: Path, files: dict[str, str]) -> None:
    """A tree of empty rooms under the real contracts, with *files* in it."""
    shutil.copy(root / "pyproject.toml", folder)
    for room in ("", "domain", "adapters", "app", "cli", "ui", "simulator", "ui/deep"):
        (folder / "exoalias" / room).mkdir(parents=True, exist_ok=True)
        (folder / "exoalias" / room / "__init__.py").touch()
    for name, text in files.items():
        place = folder / "exoalias" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text + "\n")


def test_the_contracts_hold(root: Path) -> None:
    assert set(_contracts(root).values()) == {"KEPT"}


def test_every_contract_is_tried_below(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text())
    assert {contract["name"] for contract in project["tool"]["importlinter"]["contracts"]} == set(PLANTED)


def test_each_contract_notices_its_own_breach(root: Path, tmp_path: Path) -> None:
    _skeleton(tmp_path, root, dict(PLANTED.values()))
    assert _contracts(tmp_path) == dict.fromkeys(PLANTED, "BROKEN")


def test_what_is_meant_to_be_allowed_is_allowed(root: Path, tmp_path: Path) -> None:
    _skeleton(tmp_path, root, ALLOWED)
    assert _contracts(tmp_path) == dict.fromkeys(PLANTED, "KEPT")


def test_a_folder_without_a_place_is_noticed(root: Path, tmp_path: Path) -> None:
    _skeleton(tmp_path, root, {})
    (tmp_path / "exoalias" / "misc").mkdir()
    (tmp_path / "exoalias" / "misc" / "__init__.py").touch()
    done = subprocess.run([LINT_IMPORTS, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "misc" in done.stdout
