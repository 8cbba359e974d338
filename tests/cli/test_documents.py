"""JSON documents: a promised shape."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from exoalias.cli.documents import checklist, document, plain
from exoalias.domain.checklist import Checklist, Finding, Group, Row, Source, Status
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.problems import UnknownInstance

NOW = datetime(2026, 2, 11, 10, 20, tzinfo=UTC)
FINDING = Finding("a.b", Status.NEEDS_YOU, "T", "f", "e", "w", "r", (Source("Page", "https://p.example"),))
CHECKLIST = Checklist("acme", "https://acme.example", NOW, (Row("instance", Group.INSTANCE, "acme", findings=(FINDING,)),))


def test_a_document() -> None:
    whole = json.loads(document("check", 2, {"ü": 1}, UnknownInstance(name="x")))
    assert whole["schema"] == 1
    assert whole["problem"] == {
        "code": "unknown-instance",
        "says": "No instance is called x.",
        "remedy": UnknownInstance(name="x").remedy,
    }
    assert (whole["verb"], whole["exit_code"], whole["result"]) == ("check", 2, {"ü": 1})


def test_a_checklist_says_its_statuses_in_words() -> None:
    value = checklist(CHECKLIST)
    assert value["holds"] is False
    assert json.loads(json.dumps(value))["rows"][0]["status"] == "needs you"
    assert json.loads(json.dumps(value))["rows"][0]["findings"][0]["sources"] == [{"title": "Page", "url": "https://p.example"}]
    assert value["taken_at"] == "2026-02-11T10:20:00+00:00"


@dataclass(frozen=True)
class _Odd:
    path: object
    many: frozenset[int]


def test_anything_becomes_plain() -> None:
    assert plain(_Odd(b"x", frozenset({1}))) == {"path": "b'x'", "many": [1]}
    assert plain({1: Status.HOLDS}) == {"1": "holds"}
    assert plain(DelegatedUser("a@acme.example", "id")) == {"upn": "a@acme.example", "object_id": "id", "mail": ""}
