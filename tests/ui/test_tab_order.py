"""Tab follows what stands where, whatever was made first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from exoalias.ui.tab_order import in_reading_order

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_tab_goes_line_by_line_and_part_by_part(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    names = ("last", "right 2", "right 1", "left 2", "left 1", "first")  # made the other way round
    made = {name: QPushButton(name, page) for name in names}
    column, middle = QVBoxLayout(page), QHBoxLayout()
    column.addWidget(made["first"])
    column.addLayout(middle)
    for side in ("left", "right"):
        part = QWidget(page)
        inside = QVBoxLayout(part)
        inside.addWidget(made[f"{side} 1"])
        inside.addWidget(made[f"{side} 2"])
        middle.addWidget(part)
    column.addWidget(made["last"])
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    made["right 2"].setEnabled(False)
    in_reading_order(page)
    made["first"].setFocus()
    stops = []
    for _press in range(6):
        here = QApplication.focusWidget()
        assert here is not None
        stops.append(here)
        QTest.keyClick(here, Qt.Key.Key_Tab)
    assert stops == [made[name] for name in ("first", "left 1", "left 2", "right 1", "last", "first")]
