"""Texts from outside are never drawn as markup; marks and words follow the palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from exoalias.domain.checklist import Status
from exoalias.ui import theme
from exoalias.ui.labels import Mark, ToneLabel, fixed, heading, links, named, prose, value

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

HOSTILE = '<a href="https://evil.example">click</a><img src="file:///etc/passwd">'


def test_prose_is_plain(qtbot: QtBot) -> None:
    for make in (prose, heading, fixed):
        label = make(HOSTILE)
        qtbot.addWidget(label)
        assert label.textFormat() is Qt.TextFormat.PlainText
        assert label.text() == HOSTILE


def test_ids_are_read_letter_by_letter_and_words_as_words(qtbot: QtBot) -> None:
    an_id, words, usual = value("7d0c2f8e-51b4", name="id"), value("Proven: the same account.", name="words"), prose("")
    for label in (an_id, words, usual):
        qtbot.addWidget(label)
    assert QFontInfo(an_id.font()).fixedPitch()
    assert words.font() == usual.font()
    assert (an_id.objectName(), words.objectName()) == ("id", "words")


def test_links_escape_what_they_are_given(qtbot: QtBot) -> None:
    label = links(((HOSTILE, "https://www.servicenow.com/docs?a=1&b='\"><b>"),))
    qtbot.addWidget(label)
    assert "<img" not in label.text()
    assert "<b>" not in label.text()
    assert label.text().count("<a ") == 1
    assert label.textInteractionFlags() & Qt.TextInteractionFlag.LinksAccessibleByKeyboard


def test_a_mark_is_drawn_in_its_tone(qtbot: QtBot) -> None:
    mark = Mark(theme.tone(Status.WRONG), factor=2)
    qtbot.addWidget(mark)
    first = mark.grab().toImage()
    mark.show_tone(theme.tone(Status.HOLDS))
    assert mark.grab().toImage() != first


def test_a_word_has_its_tones_colour(qtbot: QtBot) -> None:
    label = named(ToneLabel(theme.tone(None)), "word")
    qtbot.addWidget(label)
    label.show_tone(theme.tone(Status.WRONG), "wrong")
    assert label.text() == "wrong"
    assert label.objectName() == "word"
    assert label.palette().color(QPalette.ColorRole.WindowText) == theme.colour(theme.tone(Status.WRONG), label.palette())


def test_tab_goes_through_links_one_by_one_and_back_out_of_them(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    before, label, after = (
        QPushButton("before", page),
        links((("one", "https://a"), ("two", "https://b")), page),
        QPushButton("after"),
    )
    column = QVBoxLayout(page)
    for widget in (before, label, after):
        column.addWidget(widget)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    before.setFocus()

    def gone_through(key: Qt.Key) -> list[tuple[QWidget | None, str]]:
        stops = []
        for _press in range(4):
            QTest.keyClick(QApplication.focusWidget() or page, key)
            stops.append((QApplication.focusWidget(), label.selectedText()))
        return stops

    assert gone_through(Qt.Key.Key_Tab) == [(label, ""), (label, "one"), (label, "two"), (after, "")]
    assert gone_through(Qt.Key.Key_Backtab)[-1][0] is before
