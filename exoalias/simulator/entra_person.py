"""The person at the simulated sign-in: which turn is theirs, and the script that plays it on a page.

The script sits in the page, so nothing has to reach into the browser. A person who does *nothing* gets no script and no
password in the page: somebody real types there.
"""

from __future__ import annotations

from typing import Literal

from exoalias.simulator.entra_pages import js_string
from exoalias.simulator.scenario import Cast, Person, Scenario, Turn

PageKind = Literal["username", "password", "picker", "consent", "stay"]

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
})();"""


class Turns:
    """Deals out the scenario's turns: one per sign-in for the strict-mode registry, the last one again and again."""

    def __init__(self, scenario: Scenario) -> None:
        self._turns = scenario.turns or (Turn(does="nothing"),)
        self._next = 0
        self._open: dict[tuple[str, str], Turn] = {}

    def take(self, browser: str, state: str) -> Turn:
        """The turn of this sign-in. A page that is loaded again belongs to the sign-in it began, not to a new one."""
        key = (browser, state)
        if key not in self._open:
            self._open[key] = self._turns[min(self._next, len(self._turns) - 1)]
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
    return _FRAME % "window.close();" if scenario.turns and scenario.turns[0].does == "close" else ""


def script_for(kind: PageKind, turn: Turn, person: Person) -> str:
    """The script with which the person does their deed on such a page; empty if they leave it alone."""
    if turn.does == "nothing":
        return ""
    if turn.does == "close":
        return _FRAME % "window.close();"
    if turn.does == "cancel":
        return _FRAME % "press(at('back') || at('cancel'));"
    return _FRAME % _sign_in_step(kind, person, refuse=turn.does == "refuse_consent")


def _sign_in_step(kind: PageKind, person: Person, *, refuse: bool) -> str:
    upn = js_string(person.upn)
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
