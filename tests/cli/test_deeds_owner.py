"""``exoalias owner``: the script on standard output, the answer on standard input; told as an exit code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.program import Program

ELSEWHERE = "0b1ec700-0000-4000-8000-00000000aaaa"


def test_script_answer_and_exit_codes(against: Callable[[str], Program], tmp_path: Path) -> None:
    program = against("happy")
    program.add()
    shown = program.run("owner", "acme", "--credential", "MS Graph 1")
    assert shown.code == 0
    ids = re.findall(r'var (?:credential|profile) = "([0-9a-f]{32})"', shown.out)
    assert len(ids) == 2
    assert "Scripts - Background" in shown.err
    assert "Scripts - Background" in shown.out
    line = f"*** Script: exoalias-answer 1 {' '.join(ids)} {ELSEWHERE} {ELSEWHERE}\n"
    compared = program.run("owner", "acme", "--answer", "-", stdin=line)
    assert compared.code == 1
    assert ELSEWHERE in compared.out
    file = tmp_path / "answer.txt"
    file.write_text(line.replace(f"{ELSEWHERE} {ELSEWHERE}", "none no-token"), "utf-8")
    cannot = program.run("owner", "acme", "--answer", str(file))
    assert cannot.code == 1
    assert "can't tell" in cannot.err


@pytest.mark.parametrize("arguments", [[], ["--credential", "MS Graph 1", "--answer", "-"]])
def test_one_of_both_is_named(program: Program, arguments: list[str]) -> None:
    assert program.run("--this-run-only", "owner", "acme", *arguments).code == 2


def test_a_file_that_is_not_there(program: Program, tmp_path: Path) -> None:
    ended = program.run("--this-run-only", "owner", "acme", "--answer", str(tmp_path / "none"))
    assert ended.code == 2
