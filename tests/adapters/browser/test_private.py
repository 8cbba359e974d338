"""A private window of the sign-in browser: what is asked of a browser of paper, and what a real one does at a screen."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from exoalias.adapters.browser import private
from exoalias.adapters.browser.find import Browser, find
from exoalias.adapters.browser.launch import launch
from exoalias.adapters.browser.pipe import CommandError
from exoalias.adapters.browser.private import PrivateWindow, arguments, switch
from exoalias.adapters.browser.session import BrowserSession, ClosedList
from exoalias.domain.happenings import Closed, Opened, Paused, Which
from exoalias.domain.problems import BrowserForbidden
from exoalias.domain.strategies import Strategy
from tests.adapters.browser.loopback import Reply, Site, site, until, using

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from exoalias.adapters.browser.launch import Launched
    from exoalias.adapters.browser.pipe import Pipe
    from exoalias.domain.happenings import InBrowser
    from tests.conftest import Screen

ADDRESS = "https://acme.service-now.com/oauth_redirect.do"
B_URL = "https://login.microsoftonline.com/t/oauth2/v2.0/authorize?state=1&prompt=login&login_hint=a%40b"


# -- on paper ------------------------------------------------------------------------------------------------------------


class Paper:
    """A pipe of paper: jars and windows as written on it."""

    def __init__(self, **windows: str) -> None:
        self.windows = windows
        self.stuck = False
        self.closed: list[object] = []

    def call(self, method: str, **params: object) -> dict[str, object]:
        """What a browser would answer."""
        match method:
            case "Target.getBrowserContexts":
                return {"browserContextIds": ["spare"], "defaultBrowserContextId": "ordinary"}
            case "Target.getTargets":
                pages = [{"targetId": w, "browserContextId": jar, "type": "page"} for w, jar in self.windows.items()]
                return {"targetInfos": [*pages, {"targetId": "x", "browserContextId": "left", "type": "service_worker"}]}
            case _:
                self.closed.append(params["targetId"])
                if not self.stuck:
                    self.windows.pop(str(params["targetId"]))
                raise CommandError(method, -1, "it may be gone")


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A browser that notes with what it was started."""
    path = tmp_path / "chromium"
    path.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {tmp_path}/started\n')
    path.chmod(0o700)
    return path


def window(program: Path, paper: Paper) -> PrivateWindow:
    """A private window about to be asked for."""
    profile = SimpleNamespace(path=program.parent)
    launched = SimpleNamespace(browser=Browser("Chromium", program), again=("--user-data-dir=/p",), profile=profile)
    return PrivateWindow(cast("Launched", launched), cast("Pipe", paper), ADDRESS)


def started(program: Path, asked: PrivateWindow) -> list[str]:
    """The arguments of the latest start, once it has ended."""
    for process, *_ends in asked._starts:
        assert process.ended(10)
    return (program.parent / "started").read_text().splitlines()


def test_the_second_start_names_no_address_of_microsoft(program: Path) -> None:
    asked = window(program, Paper(wa="ordinary"))
    asked.ask(B_URL, {"ordinary", "spare"})
    profile, how, address = started(program, asked)
    assert (profile, how) == ("--user-data-dir=/p", "--incognito")
    assert address.startswith(f"{ADDRESS}?exoalias=")
    assert len(address.partition("=")[2]) == 32
    assert asked.came(address, "WB", "new") == B_URL
    assert asked.jar == "new"
    assert asked.came(address, "WB", "new") == "", "once"
    asked.leave_nothing()


@pytest.mark.parametrize(
    ("jar", "seen", "says"),
    [
        ("ordinary", (), "ordinary window"),
        ("spare", (), "was there before"),
        ("old", ("old",), "was there before"),
        ("", (), "can't be told"),
    ],
)
def test_what_is_no_fresh_private_window_is_refused(program: Path, jar: str, seen: tuple[str, ...], says: str) -> None:
    asked = window(program, Paper())
    asked.ask(B_URL, seen)
    with pytest.raises(BrowserForbidden) as caught:
        asked.came(started(program, asked)[-1], "WB", jar)
    assert says in caught.value.words
    assert asked.jar == ""


def test_a_frame_is_no_window(program: Path) -> None:
    asked = window(program, Paper())
    asked.ask(B_URL, ())
    with pytest.raises(BrowserForbidden):
        asked.came(started(program, asked)[-1], "", "new")


def test_a_further_page_comes_up_in_the_same_jar_or_not_at_all(program: Path) -> None:
    asked = window(program, Paper())
    asked.ask(B_URL, ())
    asked.came(started(program, asked)[-1], "WB", "new")
    asked.add("https://one.example/")
    assert asked.came(started(program, asked)[-1], "WC", "new") == "https://one.example/"
    asked.add("https://two.example/")
    with pytest.raises(BrowserForbidden):
        asked.came(started(program, asked)[-1], "WD", "newer")


def test_windows_left_open_from_before_are_closed_and_others_are_not(program: Path) -> None:
    paper = Paper(wa="ordinary", wb="spare", left="private of before")
    asked = window(program, paper)
    asked.ask(B_URL, ())
    assert paper.closed == ["left"]
    asked.leave_nothing()


def test_one_that_stays_open_is_refused(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private, "_CLOSE_S", 0.1)
    paper = Paper(left="private of before")
    paper.stuck = True
    with pytest.raises(BrowserForbidden) as caught:
        window(program, paper).ask(B_URL, ())
    assert "can't be closed" in caught.value.words


def test_it_is_waited_for_so_long(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private, "PATIENCE_S", 0.0)
    asked = window(program, Paper())
    asked.look()
    asked.ask(B_URL, ())
    time.sleep(0.01)
    with pytest.raises(BrowserForbidden):
        asked.look()
    asked.look()
    asked.leave_nothing()


def test_one_that_was_given_up_leads_nowhere(program: Path) -> None:
    paper = Paper()
    asked = window(program, paper)
    asked.ask(B_URL, ())
    address = started(program, asked)[-1]
    asked.end()
    assert asked.is_about(address)
    assert asked.came(address, "WB", "new") == ""
    assert not asked.is_about(f"{ADDRESS}?exoalias=0")


def test_its_windows_are_closed_at_the_end(program: Path) -> None:
    paper = Paper()
    asked = window(program, paper)
    asked.ask(B_URL, ())
    asked.came(started(program, asked)[-1], "WB", "new")
    paper.windows = {"WB": "new", "WC": "new", "WA": "ordinary"}
    asked.end()
    assert paper.windows == {"WA": "ordinary"}
    asked.end()


def test_a_program_that_cannot_be_started(tmp_path: Path) -> None:
    with pytest.raises(BrowserForbidden):
        window(tmp_path / "none", Paper()).ask(B_URL, ())


def test_a_second_start_that_stays_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private, "_GOODBYE_S", 0.1)
    path = tmp_path / "chromium"
    path.write_text("#!/bin/sh\nexec sleep 60\n")
    path.chmod(0o700)
    asked = window(path, Paper())
    asked.ask(B_URL, ())
    ((process, *_ends),) = asked._starts
    asked.leave_nothing()
    assert process.ended(0)


def test_one_that_became_a_browser_itself_ends_with_its_pipe(tmp_path: Path) -> None:
    """It reads the pipe until our end is closed: nothing has to kill it."""
    path = tmp_path / "chromium"
    path.write_text(f"#!/bin/sh\ncat <&3 >/dev/null\necho ended > {tmp_path}/ended\n")
    path.chmod(0o700)
    asked = window(path, Paper())
    asked.ask(B_URL, ())
    asked.leave_nothing()
    assert (tmp_path / "ended").exists()


def test_the_switch_of_each_browser() -> None:
    assert switch("Microsoft Edge") == switch("msedge") == "--inprivate"
    assert switch("Chromium") == switch("Google Chrome") == "--incognito"


# -- at a screen ---------------------------------------------------------------------------------------------------------


@contextmanager
def _sitting(folder: Path, at: Site) -> Iterator[BrowserSession]:
    launched = launch(find(), folder / "profiles", simulated=True)
    with BrowserSession(launched, ClosedList(at.origin, at.elsewhere)) as session:
        session.strategy = Strategy.PRIVATE
        yield session


def _until(session: BrowserSession, wanted: Callable[[InBrowser], bool]) -> InBrowser:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        event = session.next_event(0.1)
        if isinstance(event, Paused):
            session.let_pass(event.request)
        if event is not None and wanted(event):
            return event
    raise AssertionError("it did not happen")


@pytest.mark.browser
@pytest.mark.desktop
def test_a_real_private_window_has_no_cookies_twice(tmp_path: Path, screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its jar is new each time and holds nothing; what leads there is not seen by the server."""
    monkeypatch.setenv("DISPLAY", screen.display)
    with site() as at, _sitting(tmp_path, at) as session:
        at.pages["/t/oauth2/v2.0/authorize"] = at.pages["/a"] = _sets_a_cookie()
        first = session.open(Which.A, f"{at.origin}/a")
        _until(session, lambda _event: bool(at.requests_for("/a")))
        jars = []
        for number in range(2):
            assert session.open(Which.B, f"{at.elsewhere}/t/oauth2/v2.0/authorize?n={number}") == Opened(Which.B, "", "")
            opened = _until(session, lambda event: isinstance(event, Opened))
            assert isinstance(opened, Opened)
            jars.append(opened.context)
            _until(session, lambda _event, n=number: len(at.requests_for("/t/oauth2/v2.0/authorize")) > n)  # type: ignore[misc]
            assert session.windows_in(opened.context) == (opened.window,)
            session.dispose_b()
            _until(session, lambda event, w=opened.window: event == Closed(w))  # type: ignore[misc]
        assert len({first.context, *jars}) == 3
        assert [asked.cookie for asked in at.requests_for("/t/oauth2/v2.0/authorize")] == ["", ""]
        assert at.requests_for("/oauth_redirect.do") == []
    assert using(tmp_path) == set()


@pytest.mark.browser
@pytest.mark.desktop
def test_where_the_browser_has_died_the_second_start_leaves_nothing(
    tmp_path: Path, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It finds nobody to hand its window to and becomes a browser itself, which ends with our end of its pipe."""
    monkeypatch.setenv("DISPLAY", screen.display)
    monkeypatch.setattr(private, "_GOODBYE_S", 10.0)
    launched = launch(find(), tmp_path / "profiles", simulated=True)
    with site() as at, BrowserSession(launched, ClosedList(at.origin, at.elsewhere)):
        launched.process.kill()
        asked = PrivateWindow(launched, cast("Pipe", Paper()), f"{at.origin}/oauth_redirect.do")
        asked.add(B_URL)
        until(lambda: len(using(launched.profile.path)) > 3, "a browser of its own")
        asked.leave_nothing()
        until(lambda: not using(launched.profile.path), "its end")
    assert not launched.profile.path.exists()


def _sets_a_cookie() -> Reply:
    return Reply(headers={"Set-Cookie": "x=1"})


@pytest.mark.browser
def test_without_a_screen_none_comes_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private, "PATIENCE_S", 4.0)
    with site() as at:
        launched = launch(find(), tmp_path / "profiles", headless=True, simulated=True)
        with BrowserSession(launched, ClosedList(at.origin, at.elsewhere)) as session:
            session.strategy = Strategy.PRIVATE
            session.open(Which.B, f"{at.elsewhere}/t/oauth2/v2.0/authorize?x")
            with pytest.raises(BrowserForbidden) as caught:
                _until(session, lambda _event: False)
    assert "no private window in time" in caught.value.words
    assert using(tmp_path) == set()


def test_the_arguments_are_those_of_the_first_start(tmp_path: Path) -> None:
    launched = SimpleNamespace(browser=Browser("msedge", tmp_path / "msedge"), again=("--user-data-dir=/p",))
    line = arguments(cast("Launched", launched), ADDRESS)
    assert line == [os.fspath(tmp_path / "msedge"), "--user-data-dir=/p", "--inprivate", ADDRESS]
