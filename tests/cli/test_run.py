"""A run: its world is made late, Ctrl+C stops it between two steps."""

from __future__ import annotations

import io
import os
import signal
from typing import TYPE_CHECKING

import pytest

from exoalias.app.world import World
from exoalias.cli.parser import make_parser
from exoalias.cli.run import Run
from exoalias.cli.terminal import Terminal
from exoalias.domain.problems import UsageProblem

if TYPE_CHECKING:
    from pathlib import Path

    from exoalias.adapters.keeping.settings import Places


def _run(*words: str) -> Run:
    terminal = Terminal(as_json=False, may_ask=False, out=io.StringIO(), err=io.StringIO())
    return Run(make_parser().parse_args(words), terminal, lambda _world, _far_side: 0)


def test_ctrl_c_stops_and_the_second_ends() -> None:
    run = _run("apply", "acme")
    before = signal.getsignal(signal.SIGINT)
    with run.stoppable():
        os.kill(os.getpid(), signal.SIGINT)
        assert run.control.cancelled
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_nobody_is_asked_and_first_use_is_not_trusted_by_itself() -> None:
    assert not _run("apply", "acme").control.interactive
    assert not _run("apply", "acme").control.trust_first_use
    assert _run("apply", "acme", "--trust-first-use").control.trust_first_use


def test_no_hidden_browser_on_a_real_instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXOALIAS_HOME", str(tmp_path))
    with pytest.raises(UsageProblem, match="simulated"):
        _ = _run("apply", "acme", "--headless").world
    assert _run("apply", "acme", "--browser", "/b").world.browser is not None


def test_the_world_is_left_where_one_was_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXOALIAS_HOME", str(tmp_path))
    run = _run("check", "acme")
    run.close()
    assert "world" not in run.__dict__
    closed: list[Places] = []
    monkeypatch.setattr(World, "close", lambda self: closed.append(self.places))
    places = run.world.places
    run.close()
    assert closed == [places]
