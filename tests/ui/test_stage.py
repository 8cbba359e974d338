"""One thing at a time stands on the stage, and it is gone when nothing does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from exoalias.ui.labels import prose
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


def test_what_is_below_stays_in_sight_however_much_is_on_it(qtbot: QtBot) -> None:
    page, stage, below = QWidget(), Stage(), QLabel("below")
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    column.addWidget(stage)
    column.addWidget(below, 1)
    page.resize(500, 400)
    page.show()
    words = prose("word " * 40)
    words.setAccessibleName("Words")
    stage.show_only(words)
    QApplication.processEvents()
    assert stage.height() == stage.needed()
    assert stage.accessibleName() == "Words"
    words.setText("word " * 2000)
    QApplication.processEvents()
    assert below.visibleRegion().boundingRect().height() > 100
    assert stage.verticalScrollBar().maximum() > 0
