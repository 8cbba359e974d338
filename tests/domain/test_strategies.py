"""Which strategies a sign-in takes, on which ground, and what follows which."""

from __future__ import annotations

import itertools

import pytest

from exoalias.domain.microsoft_errors import explain
from exoalias.domain.problems import Cancelled, IdentityUnreadable, OpinionsDiffer, Problem, WrongTenant, WrongUser
from exoalias.domain.strategies import (
    AUTO,
    DEVICE_CODES,
    WISHES,
    Ground,
    Strategy,
    choose,
    following,
    speaks_of_the_device,
    standings,
)

STEERED = Ground(browser="Chromium")
NONE = Ground(why_none="a policy forbids it.")
NO_PRIVATE = Ground(browser="Chromium", no_private="a policy forbids private windows")
RELAY, PRIVATE, DEVICE, BY_HAND = Strategy
WRONG = WrongUser(credential="MS Graph 1", upn="a@b", expected="1", actual="2")
GUEST = WrongTenant(credential="MS Graph 1", upn="a@b", expected="1", actual="2")
GROUNDS = [
    Ground(browser, "why none." if not browser else "", no_private, person=person)
    for browser, no_private, person in itertools.product(("", "Edge"), ("", "no private"), (True, False))
]


def order(ground: Ground, wish: str = AUTO) -> list[Strategy]:
    return [each.strategy for each in choose(ground, wish).order]


@pytest.mark.parametrize(
    ("ground", "wish", "wanted"),
    [
        (STEERED, "auto", [RELAY, PRIVATE]),
        (NO_PRIVATE, "auto", [RELAY]),
        (NONE, "auto", [BY_HAND]),
        (Ground(why_none="x", person=False), "auto", []),
        (Ground(browser="Edge", person=False), "auto", [RELAY, PRIVATE]),
        (STEERED, "relay", [RELAY]),
        (STEERED, "private-window", [PRIVATE]),
        (NO_PRIVATE, "private-window", []),
        (STEERED, "managed-device", [DEVICE]),
        (STEERED, "no-control", [BY_HAND]),
        (NONE, "relay", []),
        (NONE, "private-window", []),
        (NONE, "managed-device", []),
        (NONE, "no-control", [BY_HAND]),
        (Ground(browser="Edge", person=False), "no-control", []),
    ],
)
def test_the_table(ground: Ground, wish: str, wanted: list[Strategy]) -> None:
    assert order(ground, wish) == wanted


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("wish", WISHES)
def test_laws_of_every_choice(ground: Ground, wish: str) -> None:
    choice = choose(ground, wish)
    taken = [each.strategy for each in choice.order]
    assert {each.strategy for each in (*choice.order, *choice.others)} == set(Strategy)
    assert all(each.possible for each in choice.order)
    assert all(each.reason.strip() for each in (*choice.order, *choice.others))
    assert choice.auto is (wish == AUTO)
    assert choice.first == (choice.order[0] if choice.order else None)
    if wish == AUTO:
        assert DEVICE not in taken, "never by itself"
        assert not (BY_HAND in taken and ground.browser), "control is not given up where there is some"
    else:
        assert taken in ([], [Strategy(wish)])
    if BY_HAND in taken:
        assert taken == [BY_HAND], "nothing follows and nothing precedes it"
        assert ground.person


def test_what_is_said_of_each() -> None:
    said = {each.strategy: each for each in standings(NONE)}
    assert [each.possible for each in said.values()] == [False, False, False, True]
    assert said[RELAY].reason == said[PRIVATE].reason == said[DEVICE].reason == "a policy forbids it."
    assert said[BY_HAND].reason.startswith("a policy forbids it; ")
    assert "only be detected" in said[BY_HAND].reason
    assert next(s for s in standings(NO_PRIVATE) if s.strategy is PRIVATE).reason == "a policy forbids private windows"
    ambient = Ground(browser="Edge", private_note="a policy says so")
    assert next(s for s in standings(ambient) if s.strategy is PRIVATE).reason.endswith("here it may be: a policy says so")
    assert "may not ask" in next(s for s in standings(Ground(person=False)) if s.strategy is BY_HAND).reason
    assert "only when chosen" in next(s for s in standings(STEERED) if s.strategy is BY_HAND).reason
    assert [s.prevents for s in Strategy] == [True, True, True, False]
    assert len({s.title for s in Strategy}) == 4


@pytest.mark.parametrize("problem", [WRONG, GUEST])
def test_somebody_else_signed_in_unasked_leads_to_the_private_window_once(problem: Problem) -> None:
    choice = choose(STEERED)
    following_it = following(choice, frozenset({RELAY}), problem, unasked=True)
    assert following_it is not None
    assert following_it.strategy is PRIVATE
    assert following(choice, frozenset({RELAY, PRIVATE}), problem, unasked=True) is None


@pytest.mark.parametrize(
    "problem",
    [
        Cancelled(credential="MS Graph 1"),
        IdentityUnreadable(instance="acme", why="no client_info"),
        OpinionsDiffer(credential="MS Graph 1", upn="a@b", why="x"),
    ],
)
def test_other_endings_lead_nowhere(problem: Problem) -> None:
    assert following(choose(STEERED), frozenset({RELAY}), problem, unasked=True) is None


def test_a_person_who_was_asked_is_not_asked_again() -> None:
    assert following(choose(STEERED), frozenset({RELAY}), WRONG, unasked=False) is None


@pytest.mark.parametrize("wish", [w for w in WISHES if w != AUTO])
def test_a_named_strategy_is_not_followed_by_another(wish: str) -> None:
    choice = choose(STEERED, wish)
    assert following(choice, frozenset({Strategy(wish)}), WRONG, unasked=True) is None


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("wish", WISHES)
def test_nothing_is_followed_by_no_control(ground: Ground, wish: str) -> None:
    choice = choose(ground, wish)
    for tried in itertools.chain.from_iterable(itertools.combinations(Strategy, n) for n in range(5)):
        after = following(choice, frozenset(tried), WRONG, unasked=True)
        assert after is None or (after.strategy.prevents and after.strategy not in tried)


def test_errors_that_speak_of_the_device_are_those_of_the_table() -> None:
    assert speaks_of_the_device("AADSTS53000")
    assert not speaks_of_the_device("AADSTS50126")
    for code in DEVICE_CODES:
        meaning = explain(code)
        assert meaning.known, code
