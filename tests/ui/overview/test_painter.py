"""What the lines look like: words, icons and the mark of production, also where they are selected or too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from exoalias.ui import theme
from exoalias.ui.overview import painter as painting
from exoalias.ui.overview.model import COLUMNS
from exoalias.ui.overview.table import OverviewTable
from exoalias.ui.shelf import Shelf
from tests.ui.crowd import entry, mixed

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot


@pytest.fixture
def table(qtbot: QtBot) -> OverviewTable:
    made = OverviewTable()
    qtbot.addWidget(made)
    made.resize(1000, 400)
    made.show()
    return made


def picture(table: OverviewTable, shelf: Shelf) -> QImage:
    table.draw(list(shelf.known.values()))
    QApplication.processEvents()
    return table.viewport().grab().toImage()


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}


def test_each_state_is_drawn_differently(table: OverviewTable) -> None:
    shelf = Shelf()
    mixed(shelf, 7)
    one = picture(table, shelf)
    mixed(shelf, 8)
    shelf.unlocked("c0000 production", shelf.known["c0000 test"].checked_at)
    assert picture(table, shelf) != one


def test_selected_lines_are_in_the_systems_colours(table: OverviewTable) -> None:
    shelf = Shelf()
    mixed(shelf, 8)
    picture(table, shelf)
    plain = table.palette()
    group = QPalette.ColorGroup.Active if table.hasFocus() else QPalette.ColorGroup.Inactive
    ground = plain.color(group, QPalette.ColorRole.Highlight)
    assert ground.name() not in colours(table.viewport().grab().toImage())
    table.selectAll()
    assert ground.name() in colours(table.viewport().grab().toImage())


def test_a_dark_palette_has_other_tones(table: OverviewTable) -> None:
    shelf = Shelf()
    mixed(shelf, 8)
    light = picture(table, shelf)
    table.setPalette(QPalette(QColor("#303030")))
    dark = table.viewport().grab().toImage()
    assert dark != light
    assert colours(dark) - colours(light)


def test_names_as_long_as_they_get_stay_in_their_column(table: OverviewTable) -> None:
    shelf = Shelf()
    shelf.list_again((entry("Donaudampfschifffahrtsgesellschaft " * 4, "Kundschaft " * 9, "production"), entry("b", "B", "test")))
    table.clearFocus()
    image = picture(table, shelf)
    edge = table.columnViewportPosition(1)
    ground = table.palette().color(QPalette.ColorRole.Base).name()
    column = {image.pixelColor(edge + 1, y).name() for y in range(2, table.rowHeight(0) - 2)}
    assert column == {ground}


@pytest.mark.parametrize("factor", [1.0, 1.3, 2.0])
def test_it_looks_as_if_every_text_was_measured_and_drawn_plainly(
    table: OverviewTable, monkeypatch: pytest.MonkeyPatch, factor: float
) -> None:
    table.setFont(theme.larger(table.font(), factor))
    shelf = Shelf()
    mixed(shelf, 24)
    quick = [picture(table, shelf) for _time in range(2)]
    monkeypatch.setattr(painting, "_OWN", frozenset(range(len(COLUMNS))))
    monkeypatch.setattr(painting, "_SURELY", 0)
    assert quick == [picture(table, shelf)] * 2


def test_a_name_that_might_not_fit_letter_by_letter_is_measured(table: OverviewTable) -> None:
    painter, metrics = table._painter, table.fontMetrics()
    wide = metrics.horizontalAdvance("Calder") * 2
    assert painter._fit(metrics, "Calder", wide, bold=False) == "Calder"
    assert painter._fitted == {}
    assert painter._fit(metrics, "Żółć", wide, bold=False) == "Żółć"
    assert painter._fit(metrics, "Calder" * 9, wide, bold=False).endswith("…")
    assert painter._fit(metrics, "Calder" * 9, wide, bold=True)[-1] == "r", "a name is shortened in its middle"
    assert len(painter._fitted) == 3
