"""Which strategies this machine and this run allow: found out before anything is opened, said, and refused where none is left."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from exoalias.adapters.browser.policy import allowed
from exoalias.domain.browser_policies import Effect
from exoalias.domain.problems import BrowserForbidden, MachineForbids, NoBrowser, StrategyImpossible, UsageProblem
from exoalias.domain.strategies import WISHES, Choice, Ground, Strategy, choose
from exoalias.domain.words import say, unended

if TYPE_CHECKING:
    from exoalias.app.world import World

_NO_SCREEN = "without a screen this browser opens no private window"


def ground(world: World, *, person: bool = True) -> Ground:
    """What the browsers here and their policies allow. Nothing is started."""
    try:
        choice = allowed(world.browser)
    except (BrowserForbidden, NoBrowser) as none:
        return Ground(why_none=none.words, person=person)
    found = Ground(browser=choice.browser.name, person=person)
    for finding in choice.reading.having(Effect.AMBIENT):
        found = replace(found, private_note=finding.words)
    for finding in choice.reading.having(Effect.NO_PRIVATE):
        found = replace(found, no_private=say("the policy {finding_words}", finding_words=finding.words))
    return replace(found, no_private=_NO_SCREEN) if world.headless else found


def chosen(world: World, wish: str = "", *, person: bool = True) -> Choice:
    """The strategies a sign-in here takes; *wish* is for this once, else the setting counts.

    UsageProblem for a word that is none; StrategyImpossible for a strategy that can't be taken here; where nothing can steer a
    browser and nobody is there to do it by hand, the BrowserForbidden or NoBrowser itself.
    """
    wish = wish or world.settings.strategy
    if wish not in WISHES:
        raise UsageProblem(why=say("There is no strategy {wish}. There are: {wishes}.", wish=wish, wishes=", ".join(WISHES)))
    if world.browser is not None and wish != Strategy.NO_CONTROL.value:
        _refuse_named(world)
    choice = choose(ground(world, person=person), wish)
    if choice.first is not None:
        return choice
    if choice.auto:
        allowed(world.browser)  # raises what stands against it
    standing = next(each for each in choice.others if choice.auto or each.strategy.value == wish)
    raise StrategyImpossible(strategy=standing.strategy.title, why=unended(standing.reason))


def _refuse_named(world: World) -> None:
    """A browser somebody named and that can't be started is a mistake to be mended, no reason to give control up."""
    try:
        allowed(world.browser)
    except NoBrowser:
        raise
    except MachineForbids:
        return
