"""What should be true: candidates ranked with reasons, the only fitting one chosen, none chosen where several fit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from exoalias.ui.dialogs.target_form import TargetForm
from tests.ui import stories

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def form(qtbot: QtBot) -> TargetForm:
    made = TargetForm(stories.BARE._replace(), None)
    qtbot.addWidget(made)
    return made


def test_the_only_fitting_profile_is_chosen(form: TargetForm) -> None:
    form.offer(stories.candidates())
    assert form.said()["profile"] == stories.PROFILE
    assert "does not fit" in form.profiles.item(1).text()
    assert "client credentials" in form.profiles.item(1).text()


def test_none_is_chosen_where_two_fit(form: TargetForm) -> None:
    form.offer(tuple(replace(c, eligible=True) for c in stories.candidates()))
    assert "profile" not in form.said()


def test_what_was_chosen_before_stays_chosen(qtbot: QtBot) -> None:
    form = TargetForm(stories.ENTRY._replace(profile="2"), None)
    qtbot.addWidget(form)
    form.offer(stories.candidates())
    assert form.said()["profile"] == "2"


def test_no_candidates_are_explained(form: TargetForm) -> None:
    form.offer(())
    assert "application registry" in form.profiles.item(0).text()
    assert not form.profiles.item(0).flags() & Qt.ItemFlag.ItemIsSelectable
    form.no_candidates("The instance is hibernating.")
    assert form.profiles.item(0).text() == "The instance is hibernating."
    assert "profile" not in form.said()


def test_a_user_without_an_at_is_not_sent(form: TargetForm) -> None:
    form.upn.setText("svc-rooms")
    assert "@" in form.missing()
    form.upn.setText(stories.UPN)
    assert form.missing() == ""


def test_the_keyboard_starts_in_the_first_line_and_a_long_command_is_not_cut_off(form: TargetForm, qtbot: QtBot) -> None:
    form.open()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow, timeout=5000)
    assert form.upn.hasFocus()
    form.upn.setText("svc-" + "rooms-of-the-whole-company" * 3 + "@example.com")
    qtbot.wait(50)
    assert form.how.height() >= form.how.heightForWidth(form.how.width())


def test_who_is_pinned_is_said(form: TargetForm) -> None:
    form.show()
    form.show_pin(stories.PIN)
    assert form.pinned.height() >= form.pinned.heightForWidth(form.pinned.width()), "it is cut off"
    assert stories.PIN.account.object_id in form.pinned.text()
    assert stories.PIN.account.tenant_id in form.pinned.text()
    form.show_pin(None)
    assert form.pinned.text() == "No account is pinned. The next proven sign-in pins one."
