"""Reading back: a newer refresh token on this credential and on no other, or a Problem, in bounded time."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from exoalias.app import read_back as reading_back
from exoalias.app.read_back import Watched, read_back, stamp
from exoalias.domain.problems import StoredElsewhere, TokenNotStored
from exoalias.domain.records import Reading, SysId, Token
from tests.domain.build import MS1, MS2, NOW, token

WATCHED = Watched(MS1, "MS Graph 1", "acme.example", frozenset({MS2}))
NONE: Reading[Token] = Reading(())
REFUSED: Reading[Token] = Reading(unreadable="403")


class Looks:
    """Answers look by look; the last one again and again."""

    def __init__(self, *readings: Reading[Token]) -> None:
        self.readings, self.count = list(readings), 0

    def __call__(self) -> Reading[Token]:
        self.count += 1
        return self.readings.pop(0) if len(self.readings) > 1 else self.readings[0]


def _waiting() -> bool:
    time.sleep(0.01)
    return False


def _answered() -> bool:
    time.sleep(0.01)
    return True


def _rows(*tokens: Token) -> Reading[Token]:
    return Reading(tokens)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same course in less time."""
    monkeypatch.setattr(reading_back, "PATIENCE_S", 1.0)
    monkeypatch.setattr(reading_back, "SETTLED_S", 0.2)
    monkeypatch.setattr(reading_back, "_PAUSES_S", (0.02, 0.05))


def test_a_token_that_is_there_at_once() -> None:
    after = _rows(token(MS1), token(MS1, "access_token"))
    looks = Looks(after)
    assert read_back(looks, NONE, WATCHED, _waiting) == after
    assert looks.count == 1


def test_a_token_that_comes_later_keeps_the_browser_going() -> None:
    turns: list[int] = []

    def turn() -> bool:
        turns.append(1)
        return _waiting()

    after = _rows(token(MS1))
    looks = Looks(NONE, NONE, after)
    assert read_back(looks, NONE, WATCHED, turn) == after
    assert looks.count == 3
    assert turns


@pytest.mark.parametrize(
    "change",
    [
        {"updated_on": NOW},
        {"mod_count": 1},
        {"created_on": NOW},
        {"sys_id": SysId("new-row")},
    ],
)
def test_a_token_that_was_there_must_have_changed(change: dict[str, object]) -> None:
    old = token(MS1)
    newer = old._replace(**change)  # type: ignore[arg-type] # fields of Token
    assert read_back(Looks(_rows(old), _rows(newer)), _rows(old), WATCHED, _waiting) == _rows(newer)


@pytest.mark.parametrize(
    "rows",
    [
        (),
        (token(MS1, "access_token"),),
        (token(MS1)._replace(credential=SysId("somebody-else")),),
        (token(MS1)._replace(credential=SysId("")),),
    ],
)
def test_what_is_no_new_refresh_token_of_this_credential(rows: tuple[Token, ...]) -> None:
    with pytest.raises(TokenNotStored, match="MS Graph 1"):
        read_back(Looks(_rows(*rows)), NONE, WATCHED, _waiting)


def test_an_unchanged_token_is_not_a_new_one() -> None:
    with pytest.raises(TokenNotStored):
        read_back(Looks(_rows(token(MS1))), _rows(token(MS1)), WATCHED, _waiting)


@pytest.mark.parametrize("also_here", [True, False])
def test_a_token_on_another_credential_of_the_plan(also_here: bool) -> None:
    rows = (token(MS2), token(MS1)) if also_here else (token(MS2),)
    with pytest.raises(StoredElsewhere):
        read_back(Looks(_rows(*rows)), NONE, WATCHED, _waiting)


def test_a_token_the_other_one_had_before_is_no_matter() -> None:
    before, after = _rows(token(MS2)), _rows(token(MS2), token(MS1))
    assert read_back(Looks(after), before, WATCHED, _waiting) == after


@pytest.mark.parametrize(("before", "after"), [(REFUSED, _rows(token(MS1))), (NONE, REFUSED), (REFUSED, REFUSED)])
def test_rows_that_cannot_be_read_claim_nothing(before: Reading[Token], after: Reading[Token]) -> None:
    assert not read_back(Looks(after), before, WATCHED, _waiting)


def test_once_the_instance_has_answered_it_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_back, "PATIENCE_S", 30.0)
    started = time.monotonic()
    with pytest.raises(TokenNotStored):
        read_back(Looks(NONE), NONE, WATCHED, _answered)
    assert time.monotonic() - started < 5


def test_a_row_stored_a_moment_after_the_answer_counts() -> None:
    after = _rows(token(MS1))
    assert read_back(Looks(NONE, NONE, after), NONE, WATCHED, _answered) == after


def test_the_stamp_of_a_row_tells_it_from_its_successor() -> None:
    row = token(MS1)
    successor = row._replace(updated_on=NOW - timedelta(seconds=1))
    assert stamp(row) == stamp(token(MS1))
    assert stamp(row) != stamp(successor)
