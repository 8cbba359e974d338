"""One sitting with the sign-in browser: windows opened, requests held, answered or let pass. It decides nothing.

B is opened as the strategy says: in a new jar, as a private window (``private.py``), or as one more window in A's jar.

``Fetch`` is enabled once, on the browser itself, with a closed list of addresses; no page is ever attached, and no Page,
Runtime, DOM, Network or Storage domain enabled: page contents, posts and key strokes can't reach the program.
"""

from __future__ import annotations

import base64
import contextlib
import queue
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from exoalias.adapters.browser.pipe import CommandError, Gone, Pipe, PipeClosedError, Told
from exoalias.adapters.browser.private import PrivateWindow
from exoalias.adapters.keeping.secret import Secret
from exoalias.adapters.machine.log import note
from exoalias.domain.happenings import Appeared, BrowserGone, Closed, Lost, Moved, Opened, Paused, Which
from exoalias.domain.log_events import LogEvent
from exoalias.domain.problems import BrowserDied, BrowserForbidden
from exoalias.domain.strategies import Strategy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from exoalias.adapters.browser.launch import Launched
    from exoalias.domain.happenings import InBrowser

_ORIGIN = re.compile(r"https?://[a-z0-9.\-\[\]:]+", re.ASCII)
_NONCE = re.compile(r"/navpage\.do\?exoalias=[0-9a-f]{32}", re.ASCII)
_REDIRECT = re.compile(r"(https?://[a-z0-9.\-\[\]:]+)(/[A-Za-z0-9._~/-]*)?", re.ASCII)
_GOODBYE_S = 3.0


@dataclass(frozen=True, slots=True)
class ClosedList:
    """The only addresses the program may be told of. Everything else passes unseen."""

    instance: str  # origin
    microsoft: str = ""  # origin of the registry's authorize address; "" while it isn't known yet
    opinion: str = ""  # the second opinion's own http://localhost:PORT, "" without one
    nonce: str = ""  # one address on the instance, whole, at which its session is taken over
    redirect: str = ""  # where the instance's own OAuth sends the person back to, e.g. "http://localhost:8410/exoalias"

    def patterns(self) -> list[dict[str, str]]:
        """As the browser wants them. An origin that could widen a pattern is refused."""
        for origin in (self.instance, *(each for each in (self.microsoft, self.opinion) if each)):
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(origin)
        addresses = [
            f"{self.instance}/oauth_initiator.do?*",
            f"{self.instance}/oauth_redirect.do*",  # without ?: an answer by POST is stopped too
        ]
        if self.microsoft:
            addresses.append(f"{self.microsoft}/*/oauth2/*authorize?*")
        if self.opinion:
            addresses.append(f"{self.opinion}/*")
        if self.nonce:
            if not (self.nonce.startswith(f"{self.instance}/") and _NONCE.fullmatch(self.nonce[len(self.instance) :])):
                raise ValueError(self.nonce)
            addresses.append(self.nonce.replace("?", r"\?"))  # a bare ? stands for any sign
        if self.redirect:
            match = _REDIRECT.fullmatch(self.redirect)
            if match is None or match[1] in {self.instance, self.microsoft}:  # its own pages are none of our business
                raise ValueError(self.redirect)
            addresses.append(f"{self.redirect}?*")
        return [{"urlPattern": address, "requestStage": "Request"} for address in addresses]


class BrowserSession:
    """The sign-in browser from start to end. Use as a context manager: whatever happens, it ends and leaves nothing."""

    def __init__(self, launched: Launched, closed_list: ClosedList, *, tap: Callable[[bytes], None] | None = None) -> None:
        self.launched = launched
        self._pipe = Pipe(launched.read_fd, launched.write_fd, tap=tap)
        self._closed_list = closed_list
        self.strategy = Strategy.RELAY  # how the next B is opened
        self._contexts: dict[str, str] = {}  # window → context
        self._jars: set[str] = set()  # every context a window was ever told of in
        self._a_context = self._b_context = ""
        self._b_window = ""  # B's only window, where it shares A's jar
        self._private: PrivateWindow | None = None
        self._spare = ""  # an empty jar made ready while the person is busy in A: making one takes time they would wait
        self._left_over = True
        self.gone: BrowserGone | None = None  # its end, once that was told
        self._cookies: dict[str, Secret] = {}  # of the nonce address, by request, until they are taken
        self._held: set[str] = set()  # requests told of and not answered

    def __enter__(self) -> Self:
        answered = False
        try:
            self._pipe.call("Browser.getVersion")
            answered = True
            # Windows of the browser's own chrome are none of our business.
            self._pipe.call("Target.setDiscoverTargets", discover=True, filter=[{"type": "page"}, {"exclude": True}])
            self.listen(self._closed_list)
        except (PipeClosedError, CommandError) as ended:
            gone = answered and isinstance(ended, PipeClosedError)  # what forbids it lets it say nothing at all
            problem = BrowserDied(why=self.launched.last_words()) if gone else self.launched.forbidden()
            self.close()
            raise problem from ended
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def listen(self, closed_list: ClosedList) -> None:
        """From now on be told of this closed list, instead of the one before. CommandError, PipeClosedError."""
        patterns = closed_list.patterns()
        self._closed_list = closed_list
        self._cookies.clear()  # of a request nobody wanted
        self._pipe.keep_cookies_of = closed_list.nonce
        self._pipe.call("Fetch.enable", patterns=patterns)

    # -- what happens ----------------------------------------------------------------------------------------------------

    def next_event(self, timeout_s: float) -> InBrowser | None:
        """The next thing that happened, or None when nothing did in time. BrowserForbidden where B could not be opened."""
        end = time.monotonic() + timeout_s
        if self._private is not None:
            self._private.look()
        while True:
            try:
                told = self._pipe.events.get(end - time.monotonic())
            except queue.Empty:
                return None
            if isinstance(told, Gone):
                self.gone = BrowserGone(self.launched.last_words())
            happening = self.gone if isinstance(told, Gone) else self._understood(told)
            if happening is not None:
                return happening

    @property
    def alive(self) -> bool:
        """Whether the browser is there, as far as it has told."""
        return self._left_over and self.gone is None

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until something happened, and leave it to be taken by ``next_event``; whether it did."""
        return self._pipe.events.wait(timeout_s)

    def take_cookies(self, request: str) -> Secret:
        """The cookie header of a request stopped at the nonce address, once; empty where there was none."""
        return self._cookies.pop(request, Secret(""))

    def _understood(self, told: Told) -> InBrowser | None:
        facts = told.facts
        window = facts.get("window", "")
        match told.method:
            case "Fetch.requestPaused":
                self._held.add(facts.get("request", ""))
                if told.cookies:
                    self._cookies = {facts.get("request", ""): Secret(told.cookies)}  # the latest alone
                paused = self._paused(facts)
                return self._came_up(paused) if self._private is not None and self._private.is_about(paused.url) else paused
            case "Target.targetCreated":
                self._know(window, facts.get("context", ""))
                return Appeared(window, self._contexts[window])
            case "Target.targetInfoChanged":
                return Moved(window)
            case "Target.targetDestroyed":
                self._contexts.pop(window, None)
                return Closed(window)
            case "Target.targetCrashed":
                return Closed(window, crashed=True)
            case "refused":
                raise self._opens_nothing()
            case _:
                return None

    def _paused(self, facts: Mapping[str, str]) -> Paused:
        """The id of a main frame is the id of its window; anything else (a subframe, a worker) gets no window."""
        frame = facts.get("frame", "")
        context = self._contexts.get(frame) or self._context_of(frame)
        main = bool(context) and facts.get("kind") == "Document"
        return Paused(
            request=facts.get("request", ""),
            url=facts.get("url", ""),
            method=facts.get("method", ""),
            window=frame if main else "",
            context=context,
            follows=facts.get("follows", ""),
        )

    def _context_of(self, window: str) -> str:
        with contextlib.suppress(CommandError, PipeClosedError):
            info = self._pipe.call("Target.getTargetInfo", targetId=window).get("targetInfo", {})
            if info.get("type") == "page":
                self._know(window, str(info.get("browserContextId", "")))
        return self._contexts.get(window, "")

    def _know(self, window: str, context: str) -> None:
        self._contexts[window] = context
        self._jars.add(context)

    def _came_up(self, paused: Paused) -> Opened | None:
        """The private window asked for is there, and goes on to where B begins. One nobody waits for is closed."""
        leads = ""
        try:
            if self._private is not None:
                leads = self._private.came(paused.url, paused.window, paused.context)
        finally:
            if not leads:  # nobody waits for it, or it is none
                self._on_request("Fetch.fulfillRequest", paused.request, responseCode=204)
                self.close_window(paused.window)
        if not leads:
            return None
        known, self._b_context = self._b_context, paused.context
        self.redirect(paused.request, leads)
        return None if known else Opened(Which.B, paused.window, paused.context)

    # -- what is done ----------------------------------------------------------------------------------------------------

    def open(self, which: Which, url: str, *, background: bool = False) -> Opened:
        """Open a window: A in the browser's shared jar, B in a new empty jar of its own or as the strategy says.

        B is not waited for: its first request is held and answered while the browser still builds the window, which is what
        the person would wait for. The window itself is told of by ``Appeared``, and a refusal by BrowserForbidden later.
        """
        try:
            if which is Which.B:
                self.dispose_b()
                if self.strategy is not Strategy.RELAY:
                    return self._open_private(url) if self.strategy is Strategy.PRIVATE else self._open_shared(url)
                self._b_context, self._spare = self._spare or self._new_jar(), ""
                self._pipe.post("Target.createTarget", {"url": url, "browserContextId": self._b_context, "newWindow": True})
                return Opened(which, "", self._b_context)
            made = self._pipe.call("Target.createTarget", url=url, background=background)
            self._spare = self._spare or self._new_jar()
        except (CommandError, KeyError) as refused:
            raise self._opens_nothing() from refused
        except PipeClosedError:
            return Opened(which, "", "")  # its end is told as an event
        window = str(made.get("targetId", ""))
        self._a_context = self._contexts.get(window) or self._context_of(window)
        return Opened(which, window, self._a_context)

    def _open_private(self, url: str) -> Opened:
        """Ask for a private window; ``Opened`` is told with its jar when it has come up, BrowserForbidden where it doesn't."""
        if self._private is None:
            self._private = PrivateWindow(self.launched, self._pipe, f"{self._closed_list.instance}/oauth_redirect.do")
        self._private.ask(url, self._jars, self._a_context)
        return Opened(Which.B, "", "")

    def _open_shared(self, url: str) -> Opened:
        """One more window in A's jar, in which alone the device says who it is."""
        self._b_window = str(self._pipe.call("Target.createTarget", url=url, newWindow=True)["targetId"])
        self._b_context = self._contexts.get(self._b_window) or self._context_of(self._b_window)
        return Opened(Which.B, self._b_window, self._b_context)

    def _new_jar(self) -> str:
        return str(self._pipe.call("Target.createBrowserContext", disposeOnDetach=True)["browserContextId"])

    def _opens_nothing(self) -> BrowserForbidden:
        return BrowserForbidden(
            browser=self.launched.browser.name,
            why="it opens no window (a policy may force private ones: IncognitoModeAvailability, InPrivateModeAvailability).",
            how="Doctor shows the policies of this machine. Use another browser, or sign in on another machine.",
        )

    def open_in_b(self, url: str, *, background: bool = True) -> bool:
        """Open a further page in B's jar (the second opinion, or why it ended). Whether it could be."""
        try:
            if self._private is not None and self._private.jar:
                self._private.add(url)
            elif self._b_window:
                self._pipe.call("Target.createTarget", url=url, background=background)
            else:
                self._pipe.call("Target.createTarget", url=url, browserContextId=self._b_context, background=background)
        except (CommandError, PipeClosedError, BrowserForbidden):
            return False
        return True

    def windows_in(self, context: str) -> tuple[str, ...]:
        """The windows that were told of in that jar and are not gone."""
        return tuple(window for window, where in self._contexts.items() if where == context)

    def close_window(self, window: str) -> None:
        """Close one window; it may be gone already."""
        with contextlib.suppress(CommandError, PipeClosedError):
            self._pipe.call("Target.closeTarget", targetId=window)

    def dispose_b(self) -> None:
        """Close B and throw its jar away; one that it shares with A stays with A."""
        context, self._b_context = self._b_context, ""
        window, self._b_window = self._b_window, ""
        if self._private is not None:
            is_private = bool(context) and self._private.jar == context
            self._private.end()
            context = "" if is_private else context
        if window:
            self.close_window(window)
        elif context:
            with contextlib.suppress(CommandError, PipeClosedError):
                self._pipe.call("Target.disposeBrowserContext", browserContextId=context)

    def let_pass(self, request: str) -> Lost | None:
        """Send a held request on as it came."""
        return self._on_request("Fetch.continueRequest", request)

    def redirect(self, request: str, url: str) -> Lost | None:
        """Answer a held request with a redirect."""
        headers = [{"name": "Location", "value": url}, {"name": "Cache-Control", "value": "no-store"}]
        headers.append({"name": "Referrer-Policy", "value": "no-referrer"})
        return self._on_request("Fetch.fulfillRequest", request, responseCode=302, responseHeaders=headers)

    def show(self, request: str, page: bytes, headers: Mapping[str, str], cookies: Sequence[str] = ()) -> Lost | None:
        """Answer a held request with a page of ours. ``cookies``: Set-Cookie lines for the instance it was sent to."""
        listed = [{"name": name, "value": value} for name, value in headers.items()]
        listed += [{"name": "Set-Cookie", "value": line} for line in cookies]
        body = base64.b64encode(page).decode()
        return self._on_request("Fetch.fulfillRequest", request, responseCode=200, responseHeaders=listed, body=body)

    def _on_request(self, method: str, request: str, **params: object) -> Lost | None:
        self._held.discard(request)
        try:
            self._pipe.send(method, {"requestId": request, **params})
        except CommandError:
            return Lost(request)
        except PipeClosedError:
            return None  # its end is told as an event
        return None

    def close(self) -> None:
        """End the browser, and delete its profile with everything in it.

        Its pipe is held until it has ended: a browser whose pipe closes may let go on, as they came, the requests it holds.
        """
        if not self._left_over:
            return
        self._left_over = False
        if self._private is not None:
            self._private.leave_nothing()
        self._refuse_what_is_held()
        with contextlib.suppress(CommandError, PipeClosedError):
            self._pipe.send("Browser.close", {}, timeout_s=_GOODBYE_S)
        in_time = self.launched.process.ended(_GOODBYE_S)
        if not in_time:
            self.launched.process.kill()
        self._pipe.close()
        note(LogEvent.BROWSER_ENDED, how="closed" if in_time else "killed")
        self.launched.profile.delete()

    def _refuse_what_is_held(self) -> None:
        """Also what was told and not taken yet: nobody decides any more."""
        with contextlib.suppress(queue.Empty):
            while isinstance(told := self._pipe.events.get(0), Told):
                if told.method == "Fetch.requestPaused":
                    self._held.add(told.facts.get("request", ""))
        for request in self._held:
            self._pipe.post("Fetch.failRequest", {"requestId": request, "errorReason": "Aborted"})
