"""The question for a one-time code, by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.ui.dialogs.code_question import CodeDialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.mark.parametrize(("typed", "told"), [("  123 456 ", "123 456"), ("654321", "654321")])
def test_the_code_is_told_once_and_forgotten(qtbot: QtBot, typed: str, told: str) -> None:
    dialog = CodeDialog("acme", "ada.keller")
    qtbot.addWidget(dialog)
    answers: list[object] = []
    dialog.answered.connect(answers.append)
    dialog.open()
    dialog.code.setText(typed)
    dialog.go.click()
    assert answers == [told]
    assert dialog.code.text() == ""


def test_escape_and_the_cross_tell_none(qtbot: QtBot) -> None:
    dialog = CodeDialog("acme", "ada.keller")
    qtbot.addWidget(dialog)
    answers: list[object] = []
    dialog.answered.connect(answers.append)
    dialog.open()
    dialog.reject()
    assert answers == [None]
