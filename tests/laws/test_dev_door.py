"""dev.py opens on a bare machine, and the throwaway desktop is real, private and leaves nothing behind."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sys
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


def _python_that_says(path: Path, script: str) -> Path:
    path.write_text(script)
    path.chmod(0o700)
    return path


_THIS, _OLDER = (f"{sys.version_info.major} {minor}" for minor in (sys.version_info.minor, sys.version_info.minor - 1))


@pytest.mark.parametrize(
    ("script", "taken"),
    [
        (f"#!/bin/sh\necho {_THIS} True", True),
        (f"#!/bin/sh\necho {_THIS} False", False),  # it can't make an environment
        (f"#!/bin/sh\necho {_OLDER} True", False),
        ("#!/bin/sh\nprintf '\\377'", False),
        ("#!/no/such/interpreter", False),
        ("neither script nor program", False),
    ],
)
def test_debians_own_python_makes_the_environment_where_it_can(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, taken: bool
) -> None:
    door, system = _dev(root), _python_that_says(tmp_path / "python3", script)
    monkeypatch.setattr(door, "SYSTEM_PYTHON", system)
    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/dpkg-query")
    assert door.maker() == (system if taken else Path(sys.executable))
    system.unlink()
    assert door.maker() == Path(sys.executable)


def test_no_python_is_looked_for_where_there_is_no_debian(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    door = _dev(root)
    monkeypatch.setattr(door, "SYSTEM_PYTHON", _python_that_says(tmp_path / "python3", f"#!/bin/sh\necho {_THIS} True"))
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert door.maker() == Path(sys.executable)


ONE_DIES = """
import os, signal, time
import pytest

@pytest.mark.parametrize("number", range(30))
def test_it(number):
    time.sleep(0.02)
    if number == 5:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name == "nt", reason="the throwaway desktop, and so two workers, are Linux's")
def test_a_run_in_which_a_worker_dies_goes_on_to_its_end(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    door = _dev(root)
    options: list[str] = []

    def run(*command: str) -> int:
        options[:] = command[command.index("pytest") + 1 :] if "pytest" in command else []
        return 0

    monkeypatch.setattr(door, "run", run)
    assert door.test([]) == 0
    assert "-n" in options
    (tmp_path / "test_one_dies.py").write_text(ONE_DIES)
    suite = [sys.executable, "-m", "pytest", *options, "-c", str(root / "pyproject.toml"), f"--rootdir={tmp_path}", str(tmp_path)]
    done = subprocess.run(suite, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert "crashed while running" in done.stdout
    assert "1 failed, 29 passed" in done.stdout
    assert done.returncode == 1


def test_one_environment_is_made_and_one_that_is_there_stays(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    door = _dev(root)
    said: list[str] = []
    for name, place in {"VENV": ".venv", "PYTHON": ".venv/bin/python", "STAMP": ".venv/stamp.txt"}.items():
        monkeypatch.setattr(door, name, tmp_path / place)
    monkeypatch.setattr(door, "say", said.append)
    monkeypatch.setattr(door, "pip", lambda *_arguments: None)
    monkeypatch.setattr(door, "install_system_packages", lambda: None)
    door.set_up()
    settings = (tmp_path / ".venv/pyvenv.cfg").read_text()
    assert f"home = {door.maker().parent}\n" in settings or door.maker() == Path(sys.executable)
    (tmp_path / ".venv/mine").touch()
    (tmp_path / ".venv/pyvenv.cfg").write_text(settings.replace("home = ", "home = /opt/elsewhere"))
    door.set_up()
    (tmp_path / ".venv/stamp.txt").unlink()
    door.set_up()
    assert [words for words in said if "creating" in words] == [f"creating .venv with {door.maker()}"]
    assert (tmp_path / ".venv/mine").exists()
