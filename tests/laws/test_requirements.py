"""The locked requirements: every one pinned and hashed, from no particular address, and in step with the project."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

Pins = dict[str, set[str]]


def _logical_lines(text: str) -> list[str]:
    """A requirement with its hashes is one line."""
    return [line.strip() for line in re.sub(r"\\\n\s*", "", text).splitlines() if line.strip()]


def _pins(root: Path, name: str) -> Pins:
    """Name to pinned versions (several where markers part them)."""
    pins: Pins = {}
    for line in _logical_lines((root / "requirements" / name).read_text()):
        project, _, version = line.split(" ", 1)[0].partition("==")
        pins.setdefault(project, set()).add(version)
    return pins


def _canonical(requirement: str) -> str:
    """The project's name as locks write it."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name
    return re.sub(r"[-_.]+", "-", name[0]).lower()


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_pinned_hashed_and_without_addresses(root: Path, name: str) -> None:
    text = (root / "requirements" / name).read_text()
    assert not re.search(r"://|^\s*-(?!-hash)|^#|@", text.replace("--hash=sha256:", ""), re.MULTILINE)
    for line in _logical_lines(text):
        assert re.match(r"[a-z0-9.-]+==[A-Za-z0-9.+!]+ ", line), line
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", line), line


def test_what_a_developer_runs_is_what_a_user_runs(root: Path) -> None:
    run, dev = _pins(root, "run.txt"), _pins(root, "dev.txt")
    assert {name: dev.get(name) for name in run} == run


def test_every_dependency_of_the_project_is_locked(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text())
    assert {_canonical(line) for line in project["project"]["dependencies"]} <= set(_pins(root, "run.txt"))
    assert {_canonical(line) for line in project["dependency-groups"]["dev"]} <= set(_pins(root, "dev.txt"))


def test_pyside_is_held_back_on_python_3_11(root: Path) -> None:
    lines = _logical_lines((root / "requirements" / "run.txt").read_text())
    old = [line for line in lines if line.startswith("pyside6-essentials==") and "< '3.12'" in line]
    assert len(old) == 1
    assert re.match(r"pyside6-essentials==6\.11\.\d+ ", old[0])
