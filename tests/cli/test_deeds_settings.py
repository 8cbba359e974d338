"""``exoalias settings`` and the options that set something for one run, as people type them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.program import Program


def test_shown_changed_and_taken_away(program: Program) -> None:
    file = program.home / "config" / "exoalias.toml"
    shown = program.run("settings")
    assert (shown.code, shown.err) == (0, "")
    assert "idle_minutes    10  (built-in)" in shown.out
    assert str(file) in shown.out

    changed = program.run("settings", "idle-minutes=5", "proxy=none")
    assert (changed.code, changed.out.splitlines()) == (0, [f"idle_minutes    5  ({file})", f"proxy           none  ({file})"])

    overruled = program.run("--set", "idle_minutes=7", "settings", "--set", "log_days=3").out
    assert f"idle_minutes    7  (the command line)\n                not 5  ({file})\n" in overruled
    assert "log_days        3  (the command line)" in overruled

    assert program.run("settings", "idle_minutes=", "proxy=").code == 0
    assert file.read_text("utf-8") == ""


def test_as_json(program: Program) -> None:
    told = program.run("--set", "ways=browser", "settings", "idle_minutes=5", "--json").document["result"]
    settings = {each["name"]: each for each in told["settings"]}
    assert told["file"] == str(program.home / "config" / "exoalias.toml")
    assert settings["idle_minutes"] == {
        "name": "idle_minutes",
        "value": 5,
        "rung": "user",
        "where": told["file"],
        "fixed": False,
        "variable": "EXOALIAS_IDLE_MINUTES",
        "takes": "a whole number from 1 to 120",
        "overrules": [],
    }
    assert (settings["ways"]["value"], settings["log_days"]["rung"]) == (["browser"], "built-in")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("settings", "idle_minutes=0"), "“0” can't be used: it takes a whole number from 1 to 120"),
        (("settings", "colour=red"), "No setting is called colour"),
        (("settings", "proxy"), "proxy says no value"),
        (("--set", "idle_minutes=0", "settings"), "“0” can't be used"),
        (("--set", "nothing", "instance", "list"), "nothing says no value"),
        (("settings", "proxy=https://me:hunter2@proxy:1"), "An address with user and password can't be used"),
    ],
)
def test_refused_with_the_reason(program: Program, arguments: tuple[str, ...], why: str) -> None:
    ended = program.run(*arguments)
    assert ended.code == 2
    assert why in ended.err
    assert "hunter2" not in ended.err
    assert not (program.home / "config" / "exoalias.toml").exists()


def test_a_value_that_does_not_count_is_said(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXOALIAS_LOG_DAYS", "0")
    ended = program.run("settings")
    assert ended.code == 0
    assert ended.err == "Not counted: EXOALIAS_LOG_DAYS: “0” can't be used: it takes a whole number from 1 to 365.\n"
