"""Light, dark and the system's, on a platform that offers no switch of its own: the offscreen one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel

from exoalias.ui import appearance, theme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    appearance.apply("system")


def test_each_looks_as_it_says(qtbot: QtBot) -> None:
    label = QLabel("words")
    qtbot.addWidget(label)
    before = theme.is_dark(label.palette())
    for wanted, dark in (("dark", True), ("light", False), ("dark", True), ("system", before)):
        appearance.apply(wanted)
        QApplication.processEvents()
        assert theme.is_dark(label.palette()) is dark, wanted


@pytest.mark.parametrize("group", [QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive])
def test_the_dark_palette_can_be_read(qtbot: QtBot, group: QPalette.ColorGroup) -> None:
    palette = appearance.dark_palette()
    role = QPalette.ColorRole
    for ink, ground in (
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.Text, role.AlternateBase),
        (role.ButtonText, role.Button),
        (role.HighlightedText, role.Highlight),
        (role.ToolTipText, role.ToolTipBase),
        (role.PlaceholderText, role.Base),
        (role.Link, role.Window),
        (role.LinkVisited, role.Window),
    ):
        assert theme.contrast(palette.color(group, ink), palette.color(group, ground)) >= 4.5, (ink, ground)
    for tone in (*theme.TONES.values(), theme.UNCHECKED):
        assert theme.contrast(theme.colour(tone, palette), palette.color(group, role.Window)) >= 4.5, tone


def test_what_cannot_be_read_is_mended_and_nothing_else(qtbot: QtBot) -> None:
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    given = QPalette(QApplication.style().standardPalette())
    given.setColor(group.All, role.Highlight, QColor("#308cc6"))
    given.setColor(group.All, role.HighlightedText, QColor("#ffffff"))
    given.setColor(group.All, role.PlaceholderText, QColor(0, 0, 0, 128))
    given.setColor(group.All, role.Base, QColor("#ffffff"))
    mended = appearance.readable(given)
    assert theme.contrast(mended.color(role.Highlight), QColor("#ffffff")) >= 4.9
    assert theme.contrast(mended.color(role.PlaceholderText), QColor("#ffffff")) >= 4.5
    for same in (role.Window, role.WindowText, role.Base, role.Text, role.Button):
        assert mended.color(same) == given.color(same), same
    disabled = mended.color(group.Disabled, role.ButtonText)
    assert theme.contrast(disabled, mended.color(group.Disabled, role.Button)) >= 3
    assert appearance.readable(mended) == mended


@pytest.mark.parametrize("wanted", ["light", "dark", "system"])
def test_each_appearance_is_mended(qtbot: QtBot, wanted: str) -> None:
    appearance.apply(wanted)
    palette = QApplication.palette()
    assert appearance.readable(palette) == palette


def test_colours_that_come_later_are_mended_too(qtbot: QtBot) -> None:
    appearance.follow()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    faint = QPalette(app.palette())
    faint.setColor(QPalette.ColorRole.Highlight, QColor("#bbddff"))
    faint.setColor(QPalette.ColorRole.HighlightedText, QColor("#ffffff"))
    app.setPalette(faint)
    app.styleHints().colorSchemeChanged.emit(app.styleHints().colorScheme())
    qtbot.waitUntil(lambda: appearance.readable(app.palette()) == app.palette())
