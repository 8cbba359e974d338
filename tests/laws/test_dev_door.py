"""dev.py opens on a bare machine, and the throwaway desktop is real, private and leaves nothing behind."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.laws.source import imports

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
