"""As high as it needs where there is room, scrolled where there is not, and then a stop of Tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from exoalias.ui.labels import prose
from exoalias.ui.scrolled import Scrolled

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_it_is_as_high_as_what_is_in_it_and_scrolls_where_it_cannot_be(qtbot: QtBot) -> None:
    page, inside = QWidget(), QWidget()
    qtbot.addWidget(page)
    words = prose("word " * 100)
    QVBoxLayout(inside).addWidget(words)
    area = Scrolled(inside)
    column = QVBoxLayout(page)
    column.addWidget(area)
    column.addStretch(1)
    page.resize(400, 600)
    page.show()
    QApplication.processEvents()
    assert area.height() == area.needed() == inside.heightForWidth(area.width())
    assert area.verticalScrollBar().maximum() == 0
    assert area.focusPolicy() is Qt.FocusPolicy.NoFocus
    words.setText("word " * 200)
    QApplication.processEvents()
    assert area.height() == area.needed()
    page.resize(400, 120)
    QApplication.processEvents()
    assert area.verticalScrollBar().maximum() > 0
    assert area.focusPolicy() is Qt.FocusPolicy.StrongFocus
