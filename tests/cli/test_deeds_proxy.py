"""``exoalias proxy`` as people type it: kept in the keyring, never shown, never an argument."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.app.proxy_login import ProxyState
from exoalias.cli.deeds_proxy import text

if TYPE_CHECKING:
    from tests.cli.program import Program


def test_no_proxy_is_set(program: Program) -> None:
    shown = program.run("--this-run-only", "proxy")
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith("No proxy is set: the system's and the environment's are used")
    kept = program.run("--this-run-only", "--secret-stdin", "proxy", "--user", "me", stdin="pa55word\n")
    assert kept.code == 2
    assert "exoalias settings proxy=HOST:PORT" in kept.err
    assert "pa55word" not in kept.out + kept.err


@pytest.mark.vault
@pytest.mark.usefixtures("secret_service")
def test_kept_shown_forgotten(program: Program) -> None:
    proxy = ("--set", "proxy=proxy.example:8080", "proxy")
    assert program.run(*proxy).out == "proxy.example:8080: no user is kept.\n"
    kept = program.run("--secret-stdin", *proxy, "--user", "me", stdin="pa55word\n")
    assert (kept.code, kept.err) == (0, "")
    assert kept.out.startswith("proxy.example:8080: as me, whose password is kept by ")
    told = program.run(*proxy, "--json")
    assert told.document["result"]["user"] == "me"
    assert "pa55word" not in kept.out + told.out
    assert program.run("--set", "proxy=other.example:1", "proxy").out == "other.example:1: no user is kept.\n"
    assert program.run(*proxy, "--forget").out == "proxy.example:8080: no user is kept.\n"


def test_either_or(program: Program) -> None:
    ended = program.run("--this-run-only", "proxy", "--user", "me", "--forget")
    assert ended.code == 2
    assert "Either --user or --forget" in ended.err


def test_what_a_name_holds_steers_no_terminal() -> None:
    assert "\x1b" not in text(ProxyState("proxy.example:8080", "m\x1b[1me", "memory"))
