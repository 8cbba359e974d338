"""Each kind of setting has a control that shows its values, gives them back, and tells only what a person did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget

from exoalias.domain.settings import SETTINGS, built_in, setting
from exoalias.ui.dialogs.setting_controls import Boxes, Choice, Control, Line, Number, YesNo, control_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from exoalias.domain.setting import Setting


def made(qtbot: QtBot, name: str) -> tuple[Control, list[str]]:
    known = setting(name)
    assert known is not None
    control = control_of(known)
    qtbot.addWidget(control)
    edited: list[str] = []
    control.edited.connect(lambda: edited.append(control.text()))
    control.show()
    return control, edited


@pytest.mark.parametrize("known", SETTINGS, ids=lambda known: known.name)
def test_each_shows_and_gives_back_without_being_edited(qtbot: QtBot, known: Setting) -> None:
    control, edited = made(qtbot, known.name)
    text = known.text(built_in(known))
    control.show_text(text)
    assert control.text() == text
    assert edited == []
    inside = control.findChildren(QWidget, known_name := f"setting-{known.name}") or control.findChildren(QWidget)
    assert any(widget.accessibleName() or getattr(widget, "text", str)() for widget in inside), known_name


def test_a_number(qtbot: QtBot) -> None:
    control, edited = made(qtbot, "idle_minutes")
    assert isinstance(control, Number)
    control.show_text("7")
    QTest.keyClick(control.spin, Qt.Key.Key_Up)
    assert edited == ["8"]
    control.spin.selectAll()
    QTest.keyClicks(control.spin, "999")
    assert int(control.text()) <= 120
    assert control.spin.accessibleName() == "Lock a session after"


def test_a_box(qtbot: QtBot) -> None:
    control, edited = made(qtbot, "first_use")
    assert isinstance(control, YesNo)
    control.show_text("no")
    QTest.keyClick(control.box, Qt.Key.Key_Space)
    assert edited == ["yes"]


def test_the_ways_in(qtbot: QtBot) -> None:
    control, edited = made(qtbot, "ways")
    assert isinstance(control, Boxes)
    control.show_text("browser,oauth")
    assert control.text() == "browser,oauth"
    QTest.keyClick(control.boxes["browser"], Qt.Key.Key_Space)
    QTest.keyClick(control.boxes["oauth"], Qt.Key.Key_Space)
    assert edited == ["oauth", ""]


def test_a_choice(qtbot: QtBot) -> None:
    control, edited = made(qtbot, "appearance")
    assert isinstance(control, Choice)
    control.show_text("system")
    QTest.keyClick(control.combo, Qt.Key.Key_Down)
    assert edited == ["light"]


def test_a_path_typed_and_chosen(qtbot: QtBot) -> None:
    control, edited = made(qtbot, "ca_file")
    assert isinstance(control, Line)
    control.show_text("system")
    assert control.edit.text() == ""
    assert control.edit.placeholderText() == "as the system has it"
    QTest.keyClicks(control.edit, "/x")
    assert edited[-1] == "/x"
    control.edit.clear()
    assert control.text() == "system"
    choose = control.findChild(QPushButton, "setting-ca_file-choose")
    assert isinstance(choose, QPushButton)
    assert choose.accessibleName() == "Choose a file: Certificate authorities"
    choose.click()
    dialog = control.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit("/chosen.pem")
    assert edited[-1] == "/chosen.pem"
    dialog.close()


@pytest.mark.parametrize("name", ["idle_minutes", "appearance"])
def test_the_wheel_changes_nothing_in_passing(qtbot: QtBot, name: str) -> None:
    control, edited = made(qtbot, name)
    inner = control.focusProxy()
    assert inner is not None
    turned = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, -120), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    inner.clearFocus()
    QApplication.sendEvent(inner, turned)
    assert edited == []
    assert not turned.isAccepted()
