"""The script can be read and copied; only a line of it is sent on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication

from exoalias.domain.problems import InstanceCannotTell
from exoalias.ui.dialogs.owner_form import OwnerForm

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def form(qtbot: QtBot) -> OwnerForm:
    made = OwnerForm("acme", ("MS Graph 1", "MS Graph 2"))
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_script_comes_and_can_be_copied_but_not_changed(form: OwnerForm) -> None:
    assert not form.copy.isEnabled()
    form.show_script("var a = 1;\nvar b;")
    assert form.script.isReadOnly()
    form.copy.click()
    assert QGuiApplication.clipboard().text() == "var a = 1;\nvar b;"


def test_another_credential_wants_another_script(form: OwnerForm) -> None:
    wanted: list[str] = []
    form.wanted.connect(wanted.append)
    form.show_script("one")
    form.credential.setCurrentText("MS Graph 2")
    assert wanted == ["MS Graph 2"]
    assert not form.copy.isEnabled(), "the script shown before was another's"
    assert "one" not in form.script.toPlainText()


@pytest.mark.parametrize("pasted", ["", "Script completed"])
def test_without_a_line_nothing_is_sent(form: OwnerForm, pasted: str) -> None:
    sent: list[bool] = []
    form.submitted.connect(lambda: sent.append(True))
    form.answer.setPlainText(pasted)
    form.go.click()
    assert sent == []
    assert "exoalias-answer" in form.says.text()


def test_with_one_it_is_and_a_refusal_keeps_it(form: OwnerForm) -> None:
    sent: list[bool] = []
    form.submitted.connect(lambda: sent.append(True))
    form.answer.setPlainText("*** Script: exoalias-answer 1 …")
    form.go.click()
    assert sent == [True]
    form.refuse(InstanceCannotTell(credential="MS Graph 1", why="it holds no access token just now"))
    assert "can't tell" in form.says.text()
    assert form.answer.toPlainText()


def test_every_field_has_a_name_for_those_who_do_not_see_it(form: OwnerForm) -> None:
    for field in (form.credential, form.script, form.answer):
        assert field.accessibleName()
