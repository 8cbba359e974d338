"""Bench: what the gate adds to opening pages, against the same browser with the same flags and nobody in between.

The page of Microsoft's: two browsers that stand at the same page of the instance, long since drawn. In one a window with a
fresh jar is opened with Microsoft's address, as by hand. In the other the person's sign-in there is over, the instance
leads to Microsoft, and a real sitting holds that request and opens the other window. They take turns in going first. The
clock runs from the message that tells of the held request until the page is asked for, and until it is on the screen.
"""

from __future__ import annotations

import contextlib
import http.server
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Self

from exoalias.adapters.browser import find
from exoalias.adapters.browser.janitor import Profile
from exoalias.adapters.browser.launch import flags, launch
from exoalias.adapters.browser.pipe import Pipe
from exoalias.adapters.browser.session import BrowserSession, ClosedList
from exoalias.app.control import Control
from exoalias.app.lobby import Windows
from exoalias.app.sitting import Sitting
from exoalias.domain.authorize import Planned
from exoalias.domain.gate import Terms
from exoalias.domain.happenings import Which
from exoalias.domain.identity import Expectation
from exoalias.domain.problems import Cancelled
from exoalias.domain.records import SysId

_TENANT = "00000000-0000-4000-8000-000000000001"
_PAGES_A_ROUND = 3
_STILL_S = 0.4  # until a browser has nothing more to do with the page it shows
_INITIATOR = "/oauth_initiator.do?oauth_requestor_context=oauth_2_0_credentials&oauth_requestor=1&oauth_provider_profile=2"
# The instance's page: the person is busy with it until they are told to go on.
_SIGN_IN = "<title>instance</title>sign in<script>fetch('go').then(() => location.replace(location.href + '&signed-in'))</script>"
# Microsoft's: the second frame begins once the first is on the screen.
_MICROSOFT = "<title>page</title>page<script>requestAnimationFrame(() => requestAnimationFrame(() => fetch('shown')))</script>"


class _Site(http.server.ThreadingHTTPServer):
    """An instance and a Microsoft; it notes when each path was asked for first."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: dict[str, float] = {}
        self.news = threading.Condition()
        self.goes_on = False
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def microsoft(self) -> str:
        return f"http://localhost:{self.server_port}"

    def when(self, what: str, limit_s: float = 20) -> float:
        """When a path with *what* in it was asked for; waits for it."""
        with self.news:
            if not self.news.wait_for(lambda: any(what in path for path in self.asked), limit_s):
                raise SystemExit(f"nobody asked for {what}")
            return next(at for path, at in self.asked.items() if what in path)

    def anew(self) -> None:
        """Nothing was asked for yet, and the person is busy."""
        with self.news:
            self.asked.clear()
            self.goes_on = False

    def go_on(self) -> None:
        """The person has signed in to the instance."""
        with self.news:
            self.goes_on = True
            self.news.notify_all()

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that ends hangs up: nothing to tell."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Site

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name for it
        del format, args

    def do_GET(self) -> None:
        with self.server.news:
            self.server.asked.setdefault(self.path, time.monotonic())
            self.server.news.notify_all()
            if self.path == "/go":
                self.server.news.wait_for(lambda: self.server.goes_on, 60)
        to, body = self._answer()
        self.send_response(302 if to else 200)
        if to:
            self.send_header("Location", to)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def _answer(self) -> tuple[str, str]:
        """Where it leads, or the page."""
        if not self.path.startswith("/oauth_initiator.do"):
            return "", _MICROSOFT if "/authorize?" in self.path else "<title>page</title>page"
        if "signed-in" not in self.path:
            return "", _SIGN_IN
        redirect = f"{self.server.origin}/oauth_redirect.do"
        query = f"response_type=code&state=s&client_id=c&redirect_uri={redirect}&scope=a"
        return f"{self.server.microsoft}/{_TENANT}/oauth2/v2.0/authorize?{query}", ""


def measure(rounds: int) -> dict[str, float]:
    """Ratios of medians. Each round does all, in turn; the first is not counted."""
    bare, ours = [], []
    by_hand: list[tuple[float, float]] = []
    held: list[tuple[float, float]] = []
    for turn in range(rounds + 1):
        one, other = _launch_bare(), _launch_ours()
        hand, gate = _pages(turn)
        if turn:
            bare.append(one)
            ours.append(other)
            by_hand += hand
            held += gate
    return {
        "bare browser, launch to first page, ms": statistics.median(bare) * 1000,
        "sign-in browser, launch to first page, ms": statistics.median(ours) * 1000,
        "launch to first page, ratio": statistics.median(o / b for o, b in zip(ours, bare, strict=True)),
        **_compared("asked for", [asked for asked, _ in by_hand], [asked for asked, _ in held]),
        **_compared("shown", [shown for _, shown in by_hand], [shown for _, shown in held]),
    }


def _compared(until: str, by_hand: list[float], held: list[float]) -> dict[str, float]:
    return {
        f"page in a fresh jar by hand, {until}, ms": statistics.median(by_hand) * 1000,
        f"held request to Microsoft page, {until}, ms": statistics.median(held) * 1000,
        f"held request to Microsoft page, {until}, ratio": statistics.median(
            ours / bare for ours, bare in zip(held, by_hand, strict=True)
        ),
    }


def _launch_bare() -> float:
    """The same browser, the same flags but the pipe, one page on its command line."""
    site, browser = _Site(), find.find()
    with tempfile.TemporaryDirectory() as folder:
        profile = Profile(Path(folder))
        given = [f for f in flags(browser, profile.path, headless=True, without_sandbox=_root()) if "pipe" not in f]
        given.remove("--no-startup-window")
        started = time.monotonic()
        process = subprocess.Popen(
            [str(browser.path), *given, f"{site.origin}/first"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        took = site.when("/first") - started
        process.terminate()
        process.wait()
        profile.delete()
    site.shutdown()
    return took


def _launch_ours() -> float:
    site = _Site()
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        launched = launch(find.find(), Path(folder), headless=True, simulated=True)
        with BrowserSession(launched, ClosedList(site.origin, site.microsoft)) as session:
            session.open(Which.A, f"{site.origin}/first")
            took = site.when("/first") - started
    site.shutdown()
    return took


def _pages(turn: int) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """By hand and through the gate, some of each in turn: seconds until Microsoft's page was asked for, and shown."""
    with tempfile.TemporaryDirectory() as folder, _ByHand(Path(folder)) as hand, _Held(Path(folder)) as gate:
        by_hand, held = [], []
        for at in range(_PAGES_A_ROUND):
            if (turn + at) % 2:
                by_hand.append(hand.page())
                held.append(gate.page())
            else:
                held.append(gate.page())
                by_hand.append(hand.page())
        return by_hand, held


class _ByHand:
    """A browser without the program: its pipe carries what a hand would press, and nothing is intercepted."""

    def __init__(self, folder: Path) -> None:
        self.site = _Site()
        self.launched = launch(find.find(), folder, headless=True, simulated=True)
        self.pipe = Pipe(self.launched.read_fd, self.launched.write_fd)
        self.pipe.call("Target.createTarget", url=f"{self.site.origin}{_INITIATOR}")
        self.site.when("/go")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.site.go_on()
        self.pipe.close()
        self.launched.process.ended(5)
        self.launched.profile.delete()
        self.site.shutdown()

    def page(self) -> tuple[float, float]:
        """Open Microsoft's page in a window with a fresh jar."""
        self.site.anew()
        time.sleep(_STILL_S)
        started = time.monotonic()
        context = self.pipe.call("Target.createBrowserContext")["browserContextId"]
        url = f"{self.site.microsoft}/{_TENANT}/oauth2/v2.0/authorize?by=hand"
        self.pipe.post("Target.createTarget", {"url": url, "browserContextId": context, "newWindow": True})
        took = self.site.when("by=hand") - started, self.site.when("/shown") - started
        self.pipe.call("Target.disposeBrowserContext", browserContextId=context)
        return took


class _Held:
    """The sign-in browser, with the real sitting and gate."""

    def __init__(self, folder: Path) -> None:
        self.site = _Site()
        self.held = 0.0  # when the pipe told of the held request
        launched = launch(find.find(), folder, headless=True, simulated=True)
        origin, microsoft = self.site.origin, self.site.microsoft
        self.session = BrowserSession(launched, ClosedList(origin, microsoft), tap=self._hear)
        self.session.__enter__()
        self.windows = Windows(self.session, visible=False)
        self.terms = Terms(
            credential=SysId("1"),
            credential_name="bench",
            profile=SysId("2"),
            initiator_url=f"{origin}{_INITIATOR}",
            planned=Planned(f"{microsoft}/{_TENANT}/oauth2/v2.0/authorize", "c", f"{origin}/oauth_redirect.do", ("a",)),
            expected=Expectation("bench", "bench", "user@example.com", _TENANT, _TENANT),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.site.go_on()
        self.session.close()
        self.site.shutdown()

    def _hear(self, chunk: bytes) -> None:
        if not self.held and b'"Fetch.requestPaused"' in chunk and b"/authorize?" in chunk:
            self.held = time.monotonic()

    def page(self) -> tuple[float, float]:
        """One sign-in as far as Microsoft's page, which is then given up."""
        self.site.anew()
        self.held, control = 0.0, Control()
        sitting = Sitting(self.windows, self.terms, control, lambda _event: None, None, lambda _release: None)
        thread = threading.Thread(target=_until_cancelled, args=(sitting,))
        thread.start()
        self.site.when("/go")
        time.sleep(_STILL_S)
        self.site.go_on()
        asked, shown = self.site.when("prompt=login"), self.site.when("/shown")
        control.cancel()
        thread.join()
        self.session.dispose_b()
        return asked - self.held, shown - self.held


def _until_cancelled(sitting: Sitting) -> None:
    with contextlib.suppress(Cancelled):
        sitting.run()


def _root() -> bool:
    import os

    return sys.platform != "win32" and os.geteuid() == 0
