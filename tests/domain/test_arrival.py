"""Signing in to the instance: only window A's own request for the goal counts, and only the instance says who is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exoalias.domain import arrival
from exoalias.domain.arrival import Arrived, Errand, Missed, Say, Shut, State, Tried, Try, begin, reaches, seconds_left, step
from exoalias.domain.events import Door
from exoalias.domain.happenings import (
    Appeared,
    BrowserGone,
    Closed,
    LetPass,
    Lost,
    Moved,
    Notice,
    Open,
    Opened,
    Paused,
    Show,
    Tick,
    Which,
    Wished,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

NONCE = "https://acme.service-now.com/navpage.do?exoalias=" + "0a" * 16
SESSION = Errand("acme", NONCE, NONCE)
REDIRECT = "http://localhost:8410/exoalias"
OAUTH = Errand("acme", "https://acme.service-now.com/oauth_auth.do?x=1", REDIRECT, tried=False)


def asked(request: str = "r1", **changes: str) -> Paused:
    facts = {"request": request, "url": NONCE, "method": "GET", "window": "a1", "context": "A"} | changes
    return Paused(**facts)


def after(*events: arrival.Event, errand: Errand = SESSION) -> tuple[State, list[arrival.Decision]]:
    """The state after these events, and everything that was decided."""
    state, first = begin(errand)
    decided = list(first)
    for event in events:
        state, decisions = step(errand, state, event)
        decided += decisions
    return state, decided


def kinds(decisions: Iterable[arrival.Decision]) -> list[str]:
    return [type(decision).__name__ for decision in decisions]


OPENED = Opened(Which.A, "a1", "A")


def test_a_opens_and_the_person_is_waited_for() -> None:
    _, decided = after()
    assert decided == [Say(Door.OPENING), Open(Which.A, NONCE), Say(Door.WAITING, can_continue=True)]


def test_somebody_signed_in_already_arrives_at_once() -> None:
    state, decided = after(OPENED, asked(), Tried("r1", signed_in=True))
    assert decided[3:] == [Try("r1"), Show("r1", Notice.SIGNED_IN), Say(Door.OPEN), Arrived(NONCE)]
    assert state.over


def test_nobody_signed_in_goes_on_to_the_login_and_comes_back() -> None:
    _, decided = after(
        OPENED,
        asked(),
        Tried("r1", signed_in=False),
        Moved("a1"),
        Moved("a1"),
        asked("r2"),
        Tried("r2", signed_in=True),
    )
    assert decided[3:] == [
        Try("r1"),
        LetPass("r1"),
        Try("r2"),
        Show("r2", Notice.SIGNED_IN),
        Say(Door.OPEN),
        Arrived(NONCE),
    ]


@pytest.mark.parametrize(
    "odd",
    [
        asked(window=""),
        asked(context="B"),
        asked(context=""),
        asked(method="POST"),
        asked(url=NONCE + "0"),
        asked(url=NONCE.removesuffix("a")),
        asked(url="https://acme.service-now.com/oauth_initiator.do?x=1"),
        asked(url="https://acme.service-now.com/oauth_redirect.do?code=1"),
        asked(url="https://evil.example/navpage.do?exoalias=" + "0a" * 16),
    ],
)
def test_what_is_not_as_own_request_for_the_goal_goes_nowhere(odd: Paused) -> None:
    state, decided = after(OPENED, odd)
    assert decided[3:] == [Show("r1", Notice.NOT_PLANNED)]
    assert not state.over


def test_before_a_is_there_nothing_counts() -> None:
    assert after(asked())[1][3:] == [Show("r1", Notice.NOT_PLANNED)]


def test_while_the_instance_is_asked_a_second_request_does_not_count() -> None:
    _, decided = after(OPENED, asked(), asked("r2"), Tried("r2", signed_in=True))
    assert decided[3:] == [Try("r1"), Show("r2", Notice.NOT_PLANNED)]


def test_an_answer_to_what_was_not_asked_says_nothing() -> None:
    assert after(OPENED, Tried("r1", signed_in=True))[1][3:] == []


def test_the_redirect_of_the_instances_oauth_arrives_untried_with_its_query() -> None:
    url = f"{REDIRECT}?code=abc&state=xyz"
    _, decided = after(OPENED, asked(url=url), errand=OAUTH)
    assert decided[3:] == [Show("r1", Notice.SIGNED_IN), Say(Door.OPEN), Arrived(url)]


def test_a_person_who_denied_is_not_told_that_they_are_signed_in() -> None:
    url = f"{REDIRECT}?error=access_denied&state=xyz"
    _, decided = after(OPENED, asked(url=url), errand=OAUTH)
    assert decided[3:] == [Show("r1", Notice.REFUSED), Say(Door.OPEN), Arrived(url)]


@pytest.mark.parametrize(
    ("goal", "url", "reached"),
    [
        (NONCE, NONCE, True),
        (NONCE, NONCE + "&x=1", False),
        (NONCE, NONCE + "#x", False),
        (REDIRECT, REDIRECT, True),
        (REDIRECT, REDIRECT + "?code=1", True),
        (REDIRECT, REDIRECT + "?code=1#x", True),
        (REDIRECT, REDIRECT + "/x?code=1", False),
        (REDIRECT, REDIRECT + "x?code=1", False),
        (REDIRECT, "http://localhost:8411/exoalias?code=1", False),
    ],
)
def test_what_the_goal_is(goal: str, url: str, reached: bool) -> None:
    assert reaches(goal, url) is reached


def _quiet(moves: int, *, errand: Errand = SESSION) -> tuple[State, list[arrival.Decision]]:
    events: list[arrival.Event] = [OPENED, Tick(0.0), asked(), Tried("r1", signed_in=False)]
    return after(*events, *[Moved("a1")] * moves, Tick(errand.patience_s + 1), errand=errand)


def test_a_lost_way_back_is_looked_for_beside_the_persons_window() -> None:
    state, decided = _quiet(2)
    assert decided[-1] == Open(Which.A, NONCE, background=True)
    state, _ = step(SESSION, state, Opened(Which.A, "a2", "A"))
    state, found = step(SESSION, state, asked("r2", window="a2"))
    assert found == (Try("r2"),)
    _, found = step(SESSION, state, Tried("r2", signed_in=True))
    assert kinds(found) == ["Show", "Say", "Arrived"]


def test_a_look_that_finds_nobody_closes_its_own_window_alone() -> None:
    state, _ = _quiet(2)
    state, _ = step(SESSION, state, Opened(Which.A, "a2", "A"))
    state, _ = step(SESSION, state, asked("r2", window="a2"))
    state, decided = step(SESSION, state, Tried("r2", signed_in=False))
    assert decided == (Show("r2", Notice.ENDED), Shut("a2"))
    _, decided = step(SESSION, state, Closed("a2"))
    assert decided == ()
    assert not state.over


def test_the_persons_own_window_is_never_closed_by_a_look() -> None:
    state, _ = _quiet(2)
    state, _ = step(SESSION, state, Opened(Which.A, "a2", "A"))
    state, _ = step(SESSION, state, asked("r2", window="a1"))
    assert step(SESSION, state, Tried("r2", signed_in=False))[1] == (LetPass("r2"),)


def test_nobody_looks_while_the_person_has_not_moved_or_more_than_five_times() -> None:
    assert kinds(_quiet(1)[1])[-1] != "Open"
    state, _ = _quiet(2)
    looked = 1
    for turn in range(2, 20):
        for event in (Moved("a1"), Moved("a1"), Tick(turn * 100.0)):
            state, decided = step(SESSION, state, event)
            looked += kinds(decided).count("Open")
    assert looked == arrival.PROBES


def test_an_oauth_errand_never_looks() -> None:
    _, decided = after(OPENED, Tick(0.0), Moved("a1"), Moved("a1"), Tick(100.0), errand=OAUTH)
    assert kinds(decided).count("Open") == 1


def test_continue_opens_the_goal_again_and_cancel_ends() -> None:
    state, _ = after(OPENED, asked(), Tried("r1", signed_in=False))
    assert step(SESSION, state, Wished("continue"))[1] == (Open(Which.A, NONCE),)
    assert step(SESSION, state, Wished("agree"))[1] == ()
    over, decided = step(SESSION, state, Wished("cancel"))
    assert kinds(decided) == ["Missed"]
    assert over.over
    state, _ = after(OPENED, asked())
    assert step(SESSION, state, Wished("continue"))[1] == ()
    assert kinds(step(SESSION, state, Wished("cancel"))[1]) == ["Show", "Missed"]


def _problem(decisions: Iterable[arrival.Decision]) -> tuple[str, int]:
    missed = [d for d in decisions if isinstance(d, Missed)]
    assert len(missed) == 1
    return missed[0].problem.code, missed[0].problem.exit_code


@pytest.mark.parametrize(
    ("events", "code", "exit_code"),
    [
        ((OPENED, Closed("a1")), "not-signed-in", 6),
        ((OPENED, Closed("a1", crashed=True)), "browser-died", 5),
        ((OPENED, BrowserGone("killed")), "browser-died", 5),
        ((OPENED, Tick(0.0), Tick(600.0)), "not-signed-in", 6),
        ((OPENED, Wished("cancel")), "not-signed-in", 6),
    ],
)
def test_every_other_ending_has_its_problem(events: tuple[arrival.Event, ...], code: str, exit_code: int) -> None:
    state, decided = after(*events)
    assert _problem(decided) == (code, exit_code)
    assert state.over


def test_other_windows_may_come_and_go() -> None:
    state, decided = after(OPENED, Appeared("a2", "A"), Appeared("b1", "B"), Closed("b1"), Closed("a1"), Moved("b1"), Lost("x"))
    assert not state.over
    assert state.a_windows == {"a2"}
    assert len(decided) == 3
    state, decided = after(OPENED, Appeared("x", ""))
    assert state.a_windows == {"a1"}


def test_a_request_lost_while_the_instance_was_asked_is_forgotten() -> None:
    state, _ = after(OPENED, asked(), Lost("r1"))
    assert step(SESSION, state, Tried("r1", signed_in=True))[1] == ()
    assert step(SESSION, state, asked("r2"))[1] == (Try("r2"),)


def test_after_the_end_nothing_passes() -> None:
    state, _ = after(OPENED, asked(), Tried("r1", signed_in=True))
    assert step(SESSION, state, asked("r2"))[1] == (Show("r2", Notice.NOT_PLANNED),)
    for event in (Tick(9999.0), Wished("cancel"), Closed("a1"), Moved("a1"), Tried("r2", signed_in=True)):
        assert step(SESSION, state, event) == (state, ())


def test_the_time_left_counts_from_the_first_tick() -> None:
    state, _ = after(OPENED)
    assert seconds_left(SESSION, state) == 600
    state, _ = after(OPENED, Tick(1000.0), Tick(1100.0))
    assert seconds_left(SESSION, state) == 500
    state, _ = after(OPENED, Tick(1000.0), Tick(9100.0))
    assert seconds_left(SESSION, state) == 0


_EVENTS = st.one_of(
    st.builds(
        asked,
        st.sampled_from(["r1", "r2", "r3"]),
        url=st.sampled_from([NONCE, NONCE + "0", "https://acme.service-now.com/oauth_redirect.do?code=1"]),
        method=st.sampled_from(["GET", "POST"]),
        window=st.sampled_from(["a1", "a2", "b1", ""]),
        context=st.sampled_from(["A", "B", ""]),
    ),
    st.builds(Opened, st.just(Which.A), st.sampled_from(["a1", "a2", ""]), st.just("A")),
    st.builds(Appeared, st.sampled_from(["a2", "b1"]), st.sampled_from(["A", "B", ""])),
    st.builds(Closed, st.sampled_from(["a2", "b1"])),
    st.builds(Moved, st.sampled_from(["a1", "a2", "b1"])),
    st.builds(Lost, st.sampled_from(["r1", "r2"])),
    st.builds(Tick, st.floats(0, 500)),
    st.builds(Wished, st.sampled_from(["continue", "agree", "disagree"])),
    st.builds(Tried, st.sampled_from(["r1", "r2", "r3"]), signed_in=st.booleans()),
)


@given(st.lists(_EVENTS, max_size=30))
def test_only_the_instances_yes_to_as_own_goal_arrives(events: list[arrival.Event]) -> None:
    """An independent witness: what passes is A's own GET of the goal after a no; what arrives followed a yes to one asked."""
    state, _ = begin(SESSION)
    asking = ""
    for event in events:
        state, decisions = step(SESSION, state, event)
        for decision in decisions:
            if isinstance(decision, Arrived):
                assert isinstance(event, Tried)
                assert event.signed_in
                assert event.request == asking
            if isinstance(decision, LetPass):
                assert isinstance(event, Tried)
                assert not event.signed_in
                assert decision.request == event.request == asking
            if isinstance(decision, Try):
                assert isinstance(event, Paused)
                assert (event.url, event.method, event.context) == (NONCE, "GET", "A")
                asking = decision.request
        if isinstance(event, Paused):
            answered = [d for d in decisions if isinstance(d, Show | LetPass | Try) and d.request == event.request]
            assert len(answered) == 1, "a stopped request is answered once"
