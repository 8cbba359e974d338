"""The command line of the simulator."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from exoalias.simulator.__main__ import main
from tests.simulator.certificates import make_authority, make_certificate

if TYPE_CHECKING:
    from pathlib import Path


def test_options_choose_scenario_and_seed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("stop\n"))
    assert main(["--scenario", "cloned", "--seed", "9"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["scenario"], said["seed"]) == ("cloned", 9)


def test_very_many_and_https(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("stop\n"))
    assert main(["--many", "4", "--latency", "0.01"]) == 0
    assert len(json.loads(capsys.readouterr().out)["instances"]) == 4
    pem = make_certificate(tmp_path, make_authority(tmp_path))
    monkeypatch.setattr(sys, "stdin", io.StringIO("stop\n"))
    assert main(["--tls-cert", str(pem.cert), "--tls-key", str(pem.key)]) == 0
    assert json.loads(capsys.readouterr().out)["instance"].startswith("https://127.0.0.1:")


@pytest.mark.parametrize("options", [["--scenario", "nonsense"], ["--seed", "x"], ["more"], ["--tls-cert", "x"]])
def test_misuse_is_code_2(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(options)
    assert caught.value.code == 2
    assert "usage:" in capsys.readouterr().err
