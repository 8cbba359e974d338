"""The checklist by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from tests.ui.hands import App, Face

from tests.ui.hands import CTRL, checked, with_instance


def test_the_keyboard_stays_where_the_person_was_after_a_new_check(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    view = face.window.checklist
    view.setFocus()
    face.key(Qt.Key.Key_Down)
    here = view.currentIndex().data()
    face.key(Qt.Key.Key_F5)
    face.idle()
    assert view.currentIndex().data() == here


def test_a_copy_button_copies(face: Face, app: App, qapp: QApplication) -> None:
    with_instance(app)
    checked(face)
    view = face.window.checklist
    line = view.lines.lines()[-1]
    view.setCurrentIndex(view.lines.index(view.lines.rowCount(line) - 1, 0, line))
    view.setFocus()
    face.key(Qt.Key.Key_Return)
    assert qapp.clipboard().text().startswith("Set-CalendarProcessing")
    face.key(Qt.Key.Key_C, CTRL)
    assert qapp.clipboard().text().startswith("advice: The meeting subject stays unchanged")


def test_the_line_stood_on_stays_in_sight_when_something_takes_room_above(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    view = face.window.checklist
    lowest = view.indexAt(QPoint(view.viewport().width() // 2, view.viewport().height() - 4))
    view.setCurrentIndex(lowest)
    panel = QWidget()
    panel.setMinimumHeight(view.height() // 2)
    face.window.stage.show_only(panel)
    face.bot.waitUntil(lambda: view.viewport().rect().contains(view.visualRect(view.currentIndex()).center()))
    view.verticalScrollBar().setValue(0)
    view.setCurrentIndex(view.lines.lines()[-1])
    view.verticalScrollBar().setValue(0)
    face.window.stage.show_only(None)
    QApplication.processEvents()
    assert view.verticalScrollBar().value() == 0, "who scrolled away from it is left there"
