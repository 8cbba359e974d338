"""Text for a terminal of 80 columns."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from exoalias.adapters.keeping.journal import Entry
from exoalias.app.doctor import Probe
from exoalias.cli import render
from exoalias.cli.terminal import Terminal
from exoalias.domain.checklist import Act, Action, Checklist, Finding, Group, Row, Source, Status
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.plan import Advise, Plan, SetField, SignIn
from exoalias.domain.records import SysId
from exoalias.domain.target import HomeAccount, Pin, Target, Tier

NOW = datetime(2026, 2, 11, 10, 20, 30, tzinfo=UTC)
LONG = "a sentence that is far too long for one line of a terminal and goes on and on, " * 3


def _terminal() -> Terminal:
    return Terminal(as_json=False, may_ask=False, out=io.TextIOWrapper(io.BytesIO(), "utf-8"), err=io.StringIO())


def _finding(status: Status, **changes: object) -> Finding:
    base = Finding("a.b", status, f"It {status.value}", LONG, "should", LONG, "do it", (Source("Page", "https://p.example/x"),))
    return base._replace(**changes)  # type: ignore[arg-type] # names of its fields


def _checklist(*findings: Finding) -> Checklist:
    row = Row("credential/1", Group.CREDENTIAL, "MS Graph 1", record=SysId("1"), findings=findings)
    return Checklist(
        "acme", "https://acme.example", NOW, (row,), Action(Act.SIGN_IN, "Sign in MS Graph 1 …", SysId("1")), 1, ("a note",)
    )


def test_every_status_is_a_word_and_lines_are_short() -> None:
    text = render.checklist(_terminal(), _checklist(*(_finding(s) for s in Status)))
    for status in Status:
        assert f"{status.value} " in text
    assert max(len(line) for line in text.splitlines()) <= 80
    assert 'exoalias sign-in acme --credential "MS Graph 1"' in text
    assert "note: a note" in text
    assert "https://p.example/x" in text


def test_what_holds_is_one_line() -> None:
    text = render.checklist(_terminal(), _checklist(_finding(Status.HOLDS)))
    assert "All holds." in text
    assert "found:" not in text
    left = render.checklist(_terminal(), _checklist(_finding(Status.HOLDS), _finding(Status.WRONG)), findings_only=True)
    assert "It holds" not in left
    assert "It wrong" in left


def test_a_command_to_copy_is_left_whole() -> None:
    command = f"Set-CalendarProcessing -Identity '{'a-long-name-' * 6}@acme.example' -DeleteSubject $false"
    copy = _finding(Status.ADVICE, action=Action(Act.COPY, "Copy", text=f"{command}\n{command}"))
    assert render.checklist(_terminal(), _checklist(copy)).splitlines().count(command) == 2


def test_an_instance_does_not_steer_the_terminal() -> None:
    evil = "x\x1b]0;owned\x07\x9b31m\r"
    row = Row("r", Group.CREDENTIAL, evil, findings=(_finding(Status.WRONG, title=evil, found=evil, remedy=evil),))
    text = render.checklist(_terminal(), replace(_checklist(), rows=(row,)))
    assert not {"\x1b", "\x07", "\x9b", "\r"} & set(text)


def test_a_plan() -> None:
    write = SetField("t", SysId("1"), "MS Graph 1", "oauth_entity_profile", "", "", "p", "The profile", 1, NOW)
    plan = Plan("o", (write, SignIn(SysId("1"), "MS Graph 1", SysId("p"), "no token"), Advise("A", LONG)), (LONG,))
    text = render.plan(plan)
    assert "before: empty" in text
    assert "after:  The profile" in text
    assert " 2. sign in for MS Graph 1: no token" in text
    assert "not done: a sentence" in text
    assert render.plan(Plan("o", ())) == "Nothing is to be done."


def test_a_target() -> None:
    assert "not said yet" in render.target(Target("https://acme.example"), "acme")
    pin = Pin(HomeAccount("oid", "tid"), Tier.ENTERED, NOW, "s")
    text = render.target(Target("https://a.example", DelegatedUser("u@a", "oid", "m@a"), SysId("p"), "P", pin=pin), "acme")
    for part in ("u@a", "m@a", "P (p)", "oid, entered, 2026-02-11", "MS Graph 1, MS Graph 2"):
        assert part in text


def test_the_rest() -> None:
    assert render.candidates(()).startswith("No OAuth entity profile")
    entries = (Entry(1, "a", NOW, "set-field", {"field": "f"}, "written", NOW, {"by": "me"}), Entry(2, "a", NOW, "sign-in"))
    assert render.journal(entries).splitlines() == [
        "2026-02-11 10:20:30 set-field: written", "    field: f", "    by: me", "2026-02-11 10:20:30 sign-in: unfinished",
    ]  # fmt: skip
    assert render.journal(()) == "The journal is empty."
    assert "do: mend it" in render.probes(_terminal(), (Probe("A", "fail", "broken", "mend it"), Probe("B", "ok", "fine")))
    rows: list[dict[str, object]] = [{"name": "MS Graph 1", "upn": u, "object_id": "o"} for u in ("first@a", "last@a")]
    assert "last@a" in render.owners({"tokens": rows})
    assert "first@a" not in render.owners({"tokens": rows})
    assert "no token" in render.owners({"tokens": []})


@pytest.mark.parametrize("act", [a for a in Act if a is not Act.SIGN_IN])
def test_the_next_step_names_its_command(act: Act) -> None:
    value = replace(_checklist(_finding(Status.WRONG)), instance="two words", next=Action(act, "Next thing"))
    line = render.checklist(_terminal(), value).splitlines()[-1]
    assert line.startswith("Next: Next thing")
    if act in {Act.CHECK, Act.CHOOSE_TARGET, Act.REVIEW_PLAN}:
        assert '"two words"' in line
