"""The text on a selected line is readable on what the style really paints, whatever the palette's pair says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QListView, QProxyStyle, QStyle, QStyleOption, QStyleOptionViewItem, QWidget

from exoalias.ui import selection, theme

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Pale(QProxyStyle):
    """Paints a selected line as Windows' styles do: a pale ground of its own."""

    def __init__(self, ground: str) -> None:
        super().__init__("fusion")
        self.ground = ground

    def name(self) -> str:
        return f"pale {self.ground}"

    def drawPrimitive(
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        if element == QStyle.PrimitiveElement.PE_PanelItemViewItem:
            painter.fillRect(option.rect, QColor(self.ground))
        else:
            super().drawPrimitive(element, option, painter, widget)


def of(view: QListView) -> QStyleOptionViewItem:
    option = QStyleOptionViewItem()
    option.initFrom(view)
    option.widget = view
    option.state |= QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_Active
    option.palette.setColor(QPalette.ColorRole.Text, QColor("#000000"))
    option.palette.setColor(QPalette.ColorRole.HighlightedText, QColor("#ffffff"))
    option.palette.setColor(QPalette.ColorRole.Highlight, QColor("#308cc6"))
    return option


@pytest.mark.parametrize("ground", ["#bedefd", "#f5f5f5", "#ffffff"])
def test_a_pale_ground_gets_the_plain_text(qtbot: QtBot, ground: str) -> None:
    view, style = QListView(), Pale(ground)
    qtbot.addWidget(view)
    view.setStyle(style)
    ink = selection.ink(of(view))
    assert ink == QColor("#000000")
    assert theme.contrast(ink, QColor(ground)) >= 4.5


def test_where_the_palettes_pair_is_painted_it_is_kept(qtbot: QtBot) -> None:
    view, style = QListView(), QProxyStyle("fusion")
    qtbot.addWidget(view)
    view.setStyle(style)
    assert selection.ink(of(view)) == QColor("#ffffff")
    assert selection.ink(of(view)) == QColor("#ffffff"), "remembered"


def test_a_dark_ground_of_its_own_keeps_the_bright_text(qtbot: QtBot) -> None:
    view, style = QListView(), Pale("#123456")
    qtbot.addWidget(view)
    view.setStyle(style)
    assert selection.ink(of(view)) == QColor("#ffffff")
