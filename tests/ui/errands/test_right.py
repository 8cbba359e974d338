"""Saying that an instance is right, and ServiceNow's own scan: both ask first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from exoalias.domain.checklist import Act, Action
from tests.ui import stories
from tests.ui.hands import CTRL, checked, with_instance

SHIFT = Qt.KeyboardModifier.ShiftModifier

if TYPE_CHECKING:
    from tests.ui.hands import App, Face


@pytest.mark.parametrize(("key", "shift", "verb"), [(Qt.Key.Key_M, False, "remember"), (Qt.Key.Key_E, True, "scan")])
def test_both_ask_first(face: Face, app: App, key: Qt.Key, shift: bool, verb: str) -> None:
    with_instance(app, profiles=True)
    checked(face)
    face.key(key, CTRL | SHIFT if shift else CTRL)
    assert face.focus() == "ask-back"
    face.key(Qt.Key.Key_Return)
    assert verb not in [c[0] for c in app.calls]
    face.key(key, CTRL | SHIFT if shift else CTRL)
    face.find("ask-go").click()
    face.idle()
    assert (verb, stories.NAME) in app.calls


def test_a_lines_button_asks_for_the_scan(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    face.conductor.act(Action(Act.SCAN, "Run the scan …"))
    assert "scan" in face.dialog.windowTitle()
    face.key(Qt.Key.Key_Escape)


def test_without_an_instance_nothing_is_asked(face: Face) -> None:
    from exoalias.ui.errands.right import WhatWasRight

    face.open()
    errand = face.conductor.errands.of(WhatWasRight)
    errand.remember()
    errand.scan()
    assert face.dialog is None
