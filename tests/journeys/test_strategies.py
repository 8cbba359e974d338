"""The other ways to keep a sign-in apart, with the real Chromium at a screen: private window, managed device, and none at all.

As everywhere, the far side's own record judges.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from exoalias.app.control import Control
from exoalias.domain.events import ByHand, Phase, SignInEnded, StrategyTaken
from exoalias.domain.happenings import Which
from exoalias.domain.problems import (
    BrowserForbidden,
    Cancelled,
    Problem,
    StoredUnwatched,
    StrategyImpossible,
    WindowClosed,
    WrongUser,
)
from exoalias.domain.strategies import Strategy
from exoalias.domain.target import Tier
from exoalias.simulator.scenario import Turn
from tests.journeys.playing import every_b_was_prompted, nobody_elses_code
from tests.journeys.sitting_in import Desk, Watched, desk, watch_browser
from tests.simulator.chromium import Chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Screen

pytestmark = [pytest.mark.browser, pytest.mark.desktop(shared=True)]

ONE = "MS Graph 1"


@pytest.fixture(autouse=True)
def _at_a_screen(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", screen.display)
    watch_browser(monkeypatch)


def _nothing_left(at: Desk) -> None:
    end = time.monotonic() + 5
    while left := at.left_behind():
        assert time.monotonic() < end, left
        time.sleep(0.05)


def _taken(at: Desk) -> list[Strategy]:
    return [event.strategy for event in at.events if isinstance(event, StrategyTaken)]


def _quiet(at: Desk) -> Desk:
    at.control = Control(interactive=False)
    return at


# -- the private window --------------------------------------------------------------------------------------------------


def test_a_private_window_for_both(tmp_path: Path) -> None:
    """Two credentials, each in a private window whose jar nobody has seen before; the address is in no argument."""
    commands = list[str]()
    with desk(tmp_path, visible=True) as at, _watching_commands(tmp_path, commands):
        checked = _quiet(at).sign_in(strategy="private-window")
        assert checked.checklist.holds
        assert [owner for _, owner in at.owners] == ["delegated", "delegated"]
        record = at.simulator.record.as_dict()
        every_b_was_prompted(record, at.simulator.cast.strict.client_id)
        jars = [o.context for o in Watched.latest.told_b]
        assert len(set(jars)) == 2
        assert all(jar not in Watched.latest.made for jar in jars), "no jar made over the pipe"
        _nothing_left(at)
    assert any("--incognito" in command for command in commands)
    assert not any("authorize" in command or "login_hint" in command for command in commands)


@pytest.mark.parametrize("person", ["colleague", "admin"])
def test_somebody_else_in_a_private_window(tmp_path: Path, person: str) -> None:
    with desk(tmp_path, visible=True, turns=(Turn(person),)) as at:
        with pytest.raises(WrongUser):
            _quiet(at).sign_in(strategy="private-window")
        assert at.owners == []
        nobody_elses_code(dict(at.simulator.record.as_dict()))
        assert _taken(at) == [Strategy.PRIVATE], "a person who was asked is not asked again"
        _nothing_left(at)


def test_the_private_window_is_closed(tmp_path: Path) -> None:
    with desk(tmp_path, visible=True, turns=(Turn(does="close"),)) as at:
        with pytest.raises(WindowClosed):
            _quiet(at).sign_in(strategy="private-window")
        assert at.owners == []
        _nothing_left(at)


def test_cancelled_while_the_private_window_is_on_its_way(tmp_path: Path) -> None:
    with desk(tmp_path, visible=True) as at:
        _quiet(at)
        at.on[Phase.MICROSOFT] = at.control.cancel
        with pytest.raises(Cancelled):
            at.sign_in(strategy="private-window")
        assert at.owners == []
        _nothing_left(at)


def test_a_second_opinion_in_the_private_window(tmp_path: Path) -> None:
    with desk(tmp_path, visible=True, second_opinion=True) as at:
        assert not _quiet(at).sign_in(ONE, strategy="private-window").checklist.holds
        assert [stored.tier for stored in at.stored] == [Tier.SECOND_OPINION]
        assert [owner for _, owner in at.owners] == ["delegated"]


def test_a_private_window_somebody_left_open_is_closed_first(tmp_path: Path) -> None:
    """It is closed, and the new one has another jar."""
    with desk(tmp_path, visible=True) as at:
        _quiet(at)
        at.on[Phase.INSTANCE] = lambda: Watched.latest.open_by_hand("about:blank")
        at.sign_in(ONE, strategy="private-window")
        assert [owner for _, owner in at.owners] == ["delegated"]
        every_b_was_prompted(at.simulator.record.as_dict(), at.simulator.cast.strict.client_id)


def test_where_no_private_window_comes_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a policy forbids them: the second start opens an ordinary window, and that is no B."""
    from exoalias.adapters.browser import private

    monkeypatch.setattr(private, "switch", lambda _name: "--new-window")
    with desk(tmp_path, visible=True) as at:
        with pytest.raises(BrowserForbidden) as caught:
            _quiet(at).sign_in(strategy="private-window")
        assert "ordinary window" in caught.value.words
        assert at.owners == []
        assert at.log("codes_issued") == []
        _nothing_left(at)


# -- signed in unasked ---------------------------------------------------------------------------------------------------


def test_unasked_and_wrong_goes_on_in_a_private_window(tmp_path: Path) -> None:
    with desk(tmp_path, "os-account", visible=True) as at:
        assert _quiet(at).sign_in().checklist.holds
        assert _taken(at) == [Strategy.RELAY, Strategy.PRIVATE]
        assert len(Watched.latest.told_b) == 2, "the second credential begins with what led to the end of the first"
        assert [owner for _, owner in at.owners] == ["delegated", "delegated"]
        nobody_elses_code(dict(at.simulator.record.as_dict()))
        assert [e for e in at.events if isinstance(e, SignInEnded)] == []
        results = [e.result for e in at.world.journal.entries(at.name) if e.kind == "sign-in"]
        assert sorted(results) == ["stored", "stored", "wrong-user"]
        _nothing_left(at)


def test_unasked_and_wrong_in_the_private_window_too_ends_it(tmp_path: Path) -> None:
    with desk(tmp_path, visible=True, faults={"os_account": "admin"}) as at:
        with pytest.raises(WrongUser):
            _quiet(at).sign_in()
        assert _taken(at) == [Strategy.RELAY, Strategy.PRIVATE], "each once"
        assert at.owners == []
        nobody_elses_code(dict(at.simulator.record.as_dict()))
        _nothing_left(at)


def test_unasked_and_right_is_right(tmp_path: Path) -> None:
    with desk(tmp_path, visible=True, faults={"os_account": "delegated"}) as at:
        assert _quiet(at).sign_in().checklist.holds
        assert _taken(at) == [Strategy.RELAY]


# -- the managed device --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign_in", ["local", "saml"])
def test_managed_device(tmp_path: Path, sign_in: str) -> None:
    """B shares A's jar; with the admin signed in to Microsoft in it, the delegated user is prompted all the same."""
    with desk(tmp_path, visible=True, instance_sign_in=sign_in) as at:
        assert _quiet(at).sign_in(strategy="managed-device").checklist.holds
        assert [owner for _, owner in at.owners] == ["delegated", "delegated"]
        strict = [a for a in at.log("authorize") if a["client_id"] == at.simulator.cast.strict.client_id]
        assert {a["prompt"] for a in strict} == {"login"}
        assert (strict[0]["cookies_seen"] is True) is (sign_in == "saml")
        assert {o.context for o in Watched.latest.opened if o.which is Which.B} == {
            o.context for o in Watched.latest.opened if o.which is Which.A
        }
        _nothing_left(at)


@pytest.mark.parametrize("person", ["colleague", "admin"])
def test_somebody_else_on_a_managed_device(tmp_path: Path, person: str) -> None:
    with desk(tmp_path, visible=True, turns=(Turn(person),)) as at:
        with pytest.raises(WrongUser):
            _quiet(at).sign_in(strategy="managed-device")
        assert at.owners == []
        nobody_elses_code(dict(at.simulator.record.as_dict()))
        _nothing_left(at)


def test_the_window_on_a_managed_device_is_closed(tmp_path: Path) -> None:
    with desk(tmp_path, visible=True, turns=(Turn(does="close"),)) as at:
        with pytest.raises(WindowClosed):
            _quiet(at).sign_in(strategy="managed-device")
        assert at.owners == []
        _nothing_left(at)


# -- no control ----------------------------------------------------------------------------------------------------------


def _by_hand(at: Desk, follow: Callable[[ByHand], None]) -> list[ByHand]:
    """A person at the steps, in a browser of their own."""
    told = list[ByHand]()

    def follows(event: ByHand) -> None:
        told.append(event)
        threading.Thread(target=follow, args=(event,), daemon=True).start()

    at.on_steps = follows
    return told


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """The person's own browser."""
    browser = Chromium(tmp_path_factory.mktemp("own"))
    yield browser
    browser.close()


def _follows_all(at: Desk, own: Chromium) -> Callable[[ByHand], None]:
    """All steps, in a private window; then they say that they are done."""

    def follow(event: ByHand) -> None:
        jar = own.context()
        for step in event.steps:
            if step.address:
                own.open(step.address, jar)
                time.sleep(2)
        at.control.carry_on()

    return follow


def test_by_hand_the_right_user_is_stored_and_unconfirmed(tmp_path: Path, own: Chromium) -> None:
    with desk(tmp_path) as at:
        told = _by_hand(at, _follows_all(at, own))
        with pytest.raises(StoredUnwatched) as caught:
            at.sign_in(ONE, strategy="no-control")
        assert caught.value.exit_code == 7
        assert "Owner unconfirmed" in caught.value.words
        assert [owner for _, owner in at.owners] == ["delegated"]
        assert [(s.tier, s.object_id, s.read_back) for s in at.stored] == [(Tier.UNWATCHED, "", True)]
        _owner_is_unconfirmed(at)
        assert at.world.journal.pin(at.name) is None
        (event,) = told
        assert at.simulator.cast.sys_id(ONE) in event.steps[3].address
        assert event.upn in event.steps[3].words
        assert at.left_behind() == []


def test_by_hand_a_wrong_user_is_stored_and_never_said_to_hold(tmp_path: Path, own: Chromium) -> None:
    """It can't be prevented: that is what is said, and the journal has nothing that counts."""
    with desk(tmp_path, turns=(Turn("colleague"),)) as at:
        _by_hand(at, _follows_all(at, own))
        with pytest.raises(StoredUnwatched):
            at.sign_in(ONE, strategy="no-control")
        assert [owner for _, owner in at.owners] == ["colleague"]
        _owner_is_unconfirmed(at)
        assert at.world.journal.pin(at.name) is None


def _owner_is_unconfirmed(at: Desk) -> None:
    from exoalias.app.check import check

    checked = check(at.world, at.name, lambda _event: None)
    assert not checked.checklist.holds
    sys_id = at.simulator.cast.sys_id(ONE)
    (row,) = [row for row in checked.checklist.rows if row.record == sys_id]
    (owner,) = [finding for finding in row.findings if finding.code == "credential.owner"]
    assert owner.status.value == "cannot tell"
    assert "owner unconfirmed" in owner.found


def test_by_hand_cancelled(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        _by_hand(at, lambda _event: at.control.cancel())
        with pytest.raises(Cancelled):
            at.sign_in(ONE, strategy="no-control")
        assert at.owners == []
        assert at.world.journal.unfinished(at.name) == ()


def test_by_hand_done_and_nothing_stored(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        _by_hand(at, lambda _event: at.control.carry_on())
        with pytest.raises(Problem) as caught:
            at.sign_in(ONE, strategy="no-control")
        assert caught.value.code == "nothing-stored"


def test_by_hand_needs_a_person(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        with pytest.raises(StrategyImpossible) as caught:
            _quiet(at).sign_in(ONE, strategy="no-control")
        assert caught.value.exit_code == 4
        assert [e for e in at.world.journal.entries(at.name) if e.kind == "sign-in"] == []


# -- looking on ----------------------------------------------------------------------------------------------------------


class _watching_commands:  # noqa: N801 - used as a word
    """Every command line of a browser below *folder*, polled while it lasts."""

    def __init__(self, folder: Path, seen: list[str]) -> None:
        self._folder, self._seen, self._over = str(folder), seen, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(5)

    def _look(self) -> None:
        while not self._over.wait(0.02):
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                except OSError:
                    continue
                if self._folder in line and line not in self._seen:
                    self._seen.append(line)
