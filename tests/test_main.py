"""``python -m exoalias`` and the two programs installed."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

import exoalias
from exoalias import __main__ as program

if TYPE_CHECKING:
    import pytest


def test_both_programs_lead_here() -> None:
    found = {
        e.name: e.load()
        for group in ("console_scripts", "gui_scripts")
        for e in entry_points(group=group)
        if "exoalias" in e.name
    }
    assert found == {"exoalias": program.main, "exoalias-gui": program.gui}


def test_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "exoalias", "--version"], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout == f"exoalias {exoalias.__version__}\n"


def test_the_window_gets_a_world_only_where_something_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[tuple[object, object]] = []

    def window(world: object, far_side: object) -> int:
        opened.append((world, far_side))
        return 7

    monkeypatch.setattr(program, "_window", window)
    for words in ([], ["--this-run-only"]):
        monkeypatch.setattr(sys, "argv", ["exoalias", *words])
        assert program.gui() == 7
    assert opened[0] == (None, None)
    assert opened[1][0] is not None
