"""The overview's table: what it leaves out, and how long drawing takes whatever stands in it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from exoalias.domain.checklist import Status
from exoalias.ui.overview.model import BY_NAME, COLUMNS
from exoalias.ui.overview.table import OverviewTable
from exoalias.ui.shelf import Shelf
from tests.ui.crowd import entry, light, mixed

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter
    from pytestqt.qtbot import QtBot

    from exoalias.ui.known import Known


@pytest.fixture
def table(qtbot: QtBot) -> OverviewTable:
    made = OverviewTable()
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show()
    return made


def fill(table: OverviewTable, count: int) -> Shelf:
    shelf = Shelf()
    mixed(shelf, count)
    table.draw(list(shelf.known.values()))
    QApplication.processEvents()
    return shelf


def test_columns_in_which_nobody_has_anything_are_left_out(table: OverviewTable) -> None:
    shelf = Shelf()
    shelf.list_again((entry("a"), entry("b")))
    table.draw(list(shelf.known.values()))
    assert [c.name for c in COLUMNS if table.isColumnHidden(BY_NAME[c.name])] == ["customer", "kind", "lock"]
    fill(table, 12)
    assert not any(table.isColumnHidden(at) for at in range(len(COLUMNS)))


def test_everything_selected_stays_so_through_a_sort(table: OverviewTable) -> None:
    fill(table, 300)
    table.selectAll()
    assert len(table.names()) == 300
    table.sort_by(BY_NAME["due"])
    assert len(table.names()) == 300
    table.filter("production", None)
    assert len(table.names()) == 75


def test_keys_for_the_filter_are_made_while_nothing_else_is_to_be_done(table: OverviewTable, qtbot: QtBot) -> None:
    fill(table, 2_000)
    qtbot.waitUntil(lambda: not table._spare.isActive(), timeout=10_000)
    assert not table.lines.prepare(1)


def test_another_font_makes_other_rows(table: OverviewTable) -> None:
    fill(table, 12)
    before = table.rowHeight(0)
    font = table.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    table.setFont(font)
    assert table.rowHeight(0) > before * 1.5


def test_the_sorted_column_is_marked(table: OverviewTable) -> None:
    fill(table, 12)
    table.sort_by(BY_NAME["state"])
    header = table.horizontalHeader()
    assert (header.sortIndicatorSection(), header.sortIndicatorOrder()) == (BY_NAME["state"], Qt.SortOrder.AscendingOrder)
    table.sort_by(BY_NAME["state"])
    assert header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder


def test_only_lines_that_need_it_are_drawn_anew(table: OverviewTable, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = fill(table, 300)
    drawn: list[range] = []
    plainly = table._painter.paint

    def paint(painter: QPainter, shown: list[Known], rows: range, selected: set[int], current: int) -> None:
        drawn.append(rows)
        plainly(painter, shown, rows, selected, current)

    monkeypatch.setattr(table._painter, "paint", paint)
    table.viewport().repaint()
    assert [rows.start for rows in drawn] == [0]
    assert len(drawn[0]) > 10
    drawn.clear()
    name = table.lines.shown[4].entry.name
    shelf.take(light(name, Status.WRONG))
    before = table.viewport().grab().toImage()
    drawn.clear()
    table.lines.changed(name)
    QApplication.processEvents()
    assert [set(rows) <= {3, 4, 5} and 4 in rows for rows in drawn] == [True]
    assert table.viewport().grab().toImage() == before, "drawn in one piece, it looks the same"


def best(do: Callable[[int], object]) -> float:
    """The shortest of some runs, in processor time."""
    runs = []
    for run in range(12):
        started = time.process_time()
        do(run)
        runs.append(time.process_time() - started)
    return min(runs)


def test_a_frame_of_ten_thousand_costs_what_a_frame_of_a_hundred_costs(table: OverviewTable) -> None:
    def scrolled(run: int) -> None:
        bar = table.verticalScrollBar()
        bar.setValue(bar.maximum() * run // 12)
        table.viewport().repaint()

    fill(table, 100)
    few = best(scrolled)
    fill(table, 10_000)
    assert best(scrolled) < 3 * few


def test_an_error_while_drawing_leaves_no_painter_at_work(
    table: OverviewTable, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(table, 30)
    painters: list[QPainter] = []

    def paint(painter: QPainter, *_what: object) -> None:
        painters.append(painter)  # as the traceback keeps it
        raise KeyError("planted")

    monkeypatch.setattr(table._painter, "paint", paint)
    with qtbot.captureExceptions() as errors:
        table.viewport().update()
        qtbot.waitUntil(lambda: len(painters) > 0)
    assert {kind for kind, *_ in errors} == {KeyError}
    assert not any(painter.isActive() for painter in painters)
