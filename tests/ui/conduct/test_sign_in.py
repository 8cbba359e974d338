"""Sign-ins: where they start, what is told meanwhile, and the endings that follow."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from exoalias.domain.by_hand import WARNING, steps
from exoalias.domain.checklist import Act, Action
from exoalias.domain.events import ByHand, Phase, SignInEnded, SignInPhase, StrategyTaken, TokenStored
from exoalias.domain.problems import MicrosoftRefused, StoredUnwatched, WrongUser
from exoalias.domain.strategies import Strategy
from exoalias.domain.target import Tier
from tests.ui import stories
from tests.ui.hands import CTRL, checked, start_sign_in, with_instance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exoalias.app.control import Control
    from exoalias.domain.events import Tell
    from tests.ui.hands import App, Face

WRONG = WrongUser(credential="MS Graph 1", upn=stories.UPN, expected=stories.OBJECT_ID, actual=stories.OTHER_ID)


def signed_in_for(app: App) -> list[tuple[str, ...]]:
    return [c[2] for c in app.calls if c[0] == "sign-in"]


def test_a_refusal_is_said_while_the_browser_still_shows_why(face: Face, app: App) -> None:
    hold = threading.Event()

    def does(_names: Sequence[str], tell: Tell, _control: Control) -> None:
        tell(SignInPhase(stories.GRAPH_1, "MS Graph 1", stories.UPN, Phase.WHO, 300.0))
        tell(SignInEnded(stories.GRAPH_1, "MS Graph 1", WRONG))
        assert hold.wait(20)
        raise WRONG

    app.sign_in_does = does
    start_sign_in(face, app)
    face.wait(lambda: face.window.findChild(QObject, "banner-title") is not None)
    assert face.find("banner-title").text() == "Not the delegated user. Nothing was stored for MS Graph 1."
    assert face.desk.job is not None
    assert face.window.findChild(QObject, "banner-again") is None, "nothing can be started before the verb has ended"
    hold.set()
    face.idle()
    QApplication.processEvents()
    assert face.focus() == "banner-again"


def test_a_sign_in_starts_with_the_credential_stood_on_and_the_others_follow(face: Face, app: App) -> None:
    with_instance(app, profiles=True)
    checked(face)
    face.conductor.act(Action(Act.SIGN_IN, "Sign in MS Graph 2 …", stories.GRAPH_2))
    face.idle()
    assert signed_in_for(app) == [("MS Graph 2", "MS Graph 1")]


@pytest.mark.parametrize("start", ["line", "key"])
def test_with_changes_to_write_the_plan_comes_first(face: Face, app: App, start: str) -> None:
    with_instance(app)
    checked(face)
    if start == "line":
        face.conductor.act(Action(Act.SIGN_IN, "Sign in MS Graph 1 …", stories.GRAPH_1))
    else:
        face.key(Qt.Key.Key_L, CTRL)
    assert face.dialog.objectName() == "plan-preview"
    assert signed_in_for(app) == []


def test_agreeing_to_sign_ins_alone_writes_nothing(face: Face, app: App) -> None:
    with_instance(app, profiles=True)
    checked(face)
    face.key(Qt.Key.Key_P, CTRL)
    face.wait(lambda: face.focus() == "plan-agree")
    face.key(Qt.Key.Key_Return)
    face.wait(lambda: signed_in_for(app))
    face.idle()
    assert "apply" not in [c[0] for c in app.calls]


def test_a_tier_that_proves_nothing_leads_to_the_target(face: Face, app: App) -> None:
    def does(_names: Sequence[str], tell: Tell, _control: Control) -> None:
        tell(TokenStored(stories.GRAPH_1, "MS Graph 1", stories.UPN, stories.OTHER_ID, Tier.FIRST_USE, read_back=True))

    app.sign_in_does = does
    start_sign_in(face, app)
    face.wait(lambda: signed_in_for(app))
    face.idle()
    assert face.focus() == "banner-target"
    face.key(Qt.Key.Key_Space)
    assert face.dialog.objectName() == "target-form"
    face.idle()


def test_a_bug_in_a_sign_in_takes_the_panel_away(face: Face, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    met: list[BaseException] = []
    monkeypatch.setattr("sys.excepthook", lambda _kind, error, _trace: met.append(error))
    mistake = ZeroDivisionError("in the verb")

    def does(*_given: object) -> None:
        raise mistake

    app.sign_in_does = does
    start_sign_in(face, app)
    face.wait(lambda: met)
    face.idle()
    assert met == [mistake]
    assert not face.window.stage.isVisible()
    assert face.window.header.main.isEnabled(), "the window goes on"


def test_a_sign_in_by_hand_from_its_steps_to_its_end(face: Face, app: App) -> None:
    """The steps, *I am done*, and an ending that says unconfirmed; from it the instance can be asked."""
    listed = steps(stories.ORIGIN, stories.AUTHORIZE, stories.INITIATOR, stories.UPN)
    wishes = list[object]()

    def does(_names: Sequence[str], tell: Tell, control: Control) -> None:
        tell(StrategyTaken("", Strategy.NO_CONTROL, "no browser can be steered"))
        tell(ByHand(stories.GRAPH_1, "MS Graph 1", stories.UPN, WARNING, listed, "Firefox"))
        tell(SignInPhase(stories.GRAPH_1, "MS Graph 1", stories.UPN, Phase.BY_HAND, 600.0, can_continue=True))
        wishes.extend(control.next_wish(20) for _ in range(2))
        tell(TokenStored(stories.GRAPH_1, "MS Graph 1", stories.UPN, "", Tier.UNWATCHED, read_back=True))
        raise StoredUnwatched(instance="acme", upn=stories.UPN, stored="MS Graph 1: a new token is stored.")

    app.sign_in_does = does
    start_sign_in(face, app)
    face.wait(lambda: face.window.findChild(QObject, "by-hand") is not None and face.find("by-hand").isVisible())
    assert "no browser can be steered" in face.find("sign-in-strategy").text()
    face.find("by-hand-copy-4").click()
    assert QApplication.clipboard().text() == stories.INITIATOR
    face.find("by-hand-open").click()
    face.find("sign-in-continue").click()
    face.idle()
    assert wishes == ["open", "continue"]
    assert face.find("banner-title").text() == "Stored, owner unconfirmed"
    assert "a new token is stored" in face.find("banner-words").text()
    face.find("banner-owner").click()
    face.wait(lambda: face.dialog is not None)
    assert face.dialog.objectName() == "owner-form"


def test_an_error_of_microsofts_about_the_device_offers_the_managed_device(face: Face, app: App) -> None:
    refused = MicrosoftRefused(
        credential="MS Graph 1", upn=stories.UPN, error="interaction_required", description="AADSTS53000: Device …", how=""
    )

    def does(_names: Sequence[str], _tell: Tell, _control: Control) -> None:
        raise refused

    app.sign_in_does = does
    start_sign_in(face, app)
    face.idle()
    app.sign_in_does = None
    face.find("banner-device").click()
    face.idle()
    assert ("sign-in", stories.NAME, ("MS Graph 1", "MS Graph 2"), "managed-device") in app.calls
