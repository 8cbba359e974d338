"""The sign-in as a state machine: an event of the browser in, decisions out. Everything is decided here; adapters only carry.

    A  the ServiceNow window. Our token request, on its way to Microsoft, is HELD here.
    B  a window with an empty cookie jar, fresh for each sign-in. Microsoft's answer is STOPPED here and read.
       On a managed device B shares A's jar (``State.shared``), and is bound as the one window that was opened for it.

Only when the answer names the expected user is A's held request answered with it. A wrong user's code never reaches the
instance. Whatever is not understood is refused: the state machine fails closed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from exoalias.domain import authorize, identity
from exoalias.domain.authorize import Address, Planned, take_apart
from exoalias.domain.events import Phase
from exoalias.domain.happenings import (
    Answer,
    Appeared,
    BrowserGone,
    Closed,
    InBrowser,
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
from exoalias.domain.problems import (
    BrowserDied,
    Cancelled,
    ConsentRefused,
    MicrosoftRefused,
    NotAgreed,
    Problem,
    TimeIsUp,
    UnexpectedRequest,
    WindowClosed,
)
from exoalias.domain.words import say

if TYPE_CHECKING:
    from exoalias.domain.identity import Expectation, Opinion, Unreadable
    from exoalias.domain.records import SysId
    from exoalias.domain.target import HomeAccount, Tier

# -- what the sign-in is about -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Terms:
    """What was planned: which credential, which request, which user, within what time."""

    credential: SysId
    credential_name: str
    profile: SysId
    initiator_url: str
    planned: Planned
    expected: Expectation
    second_opinion: bool = False
    interactive: bool = True
    limit_s: float = 600.0
    patience_s: float = 60.0  # quiet in A for so long after signing in: the deep link was lost, open it once more


# -- what happens to this sign-in alone ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpinionCame:
    """The second opinion, or why there is none."""

    opinion: Opinion | Unreadable


Happening = InBrowser | Tick | Wished | OpinionCame

# -- what to do about it -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DisposeB:
    """Close B and throw its jar away."""


@dataclass(frozen=True, slots=True)
class AskSecondOpinion:
    """Ask Microsoft, in B's jar, for a signed word on who this is."""


@dataclass(frozen=True, slots=True)
class AskFirstUse:
    """Ask the person whether this unknown account may be stored, unconfirmed."""

    account: HomeAccount


@dataclass(frozen=True, slots=True)
class Tell:
    """The sign-in moved on."""

    phase: Phase
    can_continue: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """The instance has been given the right user's code: read back what it stored."""

    account: HomeAccount
    tier: Tier


@dataclass(frozen=True, slots=True)
class Fail:
    """The sign-in is over without a token."""

    problem: Problem


Decision = LetPass | Answer | Show | Open | DisposeB | AskSecondOpinion | AskFirstUse | Tell | Release | Fail

# -- where it stands -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class State:
    """Everything known of one sign-in. Only ``step`` makes new ones."""

    phase: Phase = Phase.STARTING
    started: float | None = None  # first tick
    now: float = 0.0
    quiet_since: float = 0.0
    a_context: str = ""
    a_windows: frozenset[str] = frozenset()
    b_context: str = ""
    b_windows: frozenset[str] = frozenset()
    initiators: frozenset[str] = frozenset()  # requests to our initiator address that were let pass
    foreign_states: frozenset[str] = frozenset()  # states of the instance's own sign-ins
    held: str = ""  # A's authorize request
    held_window: str = ""
    held_url: str = ""
    shared: bool = False  # B has no jar of its own: it is the one window opened for it, in A's
    b_url: str = ""  # what B was opened with; "" until its first request has passed
    b_asked: frozenset[str] = frozenset()  # B's requests to Microsoft that were let pass
    stopped: str = ""  # B's answer, while it is being judged
    answer_url: str = ""  # as the instance would get it, without client_info
    said: HomeAccount | Unreadable | None = None
    unasked: bool = False  # that answer came from B's own request by redirects alone: no page lay in between
    asked: bool = False  # the person was asked about ``said``; only then can they agree
    accepted: identity.Accepted | None = None
    released_url: str = ""  # the one address A may now go to; "" once it has gone
    released_by: str = ""  # the held request it answers, "" when a new window was opened for it
    moves: int = 0
    reopened: bool = False
    over: bool = False
    trace: tuple[str, ...] = field(default=())  # what happened, without addresses, for the journal


Step = tuple[State, tuple[Decision, ...]]


def begin(terms: Terms, *, a_context: str = "", a_windows: frozenset[str] = frozenset(), shared: bool = False) -> Step:
    """Start a sign-in: open the initiator address in window A (a further tab where A is open already).

    ``shared``: B is to be a window in A's jar, because only there the device says who it is.
    """
    state = State(phase=Phase.INSTANCE, a_context=a_context, a_windows=a_windows, shared=shared)
    return state, (Tell(Phase.STARTING), Open(Which.A, terms.initiator_url))


def step(terms: Terms, state: State, event: Happening) -> Step:
    """The next state and what to do. Once over, every held request is refused and nothing else happens."""
    if state.over:
        return _afterwards(terms, state, event)
    match event:
        case Paused():
            return _paused(terms, replace(state, quiet_since=state.now), event)
        case Tick():
            return _tick(terms, state, event)
        case Wished():
            return _wished(terms, state, event)
        case OpinionCame():
            return _verdict(terms, state, event.opinion) if terms.second_opinion else (state, ())
        case _:
            return _browser(terms, state, event)


def _browser(terms: Terms, state: State, event: Opened | Appeared | Closed | Moved | BrowserGone | Lost) -> Step:
    """What happens to windows."""
    match event:
        case Opened():
            return _opened(terms, state, event)
        case Appeared():
            return _appeared(state, event)
        case Closed():
            return _closed(terms, state, event)
        case Moved():
            return _moved(state, event)
        case Lost():
            return _lost(state, event)
        case _:
            return _fail(state, BrowserDied(why=event.why))


def _afterwards(terms: Terms, state: State, event: Happening) -> Step:
    """After the end only A's released request may pass, and what is none of our business."""
    if isinstance(event, Lost) and event.request == state.released_by and state.released_url:
        return replace(state, released_by=""), (Open(Which.A, state.released_url),)
    if isinstance(event, Opened | Appeared):
        return _noted_opened(state, event) if isinstance(event, Opened) else _appeared(state, event)
    if not isinstance(event, Paused):
        return state, ()
    address = take_apart(event.url)
    if address is not None and _at_microsoft(terms, address) and authorize.is_foreign(address, terms.planned):
        return state, (LetPass(event.request),)
    return _released(state, event) or (state, (Show(event.request, Notice.ENDED),))


def _at_microsoft(terms: Terms, address: Address) -> bool:
    """Whether it goes where the registry's authorize address is. Of what goes elsewhere nothing passes."""
    return address.origin == terms.planned.address.origin


def _noted(state: State, words: str) -> State:
    return replace(state, trace=(*state.trace, words)[-40:])


def _fail(state: State, problem: Problem, *extra: Decision) -> Step:
    """End without a token: both windows say why, nothing goes to the instance."""
    shows = tuple(Show(r, Notice.REFUSED, problem) for r in (state.stopped, state.held) if r)
    ended = replace(_noted(state, problem.code), over=True, held="", stopped="", released_url="")
    return ended, (*extra, *shows, Fail(problem))


def _refuse(terms: Terms, state: State, event: Paused, why: str) -> Step:
    problem = UnexpectedRequest(credential=terms.credential_name, why=why)
    return _fail(state, problem, Show(event.request, Notice.REFUSED, problem))


# -- requests ------------------------------------------------------------------------------------------------------------


def _paused(terms: Terms, state: State, event: Paused) -> Step:
    address = take_apart(event.url)
    if address is None:
        return _refuse(terms, state, event, say("its address can't be read: {url}", url=authorize.why_unreadable(event.url)))
    redirect = take_apart(terms.planned.redirect_url)
    initiator = take_apart(terms.initiator_url)
    if redirect and address.origin == redirect.origin:
        if initiator and address.path == initiator.path:
            return _initiator(terms, state, event, address)
        return _answer(terms, state, event, address)
    return _authorize(terms, state, event, address)


def _in_a(state: State, event: Paused) -> bool:
    apart = not (state.shared and event.window in state.b_windows)
    return apart and bool(event.window) and event.context == state.a_context and bool(state.a_context)


def _in_b(state: State, event: Paused) -> bool:
    apart = not state.shared or event.window in state.b_windows
    return apart and bool(event.window) and event.context == state.b_context and bool(state.b_context)


def _initiator(terms: Terms, state: State, event: Paused, address: Address) -> Step:
    """The instance's own start of a token request. Only ours, in A, is remembered; what follows from others is not ours."""
    wanted = take_apart(terms.initiator_url)
    ours = (
        wanted is not None
        and _in_a(state, event)
        and event.method == "GET"
        and not address.repeated
        and all(address.value(name) == wanted.value(name) for name in ("oauth_requestor_context", "oauth_requestor"))
        and address.value("oauth_provider_profile") == terms.profile
        and address.value("personal").lower() in {"", "false"}
    )
    if ours:
        state = replace(_noted(state, "initiator"), initiators=state.initiators | {event.request}, moves=0)
    return state, (LetPass(event.request), Tell(state.phase)) if ours else (LetPass(event.request),)


def _authorize(terms: Terms, state: State, event: Paused, address: Address) -> Step:
    """A request to Microsoft's authorize address: not ours, the one to hold, B's own, or refused."""
    if authorize.is_foreign(address, terms.planned):
        if not _at_microsoft(terms, address):
            return _noted(state, "stray request"), (Show(event.request, Notice.NOT_PLANNED),)
        vouched = {authorize.foreign_state(address, terms.planned)} - {""} if _in_a(state, event) else set()
        state = replace(_noted(state, "foreign authorize"), foreign_states=state.foreign_states | vouched)
        return state, (LetPass(event.request),)
    if _in_b(state, event):
        return _authorize_in_b(terms, state, event, address)
    if not _in_a(state, event):
        return _refuse(terms, state, event, "it does not come from the ServiceNow window")
    if state.held or state.released_url:
        return _noted(state, "second authorize"), (Show(event.request, Notice.ALREADY_OPEN),)
    if event.follows not in state.initiators or event.method != "GET":
        return _refuse(terms, state, event, "it does not follow from the address that was opened for this credential")
    differs = authorize.difference(address, terms.planned)
    if differs:
        return _refuse(terms, state, event, differs)
    url = authorize.prompted(address, terms.expected.upn)
    held = replace(_noted(state, "held"), held=event.request, held_window=event.window, held_url=event.url, b_url=url)
    # A window that sends requests is there, whether or not its appearance has been told yet.
    held = replace(held, phase=Phase.MICROSOFT, a_windows=state.a_windows | {event.window})
    return held, (Open(Which.B, url), Tell(Phase.MICROSOFT))


def _authorize_in_b(terms: Terms, state: State, event: Paused, address: Address) -> Step:
    if state.b_url:
        if event.url != state.b_url:
            return _refuse(terms, state, event, "the Microsoft window began with another address than the prompted one")
        return replace(_noted(state, "B prompted"), b_url="", b_asked=frozenset({event.request})), (LetPass(event.request),)
    held = take_apart(state.held_url)
    if held is None or not authorize.carries(address, held) or event.method != "GET":
        return _refuse(terms, state, event, "the Microsoft window asked for something else than the held request")
    return replace(_noted(state, "B reloaded"), b_asked=state.b_asked | {event.request}), (LetPass(event.request),)


def _released(state: State, event: Paused) -> Step | None:
    """A, on its way with the code we gave it: exactly that address, once, as the redirect of the held request."""
    follows = event.follows == state.released_by if state.released_by else True
    if state.released_url and _in_a(state, event) and event.url == state.released_url and follows and event.method == "GET":
        return replace(_noted(state, "delivered"), released_url=""), (LetPass(event.request),)
    return None


def _answer(terms: Terms, state: State, event: Paused, address: Address) -> Step:
    """Something goes to ``oauth_redirect.do``: Microsoft's answer in B, our release in A, or nothing that may pass."""
    if _in_a(state, event):
        held = take_apart(state.held_url)
        ours = set(held.values("state")) if held is not None else set()  # its answer comes in B, never in A
        own = state.foreign_states & set(address.values("state")) - ours
        if own and not address.repeated:
            return replace(_noted(state, "foreign answer"), foreign_states=state.foreign_states - own), (LetPass(event.request),)
        return _noted(state, "stray answer in A"), (Show(event.request, Notice.NOT_PLANNED),)
    if not _in_b(state, event) or not state.held or state.stopped:
        return _noted(state, "stray answer"), (Show(event.request, Notice.NOT_PLANNED),)
    onward, unasked = authorize.without_client_info(address), event.follows in state.b_asked
    return _microsoft_answered(terms, replace(state, stopped=event.request, answer_url=onward, unasked=unasked), event, address)


def _microsoft_answered(terms: Terms, state: State, event: Paused, address: Address) -> Step:
    wanted = take_apart(terms.planned.redirect_url)
    held = take_apart(state.held_url)
    if state.b_url:
        return _refuse(terms, replace(state, stopped=""), event, "Microsoft answered before it was asked to prompt")
    if event.method != "GET" or address.repeated or wanted is None or address.path != wanted.path or held is None:
        return _refuse(terms, replace(state, stopped=""), event, "Microsoft's answer has another form than was asked for")
    if address.values("state") != held.values("state") or not address.value("state"):
        return _refuse(terms, replace(state, stopped=""), event, "Microsoft's answer belongs to another request (state differs)")
    if address.values("error"):
        return _fail(state, _error(terms, address))
    if not address.value("code"):
        return _refuse(terms, replace(state, stopped=""), event, "Microsoft's answer carries no code")
    said = identity.read_client_info(address.values("client_info"))
    state = replace(_noted(state, "answered"), said=said, asked=False, phase=Phase.WHO)
    if terms.second_opinion:
        return state, (Tell(Phase.WHO), AskSecondOpinion())
    state, decisions = _verdict(terms, state, None)
    return state, (Tell(Phase.WHO), *decisions)


def _error(terms: Terms, address: Address) -> Problem:
    """Microsoft came back with an error: declined by the person, or refused by Microsoft."""
    error, description = (authorize.shown(address.value(name), n) for name, n in (("error", 80), ("error_description", 400)))
    name = terms.credential_name
    if error == "access_denied":
        cancelled = address.value("error_subcode") == "cancel" and "AADSTS65004" not in description
        return Cancelled(credential=name) if cancelled else ConsentRefused(credential=name)
    if error == "consent_required" or "AADSTS65004" in description:
        return ConsentRefused(credential=name)
    how = "The text says who must act; paste it into “What does the page say?” for an explanation."
    return MicrosoftRefused(credential=name, upn=terms.expected.upn, error=error, description=description, how=how)


def _verdict(terms: Terms, state: State, opinion: Opinion | Unreadable | None) -> Step:
    """Whose sign-in was it? Only a match lets A go on."""
    if not state.stopped or state.said is None or state.asked:
        return state, ()
    match identity.judge(terms.expected, state.said, opinion):
        case identity.Refused(problem):
            return _fail(state, problem)
        case identity.AskFirst(account):
            if not terms.interactive:
                return _fail(state, identity.unconfirmed(terms.expected))
            return replace(state, said=account, asked=True), (AskFirstUse(account),)
        case accepted:
            return _release(state, accepted)


def _release(state: State, accepted: identity.Accepted) -> Step:
    url = state.answer_url
    done = replace(
        _noted(state, "released"),
        accepted=accepted,
        phase=Phase.STORING,
        released_url=url,
        released_by=state.held,
        held="",
        stopped="",
        over=True,
    )
    carry: tuple[Decision, ...] = (Answer(state.held, url),)
    if state.held_window not in state.a_windows:  # the person closed it meanwhile: the code goes to a new window
        done, carry = replace(done, released_by=""), (Open(Which.A, url),)
    return done, (*carry, DisposeB(), Tell(Phase.STORING), Release(accepted.account, accepted.tier))


# -- windows, time, wishes -----------------------------------------------------------------------------------------------


def _opened(terms: Terms, state: State, event: Opened) -> Step:
    if event.which is Which.B and (why := _not_apart(state, event)):
        return _fail(state, UnexpectedRequest(credential=terms.credential_name, why=why))
    return _noted_opened(state, event)


def _not_apart(state: State, event: Opened) -> str:
    """Why this can't be B: by its jar it has to be told from A, or, where they share one, by its window."""
    if state.b_context and (state.shared or event.context != state.b_context):
        return "a second Microsoft window was opened for it"
    if not state.shared:
        shares = bool(event.context) and event.context == state.a_context
        return "the Microsoft window shares the ServiceNow window's cookies" if shares else ""
    known = bool(event.window) and event.window not in state.a_windows
    return "" if known and event.context == state.a_context else "the Microsoft window can't be told from the ServiceNow window"


def _noted_opened(state: State, event: Opened) -> Step:
    there = frozenset({event.window} - {""})
    if event.which is Which.A:
        return replace(state, a_context=event.context, a_windows=state.a_windows | there, quiet_since=state.now), ()
    return replace(state, b_context=event.context, b_windows=state.b_windows | there), ()


def _appeared(state: State, event: Appeared) -> Step:
    if event.window in state.b_windows:
        return state, ()  # the browser tells of the window it was just asked to open
    if event.context and event.context == state.a_context:
        return replace(state, a_windows=state.a_windows | {event.window}), ()
    if event.context and event.context == state.b_context:
        return replace(state, b_windows=state.b_windows | {event.window}), ()
    return state, ()


def _moved(state: State, event: Moved) -> Step:
    """Somebody is busy in A: it is not lost yet."""
    if event.window in state.a_windows:
        return replace(state, quiet_since=state.now, moves=state.moves + 1), ()
    return state, ()


def _closed(terms: Terms, state: State, event: Closed) -> Step:
    in_a, in_b = event.window in state.a_windows, event.window in state.b_windows
    if not (in_a or in_b):
        return state, ()
    if event.crashed:
        return _fail(state, BrowserDied(why="a page crashed"))
    state = replace(state, a_windows=state.a_windows - {event.window}, b_windows=state.b_windows - {event.window})
    if in_b and not state.b_windows:
        return _fail(state, WindowClosed(window=Which.B.value, credential=terms.credential_name))
    if in_a and not state.a_windows and not state.held:
        return _fail(state, WindowClosed(window=Which.A.value, credential=terms.credential_name))
    return state, ()


def _lost(state: State, event: Lost) -> Step:
    """The request could not be answered any more. A lost answer in B ends nothing by itself: B's person may try again."""
    if event.request == state.stopped:
        return replace(state, stopped="", said=None), ()
    return state, ()


def _tick(terms: Terms, state: State, event: Tick) -> Step:
    first = state.started is None
    state = replace(state, now=event.now, started=event.now if first else state.started)
    if first:
        state = replace(state, quiet_since=event.now)
    if event.now - (state.started or 0.0) >= terms.limit_s:
        return _fail(state, TimeIsUp(credential=terms.credential_name, minutes=round(terms.limit_s / 60)))
    quiet = event.now - state.quiet_since >= terms.patience_s
    if state.phase is Phase.INSTANCE and quiet and state.moves >= 2 and not state.reopened:  # its login page, then home
        reopened = replace(_noted(state, "deep link opened again"), reopened=True)
        return reopened, (Open(Which.A, terms.initiator_url, background=True), Tell(Phase.INSTANCE, can_continue=True))
    return state, ()


def _wished(terms: Terms, state: State, event: Wished) -> Step:
    match event.wish:
        case "cancel":
            return _fail(state, Cancelled(credential=terms.credential_name))
        case "continue" if state.phase is Phase.INSTANCE:
            return _noted(state, "continue"), (Open(Which.A, terms.initiator_url),)
        case "agree" if state.stopped and state.asked:
            return _agreed(terms, state)
        case "disagree" if state.stopped:
            return _fail(state, NotAgreed(credential=terms.credential_name, upn=terms.expected.upn))
        case _:
            return state, ()


def _agreed(terms: Terms, state: State) -> Step:
    """Agreed to first use. Judged again with that agreement, so that agreeing can never release what would be refused."""
    trusting = replace(terms, expected=replace(terms.expected, trust_first_use=True))
    return _verdict(trusting, replace(state, asked=False), None)


def withhold(before: State, event: Happening, problem: Problem) -> Step:
    """The release that *event* led to may not be: the sign-in ends as failed, from where it stood before that event."""
    stopped = event.request if isinstance(event, Paused) else before.stopped
    return _fail(replace(before, stopped=stopped), problem)


def seconds_left(terms: Terms, state: State) -> float:
    """Seconds until the time limit."""
    return max(0.0, terms.limit_s - (state.now - (state.started if state.started is not None else state.now)))
