"""In which order a sign-in writes things down, so that a run cut off anywhere can be explained. The rest is in journeys/."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.browser import find
from exoalias.app.control import Control
from exoalias.app.history import told_of
from exoalias.app.run import RELEASED, SIGN_IN
from exoalias.domain.events import Phase, Progress, SignInPhase, TokenStored
from exoalias.domain.ownership import RowState, Verdict
from exoalias.domain.problems import NoBrowser, Problem, WrongUser
from exoalias.domain.target import HomeAccount, Pin, Tier
from tests.journeys.sitting_in import Desk, Watched, desk, watch_browser

if TYPE_CHECKING:
    from pathlib import Path

    from exoalias.domain.happenings import Lost

pytestmark = pytest.mark.browser


def _journal(at: Desk) -> list[tuple[str, str]]:
    return [(e.kind, e.result) for e in at.world.journal.entries(at.name) if e.kind in {SIGN_IN, RELEASED}]


def test_intent_then_release_then_code_then_proof_then_outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = watch_browser(monkeypatch)
    redirect, at_redirect = browser.redirect, list[list[tuple[str, str]]]()
    with desk(tmp_path) as at:

        def redirected(session: Watched, request: str, url: str) -> Lost | None:
            at_redirect.append(sorted(_journal(at)))
            assert at.world.journal.proofs(at.name) == ()
            assert at.log("codes_delivered") == []
            return redirect(session, request, url)

        monkeypatch.setattr(browser, "redirect", redirected)
        opened: list[list[tuple[str, str]]] = []
        at.on[Phase.STARTING] = lambda: opened.append(_journal(at))
        at.sign_in("MS Graph 1")
        assert [[kind for kind, _result in entries] for entries in opened] == [[SIGN_IN]], "the intent comes first"
        assert [[kind for kind, _result in entries] for entries in at_redirect] == [sorted([SIGN_IN, RELEASED])]
        assert (SIGN_IN, "stored") in _journal(at)
        (proof,) = at.world.journal.proofs(at.name)
        delegated = at.simulator.cast.people["delegated"]
        assert (proof.tier, proof.account.object_id, proof.upn) == (Tier.ENTERED, delegated.object_id, delegated.upn)
        assert {mark.kind for mark in proof.tokens} >= {"refresh_token"}


def test_a_refusal_is_written_down_without_a_release(tmp_path: Path) -> None:
    with desk(tmp_path, "wrong-user") as at:
        with pytest.raises(WrongUser):
            at.sign_in()
        assert _journal(at) == [(SIGN_IN, "wrong-user")]
        assert at.world.journal.proofs(at.name) == ()
        assert at.world.journal.pin(at.name) is None
        assert at.world.journal.unfinished(at.name) == ()


def test_the_first_ending_that_is_not_good_ends_all(tmp_path: Path) -> None:
    with desk(tmp_path, "wrong-user-second") as at:
        with pytest.raises(WrongUser):
            at.sign_in()
        assert [result for kind, result in _journal(at) if kind == SIGN_IN] in (
            ["stored", "wrong-user"],
            ["wrong-user", "stored"],
        )
        assert [e.credential_name for e in at.events if isinstance(e, TokenStored)] == ["MS Graph 1"]


def test_what_is_told(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        at.sign_in("MS Graph 1")
        phases = [e.phase for e in at.events if isinstance(e, SignInPhase)]
        assert phases[0] is Phase.STARTING
        assert (
            phases.index(Phase.INSTANCE) < phases.index(Phase.MICROSOFT) < phases.index(Phase.WHO) < phases.index(Phase.READING)
        )
        left = [e.seconds_left for e in at.events if isinstance(e, SignInPhase) and e.phase is Phase.MICROSOFT]
        assert all(0 < seconds <= 600 for seconds in left)
        assert isinstance(at.events[0], Progress)


def test_without_a_browser_nothing_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_wanted: object) -> None:
        raise NoBrowser(why="None.")

    monkeypatch.setattr(find, "candidates", none)
    with desk(tmp_path) as at:
        at.control = Control(interactive=False)  # else it would be done by hand
        with pytest.raises(Problem) as caught:
            at.sign_in()
        assert caught.value.exit_code == 4
        assert _journal(at) == []
        with at.world.journal.claim(at.name):
            assert at.left_behind() == [], "and it can be claimed again"


def test_a_pin_is_of_one_user_and_a_day_can_be_told_of(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        elsewhere = HomeAccount("0" * 36, "1" * 36)
        at.world.journal.set_pin(at.name, Pin(elsewhere, Tier.ENTERED, at.world.clock(), "s-0", "somebody@else.example"))
        at.sign_in("MS Graph 1")
        pin, delegated = at.world.journal.pin(at.name), at.simulator.cast.people["delegated"]
        assert pin is not None
        assert (pin.account.object_id, pin.upn) == (delegated.object_id, delegated.upn)
        (by_sign_in,) = [entry for entry in at.world.journal.entries(at.name) if entry.kind == "pinned"]
        assert pin is not None
        assert (by_sign_in.facts["object_id"], by_sign_in.facts["sign_in"]) == (pin.account.object_id, pin.sign_in)
        (unpinned,) = [entry for entry in at.world.journal.entries(at.name) if entry.kind == "unpinned"]
        assert unpinned.facts["was_upn"] == "somebody@else.example"
        (told,) = told_of(at.world, at.name, at.world.clock().date())
        assert (told.name, told.answer.verdict, told.answer.proven) == ("MS Graph 1", Verdict.UNCHANGED, True)
        assert delegated.object_id in told.answer.says
        assert [look.state for look in at.world.journal.looks.of(at.name)] == [RowState.SAME], "the check at its end looked"
