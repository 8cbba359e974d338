"""Texts laid out once: they end where they would if they were drawn plainly, and are forgotten with their font."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QImage, QPainter

from exoalias.ui import theme
from exoalias.ui.checklist.typeset import Typeset

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication

BOX = QRect(4, 3, 180, 20)
LONG = "The redirect address is this instance's, and not that of another one"


def drawn(how: Callable[[QPainter], object]) -> QImage:
    picture = QImage(200, 30, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    how(painter)
    painter.end()
    return picture


def plainly(text: str, align: Qt.AlignmentFlag, font: QFont) -> QImage:
    def draw(painter: QPainter) -> None:
        painter.setFont(font)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, BOX.width())
        painter.drawText(BOX, align | Qt.AlignmentFlag.AlignVCenter, shown)

    return drawn(draw)


def test_it_looks_as_if_drawn_plainly_the_first_time_and_the_next(qapp: QApplication) -> None:
    texts, font = Typeset(), qapp.font()
    texts.use(font)
    for text in ("holds", LONG, "a <b>name</b> & more"):
        for bold in (False, True):
            style = theme.larger(font, 1.0, bold=bold)
            for right in (False, True):
                align = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
                wanted = plainly(text, align, style)
                how = partial(texts.draw, text=text, box=BOX, bold=bold, right=right)
                assert [drawn(how), drawn(how)] == [wanted, wanted], (text, bold, right)


def test_the_width_taken_is_that_of_what_is_shown(qapp: QApplication) -> None:
    texts = Typeset()
    texts.use(qapp.font())
    taken: list[int] = []
    drawn(lambda painter: taken.extend((texts.draw(painter, "holds", BOX), texts.draw(painter, LONG, BOX))))
    assert 0 < taken[0] < taken[1] <= BOX.width()


def test_another_font_is_laid_out_anew(qapp: QApplication) -> None:
    texts, font = Typeset(), qapp.font()
    texts.use(font)
    small = drawn(lambda painter: texts.draw(painter, "holds", BOX))
    texts.use(theme.larger(font, 1.5))
    assert drawn(lambda painter: texts.draw(painter, "holds", BOX)) != small
    texts.use(font)
    assert drawn(lambda painter: texts.draw(painter, "holds", BOX)) == small
