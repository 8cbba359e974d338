"""The sign-in browser itself: a real headless Chromium against a tiny site, every command and every event of a sitting."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.browser.find import Browser, find
from exoalias.adapters.browser.janitor import sweep
from exoalias.adapters.browser.launch import launch
from exoalias.adapters.browser.pipe import Told
from exoalias.adapters.browser.session import BrowserSession, ClosedList
from exoalias.domain.happenings import Appeared, BrowserGone, Closed, Lost, Moved, Paused, Which
from exoalias.domain.problems import BrowserDied, BrowserForbidden
from tests.adapters.browser.loopback import Reply, Site, below, descriptors, listening, site, until, using

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exoalias.domain.happenings import InBrowser

pytestmark = pytest.mark.browser

INITIATOR, REDIRECT, AUTHORIZE = "/oauth_initiator.do", "/oauth_redirect.do", "/tenant/oauth2/v2.0/authorize"
HTML = {"Content-Type": "text/html"}


class Watching:
    """A sitting, with the events read so far."""

    def __init__(self, session: BrowserSession) -> None:
        self.session = session
        self.seen: list[InBrowser] = []

    def next(self, wanted: Callable[[InBrowser], bool], what: str, seconds: float = 15) -> InBrowser:
        """The next event that is wanted; those before it are kept in ``seen``."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            event = self.session.next_event(0.1)
            if event is not None:
                self.seen.append(event)
                if wanted(event):
                    return event
        raise AssertionError(f"no {what}; only {self.seen}")

    def paused(self, path: str) -> Paused:
        """The next request held at that path."""
        event = self.next(lambda e: isinstance(e, Paused) and f"{path}?" in f"{e.url}?", f"request held at {path}")
        assert isinstance(event, Paused)
        return event

    def appeared(self, context: str) -> str:
        """The window that appears in that jar."""
        event = self.next(lambda e: isinstance(e, Appeared) and e.context == context, "window in that jar")
        assert isinstance(event, Appeared)
        return event.window

    def quiet(self, seconds: float = 0.6) -> list[InBrowser]:
        """What happens in the next moment."""
        end, events = time.monotonic() + seconds, []
        while time.monotonic() < end:
            event = self.session.next_event(0.1)
            if event is not None:
                events.append(event)
        return events


@contextmanager
def sitting(folder: Path, at: Site, *, opinion: str = "", tap: Callable[[bytes], None] | None = None) -> Iterator[Watching]:
    """A browser whose closed list is of that site: its address is the instance's, its other name Microsoft's."""
    launched = launch(find(), folder / "profiles", headless=True, simulated=True)
    with BrowserSession(launched, ClosedList(at.origin, at.elsewhere, opinion), tap=tap) as session:
        yield Watching(session)


@pytest.fixture
def at() -> Iterator[Site]:
    """A running site."""
    with site() as made:
        yield made


@pytest.fixture
def windows(tmp_path: Path, at: Site) -> Iterator[Watching]:
    """A sitting on it."""
    with sitting(tmp_path, at) as made:
        yield made


# -- the closed list -----------------------------------------------------------------------------------------------------


def test_the_closed_list_word_by_word() -> None:
    listed = ClosedList("https://acme.service-now.com", "https://login.microsoftonline.com", "http://localhost:51234").patterns()
    assert [p["urlPattern"] for p in listed] == [
        "https://acme.service-now.com/oauth_initiator.do?*",
        "https://acme.service-now.com/oauth_redirect.do*",
        "https://login.microsoftonline.com/*/oauth2/*authorize?*",
        "http://localhost:51234/*",
    ]
    assert {p["requestStage"] for p in listed} == {"Request"}
    assert len(ClosedList("https://acme.service-now.com", "https://login.microsoftonline.com").patterns()) == 3


@pytest.mark.parametrize(
    "origin",
    [
        "https://*",
        "https://*.service-now.com",
        "https://acme.service-now.com/*",
        "https://acme.service-now.com?",
        "*",
        "https://acme.service-now.com\\",
        "chrome://settings",
        "https://a@b",
        "https://ACME.service-now.com",
        "",
    ],
)
@pytest.mark.parametrize("which", ["instance", "microsoft", "opinion"])
def test_no_origin_can_widen_the_list(which: str, origin: str) -> None:
    given = {"instance": "https://acme.service-now.com", "microsoft": "https://login.microsoftonline.com", "opinion": ""} | {
        which: origin
    }
    if which != "instance" and not origin:
        assert len(ClosedList(**given).patterns()) == (3 if which == "opinion" else 2)
        return
    with pytest.raises(ValueError):  # noqa: PT011 - the value refused is the whole message
        ClosedList(**given).patterns()


NONCE = "https://acme.service-now.com/navpage.do?exoalias=" + "0a" * 16


def test_the_closed_list_word_by_word_where_somebody_signs_in_to_the_instance() -> None:
    acme = ClosedList("https://acme.service-now.com")
    assert [p["urlPattern"] for p in replace(acme, nonce=NONCE).patterns()][2:] == [NONCE.replace("?", "\\?")]
    redirect = replace(acme, redirect="http://localhost:8410/exoalias").patterns()
    assert [p["urlPattern"] for p in redirect][2:] == ["http://localhost:8410/exoalias?*"]
    assert {p["requestStage"] for p in replace(acme, nonce=NONCE).patterns()} == {"Request"}


@pytest.mark.parametrize(
    "nonce",
    [
        NONCE.replace("acme", "evil"),
        NONCE.replace("https", "http"),
        NONCE.replace(".com/", ".com:8443/"),
        NONCE.replace(".com/", ".com.evil.example/"),
        NONCE[:-1],
        NONCE + "0",
        NONCE + "&x=*",
        NONCE.replace("0a", "*"),
        NONCE.replace("navpage.do", "*"),
        NONCE.replace("navpage.do", "login.do"),
        "https://acme.service-now.com/*",
        "*",
    ],
)
def test_no_nonce_can_widen_the_list(nonce: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - as above
        ClosedList("https://acme.service-now.com", nonce=nonce).patterns()


@pytest.mark.parametrize(
    "redirect",
    [
        "https://acme.service-now.com/navpage.do",
        "https://acme.service-now.com",
        "https://login.microsoftonline.com/common/oauth2/nativeclient",
        "https://*.example.com/x",
        "https://tool.example.com/*",
        "https://tool.example.com/x?y",
        "https://user@tool.example.com/x",
        "file:///etc/passwd",
        "*",
    ],
)
def test_no_redirect_can_widen_the_list(redirect: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - as above
        ClosedList("https://acme.service-now.com", "https://login.microsoftonline.com", redirect=redirect).patterns()


def test_no_page_is_attached_and_no_domain_that_sees_pages_is_enabled(root: Path) -> None:
    """What the program asks of the browser, command by command, is a short list; no session of a page exists."""
    source = "".join((root / "exoalias/adapters/browser" / name).read_text() for name in ("session.py", "pipe.py", "private.py"))
    asked = set(re.findall(r'"((?:Browser|Target|Fetch|Page|Runtime|DOM|Network|Storage|Input|Log)\.\w+)"', source))
    told = {"Target.targetCreated", "Target.targetInfoChanged", "Target.targetDestroyed", "Target.targetCrashed"}
    assert asked - told - {"Fetch.requestPaused"} == {
        "Browser.getVersion",
        "Browser.close",
        "Target.setDiscoverTargets",
        "Target.createBrowserContext",
        "Target.disposeBrowserContext",
        "Target.createTarget",
        "Target.closeTarget",
        "Target.getTargetInfo",
        "Target.getTargets",
        "Target.getBrowserContexts",
        "Fetch.enable",
        "Fetch.continueRequest",
        "Fetch.fulfillRequest",
        "Fetch.failRequest",
    }


# -- requests ------------------------------------------------------------------------------------------------------------


def test_a_request_is_held_and_sent_on_as_it_came(windows: Watching, at: Site) -> None:
    opened = windows.session.open(Which.A, f"{at.origin}{INITIATOR}?a=1&b=%20x")
    held = windows.paused(INITIATOR)
    assert held.url == f"{at.origin}{INITIATOR}?a=1&b=%20x"
    assert (held.method, held.window, held.context, held.follows) == ("GET", opened.window, opened.context, "")
    assert at.asked == [], "nothing goes out while it is held"
    assert windows.session.let_pass(held.request) is None
    until(lambda: bool(at.asked), "the request did not go on")
    assert [a.path for a in at.requests_for(INITIATOR)] == [f"{INITIATOR}?a=1&b=%20x"]


def test_a_redirect_is_known_by_the_request_it_follows_and_answered_with_another(windows: Watching, at: Site) -> None:
    at.pages[INITIATOR] = Reply(302, "", {"Location": f"{at.elsewhere}{AUTHORIZE}?client_id=x&state=s"})
    windows.session.open(Which.A, f"{at.origin}{INITIATOR}?a=1")
    first = windows.paused(INITIATOR)
    windows.session.let_pass(first.request)
    second = windows.paused(AUTHORIZE)
    assert (second.follows, second.window, second.context) == (first.request, first.window, first.context)
    assert windows.session.redirect(second.request, f"{at.origin}{REDIRECT}?code=c%2B1&state=s") is None
    third = windows.paused(REDIRECT)
    assert third.url == f"{at.origin}{REDIRECT}?code=c%2B1&state=s"
    assert third.window == first.window
    windows.session.let_pass(third.request)
    until(lambda: bool(at.requests_for(REDIRECT)), "the answer did not arrive")
    assert at.requests_for(AUTHORIZE) == []


def test_a_page_of_ours_is_shown_in_the_place_of_the_answer(windows: Watching, at: Site) -> None:
    windows.session.open(Which.A, f"{at.origin}{REDIRECT}?code=SECRET")
    held = windows.paused(REDIRECT)
    page = f"<!doctype html><script>location = '{INITIATOR}?shown=1'</script>".encode()
    assert windows.session.show(held.request, page, HTML) is None
    assert windows.paused(INITIATOR).url == f"{at.origin}{INITIATOR}?shown=1", "the page's own script ran"
    assert at.asked == []


def test_what_is_not_on_the_list_passes_unseen(windows: Watching, at: Site) -> None:
    for number, path in enumerate(
        ("/login.do", "/nav/oauth_redirect.do?x", "/tenant/oauth2/v2.0/token?x", "/oauth_redirect", "/common/login")
    ):
        windows.session.open(Which.A, f"{at.origin if number % 2 else at.elsewhere}{path}")
    until(lambda: len([a for a in at.asked if "favicon" not in a.path]) == 5, "a page was not reached")
    assert [e for e in windows.quiet() if isinstance(e, Paused)] == []


def test_an_answer_by_post_is_held_and_its_body_and_cookie_go_no_further_than_the_pipe(tmp_path: Path, at: Site) -> None:
    raw = bytearray()
    at.pages["/cookie"] = Reply(
        200,
        f"<!doctype html><title>TITLE-MARKER</title><form method=post action='{REDIRECT}'>"
        "<input name=passwd value=BODY-MARKER></form><script>document.forms[0].submit()</script>",
        {"Set-Cookie": "ESTSAUTH=COOKIE-MARKER; HttpOnly"},
    )
    with sitting(tmp_path, at, tap=raw.extend) as windows:
        windows.session.open(Which.A, f"{at.origin}/cookie?URL-MARKER")
        held = windows.paused(REDIRECT)
        assert (held.method, held.url) == ("POST", f"{at.origin}{REDIRECT}")
        assert "MARKER" not in repr(windows.seen)
        assert b"COOKIE-MARKER" in raw, "the browser does send it: what is shown here is that it was dropped"
        assert b"BODY-MARKER" in raw
        windows.session.let_pass(held.request)
        until(lambda: bool(at.requests_for(REDIRECT)), "the post did not go on")
        windows.quiet(0.3)
        assert "MARKER" not in repr(windows.seen) + repr(windows.session._pipe.__dict__) + repr(windows.session.__dict__)
    assert at.requests_for(REDIRECT)[0].body == b"passwd=BODY-MARKER"
    assert "ESTSAUTH=COOKIE-MARKER" in at.requests_for(REDIRECT)[0].cookie


def test_a_frame_and_a_script_have_no_window(windows: Watching, at: Site) -> None:
    at.pages["/frames"] = Reply(body=f"<iframe src='{REDIRECT}?frame=1'></iframe><script>fetch('{REDIRECT}?script=1')</script>")
    windows.session.open(Which.A, f"{at.origin}/frames")
    for _ in range(2):
        held = windows.paused(REDIRECT)
        assert held.window == "", held
        windows.session.let_pass(held.request)


def test_a_request_whose_window_is_gone_is_lost(windows: Watching, at: Site) -> None:
    opened = windows.session.open(Which.A, f"{at.origin}{REDIRECT}?code=x")
    spare = windows.session.open(Which.A, f"{at.origin}/spare")
    held = windows.paused(REDIRECT)
    windows.session.close_window(opened.window)
    windows.next(lambda e: e == Closed(opened.window), "closed window")
    assert windows.session.redirect(held.request, f"{at.origin}/x") == Lost(held.request)
    assert windows.session.show(held.request, b"", HTML) == Lost(held.request)
    assert windows.session.let_pass(held.request) == Lost(held.request)
    windows.session.close_window(opened.window)  # again: no harm
    assert spare.window


# -- windows and jars ----------------------------------------------------------------------------------------------------


def _cookie_at(at: Site, path: str) -> str:
    until(lambda: bool(at.requests_for(path)), f"{path} was not reached")
    return at.requests_for(path)[-1].cookie


def test_b_begins_without_any_cookie_and_its_own_die_with_it(windows: Watching, at: Site) -> None:
    at.pages["/admin"] = Reply(headers={"Set-Cookie": "ESTSAUTH=admin; HttpOnly; Max-Age=9999"})
    at.pages["/delegated"] = Reply(headers={"Set-Cookie": "ESTSAUTH=delegated; HttpOnly; Max-Age=9999"})
    a = windows.session.open(Which.A, f"{at.elsewhere}/admin")
    assert _cookie_at(at, "/admin") == ""
    b = windows.session.open(Which.B, f"{at.elsewhere}/delegated")
    first = windows.appeared(b.context)
    assert _cookie_at(at, "/delegated") == "", "the admin's cookie reached B"
    assert b.context
    assert b.context != a.context
    assert windows.session.open_in_b(f"{at.elsewhere}/opinion")
    assert _cookie_at(at, "/opinion") == "ESTSAUTH=delegated", "the second opinion is asked in the same jar"
    windows.session.open(Which.A, f"{at.elsewhere}/again")
    assert _cookie_at(at, "/again") == "ESTSAUTH=admin"
    second = windows.session.open(Which.B, f"{at.elsewhere}/fresh")
    assert _cookie_at(at, "/fresh") == "", "a cookie of the first B reached the second"
    assert second.context not in {a.context, b.context}
    windows.next(lambda e: e == Closed(first), "end of the first B")


def test_the_sessions_of_a_outlive_its_last_window(windows: Watching, at: Site) -> None:
    """Whoever closes the waiting ServiceNow window has not signed out: the code goes to a new window in the same session."""
    at.pages["/in"] = Reply(headers={"Set-Cookie": "JSESSIONID=signed-in; HttpOnly"})
    a = windows.session.open(Which.A, f"{at.origin}/in")
    until(lambda: bool(at.requests_for("/in")), "A was not reached")
    windows.session.open(Which.B, f"{at.elsewhere}/b")
    windows.session.close_window(a.window)
    windows.next(lambda e: e == Closed(a.window), "closed window")
    windows.quiet(0.5)
    windows.session.open(Which.A, f"{at.origin}/again")
    assert _cookie_at(at, "/again") == "JSESSIONID=signed-in"


def test_disposing_b_closes_it_and_leaves_a(windows: Watching, at: Site) -> None:
    a = windows.session.open(Which.A, f"{at.origin}/a")
    b = windows.session.open(Which.B, f"{at.origin}/b")
    window = windows.appeared(b.context)
    windows.session.dispose_b()
    windows.next(lambda e: e == Closed(window), "end of B")
    windows.session.dispose_b()
    assert Closed(a.window) not in windows.quiet(0.3)
    assert windows.session.open_in_b(f"{at.origin}/x") is False


def test_a_window_that_closes_itself_is_told(windows: Watching, at: Site) -> None:
    at.pages["/bye"] = Reply(body="<script>setTimeout(() => window.close(), 50)</script>")
    windows.session.open(Which.A, f"{at.origin}/a")
    b = windows.session.open(Which.B, f"{at.origin}/bye")
    window = windows.appeared(b.context)
    windows.next(lambda e: e == Closed(window), "closed window")


def test_a_pop_up_is_told_with_the_jar_it_is_in(windows: Watching, at: Site) -> None:
    at.pages["/opens"] = Reply(body=f"<script>window.open('{REDIRECT}?popup=1')</script>")
    b = windows.session.open(Which.B, f"{at.origin}/opens")
    first = windows.appeared(b.context)
    held = windows.paused(REDIRECT)
    assert held.window
    assert held.window != first
    assert held.context == b.context
    windows.session.let_pass(held.request)
    assert any(
        isinstance(e, Appeared) and (e.window, e.context) == (held.window, b.context) for e in [*windows.seen, *windows.quiet()]
    )


def test_a_window_that_goes_elsewhere_is_told_without_saying_where(windows: Watching, at: Site) -> None:
    at.pages["/first"] = Reply(body="<title>one</title><script>setTimeout(() => { location = '/second?MARKER' }, 100)</script>")
    opened = windows.session.open(Which.A, f"{at.origin}/first")
    until(lambda: bool(at.requests_for("/second")), "it did not move")
    assert Moved(opened.window) in [*windows.seen, *windows.quiet()]
    assert "MARKER" not in repr(windows.seen)


def test_a_crashed_page_is_told(windows: Watching, at: Site) -> None:
    windows.session.open(Which.A, f"{at.origin}/spare")
    crashed = windows.session.open(Which.A, "chrome://crash")
    windows.next(lambda e: e == Closed(crashed.window, crashed=True), "crash")


def test_waiting_for_an_event_has_its_time(windows: Watching, at: Site) -> None:
    windows.quiet(0.5)
    started = time.monotonic()
    assert windows.session.next_event(0.2) is None
    assert 0.15 < time.monotonic() - started < 3


# -- ends ----------------------------------------------------------------------------------------------------------------


def test_nothing_listens_and_nothing_is_left(tmp_path: Path, at: Site) -> None:
    before = descriptors()
    with sitting(tmp_path, at) as windows:
        windows.session.open(Which.A, f"{at.origin}/a")
        windows.session.open(Which.B, f"{at.origin}/b")
        until(lambda: bool(at.requests_for("/b")), "B was not reached")
        profile = windows.session.launched.profile.path
        tree = using(profile) | below(windows.session.launched.process.pid)
        assert len(tree) > 2
        assert listening(tree) == []
        socket_folder = (profile / "SingletonSocket").readlink().parent
        assert socket_folder.is_dir()
    until(lambda: not using(profile), "a process is left", 5)
    assert not profile.exists()
    assert not socket_folder.exists()
    windows.session.close()  # twice does no harm
    assert {d for d in descriptors() if "pipe" in d} <= {d for d in before if "pipe" in d} | {
        d for d in descriptors() if "socket" in d
    }


def test_an_error_in_the_middle_ends_the_browser_too(tmp_path: Path, at: Site) -> None:
    def fail(windows: Watching) -> None:
        profiles.append(windows.session.launched.profile.path)
        windows.session.open(Which.A, f"{at.origin}{INITIATOR}?a=1")
        windows.paused(INITIATOR)
        raise ZeroDivisionError

    profiles: list[Path] = []
    with pytest.raises(ZeroDivisionError), sitting(tmp_path, at) as windows:
        fail(windows)
    (profile,) = profiles
    until(lambda: not using(profile), "a process is left", 5)
    assert not profile.exists()


def test_what_is_held_is_refused_and_the_pipe_outlives_the_browser(
    tmp_path: Path, at: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A browser whose pipe closes first lets go what it holds, in one of six tries."""
    with sitting(tmp_path, at) as windows:
        session, pipe, process = windows.session, windows.session._pipe, windows.session.launched.process
        session.open(Which.A, f"{at.origin}{REDIRECT}?code=x")
        windows.paused(REDIRECT)
        session.open(Which.A, f"{at.elsewhere}{AUTHORIZE}?response_type=code")
        until(lambda: "Fetch.requestPaused" in {t.method for t in pipe.events._told if isinstance(t, Told)}, "not held")
        done: list[str] = []

        def noted(what: Callable[..., object], name: Callable[..., str]) -> Callable[..., object]:
            def does(*given: object, **named: object) -> object:
                done.append(name(*given))
                return what(*given, **named)

            return does

        monkeypatch.setattr(pipe, "post", noted(pipe.post, lambda method, _params: method))
        monkeypatch.setattr(pipe, "send", noted(pipe.send, lambda method, _params: method))
        monkeypatch.setattr(pipe, "close", noted(pipe.close, lambda: f"pipe closed, browser ended: {process.ended(0)}"))
    assert done == ["Fetch.failRequest", "Fetch.failRequest", "Browser.close", "pipe closed, browser ended: True"]
    assert at.requests_for(AUTHORIZE) == []
    assert at.requests_for(REDIRECT) == []


def test_a_killed_browser_is_told_and_every_command_afterwards_is_calm(tmp_path: Path, at: Site) -> None:
    with sitting(tmp_path, at) as windows:
        session = windows.session
        session.open(Which.A, f"{at.origin}{REDIRECT}?code=x")
        held = windows.paused(REDIRECT)
        profile = session.launched.profile.path
        socket_folder = (profile / "SingletonSocket").readlink().parent
        started = time.monotonic()
        os.killpg(session.launched.process.pid, signal.SIGKILL)
        windows.next(lambda e: isinstance(e, BrowserGone), "end of the browser")
        assert not session.alive
        assert session.gone is not None  # whoever comes after this sitting is not told again
        assert time.monotonic() - started < 3
        assert session.let_pass(held.request) is None
        assert session.redirect(held.request, f"{at.origin}/x") is None
        assert session.open(Which.A, f"{at.origin}/x").window == ""
        assert session.open(Which.B, f"{at.origin}/x").window == ""
        assert session.open_in_b(f"{at.origin}/x") is False
        session.close_window("any")
        session.dispose_b()
    assert not profile.exists()
    assert not socket_folder.exists()


def test_a_browser_that_ends_before_its_first_answer_is_forbidden(tmp_path: Path, at: Site) -> None:
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\necho 'DevTools remote debugging is disallowed by the system admin.' >&2\n")
    program.chmod(0o755)
    launched = launch(Browser("Stand-in", program), tmp_path / "profiles", simulated=True)
    with (
        pytest.raises(BrowserForbidden, match="RemoteDebuggingAllowed"),
        BrowserSession(launched, ClosedList(at.origin, at.elsewhere)),
    ):
        raise AssertionError("it must not be entered")
    assert list((tmp_path / "profiles").iterdir()) == []


def test_a_browser_killed_after_its_first_answer_died_and_nothing_forbids_it(tmp_path: Path, at: Site) -> None:
    program = tmp_path / "browser"
    program.write_text("""#!/bin/sh\nhead -c 1 <&3 >/dev/null\nprintf '{"id":1,"result":{}}\\0' >&4\n""")
    program.chmod(0o755)
    launched = launch(Browser("Stand-in", program), tmp_path / "profiles", simulated=True)
    with (
        pytest.raises(BrowserDied, match="no reason"),
        BrowserSession(launched, ClosedList(at.origin, at.elsewhere)),
    ):
        raise AssertionError("it must not be entered")
    assert list((tmp_path / "profiles").iterdir()) == []


def test_a_bad_closed_list_leaves_no_browser(tmp_path: Path, at: Site) -> None:
    launched = launch(find(), tmp_path / "profiles", headless=True, simulated=True)
    with pytest.raises(ValueError, match=r"\*"), BrowserSession(launched, ClosedList(at.origin, "https://*")):
        raise AssertionError("it must not be entered")
    until(lambda: not using(launched.profile.path), "a process is left", 5)
    assert list((tmp_path / "profiles").iterdir()) == []


_SITS = """
import sys, time
from pathlib import Path
from exoalias.adapters.browser.find import find
from exoalias.adapters.browser.launch import launch
from exoalias.adapters.browser.pipe import Told
from exoalias.adapters.browser.session import BrowserSession, ClosedList
from exoalias.domain.happenings import Which
launched = launch(find(), Path(sys.argv[1]), headless=True, simulated=True)
with BrowserSession(launched, ClosedList(sys.argv[2], sys.argv[2])) as session:
    session.open(Which.A, sys.argv[2] + "/a")
    print(launched.profile.path, flush=True)
    time.sleep(60)
"""


def test_the_browser_of_a_killed_program_ends_and_its_profile_is_swept(tmp_path: Path, at: Site, root: Path) -> None:
    command = [sys.executable, "-c", _SITS, str(tmp_path / "profiles"), at.origin]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as child:
        assert child.stdout is not None
        profile = Path(child.stdout.readline().strip())
        assert using(profile)
        os.kill(child.pid, signal.SIGKILL)
    until(lambda: not using(profile), "the browser outlived the program", 5)
    socket = profile / "SingletonSocket"
    socket_folder = socket.readlink().parent if socket.is_symlink() else None
    assert profile.is_dir()
    assert sweep(profile.parent) == 1
    assert not profile.exists()
    assert socket_folder is None or not socket_folder.exists()
