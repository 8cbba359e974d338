"""Signing in to the instance itself, as a state machine: an event of the browser in, decisions out.

The person signs in to window A as usual. One address there is the *goal*: an address of the instance that carries a nonce (a
browser session), or the redirect address of the instance's own OAuth. A request for it is stopped in the browser and never
answered by anybody but us. Whether the person is signed in is asked of the instance (``Try``), never guessed from a page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from exoalias.domain.authorize import take_apart
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
from exoalias.domain.problems import BrowserDied, NotSignedIn, Problem
from exoalias.domain.words import say

PROBES = 5  # so often the goal is opened again by itself before only the person's *Continue* does it


@dataclass(frozen=True, slots=True)
class Errand:
    """What window A is opened for. ``tried``: reaching the goal is not enough, the instance is asked whether it knows us."""

    instance: str  # its name
    start: str  # the address A is opened with
    goal: str  # the address that is stopped; with a query of its own it has to be exactly this one
    tried: bool = True
    limit_s: float = 600.0
    patience_s: float = 20.0  # A is quiet for so long after the person did something: the deep link was lost


@dataclass(frozen=True, slots=True)
class Tried:
    """The instance was asked with what A holds. ``signed_in``: it knows who we are."""

    request: str
    signed_in: bool


@dataclass(frozen=True, slots=True)
class Try:
    """Ask the instance whether A is signed in; ``Tried`` says what it answered."""

    request: str


@dataclass(frozen=True, slots=True)
class Shut:
    """Close a window that was opened to look, and found nobody signed in."""

    window: str


@dataclass(frozen=True, slots=True)
class Say:
    """It moved on."""

    phase: Door
    can_continue: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    """The person is signed in. ``url`` is the address of the goal as it was asked for, with its query."""

    url: str


@dataclass(frozen=True, slots=True)
class Missed:
    """It is over without anybody signed in."""

    problem: Problem


Event = Paused | Opened | Appeared | Closed | Moved | BrowserGone | Lost | Tick | Wished | Tried
Decision = LetPass | Show | Open | Shut | Try | Say | Arrived | Missed


@dataclass(frozen=True, slots=True)
class State:
    """Everything known of one sign-in to the instance. Only ``step`` makes new ones."""

    a_context: str = ""
    a_windows: frozenset[str] = frozenset()
    started: float | None = None
    now: float = 0.0
    quiet_since: float = 0.0
    moves: int = 0  # of A, since the goal was last asked for
    trying: str = ""  # the stopped request, while the instance is asked
    trying_in: str = ""  # the window it came from
    trying_url: str = ""
    looking: bool = False  # a window is being opened by us, to look
    look: str = ""  # that window
    probes: int = 0
    over: bool = False


Step = tuple[State, tuple[Decision, ...]]


def begin(errand: Errand, *, a_context: str = "", a_windows: frozenset[str] = frozenset()) -> Step:
    """Open window A, a further tab where it is open already."""
    state = State(a_context=a_context, a_windows=a_windows)
    return state, (Say(Door.OPENING), Open(Which.A, errand.start), Say(Door.WAITING, can_continue=True))


def step(errand: Errand, state: State, event: Event) -> Step:
    """The next state and what to do. Once over, what is stopped is shown a page of ours and nothing else happens."""
    if state.over:
        return state, (Show(event.request, Notice.NOT_PLANNED),) if isinstance(event, Paused) else ()
    match event:
        case Paused():
            return _paused(errand, state, event)
        case Tried():
            return _tried(state, event)
        case Tick():
            return _tick(errand, state, event)
        case Wished():
            return _wished(errand, state, event)
        case _:
            return _windows(errand, state, event)


def reaches(goal: str, url: str) -> bool:
    """Whether that address is the goal. A goal without a query is reached with any."""
    return url == goal if "?" in goal else url.partition("#")[0].partition("?")[0] == goal


def _paused(errand: Errand, state: State, event: Paused) -> Step:
    in_a = bool(event.window) and event.context == state.a_context and bool(state.a_context)
    if not (in_a and event.method == "GET" and reaches(errand.goal, event.url)) or state.trying:
        return state, (Show(event.request, Notice.NOT_PLANNED),)
    state = replace(state, a_windows=state.a_windows | {event.window}, quiet_since=state.now, moves=0)
    if not errand.tried:
        return _answered(state, event)
    tried = replace(state, trying=event.request, trying_in=event.window, trying_url=event.url)
    return tried, (Try(event.request),)


def _tried(state: State, event: Tried) -> Step:
    if not state.trying or event.request != state.trying:
        return state, ()
    request, window, url, looked = state.trying, state.trying_in, state.trying_url, state.trying_in == state.look
    state = replace(state, trying="", trying_in="", trying_url="")
    if event.signed_in:
        return _arrived(state, request, url)
    if looked:  # the person's own window shows the login already
        return replace(state, a_windows=state.a_windows - {window}), (Show(request, Notice.ENDED), Shut(window))
    return state, (LetPass(request),)  # the instance shows its login, and comes back here afterwards


def _answered(state: State, event: Paused) -> Step:
    """The instance's own OAuth sent the person back. Whether it is our answer is looked at by whoever asked."""
    address = take_apart(event.url)
    declined = address is not None and bool(address.values("error"))
    over, decisions = _arrived(state, event.request, event.url)
    return over, (Show(event.request, Notice.REFUSED), *decisions[1:]) if declined else decisions


def _arrived(state: State, request: str, url: str) -> Step:
    return replace(state, over=True), (Show(request, Notice.SIGNED_IN), Say(Door.OPEN), Arrived(url))


def _missed(state: State, problem: Problem) -> Step:
    shows = (Show(state.trying, Notice.ENDED),) if state.trying else ()
    return replace(state, over=True, trying=""), (*shows, Missed(problem))


def _tick(errand: Errand, state: State, event: Tick) -> Step:
    first = state.started is None
    state = replace(state, now=event.now, started=event.now if first else state.started)
    if first:
        state = replace(state, quiet_since=event.now)
    if event.now - (state.started or 0.0) >= errand.limit_s:
        minutes = round(errand.limit_s / 60)
        return _missed(
            state, NotSignedIn(instance=errand.instance, why=say("the time limit of {minutes} minutes passed.", minutes=minutes))
        )
    quiet = event.now - state.quiet_since >= errand.patience_s
    if errand.tried and quiet and state.moves >= 2 and state.probes < PROBES and not state.trying:
        return _look(errand, state)
    return state, ()


def _look(errand: Errand, state: State) -> Step:
    """Ask for the goal once more beside the person's window: they may be signed in, and the way back was lost."""
    looking = replace(state, looking=True, probes=state.probes + 1, moves=0, quiet_since=state.now)
    return looking, (Open(Which.A, errand.start, background=True),)


def _wished(errand: Errand, state: State, event: Wished) -> Step:
    if event.wish == "cancel":
        return _missed(state, NotSignedIn(instance=errand.instance, why="it was cancelled."))
    if event.wish == "continue" and not state.trying:
        return replace(state, quiet_since=state.now), (Open(Which.A, errand.start),)
    return state, ()


def _windows(errand: Errand, state: State, event: Opened | Appeared | Closed | Moved | BrowserGone | Lost) -> Step:
    match event:
        case Opened():
            there = frozenset({event.window} - {""})
            state = replace(state, a_context=event.context, a_windows=state.a_windows | there, quiet_since=state.now)
            return replace(state, looking=False, look=event.window) if state.looking else state, ()
        case Appeared() if event.context and event.context == state.a_context:
            return replace(state, a_windows=state.a_windows | {event.window}), ()
        case Moved() if event.window in state.a_windows:
            return replace(state, quiet_since=state.now, moves=state.moves + 1), ()
        case Closed():
            return _closed(errand, state, event)
        case BrowserGone():
            return _missed(state, BrowserDied(why=event.why))
        case Lost() if event.request == state.trying:
            return replace(state, trying="", trying_in="", trying_url=""), ()
        case _:
            return state, ()


def _closed(errand: Errand, state: State, event: Closed) -> Step:
    if event.window not in state.a_windows:
        return state, ()
    if event.crashed:
        return _missed(state, BrowserDied(why="a page crashed"))
    state = replace(state, a_windows=state.a_windows - {event.window})
    if state.a_windows:
        return state, ()
    return _missed(state, NotSignedIn(instance=errand.instance, why="its window was closed."))


def seconds_left(errand: Errand, state: State) -> float:
    """Seconds until the time limit."""
    return max(0.0, errand.limit_s - (state.now - (state.started if state.started is not None else state.now)))
