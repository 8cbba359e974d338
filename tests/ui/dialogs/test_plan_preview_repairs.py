"""Repairs in the plan: shown before and after with their reason, made only where their box is ticked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QWidget

from exoalias.domain.plan import Plan, SetField, SwitchScope
from exoalias.domain.records import SysId
from exoalias.ui.dialogs.plan_preview import PlanPreview
from tests.ui import stories

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

THEIRS, OURS = "https://birkenfeld.service-now.com/oauth_redirect.do", f"{stories.ORIGIN}/oauth_redirect.do"
REDIRECT = SetField(
    "oauth_entity",
    SysId("r"),
    "Exchange Online Strict",
    "redirect_url",
    THEIRS,
    THEIRS,
    OURS,
    OURS,
    3,
    None,
    "It must be this one.",
)


def cloned(*, blocked: bool) -> Plan:
    """The plan after a clone; *blocked*: nothing can be written but the repair."""
    usual = stories.plan()
    repaired = replace(usual, steps=(REDIRECT, *usual.steps))
    plain = Plan(stories.ORIGIN, (), ("Exchange Online Strict: that of another instance.",)) if blocked else usual
    return replace(plain, repaired=repaired)


def preview(qtbot: QtBot, plan: Plan) -> PlanPreview:
    """It, shown."""
    made = PlanPreview(plan, stories.UPN)
    qtbot.addWidget(made)
    made.show()
    return made


def words(dialog: QWidget) -> str:
    """Everything written on it."""
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


def test_where_only_repairs_are_possible_they_are_shown(qtbot: QtBot) -> None:
    dialog = preview(qtbot, cloned(blocked=True))
    assert dialog.repair.isVisible()
    assert dialog.repair.isChecked()
    assert dialog.repair.text() == "Put &back 1 thing that was right before"
    assert "1. Put back: Exchange Online Strict" in words(dialog)
    assert THEIRS in words(dialog)
    assert "It must be this one." in words(dialog)
    agree = dialog.findChild(QPushButton, "plan-agree")
    assert agree is not None
    assert agree.text() == "&Write 3 changes"
    with qtbot.waitSignal(dialog.agreed) as told:
        agree.click()
    assert told.args == [True]
    assert dialog.plan.writes[0] == REDIRECT


def test_untick_and_nothing_is_put_back(qtbot: QtBot) -> None:
    dialog = preview(qtbot, cloned(blocked=True))
    dialog.repair.click()
    assert dialog.plan.writes == ()
    assert "Put back:" not in words(dialog)
    assert "that of another instance" in words(dialog)
    assert dialog.findChild(QPushButton, "plan-agree") is None
    assert not dialog.then_sign_in.isVisible()
    dialog.repair.click()
    assert dialog.findChild(QPushButton, "plan-agree") is not None
    assert len(dialog.findChildren(QWidget, "plan-steps")) == 1


def test_beside_other_writes_repairs_are_left_to_the_person(qtbot: QtBot) -> None:
    dialog = preview(qtbot, cloned(blocked=False))
    assert not dialog.repair.isChecked()
    assert dialog.plan.writes == stories.plan().writes
    dialog.repair.click()
    assert dialog.plan.writes[0] == REDIRECT
    assert dialog.then_sign_in.isVisible()


def test_without_repairs_there_is_no_box(qtbot: QtBot) -> None:
    dialog = preview(qtbot, stories.plan())
    assert not dialog.repair.isVisible()
    assert isinstance(dialog.repair, QCheckBox)


def test_a_switch_of_the_application_is_shown(qtbot: QtBot) -> None:
    usual = stories.plan()
    switch = SwitchScope(SysId("a"), "Microsoft Exchange Online Spoke", "sn_ex_online_spke", "It is put back right after.")
    text = words(preview(qtbot, replace(usual, steps=(switch, *usual.steps))))
    assert "While writing, stand in Microsoft Exchange Online Spoke" in text
    assert "It is put back right after." in text
