"""One thing at a time stands on the stage, and it is gone when nothing does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from exoalias.ui.stage import Stage

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_one_thing_at_a_time(qtbot: QtBot) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    one, other = QLabel("one"), QLabel("other")
    stage.show_only(one)
    assert (stage.isVisible(), one.isVisible()) == (True, True)
    stage.show_only(other)
    assert (one.isVisible(), other.isVisible()) == (False, True)
    stage.show_only(None)
    assert (stage.isVisible(), other.isVisible()) == (False, False)
