"""Every command the README shows is one this program takes: nobody copies a line that ends in a usage message."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest

from exoalias.app.verbs import VERBS
from exoalias.cli.parser import make_parser

if TYPE_CHECKING:
    from pathlib import Path

# A command ends where the shell's next one begins, or where the README goes on in words.
_END = re.compile(r"\s+(?:[|<>&;]|2>|\|\|)|\s{2,}|\s+·|\s+\(|\s*`|\s*$|\s+shows\b")
_BEGIN = re.compile(r"(?:(?<=^)|(?<=[\s`/]))exoalias(?= [a-z-])")
_IN_WORDS = re.compile(r"`(exoalias [a-z][^`\n]*)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_DEV = re.compile(r"dev\.py ([a-z][a-z_]*)")
_TEST = re.compile(r"`(tests/[\w/]+(?:\.py)?/?)`")
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


DOCUMENTS = (
    "README.md",
    "GUIDE.md",
    "ADMINISTRATION.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "REVIEW.md",
    "ARCHITECTURE.md",
    "packaging/README.md",
)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_of_a_document_is_taken(root: Path, document: str) -> None:
    text = (root / document).read_text("utf-8")
    commands = [*commands_in(text), *(spoken.removeprefix("exoalias ") for spoken in _IN_WORDS.findall(text))]
    assert len(commands) > (10 if document == "README.md" else -1)
    named = {verb.name for verb in VERBS}  # a verb that is spoken of, without what it takes
    assert [c for c in commands if c not in named and not _ANY.search(f" {c}") and not parses(c)] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_and_picture_of_a_document_is_there(root: Path, document: str) -> None:
    links = _LINK.findall((root / document).read_text("utf-8"))
    here = (root / document).parent
    assert [link for link in links if "://" not in link and not (here / link.partition("#")[0]).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_developers_verb_of_a_document_exists(root: Path, document: str) -> None:
    verbs = _DEV.findall((root / document).read_text("utf-8"))
    known = {"setup", "demo", "test", *(path.stem for path in (root / "dev").glob("[a-z]*.py"))}
    assert sorted(set(verbs) - known) == []


@pytest.mark.parametrize("document", ["SECURITY.md", "REVIEW.md"])
def test_every_test_that_is_said_to_hold_something_is_there(root: Path, document: str) -> None:
    named = set(_TEST.findall((root / document).read_text("utf-8")))
    assert len(named) > 10
    assert sorted(name for name in named if not (root / name).exists()) == []


def test_the_pages_for_reviewers_stay_two(root: Path) -> None:
    assert len((root / "REVIEW.md").read_text("utf-8").split()) < 1100


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
