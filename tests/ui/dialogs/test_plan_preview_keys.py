"""Plans of every kind, by keyboard: Enter agrees, Esc does not, and an empty plan can only be closed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from exoalias.domain.plan import Plan
from exoalias.ui.dialogs.plan_preview import PlanPreview
from tests.ui import stories

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def shown(qtbot: QtBot, plan: Plan) -> tuple[PlanPreview, list[bool]]:
    preview = PlanPreview(plan, stories.UPN)
    qtbot.addWidget(preview)
    agreed: list[bool] = []
    preview.agreed.connect(agreed.append)
    preview.open()
    qtbot.waitUntil(preview.isActiveWindow)
    return preview, agreed


def words(preview: PlanPreview) -> str:
    return "\n".join(label.text() for label in preview.findChildren(QLabel))


def press(preview: PlanPreview, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or preview, key)
    QApplication.processEvents()


@pytest.mark.parametrize(
    ("plan", "summary", "button"),
    [
        (stories.plan(), "2 changes to write", "&Write 2 changes"),
        (
            stories.plan(profiles=True),
            "Nothing to write; 2 sign-ins to do",
            "&Sign in MS Graph 1 and MS Graph 2",
        ),
        (stories.plan(profiles=True, tokens=1), "Nothing to write; 1 sign-in to do", "&Sign in MS Graph 2"),
    ],
)
def test_enter_agrees_to_what_the_button_says(qtbot: QtBot, plan: Plan, summary: str, button: str) -> None:
    preview, agreed = shown(qtbot, plan)
    assert summary in words(preview)
    focused = QApplication.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == button
    press(preview, Qt.Key.Key_Return)
    assert agreed == [True]
    assert not preview.isVisible()


def test_the_sign_ins_are_left_for_later_by_the_space_bar(qtbot: QtBot) -> None:
    preview, agreed = shown(qtbot, stories.plan())
    preview.then_sign_in.setFocus()
    press(preview, Qt.Key.Key_Space)
    press(preview, Qt.Key.Key_Return)
    assert agreed == [False]


@pytest.mark.parametrize("plan", [stories.plan(), stories.plan(profiles=True), Plan(stories.ORIGIN, ())])
def test_esc_agrees_to_nothing(qtbot: QtBot, plan: Plan) -> None:
    preview, agreed = shown(qtbot, plan)
    press(preview, Qt.Key.Key_Escape)
    assert agreed == []
    assert not preview.isVisible()


def test_an_empty_plan_can_only_be_closed(qtbot: QtBot) -> None:
    preview, agreed = shown(qtbot, Plan(stories.ORIGIN, ()))
    assert [button.text() for button in preview.findChildren(QPushButton)] == ["&Close"]
    assert "Everything that exoalias can set is as it should be." in words(preview)
    assert not preview.then_sign_in.isVisible()
    press(preview, Qt.Key.Key_Return)
    assert agreed == []


def test_what_was_left_out_is_named_with_its_reason(qtbot: QtBot) -> None:
    preview, _agreed = shown(qtbot, replace(stories.plan(), blocked=("MS Graph 3: two records have this name.",)))
    assert "two records have this name" in words(preview)
    assert "Nothing has been written yet." in words(preview)
