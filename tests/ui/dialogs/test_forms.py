"""Forms are sent only when complete; first use stores only when told to."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt

from exoalias.domain.events import FirstUseQuestion, TokenStored
from exoalias.domain.problems import Cancelled
from exoalias.domain.target import Tier
from exoalias.ui.labels import Mark
from tests.ui import stories

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exoalias.app.control import Control
    from exoalias.domain.events import Tell
    from tests.ui.hands import App, Face

from tests.ui.hands import CTRL, start_sign_in


def test_an_incomplete_form_is_not_sent(face: Face, app: App) -> None:
    face.open()
    face.key(Qt.Key.Key_N, CTRL)
    face.find("add-address").setFocus()
    face.key(Qt.Key.Key_Return)
    says = face.find("form-says")
    assert "address" in says.text()
    mark = next(each for each in face.window.findChildren(Mark) if each.isVisible() and each.window() is says.window())
    assert abs(mark.mapToGlobal(QPoint()).y() - says.mapToGlobal(QPoint()).y()) < mark.height()
    assert not app.calls


@pytest.mark.parametrize(("press", "wish"), [(Qt.Key.Key_Escape, "disagree"), (Qt.Key.Key_Return, "disagree"), (None, "agree")])
def test_first_use_stores_only_when_told_to(face: Face, app: App, press: Qt.Key | None, wish: str) -> None:
    wishes: list[str | None] = []

    def does(_names: Sequence[str], tell: Tell, control: Control) -> None:
        tell(FirstUseQuestion("MS Graph 1", stories.UPN, stories.OTHER_ID, stories.TENANT))
        while (answer := control.next_wish()) is None:
            threading.Event().wait(0.01)
        wishes.append(answer)
        if answer == "agree":
            tell(TokenStored(stories.GRAPH_1, "MS Graph 1", stories.UPN, stories.OTHER_ID, Tier.FIRST_USE, True))

    app.sign_in_does = does
    start_sign_in(face, app)
    face.wait(lambda: face.dialog is not None and face.focus() == "first-use-no")
    assert face.find("first-use-object-id").text() == stories.OTHER_ID
    assert face.find("first-use-command").cursorPosition() == 0
    if press is None:
        face.find("first-use-yes").setFocus()
        face.key(Qt.Key.Key_Space)
    else:
        face.key(press)
    face.idle()
    assert wishes == [wish]
    if wish == "agree":
        assert face.find("banner-title").text() == "Stored, owner unconfirmed"


def test_a_first_use_question_goes_when_the_sign_in_ends(face: Face, app: App) -> None:
    asked = threading.Event()

    def does(_names: Sequence[str], tell: Tell, _control: Control) -> None:
        tell(FirstUseQuestion("MS Graph 1", stories.UPN, stories.OTHER_ID, stories.TENANT))
        assert asked.wait(20)
        raise Cancelled(credential="MS Graph 1")

    app.sign_in_does = does
    start_sign_in(face, app)
    face.wait(lambda: face.dialog is not None)
    asked.set()
    face.idle()
    face.wait(lambda: face.dialog is None)
