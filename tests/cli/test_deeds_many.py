"""The verbs for many as a process: lines as they come, documents, exit codes, and nothing of one customer at another's."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import time
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.cli.program import COMMAND

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.program import Program


def add(program: Program, name: str, *more: str) -> None:
    said = program.said
    way = ("--way", "password", "--user", said["rest"]["user"], "--secret-stdin")
    added = program.run("instance", "add", name, "--url", said["instance"], *way, *more, stdin=said["rest"]["password"])
    assert added.code == 0, added.err


@pytest.fixture
def three(against: Callable[[str], Program]) -> Program:
    """Three names for one simulated instance, of two customers."""
    program = against("profile-missing")
    add(program, "one", "--customer", "Acme", "--kind", "production")
    add(program, "two", "--customer", "acme", "--kind", "test")
    add(program, "three", "--customer", "Beta", "--kind", "test")
    return program


def test_all_a_customers_and_a_kinds(three: Program) -> None:
    ended = three.run("check", "--all")
    assert ended.code == 1
    assert [name for name in ("one", "two", "three") if f" {name}: " in ended.out] == ["one", "two", "three"]
    assert "0 hold, 3 with findings, 0 could not be checked." in ended.out
    assert "3 of 3 checked." in ended.err
    assert "\x1b" not in ended.out + ended.err

    def checked(*arguments: str) -> list[str]:
        found = three.run("check", *arguments, "--json").document["result"]["instances"]
        return [each["name"] for each in found]

    assert sorted(checked("--all")) == ["one", "three", "two"]
    assert checked("--customer", "ACME") == ["one", "two"]
    assert checked("--kind", "test") == ["two", "three"]
    assert checked("--customer", "Acme", "--kind", "test") == ["two"]
    assert checked("three", "one") == ["three", "one"]
    for wrong in (("--customer", "nobody"), ("one", "--kind", "test"), ("one", "--all"), ("--lines", "--all"), ()):
        assert three.run("check", *wrong).code == 2, wrong


def test_a_line_for_each_as_it_comes(three: Program) -> None:
    ended = three.run("check", "--all", "--json", "--lines")
    *each, whole = [json.loads(line) for line in ended.out.splitlines()]
    assert sorted(line["instance"]["name"] for line in each) == ["one", "three", "two"]
    assert all(line["schema"] == 1 and line["instance"]["exit_code"] == 1 and line["instance"]["checklist"] for line in each)
    assert (whole["schema"], whole["exit_code"], ended.code) == (1, 1, 1)
    assert whole["result"] == {"summary": {"checked": 3, "hold": 0, "findings": 3, "unchecked": 0}}
    (alone, end) = three.run("check", "one", "--json", "--lines").out.splitlines()
    assert (json.loads(alone)["instance"]["name"], json.loads(end)["exit_code"]) == ("one", 1)


def test_one_that_cannot_be_checked_does_not_keep_the_others(three: Program) -> None:
    add(three, "browser", "--customer", "Acme")
    changed = three.run("instance", "change", "browser", "--way", "browser")
    assert changed.code == 0, changed.err
    file = three.home / "cache" / "simulated"
    (beta,) = file.glob("*/config/customers/beta-*/exoalias.toml")
    beta.write_text("[broken", "utf-8")
    ended = three.run("check", "--all", "--json", "--non-interactive")
    assert "beta-" in ended.err
    codes = {each["name"]: each["exit_code"] for each in ended.document["result"]["instances"]}
    assert codes.keys() == {"one", "two", "browser"}
    assert (codes["one"], codes["two"]) == (1, 1)


def test_passwords_for_each_from_standard_input(three: Program) -> None:
    right = three.said["rest"]["password"]
    announcement = json.loads((three.home.parent / "announced.json").read_text("utf-8"))
    announcement["rest"]["password"] = "wrong"  # the simulator's own word is not used in its place
    (three.home.parent / "announced.json").write_text(json.dumps(announcement), "utf-8")
    ended = three.run("check", "one", "two", "--json", "--this-run-only", "--secret-stdin", stdin=f"{right}\n{right}\n")
    assert ended.code in {1, 5}, ended.err
    assert right not in ended.out + ended.err


def test_production_is_unlocked_by_its_name(three: Program) -> None:
    said = three.said
    user = ("--delegated-user", said["delegated"]["upn"], "--object-id", said["delegated"]["object_id"])
    assert three.run("target", "one", *user, "--profile", said["profile"]["sys_id"]).code == 0
    locked = three.run("apply", "one", "--yes")
    assert locked.code == 4
    assert "exoalias unlock one" in locked.err
    assert three.run("unlock", "one").code == 2, "nobody can be asked"
    assert three.run("unlock", "one", "--typed", "two").code == 2
    assert three.run("unlock", "one", "--typed", "one", "--minutes", "481").code == 2
    unlocked = three.run("unlock", "one", "--typed", "one", "--minutes", "5", "--json").document
    assert unlocked["result"]["name"] == "one"
    assert three.run("apply", "one", "--yes").code == 1
    assert three.run("lock", "one").code == 0
    assert three.run("undo", "one", "--yes").code == 4
    assert three.run("unlock", "three", "--typed", "three").code == 2
    kinds = [e["kind"] for e in three.run("journal", "one", "--json").document["result"]["entries"]]
    assert kinds == ["unlocked", "set-field", "set-field", "locked"]


def test_lists_go_out_and_come_in(three: Program, tmp_path: Path) -> None:
    shown = three.run("export")
    assert shown.code == 0
    assert [t["name"] for t in tomllib.loads(shown.out)["instance"]] == ["one", "two", "three"]
    assert three.said["rest"]["password"] not in shown.out
    file = tmp_path / "list.toml"
    assert three.run("export", str(file), "--customer", "Beta").code == 0
    assert [t["name"] for t in tomllib.loads(file.read_text("utf-8"))["instance"]] == ["three"]
    file.write_text(shown.out.replace('name = "two"', 'name = "four"'), "utf-8")
    dry = three.run("import", str(file), "--dry-run")
    assert dry.code == 0
    assert "added    four" in dry.out
    assert "same     one" in dry.out
    assert "dry run" in dry.err
    taken = three.run("import", str(file), "--json").document["result"]["lines"]
    assert [(line["name"], line["does"]) for line in taken] == [("one", "same"), ("four", "added"), ("three", "same")]
    piped = three.run("import", "-", stdin=shown.out)
    assert "0 added, 0 changed, 3 as they were." in piped.out
    file.write_text(shown.out.replace('kind = "test"', 'kind = "production"'), "utf-8")
    refused = three.run("import", str(file))
    assert (refused.code, "--replace" in refused.err + refused.out) == (2, True)
    assert three.run("import", str(file), "--dry-run").code == 2
    assert three.run("import", str(file), "--replace").code == 0
    assert three.run("import", str(tmp_path / "nowhere")).code == 2
    assert three.run("export", str(tmp_path / "no" / "such" / "folder")).code == 2


def test_nothing_of_one_customer_is_in_anothers_files(against: Callable[[str], Program]) -> None:
    program = against("profile-missing")
    marks = {"Alpaca & Co": "alpaca-one", "Badger GmbH": "badger-two", "": "nobodys-three"}
    said = program.said
    for customer, name in marks.items():
        add(program, name, *(("--customer", customer) if customer else ()))
        upn = f"svc@{name}.example"
        program.run("target", name, "--delegated-user", upn, "--object-id", said["delegated"]["object_id"])
        assert program.run("target", name, "--profile", said["profile"]["sys_id"]).code == 0
        assert program.run("check", name).code == 1
        program.run("apply", name, "--yes")
        program.run("undo", name, "--yes")
    program.run("check", "--all", "--json")
    program.run("instance", "change", "badger-two", "--customer", "Alpaca & Co")
    program.run("instance", "change", "badger-two", "--customer", "Badger GmbH")
    program.run("export")
    files = {path.relative_to(program.home).as_posix(): path.read_bytes() for path in program.home.rglob("*") if path.is_file()}
    for name in marks.values():
        theirs = [path for path, content in files.items() if name.encode() in content]
        assert theirs, name
        mine = name.partition("-")[0]
        strangers = [p for p in theirs if (f"customers/{mine}-" not in p if mine != "nobodys" else "customers/" in p)]
        assert strangers == [], name


def _stopped(program: Program, environment: dict[str, str]) -> tuple[int, str]:
    """Ctrl+C on a terminal; the exit code and everything it showed."""
    parent, child = pty.openpty()
    running = subprocess.Popen(
        [*COMMAND, *program.always, "check", "--all"],
        env=environment,
        stdin=child,
        stdout=child,
        stderr=child,
        start_new_session=True,
    )
    os.close(child)
    shown = b""
    until = time.monotonic() + 30
    while b"checked" not in shown and time.monotonic() < until:
        shown += os.read(parent, 4096)
    running.send_signal(signal.SIGINT)
    try:
        while part := os.read(parent, 4096):
            shown += part
    except OSError:  # the terminal is gone with the program
        pass
    os.close(parent)
    return running.wait(60), shown.decode()


def test_ctrl_c_says_who_was_not_checked(against: Callable[[str], Program]) -> None:
    program = against("slow")
    names = [f"name{n}" for n in range(6)]
    for name in names:
        add(program, name)
    code, shown = _stopped(program, {**program.environment, "EXOALIAS_SIDE_BY_SIDE": "1", "TERM": "xterm"})
    assert code == 6, shown
    assert "Not checked:" in shown
    assert "\x1b[K" in shown
    assert "Traceback" not in shown
