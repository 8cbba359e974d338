"""Ids are looked at before anything is sent; what can be taken is sent as it was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from exoalias.domain.delegated import DelegatedUser
from exoalias.ui.dialogs.target_form import TargetForm
from tests.ui import stories

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


@pytest.fixture
def form(qtbot: QtBot) -> TargetForm:
    made = TargetForm(stories.BARE)
    qtbot.addWidget(made)
    made.upn.setText(stories.UPN)
    made.open()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.mark.parametrize("field", ["object_id", "client"])
@pytest.mark.parametrize(
    "typed",
    [
        "7d0c",
        "x" * 36,
        stories.OBJECT_ID[:-1],
        stories.OBJECT_ID + "0",
        stories.OBJECT_ID.replace("-", "0"),
        stories.UPN + "a" * 7,
    ],
)
def test_what_is_no_guid_is_not_sent(form: TargetForm, field: str, typed: str) -> None:
    sent: list[int] = []
    form.submitted.connect(lambda: sent.append(1))
    edit = form.object_id if field == "object_id" else form.client
    edit.setText(typed)
    form.upn.setFocus()
    QTest.keyClick(form.upn, Qt.Key.Key_Return)
    assert sent == []
    assert "not complete" in form.says.text()
    assert form.says.isVisible()
    assert edit.hasFocus(), "the keyboard is where something is to be put right"
    assert edit.text() == typed, "what was typed stays"
    edit.setText(stories.OBJECT_ID)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert sent == [1]
    assert not form.says.isVisible()


@pytest.mark.parametrize(
    "typed", ["", stories.OBJECT_ID, stories.OBJECT_ID.upper(), f"  {stories.OBJECT_ID} ", f"{{{stories.OBJECT_ID}}}"]
)
def test_a_guid_as_people_paste_it_is_taken(form: TargetForm, typed: str) -> None:
    form.object_id.setText(typed)
    assert form.missing() == ""
    assert form.said()["object_id"] == typed.strip()


def test_what_is_known_is_shown_and_said_again(qtbot: QtBot) -> None:
    user = DelegatedUser(stories.UPN, stories.OBJECT_ID, "rooms@birkenfeld.example")
    form = TargetForm(stories.ENTRY._replace(delegated_user=user, public_client_id=stories.TENANT))
    qtbot.addWidget(form)
    form.offer(stories.candidates())
    assert form.said() == {
        "delegated_user": stories.UPN,
        "object_id": stories.OBJECT_ID,
        "mail": "rooms@birkenfeld.example",
        "public_client_id": stories.TENANT,
        "profile": stories.PROFILE,
    }


def test_the_command_follows_the_user_and_can_be_copied(form: TargetForm, qapp: QApplication) -> None:
    form.upn.setText("b@c.example")
    form.copy.click()
    assert qapp.clipboard().text() == "az ad user show --id b@c.example --query id -o tsv"
    assert qapp.clipboard().text() in form.how.text()
    form.upn.clear()
    assert "--id UPN " in form.command()


def test_a_candidate_is_heard_with_its_reasons(form: TargetForm) -> None:
    form.offer(stories.candidates())
    heard = [form.profiles.item(at).data(Qt.ItemDataRole.AccessibleTextRole) for at in range(form.profiles.count())]
    assert heard[0].startswith(f"{stories.PROFILE_NAME}, fits. authorization code on both.")
    assert "does not fit" in heard[1]
