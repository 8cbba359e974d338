"""The lobby with a real browser: who is let in, what happens to everything else, and that nothing of it is left."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from exoalias.app.apply import apply
from exoalias.app.check import check
from exoalias.app.control import Control
from exoalias.app.entrance import enter
from exoalias.app.sign_in import sign_in
from exoalias.domain.events import Door, DoorPhase, TokenStored
from exoalias.domain.problems import NotSignedIn, PersonNeeded
from exoalias.domain.ways import Way

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.app.playing import Played


@pytest.fixture
def by_browser(play: Callable[[str], Played]) -> Callable[[str], Played]:
    """A scenario whose instance is entered through the browser."""

    def started(scenario: str) -> Played:
        played = play(scenario)
        entry = played.world.book.get(played.name)
        played.world.book.put(replace(entry, way=Way.BROWSER, user=""))
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
    record = played.far_side.record()
    at_instance = [s for s in record["sign_ins"] if s["side"] == "instance"] if "side" in str(record["sign_ins"]) else None
    assert at_instance is None or len(at_instance) == 1
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
