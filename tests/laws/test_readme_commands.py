"""Every command the README shows is one this program takes: nobody copies a line that ends in a usage message."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest

from exoalias.cli.parser import make_parser

if TYPE_CHECKING:
    from pathlib import Path

# A command ends where the shell's next one begins, or where the README goes on in words.
_END = re.compile(r"\s+(?:[|<>&;]|2>|\|\|)|\s{2,}|\s+·|\s+\(|\s*`|\s*$|\s+shows\b")
_BEGIN = re.compile(r"(?:(?<=^)|(?<=[\s`/]))exoalias(?= [a-z-])")
_ANY = re.compile(r"\s[…\[]")  # a command with a part left out for the reader to fill in


def commands_in(text: str) -> list[str]:
    """The commands in the fenced and indented blocks of a Markdown text, without what stands around them."""
    found = []
    for line in _code_lines(text):
        for match in _BEGIN.finditer(line):
            rest = line[match.end() :].lstrip()
            command = rest[: end.start()] if (end := _END.search(rest)) else rest
            if not _ANY.search(f" {command}"):
                found.append(command.removesuffix('"') if command.count('"') % 2 else command)
    return found


def _code_lines(text: str) -> list[str]:
    lines, fenced = [], False
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            lines.append(line)
    return lines


def parses(command: str) -> bool:
    """Whether the program takes it."""
    try:
        make_parser().parse_args(shlex.split(command))
    except SystemExit:
        return False
    return True


def test_every_command_of_the_readme_is_taken(root: Path) -> None:
    commands = commands_in((root / "README.md").read_text("utf-8"))
    assert len(commands) > 10
    assert [command for command in commands if not parses(command)] == []


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("$ exoalias check --all --json", "check --all --json"),
        ("30 2 * * *  exoalias check a --non-interactive < secrets > out || mail x", "check a --non-interactive"),
        ('schtasks /TR "cmd /c exoalias check --all --json > out.json"', "check --all --json"),
        ("      - run: printf x | exoalias check a --secret-stdin > r.json", "check a --secret-stdin"),
        ('exoalias target acme --profile "two words"     in words', 'target acme --profile "two words"'),
        ("exoalias undo acme · exoalias doctor", "undo acme"),
    ],
)
def test_commands_are_found_among_what_stands_around_them(line: str, command: str) -> None:
    assert commands_in(f"```\n{line}\n```")[0] == command
    assert parses(command)


def test_a_command_that_is_not_taken_is_noticed() -> None:
    assert commands_in("```\nexoalias chekc --all\n```") == ["chekc --all"]
    assert not parses("chekc --all")
    assert not parses("check --everything")
