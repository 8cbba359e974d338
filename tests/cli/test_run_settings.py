"""The command line's rung of the ladder: an option that can't be is refused, one that a policy overrules is named."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.machine import ladder as reading
from exoalias.cli.parser import make_parser
from exoalias.cli.run import Run
from exoalias.cli.terminal import Terminal
from exoalias.domain.ladder import Rung, Source
from exoalias.domain.problems import UsageProblem

if TYPE_CHECKING:
    from pathlib import Path


def run_of(*arguments: str) -> tuple[Run, io.StringIO]:
    said = io.StringIO()
    terminal = Terminal(as_json=False, may_ask=False, out=io.StringIO(), err=said)
    return Run(make_parser().parse_args([*arguments, "settings"]), terminal, lambda _world, _far_side: 0), said


def test_every_option_is_on_the_rung(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXOALIAS_HOME", str(tmp_path))
    run, said = run_of("--browser", "/opt/edge", "--this-run-only", "--set", "log-days=3", "--set", "browser=/opt/other")
    assert run.flags == {"log_days": "3", "browser": "/opt/edge", "keep_secrets": "no"}
    assert (run.world.settings.log_days, run.world.settings.keep_secrets) == (3, False)
    assert said.getvalue() == ""
    run.close()


def test_one_that_cant_be_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXOALIAS_HOME", str(tmp_path))
    run, _said = run_of("--set", "appearance=pink")
    with pytest.raises(UsageProblem, match="it takes one of system, light, dark"):
        _ = run.world


def test_one_that_a_policy_overrules_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXOALIAS_HOME", str(tmp_path))
    monkeypatch.setattr(reading, "machine_policy", lambda: (Source(Rung.FIXED, "/etc/policy", {"keep_secrets": True}),))
    run, said = run_of("--this-run-only")
    assert run.world.settings.keep_secrets is True
    assert said.getvalue() == "keep_secrets stays yes: a policy of this machine fixes it (/etc/policy).\n"
    run.close()
