"""Adding, changing and rotating on the terminal: secrets by prompt or standard input, never by argument."""

from __future__ import annotations

import argparse
import io
import sys
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.entries import InstanceEntry
from exoalias.cli.deeds_instances import secrets_for
from exoalias.cli.run import Run
from exoalias.cli.terminal import Terminal
from exoalias.domain.problems import UsageProblem, WouldPrompt
from exoalias.domain.ways import Way
from tests.adapters.keyring_session import command_in_session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.program import Program

ORIGIN = "https://acme.service-now.com"


# -- what is asked -------------------------------------------------------------------------------------------------------


def run_of(*, stdin: bool) -> Run:
    err = io.TextIOWrapper(io.BytesIO(), "utf-8")
    return Run(argparse.Namespace(secret_stdin=stdin), Terminal(as_json=False, may_ask=True, out=err, err=err), lambda *_: 0)


@pytest.mark.parametrize(
    ("entry", "lines", "held"),
    [
        (InstanceEntry("a", ORIGIN, "ada"), "hush\n", {"password": "hush"}),
        (InstanceEntry("a", ORIGIN, way=Way.BROWSER), "", {}),
        (InstanceEntry("a", ORIGIN, way=Way.API_KEY), "key\n", {"api_key": "key"}),
        (
            InstanceEntry("a", ORIGIN, "ada", way=Way.API_KEY, sign_in_for_me=True),
            "key\nhush\n",
            {"api_key": "key", "password": "hush"},
        ),
        (InstanceEntry("a", ORIGIN, way=Way.OAUTH, client_id="c"), "", {}),
        (InstanceEntry("a", ORIGIN, way=Way.OAUTH, client_id="c"), "\n", {}),
        (InstanceEntry("a", ORIGIN, way=Way.OAUTH, client_id="c"), "shh\r\n", {"client_secret": "shh"}),
        (InstanceEntry("a", ORIGIN, way=Way.CLIENT_CREDENTIALS, client_id="c"), " s p \n", {"client_secret": " s p "}),
        (InstanceEntry("a", ORIGIN, way=Way.CERTIFICATE, certificate="/c"), "pass\n", {"passphrase": "pass"}),
        (InstanceEntry("a", ORIGIN, "ada", certificate="/c"), "hush\npass\n", {"password": "hush", "passphrase": "pass"}),
    ],
)
def test_a_line_of_standard_input_for_each_secret_in_order(
    monkeypatch: pytest.MonkeyPatch, entry: InstanceEntry, lines: str, held: dict[str, str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    kept = secrets_for(run_of(stdin=True), entry)
    assert {name: secret.reveal() for name, secret in kept.held.items()} == held


@pytest.mark.parametrize("way", [Way.PASSWORD, Way.API_KEY, Way.CLIENT_CREDENTIALS])
def test_a_needed_secret_that_does_not_come_is_missed(monkeypatch: pytest.MonkeyPatch, way: Way) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    with pytest.raises(UsageProblem, match="standard input"):
        secrets_for(run_of(stdin=True), InstanceEntry("a", ORIGIN, "ada", way=way))


def test_where_nobody_can_be_asked_only_what_is_needed_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert not secrets_for(run_of(stdin=False), InstanceEntry("a", ORIGIN, way=Way.OAUTH, client_id="c"))
    with pytest.raises(WouldPrompt):
        secrets_for(run_of(stdin=False), InstanceEntry("a", ORIGIN, "ada"))


# -- as a process --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_keyring")
def test_a_browser_session_is_added_without_a_secret_or_a_keyring(program: Program) -> None:
    added = program.run("instance", "add", "acme", "--url", "acme", "--customer", "Acme Ltd", "--kind", "production", "--json")
    assert added.code == 0, added.err
    result = added.document["result"]
    assert (result["way"], result["customer"], result["kind"], result["user"]) == ("browser", "Acme Ltd", "production", "")
    listed = program.run("instance", "list")
    assert listed.out.split("  ")[:5] == ["acme", ORIGIN, "browser", "Acme Ltd", "production"]
    changed = program.run("instance", "change", "acme", "--kind", "test")
    assert changed.code == 0, changed.err
    assert "test" in program.run("instance", "list").out
    # Nobody can sign in here, and the run says so instead of waiting.
    assert program.run("check", "acme", "--non-interactive").code == 5


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--way", "magic"), "no way in"),
        (("--way", "client-credentials"), "client id"),
        (("--way", "api-key", "--one-time-code"), "one-time code"),
        (("--kind", "holiday"), "kind"),
        (("--way", "certificate"), "certificate is missing"),
        (("--way", "certificate", "--certificate", "/nowhere.pem"), "no such file"),
        (("--ca-file", "/nowhere.pem"), "no such file"),
    ],
)
@pytest.mark.usefixtures("no_keyring")
def test_what_cannot_be_is_refused(program: Program, options: tuple[str, ...], why: str) -> None:
    ended = program.run("instance", "add", "acme", "--url", "acme", "--secret-stdin", *options, stdin="secret\n")
    assert ended.code == 2, ended.err
    assert why in ended.err
    assert "No instance is known" in program.run("instance", "list").out


def test_a_change_has_to_say_something(program: Program) -> None:
    program.run("instance", "add", "acme", "--url", "acme")
    ended = program.run("instance", "change", "acme")
    assert (ended.code, "Say what changes" in ended.err) == (2, True)


def test_each_way_checks_the_simulated_instance(against: Callable[[str], Program]) -> None:
    program = against("profile-missing")
    said, oauth = program.said, program.said["oauth"]["client_credentials"]
    ways = {
        "key": (("--way", "api-key"), said["rest"]["api_key"]),
        "machine": (("--way", "client-credentials", "--client-id", oauth["client_id"]), oauth["client_secret"]),
        "person": (("--user", said["rest"]["user"]), said["rest"]["password"]),
    }
    for name, (options, secret) in ways.items():
        added = program.run("instance", "add", name, "--url", said["instance"], *options, "--secret-stdin", stdin=f"{secret}\n")
        assert added.code == 0, added.err
        checked = program.run("check", name)
        assert checked.code == 1, checked.err  # no target was said
        assert "signed in" in checked.out.lower()
        wrong = program.run("instance", "rotate", name, "--secret-stdin", stdin="wrong\n")
        assert wrong.code == 5, wrong.err
        right = program.run("instance", "rotate", name, "--secret-stdin", stdin=f"{secret}\n")
        assert right.code == 0, right.err
        written = [path.read_bytes() for path in program.home.rglob("*") if path.is_file()]
        for ended in (added, checked, wrong, right):
            assert secret not in ended.out + ended.err
        assert not [content for content in written if secret.encode() in content]


_COUNT = (
    'import secretstorage as s; bus = s.dbus_init(); print("items", len(list(s.get_default_collection(bus).get_all_items())))'
)


def test_another_way_in_leaves_nothing_in_the_keyring(program: Program, tmp_path: Path) -> None:
    """A real Secret Service: the old item is gone once the way in is another."""
    exoalias = f"{sys.executable} -m exoalias"
    count = f"{sys.executable} -c '{_COUNT}'"
    script = f"""
        printf 'hush-1\n' | {exoalias} instance add acme --url acme --user admin --secret-stdin || exit 1
        {count}
        printf 'hush-2\n' | {exoalias} instance change acme --way api-key --secret-stdin || exit 1
        {count}
        printf 'hush-3\n' | {exoalias} instance rotate acme --untried --secret-stdin || exit 1
        {count}
        {exoalias} instance change acme --way browser || exit 1
        {count}
    """
    done = command_in_session(tmp_path / "session", ["sh", "-c", script], extra={"EXOALIAS_HOME": str(program.home)})
    counted = [line for line in done.stdout.splitlines() if line.startswith("items")]
    assert counted == ["items 1", "items 1", "items 1", "items 0"], done.stdout + done.stderr
    assert "hush" not in done.stdout + done.stderr
