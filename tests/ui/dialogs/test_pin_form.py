"""The pin as it is, and no button without what confirms it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from exoalias.app import pins
from exoalias.ui.dialogs.pin_form import LAST_CHARACTERS, PinForm
from tests.ui import stories

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from exoalias.domain.target import Pin

NAME, OTHER = "acme production", stories.OTHER_ID


def made(qtbot: QtBot, pin: Pin | None) -> PinForm:
    form = PinForm(NAME, pin)
    qtbot.addWidget(form)
    form.show()
    return form


@pytest.fixture
def form(qtbot: QtBot) -> PinForm:
    return made(qtbot, stories.PIN)


def sent(form: PinForm) -> list[str]:
    told: list[str] = []
    form.submitted.connect(lambda: told.append("pin"))
    form.removed.connect(lambda: told.append("remove"))
    return told


def shown(form: PinForm, name: str) -> str:
    label = form.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text()


def test_it_shows_whose_since_when_and_by_which_sign_in(form: PinForm, qtbot: QtBot) -> None:
    assert shown(form, "pin-object-id") == stories.OBJECT_ID
    assert shown(form, "pin-tenant") == stories.TENANT
    assert "2026-03-12" in shown(form, "pin-since")
    assert "sign-in s-17" in shown(form, "pin-since")
    assert "signed ID token" in shown(form, "pin-tier")
    assert "by hand" in shown(made(qtbot, replace(stories.PIN, sign_in="")), "pin-since")


def test_the_end_of_the_object_id_is_as_long_as_the_app_wants_it() -> None:
    assert LAST_CHARACTERS == pins.LAST_CHARACTERS


@pytest.mark.parametrize("typed", ["", "acme", "yes", stories.OBJECT_ID[:8], OTHER[-8:], stories.OBJECT_ID])
def test_anything_else_leaves_it_as_it_is(form: PinForm, typed: str) -> None:
    told = sent(form)
    form.object_id.setText(OTHER)
    QTest.keyClicks(form.typed, typed)
    assert not form.go.isEnabled()
    assert not form.remove.isEnabled()
    QTest.keyClick(form.typed, Qt.Key.Key_Return)
    form._submit()
    form._remove()
    assert told == []
    assert "Type what is shown" in form.says.text()


@pytest.mark.parametrize("typed", [NAME, f" {NAME} ", stories.OBJECT_ID[-8:], stories.OBJECT_ID[-8:].upper()])
def test_the_name_or_the_end_of_the_account_that_is_lost(form: PinForm, typed: str) -> None:
    told = sent(form)
    QTest.keyClicks(form.typed, typed)
    assert (form.go.isEnabled(), form.remove.isEnabled()) == (False, True), "no other account was typed"
    form._submit()
    assert "object id is missing" in form.says.text()
    form.object_id.setText(OTHER)
    QTest.keyClick(form.typed, Qt.Key.Key_Return)
    assert told == ["pin"]


def test_removed_by_its_button_once(form: PinForm) -> None:
    told = sent(form)
    QTest.keyClicks(form.typed, NAME)
    form.remove.setFocus()
    QTest.keyClick(form.remove, Qt.Key.Key_Space)
    assert told == ["remove"]
    assert not form.remove.isEnabled()
    assert not form.go.isEnabled()


def test_nobody_is_pinned_yet(qtbot: QtBot) -> None:
    form = made(qtbot, None)
    assert shown(form, "pin-none") == "Nobody is pinned."
    QTest.keyClicks(form.typed, NAME)
    assert not form.remove.isEnabled()
    form._remove()
    form.typed.clear()
    form.object_id.setText("{" + OTHER.upper() + "}")
    QTest.keyClicks(form.typed, OTHER[-8:])
    assert form.go.isEnabled()


def test_what_is_refused_can_be_tried_again(form: PinForm) -> None:
    from exoalias.domain.problems import UsageProblem

    QTest.keyClicks(form.typed, NAME)
    form.remove.click()
    form.refuse(UsageProblem(why="Not now."))
    assert form.says.text() == "Not now."
    assert form.remove.isEnabled()
