"""Explained while typing; emptied again, it says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from exoalias.ui.dialogs.page_says import PageSays

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def dialog(qtbot: QtBot) -> PageSays:
    made = PageSays()
    qtbot.addWidget(made)
    made.show()
    return made


def said(dialog: PageSays) -> list[str]:
    return [label.text() for label in (dialog.title, dialog.cause, dialog.remedy, dialog.who)]


def test_it_explains_and_forgets(dialog: PageSays) -> None:
    QTest.keyClicks(dialog.text, "AADSTS50126")
    assert said(dialog)[0].startswith("AADSTS50126 · ")
    assert said(dialog)[2].startswith("What to do: ")
    assert said(dialog)[3].startswith("Who can do it: ")
    for _letter in "AADSTS50126":
        QTest.keyClick(dialog.text, Qt.Key.Key_Backspace)
    assert said(dialog) == ["", "", "", ""]


@pytest.mark.parametrize("text", ["AADSTS99999999", "<b>bold</b>", "something nobody has heard of", "🙂"])
def test_what_is_unknown_still_gets_an_answer(dialog: PageSays, text: str) -> None:
    dialog.text.setText(text)
    assert all(said(dialog)[:3])


def test_enter_does_not_close_it_and_escape_does(dialog: PageSays) -> None:
    QTest.keyClick(dialog.text, Qt.Key.Key_Return)
    assert dialog.isVisible()
    QTest.keyClick(dialog.text, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
