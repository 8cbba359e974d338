"""``exoalias explain``: a code on the command line, a page on standard input; offline, and nothing pasted comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.cli.deeds_explain import text
from exoalias.domain.microsoft_errors import TABLE, explain

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.program import Program

SECRET = "0.AXsA-s3cret_code.AgABAAEAAAD"
PAGE = f"Fehlercode: 50126\nhttps://acme.service-now.com/oauth_redirect.do?code={SECRET}&state=1\n"


@pytest.mark.parametrize("asked", [["AADSTS50126"], ["50126"], ["Error", "code:", "50126"], ["Fehlercode:", "50126"]])
def test_a_code_on_the_command_line(program: Program, asked: list[str]) -> None:
    ended = program.run("explain", *asked)
    assert ended.code == 0
    meaning = TABLE["AADSTS50126"]
    assert ended.out.splitlines() == text(meaning).splitlines()
    for part in (meaning.title, meaning.cause, meaning.remedy, meaning.who.value, meaning.source.title, meaning.source.url):
        assert part in ended.out


@pytest.mark.parametrize("asked", [["-"], []])
def test_a_page_on_standard_input(program: Program, asked: list[str]) -> None:
    ended = program.run("explain", *asked, stdin=PAGE)
    assert ended.code == 0
    assert "Wrong user name or password" in ended.out
    assert SECRET not in ended.out + ended.err


def test_nothing_known(program: Program) -> None:
    ended = program.run("explain", "-", stdin=f"AADSTS99999 {SECRET}")
    assert ended.code == 1
    assert ended.out.startswith("AADSTS99999 · Not in our table")
    assert SECRET not in ended.out + ended.err


def test_nothing_asked(program: Program) -> None:
    assert program.run("explain", stdin="").code == 1


def test_for_programs(program: Program) -> None:
    document = program.run("explain", "invalid_grant", "--json").document["result"]
    meaning = explain("invalid_grant")
    assert document["code"] == "invalid_grant"
    assert document["known"] is True
    assert document["who"] == meaning.who.value
    assert document["source"] == {"title": meaning.source.title, "url": meaning.source.url}


def test_it_needs_no_settings(program: Program, tmp_path: Path) -> None:
    """It helps on a machine where settings, keyring or journal are what is broken."""
    broken = tmp_path / "home" / "config"
    broken.mkdir(parents=True)
    (broken / "exoalias.toml").write_text("this is [no TOML", "utf-8")
    assert program.run("explain", "50126").code == 0
