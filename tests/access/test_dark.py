"""Dark in the usual size, where every status is in sight; and the menus, which no picture shows, in both schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.access import ink
from tests.access.staging import played, settle

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

FULL_OF_STATUS = (
    "overview",
    "overview-filtered",
    "check",
    "signing-in",
    "wrong-user",
    "doctor",
    "importing",
    "unlocked",
    "settings",
)


@pytest.mark.parametrize("name", FULL_OF_STATUS)
def test_every_text_has_contrast(qapp: QApplication, name: str) -> None:
    with played(name, scheme="dark") as scene:
        assert ink.faint(scene.top) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_menus_have_contrast(qapp: QApplication, scheme: str) -> None:
    with played("check", scheme=scheme) as scene:
        for menu in scene.scene.window.actions_by_verb.menus:
            menu.popup(scene.top.pos())
            menu.setActiveAction(next(action for action in menu.actions() if action.isEnabled()))
            settle()
            texts = ink.inks(menu)
            assert len(texts) >= len([action for action in menu.actions() if not action.isSeparator()])
            assert [text for text in texts if text.contrast < ink.ENOUGH_WHERE_DISABLED] == []
            pale = {text.text for text in texts if text.contrast < ink.ENOUGH}
            able = " ".join(action.text().replace("&", "") for action in menu.actions() if action.isEnabled())
            assert [word for word in pale if word in able and len(word) > 5] == []
            menu.hide()
