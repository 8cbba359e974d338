"""``exoalias pin`` as people type it: shown to everybody, changed by a person at a terminal alone."""

from __future__ import annotations

import os
import pty
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from exoalias.cli.deeds_pin import text
from exoalias.domain.target import HomeAccount, Pin, Tier
from tests.cli.program import COMMAND

if TYPE_CHECKING:
    from tests.cli.program import Program

ONE, TWO, TENANT = (f"{n:08x}-0000-4000-8000-0000{n:08x}" for n in (0xAAAA1111, 0xBBBB2222, 0xCCCC3333))


@pytest.fixture
def acme(program: Program) -> Program:
    """An instance whose delegated user is named; nobody is pinned."""
    assert program.run("--this-run-only", "instance", "add", "acme", "--url", "acme.service-now.com").code == 0
    assert program.run("target", "acme", "--delegated-user", "svc@acme.example").code in {0, 5}
    return program


def typed(program: Program, words: str, *arguments: str) -> tuple[int, str]:
    """Run it at a terminal, where somebody types these words when asked."""
    parent, child = pty.openpty()
    environment = {**program.environment, "TERM": "xterm", "NO_COLOR": "1"}
    running = subprocess.Popen(
        [*COMMAND, *program.always, *arguments], env=environment, stdin=child, stdout=child, stderr=child, start_new_session=True
    )
    os.close(child)
    shown = b""
    try:
        while part := os.read(parent, 4096):
            shown += part
            if b"characters of" in shown and words:
                os.write(parent, f"{words}\n".encode())
                words = ""
    except OSError:  # the terminal is gone with the program
        pass
    os.close(parent)
    return running.wait(60), shown.decode()


def test_changed_removed_and_written_down(acme: Program) -> None:
    assert acme.run("pin", "acme").out == "No account is pinned for acme. The next proven sign-in pins one.\n"
    pin = ("pin", "acme", "--object-id")
    refused = acme.run(*pin, ONE, "--tenant", TENANT)
    assert refused.code == 2, "nobody can be asked"
    assert "by a person" in refused.err
    assert typed(acme, "yes", *pin, ONE, "--tenant", TENANT)[0] == 2
    assert typed(acme, "acme", *pin, ONE, "--tenant", TENANT)[0] == 0
    shown = acme.run("pin", "acme", "--json").document["result"]["pin"]
    assert (shown["account"], shown["tier"]) == ({"object_id": ONE, "tenant_id": TENANT}, "entered")
    code, said = typed(acme, ONE[-8:], *pin, TWO)
    assert code == 0, said
    assert ONE in said, "what is lost is shown before"
    assert acme.run("--non-interactive", "pin", "acme", "--remove").code == 2
    assert typed(acme, ONE[-8:], "pin", "acme", "--remove")[0] == 2, "that is the former one's"
    assert typed(acme, TWO[-8:], "pin", "acme", "--remove")[0] == 0
    assert acme.run("pin", "acme", "--json").document["result"]["pin"] is None
    entries = acme.run("journal", "acme", "--json").document["result"]["entries"]
    assert [entry["kind"] for entry in entries] == ["pinned", "pinned", "unpinned"]
    assert [entry["facts"].get("was_object_id") for entry in entries] == [None, ONE, TWO]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--remove",), "No account is pinned"),
        (("--remove", "--object-id", ONE), "Either --remove or --object-id"),
        (("--tenant", TENANT), "--tenant goes with --object-id"),
    ],
)
def test_what_makes_no_sense(acme: Program, arguments: tuple[str, ...], says: str) -> None:
    ended = acme.run("pin", "acme", *arguments)
    assert ended.code == 2
    assert says in ended.err


def test_the_lines() -> None:
    pin = Pin(HomeAccount(ONE, TENANT), Tier.SECOND_OPINION, datetime(2026, 11, 1, 8, 30, tzinfo=UTC), "s-1", "svc@acme.example")
    lines = dict(line.split(":", 1) for line in text(pin, "acme").splitlines())
    assert {name: said.strip() for name, said in lines.items()} == {
        "pinned account": ONE,
        "tenant": TENANT,
        "delegated user": "svc@acme.example",
        "known by": "second opinion",
        "since": "2026-11-01 08:30 UTC, by sign-in s-1",
    }
