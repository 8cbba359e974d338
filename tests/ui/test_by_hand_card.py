"""The steps of a sign-in without control, in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from exoalias.domain.by_hand import WARNING, steps
from exoalias.domain.events import ByHand
from exoalias.ui.by_hand_card import ByHandCard
from tests.ui import stories

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

W = TypeVar("W", bound=QWidget)
LISTED = steps(stories.ORIGIN, stories.AUTHORIZE, stories.INITIATOR, stories.UPN)
EVENT = ByHand(stories.GRAPH_1, "MS Graph 1", stories.UPN, WARNING, LISTED, "Firefox")


@pytest.fixture
def card(qtbot: QtBot) -> ByHandCard:
    made = ByHandCard()
    qtbot.addWidget(made)
    made.show_steps(EVENT)
    made.show()
    return made


def shown(card: ByHandCard, kind: type[W], name: str) -> W:
    """The widget of that name."""
    found = card.findChild(kind, name)
    assert found is not None
    return found


def test_every_step_and_its_address(card: ByHandCard) -> None:
    assert card.warning.text() == WARNING
    for number, step in enumerate(LISTED, 1):
        assert shown(card, QLabel, f"by-hand-step-{number}").text() == step.words
        field = card.findChild(QLineEdit, f"by-hand-address-{number}")
        assert (field.text() if field is not None else "") == step.address
        assert field is None or (field.isReadOnly() and field.cursorPosition() == 0)


def test_an_address_is_copied_whole(card: ByHandCard, qtbot: QtBot) -> None:
    with qtbot.waitSignal(card.copied) as told:
        shown(card, QPushButton, "by-hand-copy-4").click()
    assert told.args == [stories.INITIATOR]
    assert QApplication.clipboard().text() == stories.INITIATOR


def test_a_private_window_is_offered_where_one_can_be_opened(card: ByHandCard, qtbot: QtBot) -> None:
    assert card.open.text() == "&Open a private window of Firefox"
    with qtbot.waitSignal(card.opened):
        card.open.click()
    card.show_steps(ByHand(stories.GRAPH_2, "MS Graph 2", stories.UPN, WARNING, LISTED))
    assert not card.open.isVisible()


def test_the_next_credential_has_steps_of_its_own(card: ByHandCard, qtbot: QtBot) -> None:
    other = stories.INITIATOR.replace(stories.GRAPH_1, stories.GRAPH_2)
    listed = steps(stories.ORIGIN, stories.AUTHORIZE, other, stories.UPN)
    card.show_steps(ByHand(stories.GRAPH_2, "MS Graph 2", stories.UPN, WARNING, listed, "Firefox"))
    QApplication.processEvents()
    fields = [field.text() for field in card.findChildren(QLineEdit) if field.isVisible()]
    assert fields == [step.address for step in listed if step.address]
    assert card.open.isVisible()
