"""What goes where, what is asked, and what a terminal can show."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from exoalias.app.control import Control
from exoalias.cli.terminal import Terminal, clean
from exoalias.domain.by_hand import Step
from exoalias.domain.checklist import Status
from exoalias.domain.events import (
    ByHand,
    CodeQuestion,
    FirstUseQuestion,
    Phase,
    Progress,
    SignInPhase,
    StrategyTaken,
    TokenStored,
)
from exoalias.domain.problems import Hibernating, UsageProblem, WouldPrompt
from exoalias.domain.records import SysId
from exoalias.domain.strategies import Strategy
from exoalias.domain.target import Tier

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.domain.events import Event


class _Screen(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def _terminal(
    encoding: str = "utf-8", *, as_json: bool = False, screen: bool = False
) -> tuple[Terminal, Callable[[], tuple[str, str]]]:
    out, err = io.BytesIO(), io.StringIO()
    stream = (_Screen if screen else io.TextIOWrapper)(out, encoding)
    return Terminal(as_json=as_json, may_ask=False, out=stream, err=err), lambda: (
        out.getvalue().decode(encoding),
        err.getvalue(),
    )


def test_with_json_standard_output_is_the_document_alone() -> None:
    terminal, said = _terminal(as_json=True)
    terminal.result("a result")
    terminal.message("a message")
    terminal.problem(Hibernating(host="acme"))
    terminal.document("{}")
    assert said()[0] == "{}\n"
    assert said()[1].startswith("a result\na message\nexoalias: acme is hibernating.\n  Wake it")


def test_a_poor_terminal_gets_plain_signs() -> None:
    terminal, said = _terminal("ascii")
    terminal.result(f"{terminal.status(Status.WRONG)} · Größe →")
    assert said()[0] == "x wrong ? Gr??e ?\n"


def test_colours_on_a_screen_unless_declined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert _terminal(screen=True)[0].status(Status.HOLDS) == "\x1b[32m✓ holds\x1b[0m"
    assert _terminal()[0].status(Status.HOLDS, 10) == "✓ holds   "
    monkeypatch.setenv("NO_COLOR", "1")
    assert _terminal(screen=True)[0].strong("x") == "x"


def test_clean() -> None:
    assert clean("a\x1b[1m\x00b\tc\nd\u202eé") == "a�[1m�b\tc\nd�é"


def test_nobody_to_ask() -> None:
    terminal, _ = _terminal()
    with pytest.raises(WouldPrompt, match="A yes"):
        terminal.confirm("Really?", what="A yes", how="--yes")
    with pytest.raises(WouldPrompt):
        terminal.secret("Password: ", from_stdin=False)


def test_a_password_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, said = _terminal()
    monkeypatch.setattr(sys, "stdin", io.StringIO(" pass word \r\nsecond\n\n"))
    assert terminal.secret("", from_stdin=True) == " pass word "
    assert terminal.secret("", from_stdin=True) == "second"
    with pytest.raises(UsageProblem):
        terminal.secret("", from_stdin=True)
    assert said() == ("", "")


def _phase(phase: Phase, *, can_continue: bool = False) -> SignInPhase:
    return SignInPhase(SysId("1"), "MS Graph 1", "u@a", phase, 540.0, can_continue)


def test_events_are_lines_and_a_phase_is_said_once() -> None:
    terminal, said = _terminal()
    tell = terminal.teller(Control())
    events: tuple[Event, ...] = (
        Progress("Reading"),
        Progress("Writing", 1, 2),
        _phase(Phase.MICROSOFT),
        _phase(Phase.MICROSOFT),
        _phase(Phase.STORING),
        TokenStored(SysId("1"), "MS Graph 1", "u@a", "oid", Tier.ENTERED, read_back=True),
    )
    for event in events:
        tell(event)
    assert said()[1].splitlines() == [
        "Reading …",
        "Writing (2 of 2) …",
        "MS Graph 1: Waiting for the delegated user to sign in to Microsoft (u@a; 9 minutes left)",
        "MS Graph 1: The instance is storing the token",
        "MS Graph 1: token stored for u@a (object id oid, entered)",
    ]


def test_the_strategy_is_said_and_the_steps_of_one_by_hand() -> None:
    terminal, said = _terminal()
    tell = terminal.teller(Control())
    tell(StrategyTaken("", Strategy.RELAY, "the default"))
    tell(ByHand(SysId("1"), "MS Graph 1", "u@a", "Beware.", (Step("Open it.", "https://a.example/"), Step("Done."))))
    tell(_phase(Phase.BY_HAND, can_continue=True))
    tell(TokenStored(SysId("1"), "MS Graph 1", "u@a", "", Tier.UNWATCHED, read_back=True))
    tell(TokenStored(SysId("1"), "MS Graph 2", "u@a", "", Tier.UNWATCHED, read_back=False))
    assert said()[1].splitlines() == [
        "Sign-in by relay (a window with cookies of its own): the default.",
        "MS Graph 1: Beware.",
        "  1. Open it.",
        "     https://a.example/",
        "  2. Done.",
        "MS Graph 1: Waiting for you to sign in by hand (9 minutes left)",
        "MS Graph 1: a new token is stored; owner unconfirmed",
        "MS Graph 2: whether the instance stored a token can't be read; owner unconfirmed",
    ]


def test_first_use_is_declined_where_nobody_is_asked() -> None:
    terminal, said = _terminal()
    control = Control()
    terminal.teller(control)(FirstUseQuestion("MS Graph 1", "u@a", "oid", "tid"))
    assert control.next_wish() == "disagree"
    assert "object id oid" in said()[1]


def test_a_code_is_declined_where_nobody_is_asked() -> None:
    terminal, said = _terminal()
    control = Control()
    terminal.teller(control)(CodeQuestion("acme", "ada"))
    assert control.typed(0) is None
    assert said() == ("", "")


def test_an_optional_secret_is_left_out_where_nobody_is_asked() -> None:
    terminal, _ = _terminal()
    assert terminal.secret("Client secret: ", from_stdin=False, optional=True) == ""
    with pytest.raises(WouldPrompt, match="password or key"):
        terminal.secret("Client secret: ", from_stdin=False)


_ASKS = """
import sys, time
from exoalias.app.control import Control
from exoalias.cli.terminal import Terminal
from exoalias.domain.by_hand import Step
from exoalias.domain.events import ByHand, CodeQuestion, FirstUseQuestion, Phase, SignInPhase
from exoalias.domain.problems import Problem
terminal, control = Terminal(as_json=False, may_ask=True), Control()
if sys.argv[1] == "confirm":
    try:
        terminal.confirm("Sure?", what="It", how="")
        print("GO", flush=True)
    except Problem as problem:
        print("END", problem.code, flush=True)
elif sys.argv[1] == "secret":
    print("GOT", len(terminal.secret("Password: ", from_stdin=False)), flush=True)
elif sys.argv[1] == "code":
    terminal.teller(control)(CodeQuestion("acme", "ada"))
    print("TYPED", control.typed(10), flush=True)
elif sys.argv[1] == "hand":
    terminal.teller(control)(ByHand("1", "MS Graph 1", "u@a", "Beware.", (Step("Do it.", "https://a.example/"),), "Firefox"))
    print("WISH", control.next_wish(10), flush=True)
else:
    question = FirstUseQuestion("MS Graph 1", "u@a", "oid", "tid")
    phase = SignInPhase("1", "MS Graph 1", "u@a", Phase.INSTANCE, 60.0, can_continue=True)
    terminal.teller(control)(question if sys.argv[1] == "first" else phase)
    end = time.monotonic() + 10
    while (wish := control.next_wish()) is None and time.monotonic() < end:
        time.sleep(0.02)
    print("WISH", wish, flush=True)
"""


@pytest.mark.parametrize(
    ("what", "typed", "expected"),
    [
        ("confirm", "y\n", "GO"),
        ("confirm", "\n", "END stopped"),
        ("confirm", "nope\n", "END stopped"),
        ("secret", "hush!\n", "GOT 5"),
        ("first", "yes\n", "WISH agree"),
        ("first", "\n", "WISH disagree"),
        ("continue", "\n", "WISH continue"),
        ("hand", "\n", "WISH continue"),
        ("hand", "o\n", "WISH open"),
        ("code", " 123456 \n", "TYPED 123456"),
        ("code", "\n", "TYPED None"),
    ],
)
def test_questions_on_a_real_terminal(what: str, typed: str, expected: str) -> None:
    ours, theirs = pty.openpty()
    try:
        child = subprocess.Popen(
            [sys.executable, "-c", _ASKS, what], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        shown = _until(ours, b"[y/N]", b"Password:", b"Press Enter", b"Enter alone", b"(Enter for none):")
        time.sleep(0.1)  # the echo is switched off just after the prompt
        os.write(ours, typed.encode())
        shown += _until(ours, expected.encode())
        assert child.wait(10) == 0
    finally:
        os.close(ours)
    assert expected in shown.decode()
    assert "hush" not in shown.decode()


def _until(descriptor: int, *words: bytes) -> bytes:
    seen, end = b"", time.monotonic() + 20
    while not any(word in seen for word in words) and time.monotonic() < end:
        try:
            seen += os.read(descriptor, 4096)
        except OSError:
            break
    return seen
