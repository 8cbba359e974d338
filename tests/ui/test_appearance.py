"""Light, dark and the system's, on a platform that offers no switch of its own: the offscreen one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QPalette
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
