"""The verbs as a process against a simulated far side: exit codes, JSON, and no secret anywhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.adapters.keyring_session import command_in_session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.program import Ended, Program


def _secrets(program: Program) -> list[str]:
    said = program.said
    return [said["rest"]["password"], said["admin"]["password"], said["delegated"]["password"]]


def _no_secret(program: Program, *ended: Ended) -> None:
    written = [path.read_bytes() for path in program.home.rglob("*") if path.is_file()]
    assert written
    for secret in _secrets(program):
        assert not [e for e in ended if secret in e.out + e.err]
        assert not [content for content in written if secret.encode() in content]


def test_the_way_through_without_sign_in(against: Callable[[str], Program]) -> None:
    program = against("profile-missing")
    program.add()
    shown = program.run("target", "acme")
    assert shown.code == 0
    assert f"* {program.said['profile']['name']}" in shown.out
    listed = program.run("instance", "list", "--json").document["result"]["instances"]
    assert [entry["name"] for entry in listed] == ["acme"]

    checked = program.run("check")  # the only one needs no name
    assert checked.code == 1
    assert max(len(line) for line in checked.out.splitlines() if "http" not in line and "Set-" not in line) <= 80
    assert "\x1b" not in checked.out
    planned = program.run("plan", "acme", "--json").document
    steps = planned["result"]["plan"]["steps"]
    assert [(s["kind"], s.get("record_name")) for s in steps[:2]] == [("SetField", "MS Graph 1"), ("SetField", "MS Graph 2")]

    asked = program.run("apply", "acme", "--non-interactive")
    assert (asked.code, program.far_side and program.far_side.record()["writes"]) == (2, [])
    assert "--yes" in asked.err
    applied = program.run("apply", "acme", "--yes", "--json").document
    assert applied["exit_code"] == 1  # the tokens are still missing
    assert [s["kind"] for s in applied["result"]["plan"]["steps"][:2]] == ["SignIn", "SignIn"]
    undone = program.run("undo", "acme", "--yes")
    assert undone.code == 0
    assert program.run("undo", "acme", "--yes").code == 1
    journal = program.run("journal", "acme", "--json").document["result"]["entries"]
    assert [(e["kind"], e["result"]) for e in journal] == [("set-field", "written")] * 2 + [("undo", "written")] * 2
    assert "set-field: written" in program.run("journal", "acme").out
    _no_secret(program, shown, checked, asked, undone)
    assert program.run("instance", "remove", "acme").code == 2
    assert program.run("instance", "remove", "acme", "--yes").code == 0
    assert program.run("check", "acme").code == 2


@pytest.mark.parametrize(
    ("scenario", "verb", "code", "problem"),
    [
        ("hibernating", ("check",), 5, "hibernating"),
        ("basic-auth-refused", ("check",), 5, "sign-in-refused"),
        ("write-ignored", ("apply", "--yes"), 5, "write-ignored"),
        ("moved-meanwhile", ("apply", "--yes"), 1, "record-moved"),
        ("duplicate-credential", ("apply", "--yes"), 1, ""),
        ("duplicate-credential", ("sign-in", "--credential", "MS Graph 1", "--headless"), 2, "unknown-credential"),
        ("wrong-grant", ("sign-in", "--credential", "MS Graph 1", "--headless"), 1, "in-doubt"),
        ("happy", ("sign-in", "--credential", "MS Graph 9", "--headless"), 2, "unknown-credential"),
        ("not-admin", ("check",), 1, ""),
        ("scope-missing", ("plan",), 1, ""),
    ],
)
def test_exit_codes(against: Callable[[str], Program], scenario: str, verb: tuple[str, ...], code: int, problem: str) -> None:
    program = against(scenario)
    said = program.said
    add = ("instance", "add", "acme", "--url", said["instance"], "--user", said["rest"]["user"], "--secret-stdin")
    assert program.run(*add, stdin=said["rest"]["password"]).code == 0
    program.run("target", "acme", "--delegated-user", said["delegated"]["upn"], "--object-id", said["delegated"]["object_id"])
    if scenario not in {"hibernating", "basic-auth-refused", "not-admin"}:
        assert program.run("target", "acme", "--profile", said["profile"]["name"]).code == 0
    ended = program.run(verb[0], "acme", *verb[1:], "--json", "--non-interactive")
    document = ended.document
    told = document["problem"] or next((i["problem"] for i in document["result"].get("instances", [])), None)
    assert (ended.code, told["code"] if told else "") == (code, problem), ended.err
    if told:
        assert told["says"] in ended.err
        assert "Traceback" not in ended.err
    _no_secret(program, ended)


def test_all_instances_and_the_worst_counts(against: Callable[[str], Program]) -> None:
    program = against("happy")
    for name in ("one", "two words"):
        program.add(name)
    assert program.run("check").code == 2
    assert program.run("check", "one", "--all").code == 2
    assert program.run("check", "one", "nobody").code == 2
    document = program.run("check", "--all", "--json").document
    assert [(i["name"], i["exit_code"], i["problem"]) for i in document["result"]["instances"]] == [
        ("one", 1, None),
        ("two words", 1, None),
    ]
    assert program.far_side is not None
    program.far_side.stop()
    ended = program.run("check", "--all", "--json")
    assert ended.document["exit_code"] == 5
    assert [i["problem"]["code"] for i in ended.document["result"]["instances"]] == ["unreachable"] * 2


def test_without_the_simulator_the_safe_things_are_refused(program: Program) -> None:
    headless = program.run("sign-in", "acme", "--credential", "MS Graph 1", "--headless")
    assert (headless.code, "simulated" in headless.err) == (2, True)
    assert program.run("check", "acme").err.startswith("exoalias: No instance is called acme.\n  ")
    assert program.run("instance", "list").out.startswith("No instance")
    plain = program.run("instance", "add", "a", "--url", "http://127.0.0.1:9", "--user", "u", "--secret-stdin", stdin="x\n")
    assert (plain.code, plain.out) == (2, "")


@pytest.mark.usefixtures("no_keyring")
def test_passwords_where_no_keyring_is(program: Program) -> None:
    add = ("instance", "add", "acme", "--url", "acme", "--user", "admin")
    assert program.run(*add).code == 2  # nobody to ask
    assert program.run(*add, "--secret-stdin").code == 2  # nothing came
    refused = program.run(*add, "--secret-stdin", "--json", stdin="hush\n")
    assert refused.document["problem"]["code"] == "no-vault"
    assert refused.code == 4
    assert "hush" not in refused.out + refused.err
    assert program.run(*add, "--this-run-only").code == 0
    assert program.run("check", "acme", "--this-run-only", "--non-interactive").code == 2
    # The address doesn't exist for these tests: the password was taken, and the network asked.
    assert program.run("check", "acme", "--this-run-only", "--secret-stdin", stdin="hush\n").code == 5


@pytest.mark.usefixtures("no_keyring")
def test_doctor(program: Program) -> None:
    ended = program.run("doctor", "--json")
    probes = {probe["name"]: probe["result"] for probe in ended.document["result"]["probes"]}
    assert (probes["Python"], probes["Keyring"]) == ("ok", "fail")
    assert ended.code == 1
    assert "Python" in program.run("doctor", "--this-run-only").out


def test_the_keyring_holds_the_password_between_two_runs(program: Program, tmp_path: Path) -> None:
    """A real Secret Service: added in one process, found by the next, gone after remove; in no file."""
    exoalias = f"{sys.executable} -m exoalias"
    script = f"""
        printf 'hush-hush\\n' | {exoalias} instance add acme --url acme --user admin --secret-stdin || exit 1
        {exoalias} check acme; echo "check $?"
        {exoalias} instance remove acme --yes || exit 1
        {exoalias} --this-run-only instance add acme --url acme --user admin || exit 1
        {exoalias} check acme; echo "check $?"
    """
    done = command_in_session(tmp_path / "session", ["sh", "-c", script], extra={"EXOALIAS_HOME": str(program.home)})
    lines = [line for line in done.stdout.splitlines() if line.startswith("check")]
    assert lines == ["check 5", "check 4"], done.stdout + done.stderr  # no network here; then: no password
    assert "can't be reached" in done.stderr
    assert "holds no secret for acme" in done.stderr
    assert "hush-hush" not in done.stdout + done.stderr
    assert not [path for path in program.home.rglob("*") if path.is_file() and b"hush-hush" in path.read_bytes()]
