"""The lobby with a real browser: who is let in, what happens to everything else, and that nothing of it is left."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from exoalias.adapters.browser import find, launch
from exoalias.adapters.browser.policy import Allowed
from exoalias.adapters.browser.session import BrowserSession, ClosedList
from exoalias.adapters.entering.login_form import SessionCookie
from exoalias.adapters.keeping.kept import Kept
from exoalias.adapters.keeping.secret import Secret
from exoalias.app import lobby
from exoalias.app.apply import apply
from exoalias.app.check import check
from exoalias.app.choose import set_target
from exoalias.app.control import Control
from exoalias.app.demo import whole_job
from exoalias.app.entrance import enter
from exoalias.app.instances import add
from exoalias.app.lobby import Lobby, Windows, _line
from exoalias.app.safekeeping import keep
from exoalias.app.sign_in import sign_in
from exoalias.app.world import World
from exoalias.domain.browser_policies import Found, Reading, judged
from exoalias.domain.events import Door, DoorPhase, Progress, TokenStored
from exoalias.domain.happenings import Closed, Moved, Opened, Paused, Which
from exoalias.domain.problems import BrowserDied, BrowserForbidden, Cancelled, NotSignedIn, PersonNeeded, UsageProblem
from exoalias.domain.ways import Way
from exoalias.simulator.faults import Faults
from exoalias.simulator.scenario import known, scenario
from exoalias.simulator.serve import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.app.playing import Played


@pytest.fixture
def by_browser(play: Callable[[str], Played]) -> Callable[[str], Played]:
    """A scenario whose instance is entered through the browser."""

    def started(scenario: str) -> Played:
        played = play(scenario)
        entry = played.world.book.get(played.name)
        played.world.book.put(entry._replace(way=Way.BROWSER, user=""))
        return played

    return started


def _phases(played: Played) -> list[tuple[Door, bool]]:
    return [(event.phase, event.again) for event in played.told if isinstance(event, DoorPhase)]


def _profiles(played: Played) -> list[Path]:
    return list((played.world.places.cache / "sign-in").glob("*"))


def _control() -> Control:
    return Control(interactive=False)


ONCE = [(Door.OPENING, False), (Door.WAITING, False), (Door.OPEN, False)]


@pytest.mark.parametrize("scenario", ["profile-missing", "admin-sso-saml", "admin-sso-oidc", "deep-link-lost"])
def test_one_sign_in_serves_check_apply_and_both_tokens(by_browser: Callable[[str], Played], scenario: str) -> None:
    played = by_browser(scenario)
    world, name = played.world, played.name
    checked = check(world, name, played.tell, _control())
    assert checked.plan.writes
    checked = apply(world, name, checked.plan, played.tell, _control())
    checked = sign_in(world, name, [s.credential_name for s in checked.plan.sign_ins], played.tell, _control())
    assert checked.checklist.holds
    assert _phases(played) == ONCE
    assert len([s for s in played.far_side.record()["sign_ins"] if s["side"] == "instance"]) == 1
    world.close()
    assert _profiles(played) == []


def test_a_session_that_dies_between_two_sign_ins_is_asked_for_once_more(by_browser: Callable[[str], Played]) -> None:
    played = by_browser("session-dies")
    world, name = played.world, played.name
    checked = check(world, name, played.tell, _control())
    checked = apply(world, name, checked.plan, played.tell, _control())
    checked = sign_in(world, name, [s.credential_name for s in checked.plan.sign_ins], played.tell, _control())
    assert checked.checklist.holds
    assert len([e for e in played.told if isinstance(e, TokenStored)]) == 2
    assert _phases(played) == [*ONCE, *((phase, True) for phase, _ in ONCE)]


def test_between_two_verbs_the_session_is_kept_and_after_the_lock_it_is_asked_for_again(
    by_browser: Callable[[str], Played],
) -> None:
    played = by_browser("happy")
    world, name = played.world, played.name
    check(world, name, played.tell, _control())
    check(world, name, played.tell, _control())
    assert _phases(played) == ONCE
    world.doors.shut(name)
    assert _profiles(played) == []
    check(world, name, played.tell, _control())
    assert _phases(played) == [*ONCE, *ONCE]


def test_two_verbs_at_a_time_bring_the_person_once(by_browser: Callable[[str], Played]) -> None:
    played = by_browser("happy")
    threads = [
        threading.Thread(target=check, args=(played.world, played.name, played.tell, _control()), daemon=True) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert _phases(played) == ONCE


def _chosen(monkeypatch: pytest.MonkeyPatch, reading: Reading, *passed: BrowserForbidden) -> None:
    monkeypatch.setattr(lobby, "allowed", lambda wanted: Allowed(find.find(wanted), reading, passed))


def test_another_browser_than_the_forbidden_one_is_taken_and_it_is_said(
    by_browser: Callable[[str], Played], monkeypatch: pytest.MonkeyPatch
) -> None:
    played = by_browser("happy")
    _chosen(monkeypatch, Reading(), BrowserForbidden(browser="Microsoft Edge", why="the policy X is false in Y: no."))
    check(played.world, played.name, played.tell, _control())
    assert _phases(played) == ONCE
    said = [event.says for event in played.told if isinstance(event, Progress) and "instead" in event.says]
    assert len(said) == 1
    assert said[0].startswith("Microsoft Edge can't be the sign-in window: the policy X is false in Y: no. ")


def test_where_a_policy_forbids_none_is_started(by_browser: Callable[[str], Played], monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(_wanted: object) -> Allowed:
        raise BrowserForbidden(browser="Chromium", why="the policy X is false in Y: no.", how="Ask.")

    played = by_browser("happy")
    monkeypatch.setattr(lobby, "allowed", forbidden)
    monkeypatch.setattr(lobby, "launch", lambda *_, **__: pytest.fail("it was started"))
    with pytest.raises(BrowserForbidden, match="policy X"):
        check(played.world, played.name, played.tell, _control())
    assert _profiles(played) == []


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_browser_that_may_take_another_folder_is_looked_at_after_its_start(
    by_browser: Callable[[str], Played], monkeypatch: pytest.MonkeyPatch, *, elsewhere: bool
) -> None:
    played = by_browser("happy")
    _chosen(monkeypatch, judged([Found("UserDataDir", "/home/one", "Y")], edge=False))
    if not elsewhere:
        check(played.world, played.name, played.tell, _control())
        assert _phases(played) == ONCE
        return
    monkeypatch.setattr(launch, "_OWN", ("never there",))
    with pytest.raises(BrowserForbidden, match=r"another folder .* the policy UserDataDir is /home/one in Y"):
        check(played.world, played.name, played.tell, _control())
    assert _profiles(played) == []


def test_a_browser_that_is_killed_before_it_is_lent_is_an_ending_like_the_others(
    play: Callable[[str], Played], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its first answers and the sign-in nothing waits for its end: the next thing asked of it tells."""

    class Killed(BrowserSession):
        def listen(self, closed_list: ClosedList) -> None:
            if closed_list.microsoft:
                os.kill(self.launched.process.pid, signal.SIGKILL)
                assert self.launched.process.ended(5)
            super().listen(closed_list)

    monkeypatch.setattr(lobby, "BrowserSession", Killed)
    played = play("happy")
    with pytest.raises(BrowserDied, match="answers no more"):
        sign_in(played.world, played.name, ["MS Graph 1"], played.tell, _control())
    assert _profiles(played) == []
    assert not played.world.journal.unfinished(played.name)


def test_cancelling_leaves_no_browser(by_browser: Callable[[str], Played]) -> None:
    played = by_browser("by-hand")
    control = Control(interactive=True)
    threading.Timer(1.0, control.cancel).start()
    with pytest.raises(NotSignedIn, match="cancelled"):
        check(played.world, played.name, played.tell, control)
    assert _profiles(played) == []
    assert played.world.doors.names() == ()


def test_a_run_that_may_not_ask_opens_no_window(by_browser: Callable[[str], Played]) -> None:
    played = by_browser("happy")
    real = replace(played.world, simulated=None)
    with pytest.raises(PersonNeeded):
        enter(real, played.name, played.tell, _control())
    assert _profiles(played) == []


def test_get_oauth_token_pressed_by_hand_between_two_verbs_goes_nowhere(by_browser: Callable[[str], Played]) -> None:
    """In window A the admin is signed in everywhere: pressed there by hand whoever that browser knows would be stored."""
    played = by_browser("happy")
    checked = check(played.world, played.name, played.tell, _control())
    lobby = played.world.doors.lobby(played.name)
    assert lobby is not None
    windows = lobby._windows
    assert windows is not None
    credential = checked.plan.sign_ins[0].credential
    origin = played.world.book.get(played.name).origin
    profile = played.world.book.get(played.name).profile
    before = len(played.far_side.record()["requests"])
    address = (
        f"{origin}/oauth_initiator.do?oauth_requestor_context=oauth_2_0_credentials&oauth_requestor={credential}"
        f"&oauth_provider_profile={profile}&response_type=code"
    )
    windows.session._pipe.call("Target.createTarget", url=address)
    time.sleep(1.5)
    asked = [r for r in played.far_side.record()["requests"][before:] if "oauth_" in str(r)]
    assert asked == []
    checked = sign_in(played.world, played.name, ["MS Graph 1"], played.tell, _control())
    assert any(isinstance(e, TokenStored) for e in played.told)


# -- signing in for the person ---------------------------------------------------------------------------------------------


@contextmanager
def for_me(tmp_path: Path, way: Way, **changes: object) -> Iterator[tuple[Simulator, World, list[object]]]:
    """A world whose kept user signs in to the instance by its login page, where nobody else would."""
    simulator = Simulator(scenario("happy", instance_sign_in="nothing", **changes))
    simulator.start()
    announced = simulator.announcement()
    world = World.simulated_from(announced, tmp_path, headless=True)
    assert world.simulated is not None
    kept = Kept(password=Secret(world.simulated.rest_password))
    user = world.simulated.rest_user
    told: list[object] = []
    try:
        add(world, "acme", simulator.instance.origin, way, secrets=kept, user=user, sign_in_for_me=True)
        delegated = world.simulated.delegated_user
        set_target(
            world, "acme", delegated_user=delegated.upn, object_id=delegated.object_id, profile=simulator.cast.profile_name
        )
        yield simulator, world, told
    finally:
        world.close()
        simulator.stop()


@pytest.mark.parametrize("way", [Way.BROWSER, Way.PASSWORD])
def test_a_kept_user_signs_in_to_window_a_by_itself(tmp_path: Path, way: Way) -> None:
    with for_me(tmp_path, way) as (simulator, world, told):
        checked = sign_in(world, "acme", ["MS Graph 1", "MS Graph 2"], told.append, _control())
        assert checked.checklist.holds
        assert not [event for event in told if isinstance(event, DoorPhase)]
        assert simulator.record.summary()["tokens"] == 2


def test_a_second_factor_stays_with_the_person_who_is_told_why(tmp_path: Path) -> None:
    faults = Faults(instance_mfa=True)
    with for_me(tmp_path, Way.PASSWORD, faults=faults) as (_, world, told):
        control = Control(interactive=True)
        threading.Timer(6.0, control.cancel).start()
        with pytest.raises(Cancelled):
            sign_in(world, "acme", ["MS Graph 1"], told.append, control)
        assert [event.says for event in told if isinstance(event, Progress) and "second factor" in event.says] == [
            "The instance asks for a second factor. You sign in yourself"
        ]


def test_a_session_had_by_the_form_that_dies_is_renewed_in_window_a_too(tmp_path: Path) -> None:
    """The instance stores a code by the session of window A: a new one for REST alone would leave it signed out there."""
    faults = Faults(session_dies_after_token=True)
    with for_me(tmp_path, Way.BROWSER, faults=faults) as (simulator, world, told):
        checked = sign_in(world, "acme", ["MS Graph 1", "MS Graph 2"], told.append, _control())
        assert checked.checklist.holds
        assert simulator.record.summary()["tokens"] == 2
        assert not [event for event in told if isinstance(event, DoorPhase)]


def test_a_wrong_password_is_tried_at_the_login_page_once_in_a_run(tmp_path: Path) -> None:
    """An instance locks a user out after a few: each check is another window, and must not be another try."""
    with for_me(tmp_path, Way.BROWSER) as (simulator, world, told):
        entry = world.book.get("acme")
        world.doors.shut("acme")
        keep(world, entry, Kept(password=Secret("not-the-password")))
        before = len(simulator.record.as_dict()["requests"])
        for _ in range(3):
            control = Control(interactive=True)
            threading.Timer(1.5, control.cancel).start()
            with pytest.raises(NotSignedIn):
                check(world, "acme", told.append, control)
        tries = [r for r in simulator.record.as_dict()["requests"][before:] if "POST" in str(r) and "login.do" in str(r)]
        assert len(tries) == 1
        assert len([e for e in told if isinstance(e, Progress) and "did not take user and password" in e.says]) == 1


# -- locks, faces, and the instance's own OAuth in the middle of a sign-in ---------------------------------------------------


def test_a_sign_in_at_microsoft_outlasts_the_idle_lock(play: Callable[[str], Played]) -> None:
    played = play("profile-missing")
    played.world.doors.last(0.3, 3600)
    checked = check(played.world, played.name, played.tell, _control())
    checked = apply(played.world, played.name, checked.plan, played.tell, _control())
    checked = sign_in(played.world, played.name, [s.credential_name for s in checked.plan.sign_ins], played.tell, _control())
    assert checked.checklist.holds


def test_an_instances_own_sign_in_may_be_due_again_while_somebody_signs_in_at_microsoft(tmp_path: Path) -> None:
    story = known()["oauth-instance"]
    simulator = Simulator(replace(story, faults=replace(story.faults, no_refresh_token=True, access_token_s=2.0)))
    simulator.start()
    world = World.simulated_from(simulator.announcement(), tmp_path, headless=True)
    told: list[object] = []
    try:
        checked = whole_job(world, told.append, _control())
        assert checked.checklist.holds
        phases = [event for event in told if isinstance(event, DoorPhase) and event.phase is Door.OPEN]
        assert len(phases) > 1
    finally:
        world.close()
        simulator.stop()


def test_a_session_that_was_forgotten_lets_nobody_go_on(by_browser: Callable[[str], Played]) -> None:
    """A verb under way when the person forgets the session ends; it doesn't open a window for a new one."""
    played = by_browser("happy")
    instance = enter(played.world, played.name, played.tell, _control())
    assert instance.tokens(()).rows == ()
    lobby = played.world.doors.lobby(played.name)
    assert lobby is not None
    played.world.doors.shut(played.name)
    with pytest.raises(NotSignedIn, match="locked or forgotten"):
        instance.tokens(("0" * 32,))  # type: ignore[arg-type] # as good as a sys_id
    with pytest.raises(NotSignedIn, match="locked or forgotten"):
        lobby.authorize("https://x", "http://localhost:1/x")
    assert (_profiles(played), lobby.is_open) == ([], False)


def test_each_verb_has_its_own_face_in_the_same_lobby(by_browser: Callable[[str], Played]) -> None:
    """A check that comes and goes meanwhile must not take the questions of a sign-in with it."""
    played = by_browser("happy")
    enter(played.world, played.name, played.tell, _control())
    lobby = played.world.doors.lobby(played.name)
    assert lobby is not None
    mine, other = Control(), Control()
    lobby.call(played.world, played.tell, mine)
    thread = threading.Thread(target=lobby.call, args=(played.world, played.tell, other))
    thread.start()
    thread.join()
    assert lobby.control is mine
    seen: list[Control] = []
    thread = threading.Thread(target=lambda: seen.append(lobby.control))
    thread.start()
    thread.join()
    assert seen == [other], "a thread that never called asks the latest"


@pytest.mark.parametrize("redirect", ["http://localhost:1/a%20b", "https://login.microsoftonline.com/x"])
def test_a_redirect_address_that_must_not_be_stopped_opens_no_window(by_browser: Callable[[str], Played], redirect: str) -> None:
    played = by_browser("happy")
    entry = played.world.book.get(played.name)
    with pytest.raises(UsageProblem, match="redirect address"):
        Lobby(played.world, entry, played.tell, _control()).authorize(f"{entry.origin}/oauth_auth.do", redirect)
    assert _profiles(played) == []


def test_a_verb_that_was_cancelled_already_opens_no_window(by_browser: Callable[[str], Played]) -> None:
    played = by_browser("by-hand")
    control = Control(interactive=True)
    control.cancel()
    with pytest.raises(NotSignedIn, match="cancelled"):
        check(played.world, played.name, played.tell, control)
    assert _phases(played) == []


def test_the_session_of_the_form_is_for_its_own_host_alone() -> None:
    """Without a Domain a cookie belongs to the one host that set it: with one, also to every host below."""
    line = _line(SessionCookie("JSESSIONID", Secret("x"), "/app", secure=True, http_only=True))
    assert line == "JSESSIONID=x; Path=/app; Secure; HttpOnly"
    assert _line(SessionCookie("a", Secret("b"), "", secure=False, http_only=False)) == "a=b; Path=/"


class InBrowser:
    """A browser in which somebody else's window asks for the nonce address first."""

    def __init__(self) -> None:
        self.nonce = ""
        self.given: dict[str, bool] = {}

    def listen(self, closed_list: ClosedList) -> None:
        self.nonce = closed_list.nonce or self.nonce

    def open(self, which: Which, _url: str) -> Opened:
        return Opened(which, "a1", "A")

    def next_event(self, _timeout_s: float) -> Paused:
        asked = len(self.given)
        window, context = (("b1", "B"), ("a2", "C"), ("a1", "A"))[asked]
        return Paused(f"r{asked}", self.nonce, "GET", window, context)

    def show(self, request: str, _page: bytes, _headers: object, cookies: Sequence[str] = ()) -> None:
        self.given[request] = bool(cookies)


def test_the_session_of_the_form_is_given_to_no_other_jar(play: Callable[[str], Played]) -> None:
    played = play("happy")
    lobby = Lobby(played.world, played.world.book.get(played.name), played.tell, _control())
    browser = InBrowser()
    lobby._windows = Windows(cast("BrowserSession", browser), visible=False)
    lobby._dress(lobby._windows, (SessionCookie("a", Secret("b"), "/", secure=False, http_only=False),))
    assert browser.given == {"r0": False, "r1": False, "r2": True}


def test_during_a_renewal_the_guest_is_told_all_but_what_the_instance_is_asked_for(play: Callable[[str], Played]) -> None:
    """A sign-in at Microsoft under way must hear that its window closed, and judge its own requests, meanwhile."""
    played = play("happy")
    lobby = Lobby(played.world, played.world.book.get(played.name), played.tell, _control())
    goal, redirect = lobby._nonce, "http://localhost:8410/exoalias"
    lobby._list = ClosedList("https://acme.service-now.com", nonce=goal, redirect=redirect)
    happened = [
        Paused("r0", goal, "GET", "a1", "A"),
        Paused("r1", f"{redirect}?code=1", "GET", "a1", "A"),
        Paused("r2", "https://acme.service-now.com/oauth_redirect.do?code=1", "GET", "b1", "B"),
        Closed("b1"),
        Moved("a1"),
    ]
    left = iter(happened)
    windows = Windows(cast("BrowserSession", SimpleNamespace(next_event=lambda _seconds: next(left))), visible=False)
    told: list[object] = []
    lobby.seat(told.append)
    assert [lobby.next_event(windows) for _ in happened] == [*happened[:2], None, *happened[3:]]
    assert told == happened[2:]
