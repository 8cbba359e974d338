"""Ten thousand bent requests, answers and initiator addresses against the gate, each judged from the rules alone."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.domain.gate_story import (
    AUTHORIZE,
    CLIENT,
    HOST,
    INITIATOR,
    MICROSOFT,
    OTHER_CLIENT,
    REDIRECT,
    STATE,
    WRONG,
    answer_url,
    authorize_url,
    client_info,
)
from tests.domain.guard_games import Figures, is_ours, is_planned, is_right_answer, may_pass, play, vouches

GAMES = 10_000
LEAST = {
    "request held": 1_000,
    "request passed": 100,
    "request refused": 2_000,
    "request stopped": 5,
    "answer let through": 800,
    "answer kept back": 1_500,
    "initiator ours": 300,
    "initiator not ours": 800,
}


def test_ten_thousand_games() -> None:
    share = min(1.0, settings().max_examples / 100)  # less only where a profile asks generated tests for less
    figures = Figures()
    for number in range(int(GAMES * share)):
        play(number, figures)
    assert figures.games == GAMES * share
    # Each kind of ending is met often enough that none of the judge's rules stands idle.
    assert set(figures.endings) == set(LEAST)
    assert all(figures.endings[ending] >= least * share for ending, least in LEAST.items()), figures.endings


def test_the_suite_itself_plays_all_of_them() -> None:
    assert settings.get_profile("ci").max_examples == 100


def test_a_game_is_played_again_by_its_number() -> None:
    first, again = Figures(), Figures()
    for figures in (first, again):
        for number in range(300):
            play(number, figures)
    assert first == again


# -- the judge itself, by hand ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "planned"),
    [
        (authorize_url(), True),
        (authorize_url(AUTHORIZE.replace("login", "LOGIN")), True),
        (authorize_url(state="1;x"), True),
        (authorize_url(extra="#"), False),
        (authorize_url(extra=";state=2"), False),
        (authorize_url(extra="&state%20=2"), False),
        (authorize_url(extra="&x=1&X=2"), False),
        (authorize_url(scope="o\ufb04ine_access Calendars.ReadWrite Calendars.ReadWrite.Shared"), False),
        (authorize_url(state="\x00"), True),
        (authorize_url(state=None, extra="&state=%ff"), False),
        (authorize_url(AUTHORIZE.replace("//", "//a@")), False),
        (authorize_url(response_mode="form_post"), False),
        ("", False),
    ],
)
def test_the_judge_knows_the_planned_request(url: str, planned: bool) -> None:
    assert is_planned(url) == planned


@pytest.mark.parametrize(
    ("url", "passes", "state"),
    [
        (authorize_url(client_id=OTHER_CLIENT, state="77"), True, "77"),
        (authorize_url(client_id=OTHER_CLIENT, extra="#"), False, ""),
        (authorize_url(redirect_uri=f"{HOST}/navpage.do"), True, ""),
        (authorize_url(), False, STATE),
        (authorize_url(MICROSOFT + ".evil.example/x", client_id=OTHER_CLIENT), False, "1"),
        (authorize_url(client_id="{" + CLIENT + "}"), False, STATE),
        (authorize_url(client_id=OTHER_CLIENT, extra=f"&client_id={CLIENT}"), False, ""),
    ],
)
def test_the_judge_knows_what_is_none_of_ours(url: str, passes: bool, state: str) -> None:
    assert may_pass(url) == passes
    assert vouches(url) == state


@pytest.mark.parametrize(
    ("url", "right"),
    [
        (answer_url(), True),
        (answer_url(WRONG), False),
        (answer_url(state="2"), False),
        (answer_url(extra="&State=1"), False),
        (answer_url(extra="#x"), False),
        (answer_url(code=None), False),
        (answer_url(client_info=client_info() + "=="), True),
        (answer_url(extra="&error="), False),
        (answer_url(base=REDIRECT + "x"), False),
        (answer_url(client_info="e30"), False),
    ],
)
def test_the_judge_knows_the_right_answer(url: str, right: bool) -> None:
    assert is_right_answer(url) == right


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        (INITIATOR, True),
        (INITIATOR + "&personal=false", True),
        (INITIATOR + "&personal=true", False),
        (INITIATOR + "&oauth_requestor=x", False),
        (INITIATOR.replace("oauth_2_0_credentials", "email"), False),
    ],
)
def test_the_judge_knows_our_initiator(url: str, ours: bool) -> None:
    assert is_ours(url) == ours
