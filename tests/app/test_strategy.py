"""What this machine allows, from its browsers and their policies to the strategies of a sign-in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from exoalias.adapters.browser.find import Browser
from exoalias.adapters.browser.policy import Allowed
from exoalias.app import strategy
from exoalias.app.strategy import chosen, ground
from exoalias.domain.browser_policies import Found, judged
from exoalias.domain.problems import BrowserForbidden, NoBrowser, StrategyImpossible, UsageProblem
from exoalias.domain.settings import Settings
from exoalias.domain.strategies import Ground, Strategy

if TYPE_CHECKING:
    from exoalias.app.world import World

CHROMIUM = Browser("Chromium", Path("/usr/bin/chromium"))
FORBIDDEN = BrowserForbidden(browser="Chromium", why="the policy P.", how="Ask.")


class Machine:
    """A world of which only what is asked here is there."""

    def __init__(self, *, wish: str = "auto", browser: Path | None = None, headless: bool = False) -> None:
        self.settings = Settings(strategy=wish)
        self.browser = browser
        self.headless = headless


def world(*, wish: str = "auto", browser: Path | None = None, headless: bool = False) -> World:
    """As a World."""
    return cast("World", Machine(wish=wish, browser=browser, headless=headless))


def _allows(monkeypatch: pytest.MonkeyPatch, *found: Found) -> None:
    allows = Allowed(CHROMIUM, judged(found, edge=False))
    monkeypatch.setattr(strategy, "allowed", lambda _wanted: allows)


def _forbids(monkeypatch: pytest.MonkeyPatch, problem: Exception) -> None:
    def refuse(_wanted: object) -> Allowed:
        raise problem

    monkeypatch.setattr(strategy, "allowed", refuse)


def _order(at: World, wish: str = "", *, person: bool = True) -> list[Strategy]:
    return [each.strategy for each in chosen(at, wish, person=person).order]


def test_a_machine_that_forbids_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    _allows(monkeypatch)
    assert ground(world()) == Ground(browser="Chromium")
    assert _order(world()) == [Strategy.RELAY, Strategy.PRIVATE]


def test_no_private_windows_by_policy_or_without_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    _allows(monkeypatch, Found("IncognitoModeAvailability", 1, "there"))
    assert "IncognitoModeAvailability is 1 in there" in ground(world()).no_private
    assert _order(world()) == [Strategy.RELAY]
    with pytest.raises(StrategyImpossible) as caught:
        chosen(world(), "private-window")
    assert "IncognitoModeAvailability" in caught.value.words
    assert caught.value.exit_code == 4
    _allows(monkeypatch)
    assert _order(world(headless=True)) == [Strategy.RELAY]


def test_integrated_sign_in_in_private_windows_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    _allows(monkeypatch, Found("AmbientAuthenticationInPrivateModesEnabled", 3, "there"))
    assert "AmbientAuthenticationInPrivateModesEnabled" in ground(world()).private_note
    assert _order(world()) == [Strategy.RELAY, Strategy.PRIVATE]


@pytest.mark.parametrize("problem", [FORBIDDEN, NoBrowser(why="None.")])
def test_where_none_can_be_steered_it_is_done_by_hand(monkeypatch: pytest.MonkeyPatch, problem: Exception) -> None:
    _forbids(monkeypatch, problem)
    choice = chosen(world())
    assert [each.strategy for each in choice.order] == [Strategy.NO_CONTROL]
    assert str(problem).rstrip(".") in choice.order[0].reason
    with pytest.raises(type(problem)):
        chosen(world(), person=False)
    with pytest.raises(StrategyImpossible):
        chosen(world(), "relay")


def test_a_browser_that_was_named_and_is_none_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    _forbids(monkeypatch, NoBrowser(why="/x is no program."))
    with pytest.raises(NoBrowser):
        chosen(world(browser=Path("/x")))
    assert _order(world(browser=Path("/x")), "no-control") == [Strategy.NO_CONTROL]
    _forbids(monkeypatch, FORBIDDEN)
    assert _order(world(browser=Path("/x"))) == [Strategy.NO_CONTROL]


def test_the_wish_of_this_once_counts_over_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    _allows(monkeypatch)
    assert _order(world(wish="managed-device")) == [Strategy.DEVICE]
    assert _order(world(wish="managed-device"), "relay") == [Strategy.RELAY]
    with pytest.raises(UsageProblem):
        chosen(world(), "the best")
