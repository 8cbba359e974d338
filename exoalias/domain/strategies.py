"""How the Microsoft leg of a sign-in is kept apart from whoever else is signed in: which ways there are, and which is taken.

    relay            a cookie jar of its own in the sign-in browser: the default
    private-window   a real private window of it: the operating system's account is not offered there
    managed-device   a window in the browser's ordinary jar: only there a device says that it is managed
    no-control       a private window of the person's own browser: a wrong user can be detected, not prevented

The first three share the gate; with the last one there is none. Sources: learn.microsoft.com, "Conditional Access: Conditions"
("The device check fails if the browser is running in private mode"); that integrated sign-in reaches a jar made over the pipe,
and no private window, was measured with Chromium and stands in its sources (profile_network_context_service.cc).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from exoalias.domain.problems import Problem, WrongTenant, WrongUser
from exoalias.domain.words import say, unended


class Strategy(Enum):
    """One way; its value is what is typed."""

    RELAY = "relay"
    PRIVATE = "private-window"
    DEVICE = "managed-device"
    NO_CONTROL = "no-control"

    @property
    def title(self) -> str:
        """What it is called where it is shown."""
        return _TITLES[self]

    @property
    def prevents(self) -> bool:
        """Whether a wrong user is kept from the instance; else one can only be detected afterwards."""
        return self is not Strategy.NO_CONTROL


AUTO: Final = "auto"
WISHES: Final = (AUTO, *(strategy.value for strategy in Strategy))
_TITLES: Final = {
    Strategy.RELAY: "a window with cookies of its own",
    Strategy.PRIVATE: "a private window",
    Strategy.DEVICE: "a window of the ordinary profile, where the device says who it is",
    Strategy.NO_CONTROL: "a private window of your own browser, by hand",
}

# Errors by which Microsoft says that the device has to be managed, compliant or joined, or that Conditional Access refused and
# the device may be why. Source: learn.microsoft.com, "Microsoft Entra authentication and authorization error codes".
# AADSTS53002 (an approved application is wanted) is not among them: no browser is one, on whatever device.
DEVICE_CODES: Final = frozenset({"AADSTS50097", "AADSTS50129", "AADSTS50131", "AADSTS53000", "AADSTS53001", "AADSTS53003"})


def speaks_of_the_device(code: str) -> bool:
    """Whether that error (as ``AADSTS53000``) may end where the device can say who it is: then *managed device* is offered."""
    return code in DEVICE_CODES


@dataclass(frozen=True, slots=True)
class Ground:
    """What this machine and this run allow, found out before anything is opened."""

    browser: str = ""  # the one that can be the sign-in window; "" where none can
    why_none: str = ""  # why none can, in a sentence
    no_private: str = ""  # why that browser opens no private window; "" as far as can be told
    private_note: str = ""  # why somebody may be signed in unasked in a private window too; "" as far as can be told
    person: bool = True  # somebody is there to be asked


@dataclass(frozen=True, slots=True)
class Standing:
    """One strategy here: whether it can be taken, and why it is or isn't, in a sentence."""

    strategy: Strategy
    possible: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The strategies in the order they are taken, and what stands against the others. ``auto``: nobody named one."""

    order: tuple[Standing, ...]
    others: tuple[Standing, ...] = ()
    auto: bool = True

    @property
    def first(self) -> Standing | None:
        """The one a sign-in begins with; None where nothing is left."""
        return next(iter(self.order), None)


def standings(ground: Ground) -> tuple[Standing, ...]:
    """What can be said of each strategy on this ground."""
    return (
        Standing(Strategy.RELAY, bool(ground.browser), _steered(ground, "the default, an empty jar for each sign-in")),
        _private(ground),
        Standing(
            Strategy.DEVICE,
            bool(ground.browser),
            _steered(ground, "only when chosen, for Conditional Access that wants a managed device; weaker, see SECURITY.md"),
        ),
        _by_hand(ground),
    )


def _steered(ground: Ground, reason: str) -> str:
    return reason if ground.browser else ground.why_none


def _private(ground: Ground) -> Standing:
    if not ground.browser or ground.no_private:
        return Standing(Strategy.PRIVATE, possible=False, reason=_steered(ground, ground.no_private))
    reason = "for when somebody was signed in unasked: the operating system's account is not offered there"
    note = say(", as a rule; here it may be: {private_note}", private_note=ground.private_note) if ground.private_note else ""
    return Standing(Strategy.PRIVATE, possible=True, reason=say("{why}{note}", why=reason, note=note))


def _by_hand(ground: Ground) -> Standing:
    if not ground.person:
        return Standing(Strategy.NO_CONTROL, possible=False, reason="it needs a person, and this run may not ask")
    reason = unended(ground.why_none) if not ground.browser else "only when chosen"
    return Standing(Strategy.NO_CONTROL, possible=True, reason=say("{reason}; a wrong user can only be detected", reason=reason))


def choose(ground: Ground, wish: str = AUTO) -> Choice:
    """The strategies to take, first one first. A named one stands alone: nothing weaker or stronger follows it by itself.

    By itself a sign-in never goes to *managed device*, nor from a browser that is steered to one that isn't.
    """
    all_of_them = standings(ground)
    if wish != AUTO:
        order = tuple(each for each in all_of_them if each.strategy.value == wish and each.possible)
    else:
        wanted = (Strategy.RELAY, Strategy.PRIVATE) if ground.browser else (Strategy.NO_CONTROL,)
        order = tuple(each for each in all_of_them if each.strategy in wanted and each.possible)
    return Choice(order, tuple(each for each in all_of_them if each not in order), auto=wish == AUTO)


def following(choice: Choice, tried: frozenset[Strategy], problem: Problem, *, unasked: bool) -> Standing | None:
    """What is tried next after a sign-in that ended with *problem*; None where that is its end.

    Only somebody else who was signed in without being asked leads on, and to each strategy once. A person who chose a strategy,
    or who signed in as somebody else, is not asked to do it again.
    """
    if not (unasked and isinstance(problem, WrongUser | WrongTenant)):
        return None
    return next((each for each in choice.order if each.strategy not in tried and each.strategy.prevents), None)
