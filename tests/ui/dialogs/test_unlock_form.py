"""The name has to be typed as it is: only then there is a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from exoalias.ui.dialogs.unlock_form import LONGEST_MINUTES, UnlockForm

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def form(qtbot: QtBot) -> UnlockForm:
    made = UnlockForm("acme production", 30)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("typed", ["", "acme", "Acme production", "acme  production", "acme productio", "acme production x"])
def test_anything_else_leaves_it_locked(form: UnlockForm, typed: str) -> None:
    sent: list[bool] = []
    form.submitted.connect(lambda: sent.append(True))
    QTest.keyClicks(form.typed, typed)
    assert not form.go.isEnabled()
    QTest.keyClick(form.typed, Qt.Key.Key_Return)
    form._submit()
    assert sent == []
    assert form.isVisible()


@pytest.mark.parametrize("typed", ["acme production", " acme production "])
def test_the_name_itself_unlocks(form: UnlockForm, typed: str) -> None:
    sent: list[bool] = []
    form.submitted.connect(lambda: sent.append(True))
    QTest.keyClicks(form.typed, typed)
    assert form.go.isEnabled()
    QTest.keyClick(form.typed, Qt.Key.Key_Return)
    assert sent == [True]


def test_it_says_for_how_long_and_never_for_ever(form: UnlockForm) -> None:
    assert form.minutes.value() == 30
    form.minutes.setValue(10_000)
    assert form.minutes.value() == LONGEST_MINUTES
    form.minutes.setValue(0)
    assert form.minutes.value() == 1
