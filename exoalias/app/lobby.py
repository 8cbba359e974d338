"""The sign-in browser of one instance: opened when somebody has to sign in, shared by everything that needs it, then kept.

Window A in it is where the person signs in to the instance, once: for reading, for writing, and for the sign-ins of all
credentials. Between two verbs nothing is expected of the browser: whatever reaches an address of the closed list then is shown
a page of ours and goes nowhere.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from exoalias.adapters.browser import janitor
from exoalias.adapters.browser.launch import launch, profiles_of
from exoalias.adapters.browser.pipe import CommandError, PipeClosedError
from exoalias.adapters.browser.policy import allowed
from exoalias.adapters.browser.session import BrowserSession, ClosedList
from exoalias.adapters.entering import login_form
from exoalias.adapters.keeping.secret import Secret
from exoalias.adapters.machine.language import spoken
from exoalias.adapters.network.tls import Certificate
from exoalias.app import pages
from exoalias.domain import arrival, happenings
from exoalias.domain.arrival import Errand
from exoalias.domain.browser_policies import Effect
from exoalias.domain.events import Door, DoorPhase, Progress
from exoalias.domain.happenings import Notice
from exoalias.domain.problems import BrowserDied, BrowserForbidden, NotSignedIn, PersonNeeded, UsageProblem
from exoalias.domain.redirect import as_browsers_write, redirect_flaw
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exoalias.adapters.entering.persons_session import PersonsSession
    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.app.control import Control
    from exoalias.app.world import World
    from exoalias.domain.events import Tell
    from exoalias.domain.happenings import InBrowser

_TURN_S = 0.1
_DRESS_S = 15.0  # a window that asks for no page by then will not
_IMPATIENT_S = 5.0  # nobody is there to press Continue: a lost deep link is looked for soon


@dataclass(slots=True)
class Windows:
    """What everything in one browser shares: the browser itself, and window A's jar."""

    session: BrowserSession
    visible: bool
    language: str = "en"  # of our pages in them
    a_context: str = ""
    a_windows: set[str] = field(default_factory=set)


class Lobby:
    """One instance's. One thread at a time is in it; the others wait."""

    def __init__(self, world: World, entry: InstanceEntry, tell: Tell, control: Control) -> None:
        self._world = world
        self._entry = entry
        self._face = (tell, control)
        self._faces = threading.local()  # of the verb running in each thread: two may be in the same instance
        self._windows: Windows | None = None
        self._nonce = f"{entry.origin}/navpage.do?exoalias={secrets.token_hex(16)}"
        self._list = ClosedList(entry.origin)
        self._taken = threading.RLock()  # by whoever takes the browser's events
        self._closing = threading.Lock()
        self._shut = False
        self._guest: Callable[[InBrowser], None] | None = None
        self._signed_in = False  # in window A, as far as we brought it about

    def call(self, world: World, tell: Tell, control: Control) -> None:
        """From now on this face is asked when this thread needs a person, in this world: its settings may have changed."""
        self._world = world
        self._face = self._faces.now = (tell, control)

    # -- what somebody is let in for ------------------------------------------------------------------------------------------

    def bring(self, session: PersonsSession) -> None:
        """Have the person sign in to the instance, until *session* is let in. PersonNeeded, NotSignedIn, BrowserDied, …"""
        times = session.times
        with self._taken:
            self._refuse_shut()
            if session.times == times and not self._bring_by_form(session):  # nobody else brought them meanwhile
                self._run(Errand(self._entry.name, self._nonce, self._nonce), session, again=times > 0)

    def authorize(self, url: str, redirect_url: str) -> str:
        """Have the person sign in at the instance's own OAuth address; the address it sent them back to, stopped here."""
        with self._taken:
            self._refuse_shut()
            flaw = redirect_flaw(redirect_url, self._entry.origin, microsoft_of(self._world))
            if flaw:
                raise UsageProblem(why=say("The redirect address {flaw}.", flaw=flaw))
            errand = Errand(self._entry.name, url, as_browsers_write(redirect_url), tried=False)
            return self._run(errand, None, again=False)

    @contextlib.contextmanager
    def lend(self, closed_list: ClosedList) -> Iterator[Windows]:
        """The browser, for a sign-in at Microsoft; afterwards it listens to nothing but what belongs to the instance."""
        with self._taken, self._world.doors.busy(self._entry.name):
            self._refuse_shut()
            windows = self._open()
            try:
                with _living():
                    if self._entry.sign_in_for_me and not self._signed_in and (cookies := self._by_form()):
                        self._dress(windows, cookies)
                    self._listen(closed_list)
                yield windows
            finally:
                self._guest = None
                windows.session.dispose_b()
                with contextlib.suppress(CommandError, PipeClosedError):
                    self._listen(ClosedList(self._entry.origin))

    def seat(self, guest: Callable[[InBrowser], None]) -> None:
        """While the browser is lent: what happens in it during a renewed sign-in to the instance is told to *guest* too."""
        self._guest = guest

    @property
    def is_open(self) -> bool:
        """Whether there is a browser."""
        return self._windows is not None

    def close(self) -> None:
        """End the browser and its profile; the next one starts anew."""
        with self._closing:
            windows, self._windows, self._signed_in = self._windows, None, False
        if windows is not None:
            windows.session.close()

    def shut(self) -> None:
        """Close it for good: the session was locked or forgotten, and nobody is asked to sign in here any more."""
        self._shut = True
        self.close()

    def _refuse_shut(self) -> None:
        if self._shut:
            raise NotSignedIn(instance=self._entry.name, why="its session was locked or forgotten meanwhile.")

    # -- signing in for the person ----------------------------------------------------------------------------------------------

    def _bring_by_form(self, session: PersonsSession) -> bool:
        """Sign the kept user in by the instance's own login page; whether that was all it wanted."""
        cookies = self._by_form() if self._entry.sign_in_for_me else ()
        if not cookies or not session.admit(Secret("; ".join(f"{c.name}={c.value.reveal()}" for c in cookies))):
            return False
        if self._windows is not None:
            with _living():
                self._dress(self._windows, cookies)
        return True

    def _by_form(self) -> tuple[login_form.SessionCookie, ...]:
        """The cookies of a session of the kept user; none where the person has to do it, who is told why, once."""
        world, entry = self._world, self._entry
        kept = world.kept(entry)
        if kept.password is None or world.doors.refused.has(entry, kept.password):
            return ()
        certificate = Certificate(entry.certificate, kept.passphrase) if entry.certificate else None
        client = world.http.client(entry.origin, ca_file=entry.ca_file, certificate=certificate)
        session = login_form.sign_in(client, entry.user, kept.password)
        if isinstance(session, login_form.NotByForm):
            world.doors.refused.note(entry, kept.password)
            self.tell(Progress(say("{session_why} You sign in yourself", session_why=session.why)))
            return ()
        return session

    def _dress(self, windows: Windows, cookies: tuple[login_form.SessionCookie, ...]) -> None:
        """Hand that session to window A: as Set-Cookie lines of a page of ours at the nonce address, for the instance alone."""
        before, end, done = self._list, time.monotonic() + _DRESS_S, False
        self._listen(replace(before, nonce=self._nonce))
        try:
            opened = windows.session.open(happenings.Which.A, self._nonce)
            windows.a_context = opened.context or windows.a_context
            windows.a_windows |= {opened.window} - {""}
            while not done and time.monotonic() < end and not self.control.cancelled:
                happening = self.next_event(windows)
                if isinstance(happening, happenings.Paused):
                    ours = happening.url == self._nonce and happening.context == windows.a_context
                    page = pages.render(Notice.SIGNED_IN if ours else Notice.NOT_PLANNED, language=windows.language)
                    windows.session.show(happening.request, *page, cookies=[_line(c) for c in cookies] if ours else ())
                    done = self._signed_in = ours
                elif happening is not None:
                    note(windows, happening)
                if isinstance(happening, happenings.BrowserGone):
                    raise BrowserDied(why=happening.why)
        finally:
            with contextlib.suppress(CommandError, PipeClosedError):
                self._listen(before)

    # -- one sign-in to the instance --------------------------------------------------------------------------------------------

    def _run(self, errand: Errand, session: PersonsSession | None, *, again: bool) -> str:
        control = self.control
        if not control.interactive and self._world.simulated is None:
            raise PersonNeeded(instance=self._entry.name)
        if control.cancelled:
            raise NotSignedIn(instance=self._entry.name, why="it was cancelled.")
        windows = self._open()
        before, patience = self._list, errand.patience_s if control.interactive else _IMPATIENT_S
        errand = replace(errand, patience_s=patience)
        redirect = "" if errand.tried else errand.goal
        try:
            nonce = self._nonce if errand.tried else ""
            with _living():
                self._listen(replace(before, nonce=nonce, redirect=redirect))
                with self._world.doors.busy(self._entry.name):
                    url = _Arriving(self, windows, errand, session, again).run()
            self._signed_in = True
            return url
        finally:
            with contextlib.suppress(CommandError, PipeClosedError):
                self._listen(before)

    def _listen(self, closed_list: ClosedList) -> None:
        if self._windows is not None:
            self._windows.session.listen(closed_list)
        self._list = closed_list

    def _open(self) -> Windows:
        language = spoken(self._world.settings.language)
        if self._windows is not None and self._windows.session.alive:
            self._windows.language = language
            return self._windows
        self.close()
        world = self._world
        choice = allowed(world.browser)
        if choice.instead:
            self.tell(Progress(choice.instead))
        browser = choice.browser
        profiles = world.places.cache / "sign-in"
        janitor.sweep(profiles_of(browser, profiles))
        simulated = world.simulated is not None
        proxy = "" if simulated else world.settings.proxy
        launched = launch(browser, profiles, headless=world.headless, simulated=simulated, proxy=proxy)
        self._list = ClosedList(self._entry.origin)
        session = BrowserSession(launched, self._list).__enter__()
        try:
            for finding in choice.reading.having(Effect.CHECKED):
                launched.refuse_elsewhere(finding.words)
        except BrowserForbidden:
            session.close()
            raise
        windows = Windows(session, visible=not world.headless, language=language)
        with self._closing:
            self._windows = windows
        threading.Thread(target=self._watch, args=(windows,), name=f"lobby-{self._entry.name}", daemon=True).start()
        return windows

    def _watch(self, windows: Windows) -> None:
        """While nobody is in it: nothing of the closed list goes anywhere, and windows that close are noted."""
        session = windows.session
        while session.wait():
            with self._taken:
                if self._windows is not windows or not session.alive:
                    return
                try:
                    happening = session.next_event(0)
                except BrowserForbidden:
                    continue  # of a window the sign-in that wanted it has given up since
                if isinstance(happening, happenings.BrowserGone):
                    self.close()
                    return
                if isinstance(happening, happenings.Paused):
                    session.show(happening.request, *_stray(windows, happening))
                elif happening is not None:
                    note(windows, happening)

    # -- for the one arriving ------------------------------------------------------------------------------------------

    def next_event(self, windows: Windows) -> InBrowser | None:
        """The next thing that happened; what belongs to a sign-in at Microsoft under way is told to that alone."""
        happening = windows.session.next_event(_TURN_S)
        if happening is None or self._guest is None:
            return happening
        if isinstance(happening, happenings.Paused) and not self._awaits(happening.url):
            self._guest(happening)
            return None
        if not isinstance(happening, happenings.Paused):
            self._guest(happening)
        # A window told of so late is the private one of the sign-in at Microsoft: none of who signs in to the instance.
        return None if isinstance(happening, happenings.Opened) else happening

    def _awaits(self, url: str) -> bool:
        """Whether that address is the goal of a sign-in to the instance."""
        goals = (self._list.nonce, self._list.redirect)
        return any(goal and arrival.reaches(goal, url) for goal in goals)

    def say(self, phase: Door, seconds_left: float, *, can_continue: bool, again: bool) -> None:
        """Tell the face how far it is."""
        self.tell(DoorPhase(self._entry.name, self._entry.origin, phase, seconds_left, can_continue, again))

    @property
    def control(self) -> Control:
        """The person's side."""
        return self._asked()[1]

    @property
    def tell(self) -> Tell:
        """The face that is asked now."""
        return self._asked()[0]

    def _asked(self) -> tuple[Tell, Control]:
        return getattr(self._faces, "now", self._face)


@contextlib.contextmanager
def _living() -> Iterator[None]:
    """What is asked of a browser that has ended meanwhile is BrowserDied."""
    try:
        yield
    except (CommandError, PipeClosedError) as gone:
        raise BrowserDied(why="it answers no more") from gone


def microsoft_of(world: World) -> frozenset[str]:
    """Where Microsoft signs people in: nothing of it may ever be stopped for the instance's own sign-in."""
    return frozenset(origin for cloud in world.clouds for origin in cloud.sign_in_origins)


def _stray(windows: Windows, asked: happenings.Paused) -> tuple[bytes, dict[str, str]]:
    """The page for a request nobody expects, in the words of the window it came from."""
    which = happenings.Which.A if asked.context == windows.a_context else happenings.Which.B
    return pages.render(Notice.NOT_PLANNED, which=which, language=windows.language)


def _line(cookie: login_form.SessionCookie) -> str:
    """As a Set-Cookie line for the host it came from, and no other."""
    flags = ("; Secure" if cookie.secure else "") + ("; HttpOnly" if cookie.http_only else "")
    return f"{cookie.name}={cookie.value.reveal()}; Path={cookie.path or '/'}{flags}"


def note(windows: Windows, happening: InBrowser) -> None:
    """Keep account of window A's tabs."""
    match happening:
        case happenings.Closed(window):
            windows.a_windows.discard(window)
        case happenings.Appeared(window, context) if context and context == windows.a_context:
            windows.a_windows.add(window)
        case _:
            pass


@dataclass(slots=True)
class _Arriving:
    """One sign-in to the instance, carried out. Nothing is decided here."""

    lobby: Lobby
    windows: Windows
    errand: Errand
    session: PersonsSession | None
    again: bool
    _state: arrival.State = field(init=False)
    _ended: arrival.Arrived | arrival.Missed | None = field(init=False, default=None)

    def run(self) -> str:
        """Until the person is signed in; the goal's address as it was asked for. Raises the Problem of any other ending."""
        a_windows = frozenset(self.windows.a_windows)
        self._state, decisions = arrival.begin(self.errand, a_context=self.windows.a_context, a_windows=a_windows)
        self._feed(happenings.Tick(time.monotonic()))
        self._carry_all(decisions)
        while self._ended is None:
            happening = self.lobby.next_event(self.windows)
            if happening is not None:
                note(self.windows, happening)
                self._feed(happening)
            self._feed(happenings.Tick(time.monotonic()))
            while (wish := self.lobby.control.next_wish()) is not None:
                self._feed(happenings.Wished(wish))
        if isinstance(self._ended, arrival.Missed):
            raise self._ended.problem
        return self._ended.url

    def _feed(self, event: arrival.Event) -> None:
        self._state, decisions = arrival.step(self.errand, self._state, event)
        self._carry_all(decisions)

    def _carry_all(self, decisions: tuple[arrival.Decision, ...]) -> None:
        for decision in decisions:
            self._carry(decision)

    def _carry(self, decision: arrival.Decision) -> None:
        browser = self.windows.session
        match decision:
            case happenings.LetPass(request):
                self._lost(browser.let_pass(request))
            case happenings.Show(request, notice, problem):
                self._lost(browser.show(request, *pages.render(notice, problem, language=self.windows.language)))
            case happenings.Open():
                self._open(decision)
            case arrival.Shut(window):
                browser.close_window(window)
            case arrival.Try(request):
                cookies = browser.take_cookies(request)
                self._feed(arrival.Tried(request, self.session is not None and self.session.admit(cookies)))
            case arrival.Say(phase, can_continue):
                left = arrival.seconds_left(self.errand, self._state)
                self.lobby.say(phase, left, can_continue=can_continue, again=self.again)
            case _:
                self._ended = decision

    def _open(self, decision: happenings.Open) -> None:
        opened = self.windows.session.open(decision.which, decision.url, background=decision.background)
        if opened.window:
            self.windows.a_context = opened.context
            self.windows.a_windows.add(opened.window)
        if opened.context:
            self._feed(opened)

    def _lost(self, lost: happenings.Lost | None) -> None:
        if lost is not None:
            self._feed(lost)
