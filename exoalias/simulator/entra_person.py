"""The person at the simulated sign-in: which turn is theirs, and the script that plays it on a page.

The script sits in the page, so nothing has to reach into the browser. A person who does *nothing* gets no script and no
password in the page: somebody real types there.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exoalias.simulator import moves
from exoalias.simulator.entra_pages import js_string
from exoalias.simulator.scenario import Cast, Person, Scenario, Turn

if TYPE_CHECKING:
    from exoalias.simulator.moves import Move, PageKind

_MOST_ERRORS = 6  # a person gives up sooner or later

# One short wait, then everything at once: a chain of timers would crawl in a window the browser thinks is hidden.
_FRAME = """(() => {
const at = id => document.getElementById(id);
const press = button => { if (button) button.click(); };
const type = (field, text) => {
  field.focus(); field.value = "";
  for (const c of text) { field.value += c; field.dispatchEvent(new InputEvent("input", {bubbles: true, data: c})); }
  field.dispatchEvent(new Event("change", {bubbles: true}));
};
const act = () => setTimeout(() => { %s }, 25);
if (document.readyState === "complete") act(); else addEventListener("load", act, {once: true});
addEventListener("pageshow", shown => { if (shown.persisted) location.reload(); });  // come back to: its form was used up
})();"""


@dataclass(slots=True)
class Played:
    """A turn being played: what is left of its moves, in whatever window, and how often a page said no."""

    turn: Turn
    left: deque[Move] = field(default_factory=deque)
    errors: int = 0

    @classmethod
    def begin(cls, turn: Turn) -> Played:
        """With all moves before it."""
        return cls(turn, deque(turn.moves))


class Turns:
    """Deals out the scenario's turns: one per sign-in for the strict-mode registry, the last one again and again."""

    def __init__(self, scenario: Scenario) -> None:
        self._turns = scenario.turns or (Turn(does="nothing"),)
        self._next = 0
        self._open: dict[tuple[str, str], Played] = {}

    def take(self, browser: str, state: str) -> Played:
        """The turn of this sign-in. A page that is loaded again belongs to the sign-in it began, not to a new one."""
        key = (browser, state)
        if key not in self._open:
            self._open[key] = Played.begin(self._turns[min(self._next, len(self._turns) - 1)])
            self._next += 1
        return self._open[key]

    def over(self, browser: str, state: str) -> None:
        """The sign-in has been answered; the same address asked again is a new one."""
        self._open.pop((browser, state), None)


def person_of(turn: Turn, cast: Cast) -> Person:
    """Who plays the turn."""
    return cast.people[turn.person]


def script_at_trouble(scenario: Scenario) -> str:
    """What the person does where Microsoft shows an error and no way on: whoever closes windows closes this one."""
    closes = scenario.turns and (scenario.turns[0].does == "close" or any(turn.moves for turn in scenario.turns))
    return _FRAME % "window.close();" if closes else ""


@dataclass(frozen=True, slots=True)
class Seen:
    """The page as the person sees it. ``named``: the user name it shows; ``first``: it came by its address, not by a form."""

    kind: PageKind
    named: str = ""
    error: str = ""
    first: bool = False


def script_for(seen: Seen, played: Played, cast: Cast) -> str:
    """The script with which the person does their deed or next move on such a page; empty if they leave it alone.

    After an error a person without moves stops, so that nothing goes round for ever.
    """
    turn = played.turn
    played.errors += bool(seen.error)
    if turn.does == "nothing" or (seen.error and not turn.moves) or played.errors > _MOST_ERRORS:
        return ""
    step = _step(seen, turn, person_of(turn, cast))
    move = moves.take(played.left, seen.kind, first=seen.first)
    if move is None:
        return _FRAME % step
    colleague = js_string(cast.people["colleague"].upn)
    wrong = "type(at('password'), 'not-the-password'); press(at('signin'));"
    return _FRAME % moves.script_of(move, step, COLLEAGUE=colleague, WRONG=wrong)


def _step(seen: Seen, turn: Turn, person: Person) -> str:
    if turn.does == "close":
        return "window.close();"
    if turn.does == "cancel":
        return "press(at('back') || at('cancel'));"
    if seen.kind == "password" and seen.named.casefold() != person.upn.casefold():
        return "press(at('back'));"  # that isn't me
    return _sign_in_step(seen.kind, person, refuse=turn.does == "refuse_consent")


def _sign_in_step(kind: PageKind, person: Person, *, refuse: bool) -> str:
    upn = js_string(person.upn)
    if kind == "approve":
        return "press(at('approve'));"
    if kind == "username":
        return f"type(at('username'), {upn}); press(at('next'));"
    if kind == "password":
        return f"type(at('password'), {js_string(person.password)}); press(at('signin'));"
    if kind == "picker":
        wanted = js_string(f'[data-upn="{person.upn.lower()}"]')
        return f"press(document.querySelector({wanted}) || at('other'));"
    if kind == "consent":
        return f"press(at('{'cancel' if refuse else 'accept'}'));"
    return "press(at('yes'));"
