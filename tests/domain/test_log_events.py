"""The table of what may be logged: each kind takes what it is for, and nothing that could carry a secret."""

from __future__ import annotations

import json
from enum import Enum
from typing import Any

import pytest

from exoalias.domain import log_events
from exoalias.domain.events import Phase
from exoalias.domain.log_events import (
    ERROR,
    HOST,
    INSTANCE,
    LEAST,
    METHOD,
    MILLISECONDS,
    MOST,
    NUMBER,
    PATH,
    PHASE,
    PLACES,
    PROBLEM,
    SHAPES,
    STATUS,
    VERB,
    VERSION,
    YES_NO,
    Kind,
    LogEvent,
    Shape,
    Terms,
    line_of,
    readmitted,
    type_of,
)
from exoalias.domain.places import Dumped, of_error
from exoalias.domain.problems import BadAnswer, Problem

TERMS = Terms(frozenset({"check", "instance add"}), b"salt")
AT = "2026-03-04T12:00:00.123Z"


class Code(int):
    """A number that is more than that."""


class Name(str):
    """A text that is more than that."""

    __slots__ = ()


class Foreign(Enum):
    HUNTER2 = "hunter2"


class OurError(KeyError):
    """An exception nobody knows."""


class Made(Problem):
    """A problem that is not of this program."""

    code = "hunter2"


KINDS: list[tuple[Kind, object, object]] = [
    (NUMBER, 5, 5),
    (NUMBER, 10**9, MOST),
    (NUMBER, -11, -11),
    (NUMBER, -(10**9), LEAST),
    (NUMBER, True, None),
    (NUMBER, "5", None),
    (NUMBER, Code(5), None),
    (NUMBER, 5.0, None),
    (MILLISECONDS, 12.6, 13),
    (MILLISECONDS, 7, 7),
    (MILLISECONDS, -3, 0),
    (MILLISECONDS, 1e12, MOST),
    (MILLISECONDS, float("nan"), None),
    (MILLISECONDS, float("inf"), None),
    (MILLISECONDS, True, None),
    (MILLISECONDS, "1", None),
    (STATUS, 404, 404),
    (STATUS, 99, None),
    (STATUS, 600, None),
    (STATUS, "404", None),
    (STATUS, 123456, None),
    (YES_NO, True, True),
    (YES_NO, 1, None),
    (YES_NO, "hunter2", None),
    (VERB, "instance add", "instance add"),
    (VERB, "hunter2", "another"),
    (VERB, Name("check"), None),
    (VERB, 3, None),
    (INSTANCE, "", None),
    (INSTANCE, 5, None),
    (INSTANCE, b"acme", None),
    (HOST, "login.microsoftonline.com", "login.microsoftonline.com"),
    (HOST, "127.0.0.1:8080", "loopback"),
    (HOST, "localhost", "loopback"),
    (HOST, "", None),
    (HOST, None, None),
    (PROBLEM, BadAnswer(host="h", why="w"), "bad-answer"),
    (PROBLEM, BadAnswer, "bad-answer"),
    (PROBLEM, Made(), "problem"),
    (PROBLEM, "bad-answer", None),
    (PROBLEM, ValueError("bad-answer"), None),
    (PROBLEM, int, None),
    (ERROR, KeyError("hunter2"), "KeyError"),
    (ERROR, KeyError, "KeyError"),
    (ERROR, OurError("x"), "a kind of KeyError"),
    (ERROR, "KeyError", None),
    (ERROR, str, None),
    (PHASE, Phase.MICROSOFT, "microsoft"),
    (PHASE, Foreign.HUNTER2, None),
    (PHASE, "microsoft", None),
    (PLACES, (), []),
    (PLACES, Dumped(("ui/desk.py:3 work",)), ["ui/desk.py:3 work"]),
    (PLACES, ["ui/desk.py:3 work"], None),
    (PLACES, ("ui/desk.py:3 work",), None),
    (PLACES, "hunter2", None),
    (VERSION, (6, 11, 1), "6.11.1"),
    (VERSION, (), None),
    (VERSION, (1, 2, 3, 4, 5), None),
    (VERSION, (123456,), None),
    (VERSION, "6.11.1", None),
    (VERSION, (1, True), None),
    (METHOD, "GET", "GET"),
    (METHOD, "get", None),
    (METHOD, Name("GET"), None),
    (METHOD, 1, None),
    (PATH, "/hunter2", "another"),
    (PATH, b"/", None),
]


@pytest.mark.parametrize(("kind", "value", "written"), KINDS, ids=lambda value: None if isinstance(value, str | int) else "x")
def test_each_kind_takes_what_it_is_for(kind: Kind, value: object, written: object) -> None:
    got = kind.put(value, TERMS)
    assert got == written
    assert type(got) is type(written)
    if written is not None:
        assert kind.taken(written, TERMS), "what was written can be read again"


@pytest.mark.parametrize("kind", [k for k, _v, _w in KINDS])
@pytest.mark.parametrize("strange", ["hunter2", 10**9, ["hunter2"], {"a": 1}, None, 1.5, ["x"]])
def test_nothing_strange_is_read_again(kind: Kind, strange: object) -> None:
    assert not kind.taken(strange, TERMS)


def test_pseudonyms() -> None:
    one = INSTANCE.put("acme", TERMS)
    assert isinstance(one, str)
    assert INSTANCE.taken(one, TERMS)
    assert one == INSTANCE.put("acme", TERMS) != INSTANCE.put("acme ", TERMS)
    assert one != INSTANCE.put("acme", Terms(frozenset(), b"other"))
    host = HOST.put("acme.service-now.com", TERMS)
    assert isinstance(host, str)
    assert host.startswith("host-")
    assert HOST.taken(host, TERMS)
    assert len({TERMS.pseudonym("instance", f"customer {n}") for n in range(2000)}) == 2000
    assert TERMS.pseudonym("instance", "\ud800")  # a name that is no text


def test_places_of_an_error() -> None:
    try:
        line_of(AT, 1, LogEvent.HTTP, None, TERMS)  # type: ignore[arg-type] # an error in the program
    except TypeError as error:
        written = PLACES.put(of_error(error.__traceback__), TERMS)
    assert isinstance(written, list)
    assert written[0] == "1 of other code"
    assert PLACES.taken(written, TERMS)


def line(event: LogEvent, **given: object) -> dict[str, Any]:
    whole = line_of(AT, 7, event, given, TERMS)
    assert readmitted(whole, TERMS) == whole
    parsed = json.loads(whole)
    assert isinstance(parsed, dict)
    return parsed


def test_a_line() -> None:
    assert line(LogEvent.VERB_ENDED, verb="check", outcome="problem", problem=BadAnswer(host="h", why="w"), ms=3) == {
        "at": AT,
        "run": 7,
        "level": "info",
        "event": "verb-ended",
        "verb": "check",
        "outcome": "problem",
        "problem": "bad-answer",
        "ms": 3,
    }


def test_what_is_not_allowed_is_dropped_and_counted() -> None:
    got = line(LogEvent.HTTP, status="hunter2", password="hunter2", ms=None, method="GET", hunter2="x")
    assert got == {"at": AT, "run": 7, "level": "info", "event": "http", "method": "GET", "dropped": 3}


def test_an_event_that_is_none_is_withheld() -> None:
    assert line("hunter2", password="hunter2") == {"at": AT, "run": 7, "level": "warning", "event": "withheld"}  # type: ignore[arg-type] # a mistake


def test_the_second_net_withholds_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    hole = Kind(lambda value, _terms: value, lambda _value, _terms: True)
    monkeypatch.setattr(log_events, "SHAPES", {**SHAPES, LogEvent.LOST: Shape("warning", {"lines": hole})})
    assert line_of(AT, 7, LogEvent.LOST, {"lines": "Bearer abcd1234"}, TERMS) == (
        f'{{"at":"{AT}","run":7,"level":"warning","event":"withheld","kind":"lost"}}'
    )
    assert readmitted(f'{{"at":"{AT}","run":7,"level":"warning","event":"lost","lines":"Bearer abcd1234"}}', TERMS) == ""


def test_every_event_has_its_shape_and_no_field_a_name_the_net_would_catch() -> None:
    assert set(SHAPES) == set(LogEvent)
    for event in LogEvent:
        assert line(event)["event"] == event.value


@pytest.mark.parametrize(
    "error", [OurError("x"), OurError, BadAnswer(host="h", why="w"), SystemExit(3), ExceptionGroup("hunter2", [KeyError()])]
)
def test_a_type_is_named_or_what_it_is_a_kind_of(error: Any) -> None:  # noqa: ANN401 - an exception or its type
    assert type_of(error) in {"a kind of KeyError", "a kind of Exception", "SystemExit", "ExceptionGroup"}


@pytest.mark.parametrize("strange", ["", "hunter2", "[]", "null", '{"event":"http"}', '{"event":"hunter2"}', "[" * 100_000])
def test_a_line_of_somebody_else_is_not_readmitted(strange: str) -> None:
    assert readmitted(strange, TERMS) == ""
