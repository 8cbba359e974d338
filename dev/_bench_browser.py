"""Bench: what the gate adds to opening pages, against the same browser with the same flags and nobody in between."""

from __future__ import annotations

import http.server
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from exoalias.adapters.browser import find
from exoalias.adapters.browser.janitor import Profile
from exoalias.adapters.browser.launch import flags, launch
from exoalias.adapters.browser.pipe import Pipe
from exoalias.adapters.browser.session import BrowserSession, ClosedList
from exoalias.domain import gate, happenings
from exoalias.domain.authorize import Planned
from exoalias.domain.gate import Terms
from exoalias.domain.happenings import Which
from exoalias.domain.identity import Expectation
from exoalias.domain.records import SysId

_TENANT = "00000000-0000-4000-8000-000000000001"


class _Site(http.server.ThreadingHTTPServer):
    """A page, and both ends of a token request; it notes when each path was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: dict[str, float] = {}
        self.news = threading.Condition()
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


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Site

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name for it
        del format, args

    def do_GET(self) -> None:
        with self.server.news:
            self.server.asked.setdefault(self.path, time.monotonic())
            self.server.news.notify_all()
        to = ""
        if self.path.startswith("/oauth_initiator.do"):
            redirect = f"{self.server.origin}/oauth_redirect.do"
            to = (
                f"{self.server.microsoft}/{_TENANT}/oauth2/v2.0/authorize?response_type=code&state=s&client_id=c"
                f"&redirect_uri={redirect}&scope=a"
            )
        body = b"<title>page</title>page" if not to else b""
        self.send_response(302 if to else 200)
        if to:
            self.send_header("Location", to)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def measure(rounds: int) -> dict[str, float]:
    """Ratios of medians. Each round does all four, in turn."""
    bare, ours, bare_page, our_page = [], [], [], []
    for turn in range(rounds + 1):
        one, other = _launch_bare(), _launch_ours()
        page_one, page_other = _pages()
        if turn:
            bare.append(one)
            ours.append(other)
            bare_page.append(page_one)
            our_page.append(page_other)
    return {
        "bare browser, launch to first page, ms": statistics.median(bare) * 1000,
        "sign-in browser, launch to first page, ms": statistics.median(ours) * 1000,
        "launch to first page, ratio": statistics.median(o / b for o, b in zip(ours, bare, strict=True)),
        "page opened in a fresh jar by hand, ms": statistics.median(bare_page) * 1000,
        "held request to Microsoft page, ms": statistics.median(our_page) * 1000,
        "held request to Microsoft page, ratio": statistics.median(o / b for o, b in zip(our_page, bare_page, strict=True)),
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


def _pages() -> tuple[float, float]:
    """In one browser each: opening Microsoft's page in a fresh jar by hand, and from the held request through the gate."""
    with tempfile.TemporaryDirectory() as folder:
        return _page_bare(Path(folder)), _page_ours(Path(folder))


def _page_bare(folder: Path) -> float:
    site = _Site()
    launched = launch(find.find(), folder, headless=True, simulated=True)
    pipe = Pipe(launched.read_fd, launched.write_fd)
    pipe.call("Target.createTarget", url=f"{site.origin}/warm")
    site.when("/warm")
    started = time.monotonic()
    context = pipe.call("Target.createBrowserContext")["browserContextId"]
    url = f"{site.microsoft}/{_TENANT}/oauth2/v2.0/authorize?by=hand"
    pipe.call("Target.createTarget", url=url, browserContextId=context, newWindow=True)
    took = site.when("by=hand") - started
    pipe.close()
    launched.process.ended(5)
    launched.profile.delete()
    site.shutdown()
    return took


def _page_ours(folder: Path) -> float:
    site = _Site()
    terms = Terms(
        credential=SysId("1"),
        credential_name="bench",
        profile=SysId("2"),
        initiator_url=(
            f"{site.origin}/oauth_initiator.do?oauth_requestor_context=oauth_2_0_credentials&oauth_requestor=1"
            "&oauth_provider_profile=2&response_type=code"
        ),
        planned=Planned(f"{site.microsoft}/{_TENANT}/oauth2/v2.0/authorize", "c", f"{site.origin}/oauth_redirect.do", ("a",)),
        expected=Expectation("bench", "bench", "user@example.com", _TENANT, _TENANT),
    )
    launched = launch(find.find(), folder, headless=True, simulated=True)
    with BrowserSession(launched, ClosedList(site.origin, site.microsoft)) as session:
        took = _through_the_gate(session, terms, site)
    site.shutdown()
    return took


def _through_the_gate(session: BrowserSession, terms: Terms, site: _Site) -> float:
    """From the held request until Microsoft's host is asked for the page, with the real gate deciding."""
    held = 0.0
    state, decisions = gate.begin(terms)
    while True:
        for decision in decisions:
            if isinstance(decision, happenings.LetPass):
                session.let_pass(decision.request)
            elif isinstance(decision, happenings.Open):
                state, _ = gate.step(terms, state, session.open(decision.which, decision.url))
        if held and not state.b_url:  # B's own request has been let pass
            return site.when("prompt=login") - held
        event = session.next_event(5)
        if event is None:
            raise SystemExit("the bench's sign-in went nowhere")
        state, decisions = gate.step(terms, state, event)
        if state.held and not held:
            held = time.monotonic()


def _root() -> bool:
    import os

    return sys.platform != "win32" and os.geteuid() == 0
