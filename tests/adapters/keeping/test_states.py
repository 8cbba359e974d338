"""What is kept between checks comes back as it was; anything odd counts as nothing."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.journal_files import JournalFiles
from exoalias.adapters.keeping.states import Kind, States
from exoalias.domain.instance_answer import InstanceAnswer
from exoalias.domain.records import SysId
from exoalias.domain.scan import Scan, ScanFinding
from exoalias.domain.target import HomeAccount, TokenMark
from tests.domain.build import World

if TYPE_CHECKING:
    from pathlib import Path

    from exoalias.domain.desired import Desired

AT = datetime(2026, 10, 3, 10, 0, tzinfo=UTC)
SCAN = Scan(AT, (ScanFinding("A check", "words", "oauth_entity", SysId("r")),), ("A check",), None, 1, 2)

MARK = TokenMark(SysId("t1"), "refresh_token", AT, AT, 3)
ANSWER = InstanceAnswer(SysId("c1"), SysId("p1"), HomeAccount("o", "t"), AT, (MARK,))


@pytest.fixture
def files(tmp_path: Path) -> JournalFiles:
    return JournalFiles(tmp_path / "journal.sqlite")


@pytest.fixture
def states(files: JournalFiles) -> States:
    return States(files)


def desired() -> Desired:
    """A state worth keeping."""
    state = World().remembering(by_person=True).target.desired
    assert state is not None
    return state


def put(files: JournalFiles, kind: Kind, text: str) -> None:
    """Write something into the file behind its back."""
    with files.change("acme") as db:
        db.execute("INSERT OR REPLACE INTO state VALUES (?, ?, ?)", ("acme", kind, text))


def test_everything_comes_back(states: States) -> None:
    assert (states.desired("acme"), states.scan("acme"), states.fenced("acme")) == (None, None, frozenset())
    for state in (desired(), replace(desired(), sync_mode=None, credentials=(replace(desired().credentials[0], tokens=None),))):
        states.keep_desired("acme", state)
        assert states.desired("acme") == state
    for scan in (SCAN, replace(SCAN, checks=None, ran=(), findings=())):
        states.keep_scan("acme", scan)
        assert states.scan("acme") == scan
    states.add_fenced("acme", "b")
    states.add_fenced("acme", "a")
    assert states.fenced("acme") == {"a", "b"}
    assert states.answers("acme") == ()
    for answers in ((ANSWER,), (ANSWER, replace(ANSWER, credential=SysId("c2"), tokens=())), ()):
        states.keep_answers("acme", answers)
        assert states.answers("acme") == answers
    assert states.desired("other") is None


@pytest.mark.parametrize(
    "odd",
    [
        "{",
        "null",
        "[]",
        "{}",
        '"x"',
        json.dumps(asdict(desired()) | {"at": 5}, default=str),
        json.dumps(asdict(desired()) | {"at": "yesterday"}, default=str),
        json.dumps(asdict(desired()) | {"by_person": "yes"}, default=str),
        json.dumps(asdict(desired()) | {"registry": None}, default=str),
        json.dumps(asdict(desired()) | {"credentials": {}}, default=str),
        json.dumps(asdict(desired()) | {"credentials": [1]}, default=str),
    ],
)
def test_odd_things_count_as_nothing(files: JournalFiles, states: States, odd: str) -> None:
    for kind in Kind:
        put(files, kind, odd)
    assert states.desired("acme") is None
    assert states.scan("acme") is None
    assert states.fenced("acme") == frozenset()
    assert states.answers("acme") == ()


def test_what_an_older_program_did_not_know_may_be_missing(files: JournalFiles, states: States) -> None:
    value = asdict(desired())
    del value["sync_mode"]
    put(files, Kind.DESIRED, json.dumps(value, default=datetime.isoformat))
    assert states.desired("acme") == replace(desired(), sync_mode=None)


def test_it_goes_with_the_instance(files: JournalFiles, states: States) -> None:
    states.keep_scan("acme", SCAN)
    states.keep_scan("other", SCAN)
    files.forget("acme")
    assert states.scan("acme") is None
    assert states.scan("other") == SCAN
