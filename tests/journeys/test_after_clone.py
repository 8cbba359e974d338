"""The most frequent use, whole: all holds, a clone comes, it is named, one plan repairs it, the tokens are fetched, all holds."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from tests.cli.program import Program
from tests.simulator.running import running

if TYPE_CHECKING:
    from pathlib import Path

    from exoalias.app.far_side import FarSide


@pytest.mark.parametrize("kinds", [("typical",), ("redirect", "tokens-other", "credential-renamed", "connection-url")])
def test_hold_clone_repair_hold(tmp_path: Path, kinds: tuple[str, ...]) -> None:
    with running("happy") as simulator:
        said = simulator.announcement()
        file = tmp_path / "announced.json"
        file.write_text(json.dumps(said), "utf-8")
        far_side = cast("FarSide", SimpleNamespace(announcement=said))
        program = Program(tmp_path / "home", far_side, ("--simulated", str(file)))
        program.add()
        first = program.run("apply", "acme", "--yes", "--sign-in", "--headless", "--json").document
        assert first["result"]["checklist"]["holds"]
        assert program.run("check", "acme").code == 0

        simulator.instance.clone(*kinds)
        since = program.run("check", "acme", "--json").document["result"]["instances"][0]["checklist"]["rows"][0]
        assert since["group"] == "What changed"
        assert "as after a clone of" in since["detail"]

        before = len(simulator.record.as_dict()["writes"])
        whole = program.run("plan", "acme", "--json").document["result"]["plan"]["repaired"]
        agreed = [(s["table"], s["record"], [s["field"]]) for s in whole["steps"] if s["kind"] == "SetField"]
        after = program.run("apply", "acme", "--repair", "--yes", "--sign-in", "--headless", "--json").document
        assert after["exit_code"] == 0
        assert after["result"]["checklist"]["holds"]
        written = [(w["table"], w["sys_id"], w["fields"]) for w in simulator.record.as_dict()["writes"][before:]]
        assert written == agreed  # nothing that was not planned
        owners = {str(row["owner"]) for row in simulator.record.as_dict()["tokens"]}
        assert owners == {"delegated"}
        rows = program.run("check", "acme", "--json").document["result"]["instances"][0]["checklist"]["rows"]
        assert rows[0]["detail"] == "Nothing changed"
