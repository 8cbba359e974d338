"""The command line of the simulator."""

from __future__ import annotations

import io
import json
import sys

import pytest

from exoalias.simulator.__main__ import main


def test_options_choose_scenario_and_seed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("stop\n"))
    assert main(["--scenario", "cloned", "--seed", "9"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["scenario"], said["seed"]) == ("cloned", 9)


@pytest.mark.parametrize("options", [["--scenario", "nonsense"], ["--seed", "x"], ["more"]])
def test_misuse_is_code_2(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(options)
    assert caught.value.code == 2
    assert "usage:" in capsys.readouterr().err
