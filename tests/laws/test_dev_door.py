"""dev.py opens on a bare machine, and the throwaway desktop is real, private and leaves nothing behind."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.laws.source import imports

if TYPE_CHECKING:
    from types import ModuleType

LOOK_AROUND = """
import json, os, subprocess
from keyring.backends.SecretService import Keyring
vault = Keyring()
vault.set_password("exoalias-law", "somebody", "kept")
geometry = subprocess.run(["xdotool", "getdisplaygeometry"], capture_output=True, text=True, check=True).stdout
print(json.dumps([os.environ["HOME"], os.environ["DISPLAY"], geometry.split(), vault.get_password("exoalias-law", "somebody")]))
"""


def test_dev_py_needs_nothing_but_python(root: Path) -> None:
    needed = {module.partition(".")[0] for _, module in imports(ast.parse((root / "dev.py").read_text()))}
    assert needed <= sys.stdlib_module_names


def test_every_script_is_a_verb_with_its_purpose(root: Path) -> None:
    help_text = subprocess.run(
        [sys.executable, "-S", "dev.py", "--help"], cwd=root, capture_output=True, text=True, check=True
    ).stdout
    verbs = dict(line.split(maxsplit=1) for line in help_text.splitlines()[2:])
    assert set(verbs) == {"setup", "demo", "test"} | {path.stem for path in (root / "dev").glob("[!_]*.py")}


def test_an_unknown_verb_is_refused_before_anything_is_set_up(root: Path) -> None:
    done = subprocess.run([sys.executable, "dev.py", "tset"], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("usage:")


def test_the_throwaway_desktop(root: Path) -> None:
    session = [sys.executable, str(root / "dev" / "session.py"), "--size", "800x600"]
    done = subprocess.run([*session, sys.executable, "-c", LOOK_AROUND], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    home, display, geometry, secret = json.loads(done.stdout)
    assert (geometry, secret) == (["800", "600"], "kept")
    assert home != os.environ["HOME"]
    assert not Path(home).exists()
    assert not Path(f"/tmp/.X11-unix/X{display.removeprefix(':')}").exists()


@pytest.mark.parametrize("code", [0, 7])
def test_the_exit_code_is_the_commands(root: Path, code: int) -> None:
    session = [sys.executable, str(root / "dev" / "session.py"), "sh", "-c", f"exit {code}"]
    assert subprocess.run(session, capture_output=True, check=False).returncode == code


def _dev(root: Path) -> ModuleType:
    found = importlib.util.spec_from_file_location("the_door", root / "dev.py")
    assert found is not None
    assert found.loader is not None
    door = importlib.util.module_from_spec(found)
    found.loader.exec_module(door)
    return door


def _python_that_says(path: Path, words: str) -> Path:
    path.write_text(f"#!/bin/sh\necho '{words}'\n")
    path.chmod(0o700)
    return path


@pytest.mark.parametrize(
    ("says", "taken"),
    [
        (f"{sys.version_info.major} {sys.version_info.minor} True", True),
        (f"{sys.version_info.major} {sys.version_info.minor} False", False),  # it can't make an environment
        (f"{sys.version_info.major} {sys.version_info.minor - 1} True", False),
        ("", False),
    ],
)
def test_debians_own_python_makes_the_environment_where_it_can(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, taken: bool
) -> None:
    door, system = _dev(root), _python_that_says(tmp_path / "python3", says)
    monkeypatch.setattr(door, "SYSTEM_PYTHON", system)
    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/dpkg-query")
    assert door.maker() == (system if taken else Path(sys.executable))
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert door.maker() == Path(sys.executable)


def test_an_environment_of_another_python_is_made_anew(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    door = _dev(root)
    monkeypatch.setattr(door, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(door, "PYTHON", tmp_path / ".venv/bin/python")
    venv.create(tmp_path / ".venv", with_pip=False, symlinks=True)
    settings = tmp_path / ".venv/pyvenv.cfg"
    settings.write_text("home = /opt/elsewhere/bin\n")
    assert door.is_of(Path("/opt/elsewhere/bin/python3"))
    assert not door.is_of(door.SYSTEM_PYTHON)
    system = door.SYSTEM_PYTHON
    if door.maker() != system:
        pytest.skip("no Python of Debian's that could make one")
    door.make_environment(system)
    assert door.is_of(system)
    assert "elsewhere" not in settings.read_text()
