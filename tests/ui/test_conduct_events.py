"""What a verb tells while it runs, what the buttons of lines start, and the endings that follow."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from exoalias.domain.checklist import Act, Action
from exoalias.domain.events import Phase, Progress, SignInEnded, SignInPhase, StepDone, TokenStored
from exoalias.domain.problems import NoTarget, WrongUser
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


def test_closing_a_banner_gives_the_keyboard_back_to_the_window(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.problem = NoTarget(instance=stories.NAME, why="no delegated user is known")
    face.key(Qt.Key.Key_F5)
    face.idle()
    face.find("banner-close").setFocus()
    face.key(Qt.Key.Key_Space)
    assert not face.window.stage.isVisible()
    assert face.focus()
    assert [c[0] for c in app.calls] == ["check"], "closing starts nothing"


def test_progress_and_steps_are_told(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    here = face.desk.here
    assert here is not None
    assert here.plan is not None
    app.gate = threading.Event()
    job = face.desk.apply(here.plan)
    assert job is not None
    face.conductor._on_told(job, Progress("Writing MS Graph 1", 1, 2))
    assert face.window.header.line.text() == "Writing MS Graph 1"
    assert (face.window.header.progress.value(), face.window.header.progress.maximum()) == (1, 2)
    face.conductor._on_told(job, StepDone(here.plan.writes[0], "MS Graph 1: written and read back."))
    assert face.window.statusBar().currentMessage() == "MS Graph 1: written and read back."


class Pages(QObject):
    """Takes what the desktop would open."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        """An address was to be opened."""
        self.opened.append(url.toString())


def test_a_pages_button_opens_the_page(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    pages = Pages()
    QDesktopServices.setUrlHandler("https", pages, "take")  # type: ignore[arg-type] # the stubs say bytes, PySide6 takes a str alone
    try:
        face.conductor.act(Action(Act.OPEN, "Open the page", text=stories.STRICT.url))
    finally:
        QDesktopServices.unsetUrlHandler("https")
    assert pages.opened == [stories.STRICT.url]


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
