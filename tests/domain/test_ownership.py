"""What can be said of a day: from a table of sign-ins, looks and days, and never more than was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exoalias.domain.ids import SysId
from exoalias.domain.ownership import Look, RowState, Verdict, changed, moment, on_day, story, unchanged
from exoalias.domain.target import HomeAccount, Proof, Tier, TokenMark

ROW = SysId("c0" * 16)
AT = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)
MARK = TokenMark(SysId("t1"), "refresh_token", AT, AT, 0)
PROOF = Proof(ROW, Tier.ENTERED, HomeAccount("object", "tenant"), "svc@acme.example", AT, "s-1", (MARK,))
LATER = replace(PROOF, at=AT + timedelta(days=20), sign_in="s-2", account=HomeAccount("other", "tenant"))


def day(number: int) -> date:
    """A day of November 2026."""
    return date(2026, 11, number)


def look(state: RowState, first: int, last: int = 0, sign_in: str = "s-1") -> Look:
    """Seen so from the morning of one day to the morning of another."""
    return Look(ROW, sign_in, state, AT.replace(day=first, hour=8), AT.replace(day=last or first, hour=8))


SAME, CHANGED, GONE, UNREAD = RowState.SAME, RowState.CHANGED, RowState.GONE, RowState.UNREAD
CASES: dict[str, tuple[int, tuple[Look, ...], Verdict, str]] = {
    "before anybody signed in": (9, (look(SAME, 11),), Verdict.NO_SIGN_IN, ""),
    "the day of the sign-in": (10, (), Verdict.UNCHANGED, "10 November 2026 09:30"),
    "the day after, nobody looked": (11, (), Verdict.NOT_LOOKED, "last found unchanged on 10 November"),
    "a day somebody looked": (12, (look(SAME, 11, 12),), Verdict.UNCHANGED, "Last found so on 12 November"),
    "between two looks that saw the same": (12, (look(SAME, 11, 15),), Verdict.UNCHANGED, "Last found so on 15 November"),
    "after the last look": (16, (look(SAME, 11, 15),), Verdict.NOT_LOOKED, "last found unchanged on 15 November"),
    "changed on that day": (13, (look(SAME, 11), look(CHANGED, 13)), Verdict.CHANGED, "First found changed on 13 November"),
    "changed before": (20, (look(SAME, 11), look(CHANGED, 13, 20)), Verdict.CHANGED, "First found changed on 13 November"),
    "changed after, not looked between": (
        12,
        (look(SAME, 11), look(CHANGED, 13)),
        Verdict.NOT_LOOKED,
        "last found unchanged on 11 November 2026 08:30 UTC, and found changed on 13 November",
    ),
    "changed after, seen unchanged on that day": (11, (look(SAME, 11), look(CHANGED, 13)), Verdict.UNCHANGED, "11 November"),
    "gone": (14, (look(GONE, 13),), Verdict.CHANGED, "First found changed on 13 November"),
    "changed and the same again": (16, (look(CHANGED, 13), look(SAME, 15, 18)), Verdict.CHANGED, "13 November"),
    "before a change and the same again": (12, (look(CHANGED, 13), look(SAME, 15)), Verdict.NOT_LOOKED, "changed on 13 November"),
    "not readable afterwards": (12, (look(UNREAD, 11, 14),), Verdict.NOT_LOOKED, "last found unchanged on 10 November"),
    "looks of another sign-in": (12, (look(SAME, 11, 14, "s-0"),), Verdict.NOT_LOOKED, "10 November"),
    "changed, as another sign-in saw it": (12, (look(SAME, 12), look(CHANGED, 11, 14, "s-0")), Verdict.UNCHANGED, "12 November"),
}


@pytest.mark.parametrize(("number", "looks", "verdict", "says"), CASES.values(), ids=CASES.keys())
def test_what_can_be_said(number: int, looks: tuple[Look, ...], verdict: Verdict, says: str) -> None:
    answer = on_day(day(number), ROW, (PROOF, LATER), looks)
    assert answer.verdict is verdict
    assert says in answer.says
    assert answer.proven == (verdict is Verdict.UNCHANGED)
    assert answer.proof == (None if verdict is Verdict.NO_SIGN_IN else PROOF)
    if verdict is not Verdict.NO_SIGN_IN:
        assert answer.says.startswith("Last proven to be object id object (equal to the object id entered beforehand) on 10 ")
        assert "by sign-in s-1" in answer.says
    assert ("cannot tell" in answer.says) == (verdict is not Verdict.UNCHANGED)


def test_the_latest_sign_in_by_then_counts() -> None:
    assert on_day(day(30), ROW, (LATER, PROOF), (look(CHANGED, 13),)).proof == LATER
    assert on_day(day(29), ROW, (LATER, PROOF), (look(CHANGED, 13),)).proof == PROOF


def test_another_credentials_sign_ins_and_looks_say_nothing() -> None:
    other = SysId("d0" * 16)
    assert on_day(day(12), other, (PROOF,), (look(SAME, 12),)).verdict is Verdict.NO_SIGN_IN
    foreign = replace(look(SAME, 12), credential=other)
    assert on_day(day(12), ROW, (PROOF,), (foreign,)).verdict is Verdict.NOT_LOOKED


def test_days_end_at_midnight_utc() -> None:
    late = replace(PROOF, at=datetime(2026, 11, 10, 23, 59, 59, tzinfo=UTC))
    assert on_day(day(10), ROW, (late,), ()).verdict is Verdict.UNCHANGED
    assert on_day(day(10), ROW, (replace(PROOF, at=datetime(2026, 11, 11, tzinfo=UTC)),), ()).verdict is Verdict.NO_SIGN_IN
    broken = Look(ROW, "s-1", CHANGED, datetime(2026, 11, 11, tzinfo=UTC), datetime(2026, 11, 11, tzinfo=UTC))
    assert on_day(day(10), ROW, (PROOF,), (broken,)).verdict is Verdict.UNCHANGED


def test_a_row_nobody_could_read_is_never_unchanged() -> None:
    for tokens in ((), (replace(MARK, kind="access_token"),)):
        answer = on_day(day(10), ROW, (replace(PROOF, tokens=tokens),), ())
        assert (answer.verdict, answer.proven) == (Verdict.UNREAD, False)
        assert "could not be read" in answer.says


def test_first_use_is_never_proven() -> None:
    answer = on_day(day(10), ROW, (replace(PROOF, tier=Tier.FIRST_USE),), ())
    assert (answer.verdict, answer.proven) == (Verdict.UNCHANGED, False)
    assert answer.says.startswith("Owner unconfirmed: object id object (agreed to at first use)")
    assert "proven" not in answer.says


@pytest.mark.parametrize("tier", list(Tier))
def test_every_tier_has_its_words(tier: Tier) -> None:
    assert "object id object" in story(replace(PROOF, tier=tier))


def test_the_sentences() -> None:
    known = "equal to the object id entered beforehand"
    head = f"Last proven to be object id object ({known}) on 10 November 2026 09:30 UTC, by sign-in s-1"
    assert unchanged(PROOF) == f"{head}; the row is unchanged since."
    assert changed(PROOF).startswith(f"{head}; changed since: cannot tell.")
    assert moment(AT) == "10 November 2026 09:30 UTC"


_STATES = st.sampled_from(list(RowState))
_LOOKS = st.lists(st.tuples(_STATES, st.integers(10, 28), st.integers(0, 2)), max_size=5)


@given(st.integers(1, 30), _LOOKS)
def test_unchanged_is_said_only_where_it_was_seen_and_no_change_by_then(
    number: int, drawn: list[tuple[RowState, int, int]]
) -> None:
    looks = tuple(look(state, first, first + more) for state, first, more in drawn)
    answer = on_day(day(number), ROW, (PROOF,), looks)
    broken = [each.first.day for each in looks if each.state in {CHANGED, GONE}]
    if answer.verdict is Verdict.UNCHANGED:
        assert number >= 10
        assert not [first for first in broken if first <= number]
        assert number == 10 or any(each.state is SAME and each.last.day >= number for each in looks)
    if number >= 10 and [first for first in broken if first <= number]:
        assert answer.verdict is Verdict.CHANGED


def test_of_a_sign_in_out_of_sight_nobody_knows_the_account() -> None:
    unwatched = replace(PROOF, tier=Tier.UNWATCHED, account=HomeAccount("", ""))
    answer = on_day(day(10), ROW, (unwatched,), ())
    assert not answer.proven
    assert story(unwatched).startswith("nobody knows which account, signed in by hand, out of exoalias's sight, on ")
