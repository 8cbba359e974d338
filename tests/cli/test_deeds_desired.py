"""The verbs around what was right, as a process: remember, what a clone changed, repairs only when asked for, the scan."""

from __future__ import annotations

import json
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.cli.program import Program
from tests.simulator.running import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from exoalias.app.far_side import FarSide
    from exoalias.simulator.serve import Simulator


@contextmanager
def beside(folder: Path, **faults: Any) -> Iterator[tuple[Program, Simulator]]:  # noqa: ANN401 - a fault's fields have many types
    """The program, and a simulator in this process whose records can be changed."""
    with running("happy", faults=faults) as simulator:
        said = simulator.announcement()
        file = folder / "announced.json"
        file.write_text(json.dumps(said), "utf-8")
        far_side = cast("FarSide", SimpleNamespace(announcement=said))
        program = Program(folder / "home", far_side, ("--simulated", str(file)))
        program.add()
        yield program, simulator


@pytest.fixture
def played(tmp_path: Path) -> Iterator[tuple[Program, Simulator]]:
    with beside(tmp_path) as pair:
        yield pair


def writes(simulator: Simulator) -> list[str]:
    """The tables written to."""
    return [str(row["table"]) for row in simulator.record.as_dict()["writes"]]


def test_after_a_clone(played: tuple[Program, Simulator]) -> None:
    program, simulator = played
    said = program.run("remember", "acme")
    assert said.code == 0
    assert "Not all of it holds" in said.err
    asked = program.run("remember", "acme", "--non-interactive")
    assert asked.code == 2
    assert "--yes" in asked.err

    simulator.instance.clone("redirect", "credential-renamed")
    checked = program.run("check", "acme")
    assert checked.code == 1
    assert "Since you said so on" in checked.out
    assert "That looks like a clone of" in " ".join(checked.out.split())
    planned = program.run("plan", "acme")
    assert "3 things that were right before can be put back first, with apply --repair." in " ".join(planned.out.split())
    assert "put back MS Graph 1 copy (oauth_2_0_credentials): name" in planned.out
    document = program.run("plan", "acme", "--json").document["result"]["plan"]
    assert document["steps"] == [] or all(step["kind"] == "Advise" for step in document["steps"])
    assert [s["field"] for s in document["repaired"]["steps"] if s["kind"] == "SetField"] == ["redirect_url", "name", "name"]

    assert program.run("apply", "acme", "--yes").code == 1
    assert writes(simulator) == []  # nobody asked for repairs
    assert program.run("apply", "acme", "--repair", "--non-interactive").code == 2
    assert writes(simulator) == []
    repaired = program.run("apply", "acme", "--repair", "--yes", "--json").document
    assert writes(simulator) == ["oauth_entity", "oauth_2_0_credentials", "oauth_2_0_credentials"]
    assert [s["kind"] for s in repaired["result"]["plan"]["steps"][:2]] == ["SignIn", "SignIn"]
    assert repaired["result"]["plan"]["repaired"] is None
    undone = program.run("undo", "acme", "--yes")
    assert undone.code == 0
    assert "3 things that were right before" in " ".join(program.run("plan", "acme").out.split())


def test_the_scan(played: tuple[Program, Simulator]) -> None:
    program, simulator = played
    asked = program.run("scan", "acme", "--non-interactive")
    assert (asked.code, writes(simulator)) == (2, [])
    scanned = program.run("scan", "acme", "--yes")
    assert scanned.code == 1  # it misses the tokens, as we do
    assert "Please generate an OAuth Token." in " ".join(scanned.out.split())
    assert "exoalias says the same" in " ".join(scanned.out.split())
    document = program.run("scan", "acme", "--yes", "--json").document
    assert document["result"]["scan"]["findings"]
    assert "scanned on" in json.dumps(program.run("check", "acme", "--json").document)


def test_a_scan_that_is_not_possible_names_the_role(tmp_path: Path) -> None:
    with beside(tmp_path, scan_forbidden=True) as (program, _):
        ended = program.run("scan", "acme", "--yes")
        assert ended.code == 5
        assert "sn_cicd.sys_ci_automation" in ended.err
