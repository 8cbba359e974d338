"""Phase by phase: whose turn it is, what can be pressed, and what the clock shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from exoalias.domain.by_hand import WARNING, steps
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.events import ByHand, Phase, SignInPhase, StrategyTaken, TokenStored
from exoalias.domain.strategies import Strategy
from exoalias.domain.target import Tier
from exoalias.ui.sign_in_panel import LIMIT_S, SignInPanel, clock
from tests.ui import stories

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

USER = DelegatedUser(stories.UPN, stories.OBJECT_ID)


@pytest.fixture
def panel(qtbot: QtBot) -> SignInPanel:
    made = SignInPanel()
    qtbot.addWidget(made)
    made.begin(("MS Graph 1",), USER)
    made.show()
    return made


def moved(phase: Phase, seconds: float = 300, *, can_continue: bool = False) -> SignInPhase:
    return SignInPhase(stories.GRAPH_1, "MS Graph 1", stories.UPN, phase, seconds, can_continue=can_continue)


@pytest.mark.parametrize(
    ("seconds", "text"), [(600, "10:00"), (125.4, "2:05"), (59.6, "1:00"), (9, "0:09"), (0, "0:00"), (-3, "0:00")]
)
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@pytest.mark.parametrize(
    ("phase", "instance", "microsoft"),
    [
        (Phase.STARTING, "not yet", "not yet"),
        (Phase.INSTANCE, "your turn", "not yet"),
        (Phase.MICROSOFT, "done", "your turn"),
        (Phase.WHO, "done", "checking"),
        (Phase.STORING, "done", "done"),
        (Phase.READING, "done", "done"),
        (Phase.DONE, "done", "done"),
    ],
)
def test_whose_turn_it_is(panel: SignInPanel, phase: Phase, instance: str, microsoft: str) -> None:
    panel.move_on(moved(phase))
    assert (panel.instance.turn.text(), panel.microsoft.turn.text()) == (instance, microsoft)
    assert panel.instance.accessibleName() == f"ServiceNow window: {instance}"
    assert panel.microsoft.accessibleName() == f"Microsoft window: {microsoft}"
    assert panel.phase.text().startswith(phase.value)


def test_every_phase_is_one_of_those() -> None:
    assert len(Phase) == 8, "and by hand no window of ours has a turn"


def test_by_hand_the_steps_stand_where_the_windows_stood(panel: SignInPanel) -> None:
    listed = steps(stories.ORIGIN, stories.AUTHORIZE, stories.INITIATOR, stories.UPN)
    panel.show_steps(ByHand(stories.GRAPH_1, "MS Graph 1", stories.UPN, WARNING, listed))
    panel.move_on(moved(Phase.BY_HAND, can_continue=True))
    assert panel.by_hand.isVisible()
    assert [card.isVisible() for card in (panel.instance, panel.microsoft)] == [False, False]
    assert panel.go_on.isVisible()
    assert panel.go_on.text() == "I am &done"
    assert "press Continue" not in panel.phase.text()
    panel.stored(TokenStored(stories.GRAPH_1, "MS Graph 1", stories.UPN, "", Tier.UNWATCHED, read_back=True))
    assert panel.phase.text() == "MS Graph 1: a token is stored, owner unconfirmed."
    panel.begin(("MS Graph 1",), USER)
    assert panel.instance.isVisible()
    assert not panel.by_hand.isVisible()


def test_how_it_is_kept_apart_is_said(panel: SignInPanel) -> None:
    assert not panel.strategy.isVisible()
    panel.take_strategy(StrategyTaken("", Strategy.RELAY, "the default"))
    assert panel.strategy.text() == "Sign-in by relay (a window with cookies of its own): the default."
    panel.take_strategy(StrategyTaken("MS Graph 1", Strategy.PRIVATE, "x", instead=True))
    assert panel.strategy.text().startswith("MS Graph 1: somebody else was signed in without being asked, and refused.")
    assert panel.strategy.isVisible()


def test_the_time_left_falls_and_stops_with_the_sign_in(qtbot: QtBot, panel: SignInPanel) -> None:
    assert panel.left.text() == "10:00 left"
    assert panel.bar.maximum() == LIMIT_S
    panel.move_on(moved(Phase.MICROSOFT, 2.4))
    assert panel.left.text() == "0:02 left"
    qtbot.waitUntil(lambda: panel.left.text() in {"0:01 left", "0:00 left"}, timeout=8000)
    panel.end()
    stood = panel.left.text()
    qtbot.wait(700)
    assert panel.left.text() == stood


def test_no_time_is_shown_where_nobody_has_to_hurry(panel: SignInPanel) -> None:
    panel.move_on(moved(Phase.STORING, 30))
    below = panel.instance.y()
    panel.move_on(moved(Phase.READING, 0))
    assert panel.left.text() == ""
    assert not panel.bar.isVisible()
    assert not panel._tick.isActive()
    QApplication.processEvents()
    assert panel.instance.y() == below, "nothing moves"
    panel.move_on(moved(Phase.STARTING, 600))
    assert panel.left.text() == "10:00 left"
    assert panel.bar.isVisible()


def test_continue_is_there_only_while_it_helps(qtbot: QtBot, panel: SignInPanel) -> None:
    assert not panel.go_on.isVisible()
    panel.move_on(moved(Phase.INSTANCE, can_continue=True))
    assert panel.go_on.isVisible()
    assert "press Continue" in panel.phase.text()
    with qtbot.waitSignal(panel.carried_on):
        panel.go_on.setFocus()
        QTest.keyClick(panel.go_on, Qt.Key.Key_Space)
    panel.move_on(moved(Phase.INSTANCE, can_continue=True))
    assert "press Continue" in panel.phase.text(), "as long as the button is there, so are its words"
    panel.move_on(moved(Phase.MICROSOFT))
    assert not panel.go_on.isVisible()
    assert "press Continue" not in panel.phase.text()


def test_cancel_can_be_pressed_once_and_is_back_for_the_next_sign_in(qtbot: QtBot, panel: SignInPanel) -> None:
    with qtbot.waitSignal(panel.cancelled):
        panel.cancel.setFocus()
        QTest.keyClick(panel.cancel, Qt.Key.Key_Space)
    panel.stopping()
    assert not panel.cancel.isEnabled()
    assert panel.phase.text() == "Stopping …"
    panel.begin(("MS Graph 1",), USER)
    assert panel.cancel.isEnabled()


def test_one_credential_is_not_counted_two_are(panel: SignInPanel) -> None:
    assert panel.title.text() == "Signing in MS Graph 1"
    panel.begin(("MS Graph 1", "MS Graph 2"), USER)
    assert panel.title.text() == "Signing in MS Graph 1 (1 of 2)"


def test_an_unknown_object_id_is_said_beforehand(panel: SignInPanel) -> None:
    panel.begin(("MS Graph 1",), DelegatedUser(stories.UPN))
    assert "you will be asked" in panel.microsoft.id.text()


@pytest.mark.parametrize(("read_back", "words"), [(True, "token stored for"), (False, "signed in")])
def test_what_was_not_read_back_is_not_called_stored(panel: SignInPanel, read_back: bool, words: str) -> None:
    panel.stored(TokenStored(stories.GRAPH_1, "MS Graph 1", stories.UPN, stories.OBJECT_ID, Tier.PINNED, read_back))
    assert words in panel.phase.text()
    assert ("token stored" in panel.phase.text()) is read_back
    QApplication.processEvents()
