"""Sign-ins as a person meets them: the ladder of proof, every way to stop, windows closed at awkward moments."""

from __future__ import annotations

import os
import re
import signal
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from exoalias.app import lobby
from exoalias.app import sign_in as signing_in
from exoalias.app.check import check
from exoalias.app.control import Control
from exoalias.app.terms import terms_of
from exoalias.domain.checklist import Status
from exoalias.domain.events import FirstUseQuestion, Phase, Progress, SignInEnded
from exoalias.domain.happenings import Which
from exoalias.domain.problems import (
    AnotherRun,
    BrowserDied,
    Cancelled,
    IdentityUnreadable,
    NotAgreed,
    OwnerUnconfirmed,
    Problem,
    RunAsRoot,
    SomethingInDoubt,
    TimeIsUp,
    UnknownCredential,
    UsageProblem,
    WindowClosed,
    WrongUser,
)
from exoalias.domain.target import Tier
from exoalias.simulator.scenario import Turn
from tests.journeys.sitting_in import BOTH, Desk, desk, watch_browser

if TYPE_CHECKING:
    from pathlib import Path

    from exoalias.domain.happenings import Lost
    from tests.journeys.sitting_in import Watched

pytestmark = pytest.mark.browser

ALONE = (Turn(does="nothing"),)  # nobody plays at Microsoft


def _right(*names: str) -> list[tuple[object, object]]:
    return [(name, "delegated") for name in names]


def _statuses(at: Desk, words: str) -> list[Status]:
    rows = check(at.world, at.name, lambda _event: None).checklist.rows
    return [f.status for row in rows for f in row.findings if words in f.title]


# -- who it was ----------------------------------------------------------------------------------------------------------


def test_the_object_id_entered_beforehand_proves_and_pins(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        checked = at.sign_in()
        assert checked.checklist.holds
        assert at.owners == _right(*BOTH)
        assert [(s.credential_name, s.tier, s.read_back) for s in at.stored] == [
            ("MS Graph 1", Tier.ENTERED, True),
            ("MS Graph 2", Tier.PINNED, True),
        ]
        pin = at.world.journal.pin(at.name)
        assert pin is not None
        assert pin.account.object_id == at.simulator.cast.people["delegated"].object_id
        assert at.left_behind() == []


def test_both_credentials_in_one_window_signed_in_to_once(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        at.sign_in()
        assert len([s for s in at.log("sign_ins") if s["side"] == "instance"]) == 1
        strict = [a for a in at.log("authorize") if a["client_id"] == at.simulator.cast.strict.client_id]
        assert [(a["prompt"], a["cookies_seen"]) for a in strict] == [("login", False)] * 2, "B is fresh for each"


def test_a_second_opinion_proves(tmp_path: Path) -> None:
    with desk(tmp_path, second_opinion=True) as at:
        assert at.sign_in().checklist.holds
        assert [s.tier for s in at.stored] == [Tier.SECOND_OPINION] * 2
        assert at.owners == _right(*BOTH)
        public = [a for a in at.log("authorize") if a["client_id"] == at.simulator.cast.public.client_id]
        assert [(a["prompt"], a["login_hint"], a["cookies_seen"]) for a in public] == [("none", "", True)] * 2
        assert [c["owner"] for c in at.log("codes_delivered")] == ["delegated"] * 2, "its own code goes to no instance"
        assert at.left_behind() == []


def test_a_second_opinion_alone_tells_who_it_is_and_pins(tmp_path: Path) -> None:
    with desk(tmp_path, "profile-missing", second_opinion=True, know_object_id=False) as at:
        at.control = Control(interactive=False)
        assert at.sign_in().checklist.holds
        assert [s.tier for s in at.stored] == [Tier.SECOND_OPINION] * 2
        pin = at.world.journal.pin(at.name)
        assert pin is not None
        assert pin.tier is Tier.SECOND_OPINION


@pytest.mark.parametrize("known", [True, False])
def test_a_second_opinion_of_somebody_else_is_refused(tmp_path: Path, known: bool) -> None:
    with desk(tmp_path, "wrong-user", second_opinion=True, know_object_id=known) as at:
        at.control = Control(interactive=False)
        with pytest.raises(Problem) as caught:
            at.sign_in()
        assert isinstance(caught.value, WrongUser if known else OwnerUnconfirmed)
        assert at.owners == []
        assert at.log("codes_delivered") == []


def test_without_client_info_nothing_is_taken_on_trust(tmp_path: Path) -> None:
    with desk(tmp_path, "no-client-info") as at:
        with pytest.raises(IdentityUnreadable):
            at.sign_in()
        assert at.owners == []
        assert at.log("codes_delivered") == []


def test_without_client_info_the_second_opinion_can_say_who_it_was(tmp_path: Path) -> None:
    with desk(tmp_path, "no-client-info", second_opinion=True) as at:
        assert at.sign_in().checklist.holds
        assert at.owners == _right(*BOTH)
        assert [s.tier for s in at.stored] == [Tier.SECOND_OPINION] * 2


# -- first use -----------------------------------------------------------------------------------------------------------


def test_agreeing_to_first_use_stores_the_token_and_confirms_nobody(tmp_path: Path) -> None:
    with desk(tmp_path, "first-use") as at:
        at.on_question = lambda _question: at.control.answer(agree=True)
        checked = at.sign_in()
        asked = [e for e in at.events if isinstance(e, FirstUseQuestion)]
        delegated = at.simulator.cast.people["delegated"]
        assert [(q.object_id, q.tenant_id) for q in asked] == [(delegated.object_id, delegated.home.id)] * 2
        assert at.owners == _right(*BOTH)
        assert [s.tier for s in at.stored] == [Tier.FIRST_USE] * 2
        assert not checked.checklist.holds
        assert _statuses(at, "issued to the delegated user") == [Status.CANNOT_TELL] * 2
        assert at.world.journal.pin(at.name) is None, "agreeing pins nobody"


def test_agreeing_does_not_let_another_tenant_through(tmp_path: Path) -> None:
    with desk(tmp_path, "same-name-other-tenant", know_object_id=False) as at:
        at.on_question = lambda _question: at.control.answer(agree=True)
        with pytest.raises(Problem) as caught:
            at.sign_in()
        assert caught.value.exit_code == 3
        assert [e for e in at.events if isinstance(e, FirstUseQuestion)] == []
        assert at.owners == []


def test_disagreeing_stores_nothing(tmp_path: Path) -> None:
    with desk(tmp_path, "first-use") as at:
        at.on_question = lambda _question: at.control.answer(agree=False)
        with pytest.raises(NotAgreed):
            at.sign_in()
        assert at.owners == []
        assert at.log("codes_delivered") == []
        assert at.left_behind() == []


def test_trust_first_use_asks_nobody(tmp_path: Path) -> None:
    with desk(tmp_path, "first-use") as at:
        at.control = Control(interactive=False, trust_first_use=True)
        at.sign_in("MS Graph 1")
        assert [e for e in at.events if isinstance(e, FirstUseQuestion)] == []
        assert at.owners == _right("MS Graph 1")
        assert [s.tier for s in at.stored] == [Tier.FIRST_USE]


# -- cancel --------------------------------------------------------------------------------------------------------------


def _cancelled(at: Desk, *credentials: str) -> None:
    with pytest.raises(Cancelled) as caught:
        at.sign_in(*credentials)
    assert caught.value.exit_code == 6
    assert at.left_behind() == []
    check(at.world, at.name, lambda _event: None)
    assert at.world.journal.unfinished(at.name) == ()


@pytest.mark.parametrize("phase", [Phase.STARTING, Phase.INSTANCE])
def test_cancel_before_anybody_signed_in(tmp_path: Path, phase: Phase) -> None:
    with desk(tmp_path, instance_sign_in="nothing") as at:
        at.on[phase] = at.control.cancel
        _cancelled(at)
        assert at.owners == []


def test_cancel_while_the_microsoft_window_waits(tmp_path: Path) -> None:
    with desk(tmp_path, turns=ALONE) as at:
        at.on[Phase.MICROSOFT] = threading.Timer(0.5, at.control.cancel).start
        _cancelled(at)
        assert at.owners == []
        assert at.log("codes_delivered") == []


def test_cancel_at_the_question(tmp_path: Path) -> None:
    with desk(tmp_path, "first-use") as at:
        at.on_question = lambda _question: at.control.cancel()
        _cancelled(at)
        assert at.owners == []
        assert at.log("codes_delivered") == []


def test_cancel_while_the_token_is_read_back_ends_after_it(tmp_path: Path) -> None:
    """What the instance was given is read back and proven; the second credential is not begun."""
    with desk(tmp_path) as at:
        at.on[Phase.READING] = at.control.cancel
        _cancelled(at)
        assert at.owners == _right("MS Graph 1")
        assert [s.credential_name for s in at.stored] == ["MS Graph 1"]
        assert len(at.world.journal.proofs(at.name)) == 1


def test_cancel_before_the_start_opens_no_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def launched(*_: object, **__: object) -> None:
        raise AssertionError("a browser was started")

    monkeypatch.setattr(lobby, "launch", launched)
    with desk(tmp_path) as at:
        at.control.cancel()
        _cancelled(at)


# -- windows -------------------------------------------------------------------------------------------------------------


def test_closing_the_servicenow_window_while_it_waits_gives_the_code_to_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = watch_browser(monkeypatch)
    with desk(tmp_path) as at:
        at.on[Phase.MICROSOFT] = lambda: browser.close_all(Which.A)
        at.sign_in("MS Graph 1")
        assert at.owners == _right("MS Graph 1")
        assert [c["owner"] for c in at.log("codes_delivered")] == ["delegated"]


def test_closing_the_servicenow_window_before_it_asked_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = watch_browser(monkeypatch)
    with desk(tmp_path, instance_sign_in="nothing") as at:

        def close_later() -> None:
            threading.Timer(1.0, browser.close_all, [Which.A]).start()

        at.on[Phase.INSTANCE] = close_later
        with pytest.raises(WindowClosed, match="ServiceNow"):
            at.sign_in()
        assert at.owners == []
        assert at.left_behind() == []


def test_closing_the_microsoft_window_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = watch_browser(monkeypatch)
    with desk(tmp_path, turns=ALONE) as at:
        at.on[Phase.MICROSOFT] = threading.Timer(1.0, browser.close_all, [Which.B]).start
        with pytest.raises(WindowClosed, match="Microsoft"):
            at.sign_in()
        assert at.owners == []
        assert at.left_behind() == []


def test_a_killed_browser_ends_it_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = watch_browser(monkeypatch)
    with desk(tmp_path, turns=ALONE) as at:
        at.on[Phase.MICROSOFT] = threading.Timer(
            0.5, lambda: os.killpg(browser.latest.launched.process.pid, signal.SIGKILL)
        ).start
        with pytest.raises(BrowserDied) as caught:
            at.sign_in()
        assert caught.value.exit_code == 5
        assert at.owners == []
        assert at.left_behind() == []


def test_continue_opens_the_initiator_again(tmp_path: Path) -> None:
    """The deep link is lost after signing in to the instance; the person says so before the program notices."""
    with desk(tmp_path, "deep-link-lost", faults={"deep_link_lost": True}) as at:
        at.on[Phase.INSTANCE] = threading.Timer(2.0, at.control.carry_on).start
        at.sign_in("MS Graph 1")
        assert at.owners == _right("MS Graph 1")


# -- time, others, doubt -------------------------------------------------------------------------------------------------


def test_time_runs_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_in, "terms_of", lambda *given: replace(terms_of(*given), limit_s=2.0))
    with desk(tmp_path, turns=ALONE) as at:
        with pytest.raises(TimeIsUp):
            at.sign_in()
        ended = [e for e in at.events if isinstance(e, SignInEnded)]
        assert [e.problem.code for e in ended] == ["time-is-up"]
        assert at.owners == []
        assert at.left_behind() == []


def test_a_second_sign_in_at_the_same_time_is_refused(tmp_path: Path) -> None:
    refusals: list[Problem] = []
    with desk(tmp_path, turns=ALONE) as at:

        def second() -> None:
            try:
                signing_in.sign_in(at.world, at.name, ["MS Graph 2"], lambda _event: None, Control(interactive=False))
            except Problem as problem:
                refusals.append(problem)
            at.control.cancel()

        at.on[Phase.MICROSOFT] = threading.Thread(target=second).start
        _cancelled(at, "MS Graph 1")
        assert [type(r) for r in refusals] == [AnotherRun]
        assert at.owners == []


def test_one_after_another_is_no_second_one(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        at.sign_in("MS Graph 1")
        at.sign_in("MS Graph 2")
        assert at.owners == _right(*BOTH)
        assert [s.tier for s in at.stored] == [Tier.ENTERED, Tier.PINNED]


def test_a_stored_token_is_fetched_anew_on_wish(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        at.sign_in("MS Graph 1")
        at.sign_in("MS Graph 1")
        assert at.owners == _right("MS Graph 1", "MS Graph 1")
        assert len({p.credential for p in at.world.journal.proofs(at.name)}) == 1


@pytest.mark.parametrize("scenario", ["duplicate-credential", "cloned", "wrong-grant", "not-admin"])
def test_what_is_in_doubt_is_refused_before_a_browser_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scenario: str
) -> None:
    def launched(*_: object, **__: object) -> None:
        raise AssertionError("a browser was started")

    monkeypatch.setattr(lobby, "launch", launched)
    with desk(tmp_path, scenario) as at, pytest.raises((SomethingInDoubt, UnknownCredential)):
        at.sign_in("MS Graph 1")


def test_usage(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        with pytest.raises(UnknownCredential):
            at.sign_in("MS Graph 3")
        with pytest.raises(UsageProblem):
            signing_in.sign_in(at.world, at.name, [], at.tell, at.control)
        real = replace(at.world, simulated=None)
        with pytest.raises(UsageProblem, match="simulator alone"):
            signing_in.sign_in(real, at.name, BOTH, at.tell, at.control)


def test_root_is_refused_where_the_instance_is_a_real_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with desk(tmp_path) as at:
        at.world.vault.set(*_kept(at))
        real = replace(at.world, simulated=None, headless=False)
        with pytest.raises(RunAsRoot):
            signing_in.sign_in(real, at.name, ["MS Graph 1"], at.tell, at.control)
        assert at.left_behind() == []


def _kept(at: Desk) -> tuple[str, str]:
    from exoalias.app.world import vault_key

    return vault_key(at.world.book.get(at.name)), at.simulator.cast.admin.password


# -- what is written down ------------------------------------------------------------------------------------------------


def test_no_code_state_or_address_is_told_or_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes are one-time secrets: they pass through, and are found in no event, journal or settings afterwards."""
    browser, codes = watch_browser(monkeypatch), set()
    redirect = browser.redirect

    def redirected(session: Watched, request: str, url: str) -> Lost | None:
        codes.update(re.findall(r"(?:code|state|session_state)=([^&]+)", url))
        return redirect(session, request, url)

    monkeypatch.setattr(browser, "redirect", redirected)
    with desk(tmp_path) as at:
        at.sign_in()
        assert len(codes) >= 4
        told = repr(at.events)
        kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        assert kept
        for code in codes:
            assert code not in told
            assert code.encode() not in kept
        assert any(isinstance(e, Progress) for e in at.events)
