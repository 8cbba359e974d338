"""Each missing thing is named and stood on; a refusal loses nothing but the password."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from exoalias.domain.problems import BadAddress, VaultLocked
from exoalias.domain.ways import Need, Way
from exoalias.ui.dialogs.forms import FirstUse
from exoalias.ui.dialogs.instance_form import InstanceForm
from tests.ui import stories

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

TYPED = {"address": "https://a.service-now.com", "name": "acme", "user": "ada", "secret": "a-secret-of-the-test"}


def line(form: InstanceForm, field: str) -> QLineEdit:
    lines = {"address": form.address, "name": form.name, "user": form.edits[Need.USER], "secret": form.edits[Need.PASSWORD]}
    return lines[field]


@pytest.fixture
def form(qtbot: QtBot) -> InstanceForm:
    made = InstanceForm()
    qtbot.addWidget(made)
    made.way.setCurrentIndex(made.way.findData(Way.PASSWORD.value))
    for field, text in TYPED.items():
        line(made, field).setText(text)
    made.open()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.mark.parametrize("blank", ["", "   "])
@pytest.mark.parametrize(("field", "word"), [("address", "address"), ("name", "name"), ("user", "User"), ("secret", "Password")])
def test_each_missing_thing_is_named(form: InstanceForm, field: str, word: str, blank: str) -> None:
    sent: list[int] = []
    form.submitted.connect(lambda: sent.append(1))
    edit = line(form, field)
    other = line(form, "user") if field != "user" else form.name
    other.setFocus()
    edit.setText(blank)  # now: leaving the address suggests a name
    QTest.keyClick(other, Qt.Key.Key_Return)
    assert sent == []
    assert word in form.says.text()
    assert form.says.accessibleName() == form.says.text()
    assert QApplication.focusWidget() is edit
    assert all(line(form, f).text() == t for f, t in TYPED.items() if f != field)


def test_a_refusal_loses_nothing_but_the_password(form: InstanceForm) -> None:
    sent: list[str] = []
    form.submitted.connect(lambda: sent.append(form.take().secrets["password"]))
    line(form, "user").setFocus()
    QTest.keyClick(line(form, "user"), Qt.Key.Key_Return)
    QTest.keyClick(line(form, "user"), Qt.Key.Key_Return)
    assert sent == [TYPED["secret"]], "a second press before the answer sends nothing"
    assert not form.go.isEnabled()
    form.refuse(BadAddress(text=TYPED["address"], why="no such host"))
    assert "no such host" in form.says.text()
    assert "https://NAME.service-now.com" in form.says.text(), "the remedy stands with it"
    assert form.go.isEnabled()
    assert {f: line(form, f).text() for f in TYPED} == {**TYPED, "secret": ""}


def test_a_keyring_that_is_locked_points_to_this_run_only(form: InstanceForm) -> None:
    form.refuse(VaultLocked(why="declined"))
    assert "for this run only" in form.says.text()
    assert QApplication.focusWidget() is form.this_run_only


def test_the_password_is_never_drawn(form: InstanceForm) -> None:
    assert line(form, "secret").echoMode() is QLineEdit.EchoMode.Password
    assert TYPED["secret"] not in line(form, "secret").displayText()


def test_the_suggested_name_does_not_replace_a_given_one(form: InstanceForm) -> None:
    form.address.setFocus()
    QTest.keyClick(form.address, Qt.Key.Key_Tab)
    assert form.name.text() == "acme"


def test_closing_the_first_use_question_is_a_no(qtbot: QtBot, qapp: QApplication) -> None:
    question = FirstUse(stories.UPN, stories.OTHER_ID, stories.TENANT, "MS Graph 1")
    qtbot.addWidget(question)
    answers: list[bool] = []
    question.answered.connect(answers.append)
    question.open()
    copy = question.findChild(QPushButton, "first-use-copy")
    assert isinstance(copy, QPushButton)
    copy.click()
    assert qapp.clipboard().text() == stories.OTHER_ID
    assert answers == [], "copying answers nothing"
    question.close()
    assert answers == [False]
