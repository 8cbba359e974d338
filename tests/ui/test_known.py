"""What is known of an instance, in short and in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from exoalias.domain.checklist import Status
from exoalias.domain.problems import Hibernating, PersonNeeded
from exoalias.ui import known as knowledge
from exoalias.ui.known import CANNOT_TELL, FAILED, HOLDS, NEEDS_YOU, STATES, UNCHECKED, WRONG, Latest, Over, Tally
from tests.ui.crowd import known, light


@pytest.mark.parametrize(
    ("statuses", "state", "findings"),
    [
        ((Status.HOLDS, Status.ADVICE), HOLDS, 0),
        ((Status.CANNOT_TELL,), CANNOT_TELL, 1),
        ((Status.CANNOT_TELL, Status.NEEDS_YOU), NEEDS_YOU, 2),
        ((Status.WRONG, Status.NEEDS_YOU, Status.HOLDS), WRONG, 2),
    ],
)
def test_the_worst_counts(statuses: tuple[Status, ...], state: knowledge.State, findings: int) -> None:
    one = known("acme")
    one.checklist = light("acme", *statuses).checklist
    assert (one.state, one.findings) == (state, findings)
    assert knowledge.tone(one.state)


def test_a_problem_hides_what_was_known_and_a_new_checklist_is_looked_at_anew() -> None:
    one = known("acme")
    assert (one.state, one.status) == (UNCHECKED, None)
    one.checklist = light("acme", Status.WRONG).checklist
    assert one.state is WRONG
    one.problem = Hibernating(host="acme")
    assert (one.state, one.status, knowledge.says(one)) == (FAILED, Status.CANNOT_TELL, "last check failed")
    one.problem = None
    one.checklist = light("acme", Status.HOLDS).checklist
    assert (one.state, knowledge.says(one)) == (HOLDS, "all holds")


def test_an_instance_somebody_has_to_sign_in_to_needs_you() -> None:
    one = known("acme")
    one.problem = PersonNeeded(instance="acme")
    assert (one.state, knowledge.says(one)) == (NEEDS_YOU, "waits for you to sign in")
    assert PersonNeeded.code == knowledge.PERSON_NEEDED


def test_production_is_locked_until_it_is_unlocked() -> None:
    assert not known("acme", kind="test").guarded
    assert knowledge.lock_says(known("acme")) == ""
    one = known("acme", kind="production")
    assert (one.locked, knowledge.lock_says(one)) == (True, "Read-only")
    one.unlocked_until = datetime(2026, 3, 12, 14, 32, tzinfo=UTC)
    says = f"Unlocked until {one.unlocked_until.astimezone():%H:%M}"
    assert (one.locked, knowledge.lock_says(one)) == (False, says)


def test_the_order_is_customer_then_production_first_then_name() -> None:
    mixed = [known("z", "B"), known("b", "b", "test"), known("a", "B", "production"), known("x"), known("c", "A")]
    assert [each.entry.name for each in sorted(mixed, key=knowledge.order)] == ["x", "c", "a", "b", "z"]


def test_counts_follow_one_instance_at_a_time_and_add_up() -> None:
    everyone = [known("a", "A"), known("b", "A"), known("c", "B")]
    tally = Tally()
    tally.recount(everyone)
    assert tally.of(Over()) == {UNCHECKED: 3}
    everyone[0].checklist = light("a", Status.HOLDS).checklist
    for _twice in range(2):
        tally.moved(everyone[0])
    assert tally.of(Over()) == {UNCHECKED: 2, HOLDS: 1}
    assert tally.of(Over("A")) == {UNCHECKED: 1, HOLDS: 1}
    assert tally.of(Over("nobody")) == {}
    everyone[0].problem = Hibernating(host="a")
    tally.moved(everyone[0])
    assert tally.of(Over("A")) == {FAILED: 1, UNCHECKED: 1}


def test_a_summary_begins_with_what_holds_and_a_brief_one_with_the_worst() -> None:
    counts = dict.fromkeys(STATES, 0) | {NEEDS_YOU: 2, FAILED: 1, HOLDS: 28}
    there = {state: count for state, count in counts.items() if count}
    assert knowledge.summary(there) == "28 hold, 2 need you, 1 could not be reached"
    assert knowledge.brief(there) == "2 to do · 1 not reached · 28 hold"
    assert knowledge.count_of(WRONG, 1) == "1 is wrong"


def test_over_holds_all_or_those_of_a_customer() -> None:
    assert Over().holds(known("a", "A"))
    assert Over("A").holds(known("a", "A"))
    assert not Over("").holds(known("a", "A"))
    assert [Over().title, Over("A").title, Over("").title] == ["All instances", "A", "No customer"]


def test_when_it_was_looked_at_is_also_when_that_failed() -> None:
    one = known("acme")
    assert one.checked_at is None
    one.checklist = light("acme", Status.HOLDS, minutes_ago=30).checklist
    assert one.checked_at == one.checklist.taken_at
    one.problem, one.failed_at = Hibernating(host="acme"), datetime.now(UTC) + timedelta(minutes=1)
    assert one.checked_at == one.failed_at


def test_over_takes_its_own_out_of_many() -> None:
    everyone = [known("a"), known("b", "B"), known("c", "C"), known("d", "B")]
    for over, names in ((Over(), "abcd"), (Over(""), "a"), (Over("B"), "bd"), (Over("nobody"), "")):
        assert [one.entry.name for one in over.among(everyone)] == list(names)
        assert [over.holds(one) for one in everyone] == [one.entry.name in names for one in everyone]


def test_the_latest_look_follows_results_and_forgotten_problems() -> None:
    one, other, never = known("a"), known("b"), known("c")
    one.checklist = light("a", Status.HOLDS, minutes_ago=30).checklist
    latest = Latest()
    assert latest.at is None
    latest.of([one, other, never])
    assert latest.at == one.checked_at
    other.checklist = light("b", Status.HOLDS, minutes_ago=40).checklist
    latest.moved(other)
    assert latest.at == one.checked_at, "an older look"
    other.problem, other.failed_at = Hibernating(host="b"), datetime.now(UTC)
    latest.moved(other)
    assert latest.at == other.failed_at
    other.problem = None
    latest.moved(other)
    assert latest.at == one.checked_at, "that look counts no more"
    latest.of([never])
    assert latest.at is None
    never.checklist = light("c", Status.HOLDS).checklist
    latest.moved(never)
    assert latest.at == never.checked_at
