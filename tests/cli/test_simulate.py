"""``exoalias simulate``: one line for programs, a few for people."""

from __future__ import annotations

import json
import signal
import subprocess

from tests.cli.program import COMMAND, Program


def test_one_json_line_then_commands(program: Program) -> None:
    ended = program.run(
        "simulate", "--scenario", "profile-wrong", "--seed", "4", "--json", stdin="record\nrecord-summary\nnonsense\nstop\n"
    )
    lines = [json.loads(line) for line in ended.out.splitlines()]
    assert ended.code == 0
    assert (lines[0]["scenario"], lines[0]["seed"]) == ("profile-wrong", 4)
    assert (lines[1]["tokens"], lines[2]["token_owners"]) == ([], [])
    assert "error" in lines[3]


def test_for_people(program: Program) -> None:
    ended = program.run("simulate", "--seed", "4", stdin="stop\n")
    assert ended.out.startswith("Scenario happy")
    assert "http://127.0.0.1:" in ended.out
    assert program.run("simulate", "--scenario", "nonsense").code == 2


def test_a_signal_ends_it(program: Program) -> None:
    process = subprocess.Popen(
        [*COMMAND, "simulate", "--json"], env=program.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    json.loads(process.stdout.readline())
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)
    assert process.returncode == 0
