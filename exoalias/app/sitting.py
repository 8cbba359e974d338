"""One sign-in, carried out: the browser's events go to the gate, the gate's decisions to the browser. Nothing is decided here."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exoalias.app import pages
from exoalias.app.page_words import Facts
from exoalias.domain import gate, happenings
from exoalias.domain.events import FirstUseQuestion, Phase, Progress, SignInEnded, SignInPhase
from exoalias.domain.happenings import Which
from exoalias.domain.identity import Unreadable
from exoalias.domain.problems import BrowserDied, Problem
from exoalias.domain.strategies import Strategy

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.adapters.microsoft import SecondOpinion
    from exoalias.app.control import Control
    from exoalias.app.lobby import Windows
    from exoalias.domain.events import Tell
    from exoalias.domain.gate import Decision, Happening, State, Terms
    from exoalias.domain.happenings import InBrowser

_TURN_S = 0.1  # how long one turn waits for the browser
_OPINION_S = 30.0  # a silent answer comes at once or not at all
_LINGER_S = 20.0  # how long the windows may still show why, after the end
_FAREWELL_S = 4.0  # how long B may still thank the right user, before it closes with its jar


@dataclass(slots=True)
class Sitting:
    """One credential's sign-in in an open browser."""

    windows: Windows
    terms: Terms
    control: Control
    tell: Tell
    opinion: SecondOpinion | None
    before_release: Callable[[gate.Release], None]  # journals that the right user was let through, before it is done
    strategy: Strategy = Strategy.RELAY
    goes_on: Callable[[Problem, bool], bool] = lambda _problem, _unasked: False  # whether another sign-in follows by itself
    state: State = field(init=False)
    _ended: gate.Release | gate.Fail | None = field(init=False, default=None)
    _older: frozenset[str] = field(init=False, default=frozenset())
    _opinion_until: float = field(init=False, default=0.0)
    _phase: tuple[Phase, bool] = field(init=False, default=(Phase.STARTING, False))
    _landed: bool = field(init=False, default=False)
    _gone: bool = field(init=False, default=False)  # the browser is: no window shows anything any more
    _where: dict[str, Which] = field(init=False, default_factory=dict)  # the window of each request, for the words of its page
    _told: set[Which] = field(init=False, default_factory=set)  # the windows that show how it ended
    _stopped: str = field(init=False, default="")  # B's answer, as long as nothing was answered to it
    _thanked: bool = field(init=False, default=False)  # B shows its thanks, and has to be closed
    _farewell_until: float = field(init=False, default=0.0)

    def run(self) -> gate.Release:
        """Until the right user's code is on its way to the instance. Raises the Problem of any other ending."""
        self._older = frozenset(self.windows.a_windows)
        self.windows.session.strategy = self.strategy
        shared = self.strategy is Strategy.DEVICE
        self.state, decisions = gate.begin(self.terms, a_context=self.windows.a_context, shared=shared)
        self._feed_tick()
        self._carry_all(decisions)
        if (gone := self.windows.session.gone) is not None:  # the sitting before this one was told, and nobody tells it twice
            self._feed(gone)
        while self._ended is None:
            self.turn()
        if isinstance(self._ended, gate.Fail):
            if not self.goes_on(self._ended.problem, self.state.unasked):
                self._failed(self._ended.problem)
            raise self._ended.problem
        return self._ended

    def turn(self, wait_s: float = _TURN_S) -> None:
        """Let the next thing happen: an event, a wish, the passing of time. Also after the end, while it is read back."""
        event = self.windows.session.next_event(wait_s)
        if event is not None:
            self._feed(event)
        self._feed_tick()
        while (wish := self.control.next_wish()) is not None:
            self._feed(happenings.Wished(wish))
        if self._opinion_until and time.monotonic() > self._opinion_until:
            self._opinion_until = 0.0
            self._feed(gate.OpinionCame(Unreadable("Microsoft gave no answer in time")))
        if self._thanked and time.monotonic() > self._farewell_until:
            self._close_b()

    def see_off(self) -> None:
        """Leave B its thanks for a moment, then close it. Whatever happens, its jar is gone afterwards."""
        try:
            while self._thanked and not self.control.cancelled:
                self.turn()
        finally:
            if self._thanked:
                self._close_b()

    def keep_going(self) -> bool:
        """A short turn while the instance is read back; whether it has answered in window A.

        By then the instance has done what it was going to do with the code.
        """
        self.turn(0.05)
        return self._landed

    @property
    def unasked(self) -> bool:
        """Whether the answer in B came without any page in between: nobody was asked."""
        return hasattr(self, "state") and self.state.unasked

    def overhear(self, happening: InBrowser) -> None:
        """What happened in the browser while somebody was signing in to the instance again."""
        self._feed(happening)

    # -- events in ---------------------------------------------------------------------------------------------------------

    def _feed_tick(self) -> None:
        self._feed(happenings.Tick(time.monotonic()))

    def _feed(self, event: Happening) -> None:
        self._gone = self._gone or isinstance(event, happenings.BrowserGone)
        if isinstance(event, happenings.BrowserGone | happenings.Closed | happenings.Moved):
            self._look_for_landing(event)
            if self._left_by(event):
                self._farewell_until = 0.0  # nobody is left to be thanked
        if isinstance(event, happenings.Paused):
            self._where[event.request] = Which.B if event.context == self.state.b_context else Which.A
            if self._is_opinion(event):
                self._take_opinion(event)
                return
        before = self.state
        self.state, decisions = gate.step(self.terms, before, event)
        self._stopped = event.request if isinstance(event, happenings.Paused) else before.stopped
        try:
            self._carry_all(decisions)
        except Problem as problem:  # what is right may not be released: the journal or the lock of production stand against it
            self.state, decisions = gate.withhold(before, event, problem)
            self._carry_all(decisions)

    def _look_for_landing(self, event: happenings.BrowserGone | happenings.Closed | happenings.Moved) -> None:
        """A page is told of when its answer has begun to arrive, and after the release only the instance's is under way.

        The instance's page may also close its own window, being the pop-up it usually is. Where the browser or the last page of
        A is gone before it asked for that page, nothing is to come any more either.
        """
        in_a = isinstance(event, happenings.BrowserGone) or event.window in self.windows.a_windows
        if isinstance(event, happenings.Closed):
            self.windows.a_windows.discard(event.window)
        crashed = isinstance(event, happenings.Closed) and event.crashed and not self.windows.a_windows
        nothing_comes = isinstance(event, happenings.BrowserGone) or crashed
        if in_a and isinstance(self._ended, gate.Release) and (nothing_comes or not self.state.released_url):
            self._landed = True

    def _left_by(self, event: happenings.BrowserGone | happenings.Closed | happenings.Moved) -> bool:
        """Whether B is gone with that. That it moved is the page of ours coming up in it."""
        gone = isinstance(event, happenings.Closed) and event.window in self.state.b_windows
        return gone or isinstance(event, happenings.BrowserGone)

    def _is_opinion(self, event: happenings.Paused) -> bool:
        return self.opinion is not None and event.url.startswith(f"{self.opinion.redirect}/")

    def _take_opinion(self, event: happenings.Paused) -> None:
        """The second opinion's redirect: stopped here, taken once, and only in B's jar."""
        self.windows.session.show(event.request, *self._page(event.request, happenings.Notice.CHECKED))
        if self.opinion is None or not self._opinion_until or event.context != self.state.b_context:
            return
        self._opinion_until = 0.0
        self._feed(gate.OpinionCame(self.opinion.finish(event.url)))

    # -- decisions out -----------------------------------------------------------------------------------------------------

    def _carry_all(self, decisions: tuple[Decision, ...]) -> None:
        for release in decisions:
            if isinstance(release, gate.Release):
                self.before_release(release)
        for decision in decisions:
            self._carry(decision)

    def _carry(self, decision: Decision) -> None:
        session = self.windows.session
        match decision:
            case happenings.LetPass(request):
                self._lost(session.let_pass(request))
            case happenings.Answer(request, url):
                self._lost(session.redirect(request, url))
            case happenings.Show(request, notice, problem):
                self._lost(session.show(request, *self._page(request, notice, problem)))
            case happenings.Open():
                self._open(decision)
            case gate.DisposeB():
                self._thank_b()
            case gate.AskSecondOpinion():
                self._ask_second_opinion()
            case _:
                self._carry_to_people(decision)

    def _carry_to_people(self, decision: Decision) -> None:
        match decision:
            case gate.AskFirstUse(account):
                names = (self.terms.credential_name, self.terms.expected.upn)
                self.tell(FirstUseQuestion(*names, account.object_id, account.tenant_id))
            case gate.Tell(phase, can_continue):
                self._tell_phase(phase, can_continue=can_continue)
            case gate.Release() | gate.Fail():
                self._ended = decision
            case _:
                raise AssertionError(decision)

    def _lost(self, lost: happenings.Lost | None) -> None:
        if lost is not None:
            self._feed(lost)

    def _page(self, request: str, notice: happenings.Notice, problem: Problem | None = None) -> tuple[bytes, dict[str, str]]:
        """The page for that request, in the words for its window. After the end each further one still says what ended it."""
        which = self._where.get(request, Which.A)
        if notice in {happenings.Notice.REFUSED, happenings.Notice.ENDED}:
            self._told.add(which)
            problem = problem or (self._ended.problem if isinstance(self._ended, gate.Fail) else None)
        facts = Facts(self.terms.credential_name, self.terms.expected.upn)
        return pages.render(notice, problem, which=which, language=self.windows.language, facts=facts)

    def _thank_b(self) -> None:
        """The right user is thanked where somebody looks; else B closes at once, so that a run nobody watches goes on."""
        if not (self.windows.visible and self.control.interactive and self._stopped):
            self._close_b()
            return
        self._lost(self.windows.session.show(self._stopped, *self._page(self._stopped, happenings.Notice.FAREWELL)))
        self._farewell_until, self._thanked = time.monotonic() + _FAREWELL_S, True

    def _close_b(self) -> None:
        self._farewell_until, self._thanked = 0.0, False
        self.windows.session.dispose_b()

    def _open(self, decision: happenings.Open) -> None:
        opened = self.windows.session.open(decision.which, decision.url, background=decision.background)
        if opened.window and decision.which is Which.A:
            self.windows.a_context = opened.context
            self.windows.a_windows.add(opened.window)
            for window in self._older:
                self.windows.session.close_window(window)
            self._older = frozenset()
        if opened.context:
            self._feed(opened)

    def _ask_second_opinion(self) -> None:
        if self.opinion is None:
            self._feed(gate.OpinionCame(Unreadable("it is not configured")))
            return
        self._opinion_until = time.monotonic() + _OPINION_S
        if not self.windows.session.open_in_b(self.opinion.begin()):
            self._opinion_until = 0.0
            self._feed(gate.OpinionCame(Unreadable("its page could not be opened")))

    def _tell_phase(self, phase: Phase, *, can_continue: bool) -> None:
        """Tell it when it is news. The person may always say *Continue* while the instance's own page is in front."""
        now = (phase, can_continue or phase is Phase.INSTANCE)
        if now == self._phase and phase is not Phase.STARTING:
            return
        self._phase = now
        left = gate.seconds_left(self.terms, self.state)
        expected = self.terms.expected
        self.tell(SignInPhase(self.terms.credential, self.terms.credential_name, expected.upn, phase, left, now[1]))

    # -- endings -----------------------------------------------------------------------------------------------------------

    def _failed(self, problem: Problem) -> None:
        """Say it at once; where a person looks at the windows, leave them a little while, or until they are closed."""
        self.tell(SignInEnded(self.terms.credential, self.terms.credential_name, problem))
        if self._gone or not self.windows.visible or not self.control.interactive or self.control.cancelled:
            return
        end = time.monotonic() + _LINGER_S
        self._tell_the_other(problem)
        self.tell(Progress("The sign-in windows say why; they close by themselves."))
        open_windows = set(self.windows.a_windows) | set(self.state.b_windows)
        while open_windows and time.monotonic() < end and not self.control.cancelled:
            event = self.windows.session.next_event(_TURN_S)
            if isinstance(event, happenings.BrowserGone):
                return
            if isinstance(event, happenings.Closed):
                open_windows.discard(event.window)
            elif event is not None:
                self._feed(event)

    def _tell_the_other(self, problem: Problem) -> None:
        """A window that waits at somebody else's page gets a page of ours beside it.

        It is opened with the instance's redirect address, without anything behind it: that is on the closed list, so the request
        is stopped in the browser and answered there, as every other one after the end.
        """
        if isinstance(problem, BrowserDied):
            return
        session, url = self.windows.session, self.terms.planned.redirect_url
        if self.state.b_windows and Which.B not in self._told:
            session.open_in_b(url, background=False)
        if self.state.a_windows and Which.A not in self._told:
            self._open(happenings.Open(Which.A, url))
