"""Each rule of this folder notices what it is for: a defect is planted for every one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from exoalias.domain.checklist import Status
from exoalias.ui import theme
from exoalias.ui.labels import Mark
from tests.access import ink, keyboard, reader, room

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def page(qtbot: QtBot) -> QDialog:
    """A window with two buttons and a line, in order, named, with room."""
    made = QDialog()
    qtbot.addWidget(made)
    column = QVBoxLayout(made)
    for name in ("one", "two"):
        button = QPushButton(name)
        button.setObjectName(f"button-{name}")
        column.addWidget(button)
    line = QLineEdit("written")
    line.setObjectName("line")
    line.setAccessibleName("A line")
    column.addWidget(line)
    column.addWidget(QLabel("Some words"))
    made.resize(300, 200)
    return made


def shown(qtbot: QtBot, page: QDialog) -> QDialog:
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


def part(page: QDialog, name: str) -> QWidget:
    found = page.findChild(QWidget, name)
    assert isinstance(found, QWidget)
    return found


def put(page: QDialog, widget: QWidget) -> QWidget:
    column = page.layout()
    assert column is not None
    column.addWidget(widget)
    return widget


def test_nothing_is_said_of_a_window_that_is_right(qtbot: QtBot, page: QDialog) -> None:
    shown(qtbot, page)
    stops, trap = keyboard.walk(page)
    assert (trap, keyboard.operable(page), keyboard.out_of_order(stops, page)) == (None, set(stops), [])
    for stop in stops:
        stop.setFocus()
        assert reader.unsaid(stop) == []
    assert reader.nameless(page) + reader.mute(page) + reader.alone(page) + ink.faint(page) + room.lost(page) == []


def test_what_tab_misses(qtbot: QtBot, page: QDialog) -> None:
    part(page, "button-two").setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    stops, _trap = keyboard.walk(shown(qtbot, page))
    assert [keyboard.called(w) for w in keyboard.operable(page) - set(stops)] == ["QPushButton button-two"]


def test_what_keeps_the_keyboard(qtbot: QtBot, page: QDialog) -> None:
    put(page, QPlainTextEdit())  # takes Tab as a letter
    _stops, trap = keyboard.walk(shown(qtbot, page))
    assert isinstance(trap, QPlainTextEdit)


def test_an_order_against_reading(qtbot: QtBot, page: QDialog) -> None:
    put(page, QCheckBox("three"))
    QWidget.setTabOrder(part(page, "line"), part(page, "button-one"))
    stops, _trap = keyboard.walk(shown(qtbot, page))
    assert keyboard.out_of_order(stops, page)


def test_a_name_a_role_and_a_state_that_are_wrong(qtbot: QtBot, page: QDialog) -> None:
    class Bare(QWidget):
        """Takes the keyboard, and is nothing a screen reader knows."""

    nameless, bare = put(page, QToolButton()), put(page, Bare())
    bare.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    shown(qtbot, page)
    for stop, words in ((nameless, "has no name"), (bare, "is a ")):
        stop.setFocus()
        assert any(words in said for said in reader.unsaid(stop)), words
    assert reader.nameless(page)
    part(page, "button-one").setAccessibleName("&One")
    assert any("letter's mark" in said for said in reader.unsaid(part(page, "button-one")))
    assert any("isn't focused" in said for said in reader.unsaid(part(page, "line")))


def test_a_text_that_is_not_told_and_an_icon_alone(qtbot: QtBot, page: QDialog) -> None:
    label = QLabel("New words")
    label.setAccessibleName("Old words")
    put(page, label)
    mark = put(page, Mark(theme.tone(Status.WRONG)))
    shown(qtbot, page)
    assert reader.mute(page) == ["QLabel Old words: 'New words' is 'Old words'"]
    assert len(reader.alone(page)) == 1
    mark.hide()
    assert reader.alone(page) == []


@pytest.mark.parametrize("enabled", [True, False])
def test_faint_words(qtbot: QtBot, page: QDialog, enabled: bool) -> None:
    label = put(page, QLabel("Faint words"))
    palette = QPalette(label.palette())
    palette.setColor(QPalette.ColorRole.Window, QColor("#ffffff"))
    palette.setColor(QPalette.ColorRole.WindowText, QColor("#7a7a7a" if enabled else "#a0a0a0"))  # 4.3 and 2.6 : 1
    label.setPalette(palette)
    label.setAutoFillBackground(True)
    label.setEnabled(enabled)
    assert any("in QLabel" in words for words in ink.faint(shown(qtbot, page)))


@pytest.mark.parametrize("readable", [True, False])
def test_a_selected_line_is_judged_by_the_ink_that_shows(qtbot: QtBot, page: QDialog, readable: bool) -> None:
    line = part(page, "line")
    assert isinstance(line, QLineEdit)
    palette = QPalette(line.palette())
    palette.setColor(QPalette.ColorRole.Base, QColor("#ffffff"))
    palette.setColor(QPalette.ColorRole.Text, QColor("#000000"))
    palette.setColor(QPalette.ColorRole.Highlight, QColor("#2874a3"))  # black on it has 4.1 : 1, white 5.1
    palette.setColor(QPalette.ColorRole.HighlightedText, QColor("#ffffff" if readable else "#8a96a0"))
    line.setPalette(palette)
    line.setText("An address that was given")
    shown(qtbot, page)
    line.setFocus()
    line.selectAll()
    assert any("in QLineEdit" in words for words in ink.faint(page)) is not readable


def test_what_is_cut_off(qtbot: QtBot, page: QDialog) -> None:
    label, wrapped, long = QLabel("Words that need more room than they have"), QLabel("wraps " * 30), QLabel("W" * 80)
    label.setFixedWidth(60)
    wrapped.setWordWrap(True)
    wrapped.setFixedSize(100, 20)
    long.setWordWrap(True)
    long.setFixedWidth(90)
    for each in (label, wrapped, long):
        put(page, each)
    button = put(page, QPushButton("A button with many words"))
    button.setFixedWidth(40)
    shown(qtbot, page)
    assert len(room.lost(page)) == 4
    label.setToolTip(label.text())
    assert len(room.lost(page)) == 3
    part(page, "button-one").setParent(page)
    outside = QPushButton("far away", page)
    outside.move(280, 190)
    outside.show()
    assert any("far away" in words or "in QDialog" in words for words in room.lost(page))


def test_every_status_has_a_shape_that_tells_it_without_colour() -> None:
    shapes = set()
    for tone in (*theme.TONES.values(), theme.UNCHECKED):
        image = theme.pixmap(tone.icon, QColor("#000000"), 16, 1.0).toImage()
        shapes.add(tuple(image.pixelColor(x, y).alpha() > 100 for x in range(16) for y in range(16)))
    assert len(shapes) == len(theme.TONES) + 1
