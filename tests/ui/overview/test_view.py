"""The overview by keyboard: open, sort, filter, choose, check, while results come in."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from exoalias.domain.events import ManyProgress
from exoalias.domain.problems import Unreachable
from exoalias.ui.known import FAILED, NEEDS_YOU, Over
from exoalias.ui.overview.model import BY_NAME
from tests.ui.crowd import entries, entry, mixed
from tests.ui.hands import CTRL
from tests.ui.test_window import nameless

if TYPE_CHECKING:
    from exoalias.ui.overview.view import Overview
    from tests.ui.hands import App, Face

SHIFT = Qt.KeyboardModifier.ShiftModifier


def opened(face: Face, app: App, count: int = 40) -> Overview:
    app.entries = list(entries(count))
    face.open()
    face.key(Qt.Key.Key_0, CTRL)
    assert face.focus() == "overview-table"
    return face.window.the_overview()


def test_a_letter_goes_to_the_search_and_down_comes_back(face: Face, app: App) -> None:
    page = opened(face, app)
    face.write("c")
    assert face.focus() == "overview-search"
    face.write("0003 prod")
    assert [known.entry.name for known in page.table.lines.shown] == ["c0003 production"]
    assert page.count.text() == "1 of 40 shown"
    face.key(Qt.Key.Key_Down)
    face.key(Qt.Key.Key_Return)
    assert (face.desk.current, face.desk.over) == ("c0003 production", None)
    assert face.focus() == "checklist"
    face.key(Qt.Key.Key_0, CTRL)
    assert page.search.text() == "c0003 prod", "the way back leads to the same place"
    face.key(Qt.Key.Key_F, CTRL)
    face.key(Qt.Key.Key_Escape)
    assert page.count.text() == "40 of 40 shown"


def test_nothing_found_says_so_and_how_to_get_back(face: Face, app: App) -> None:
    page = opened(face, app)
    before = page.table.viewport().grab().toImage()
    page.search.setText("zürich")
    assert page.table.lines.shown == []
    assert "zürich" in page.table.empty
    assert page.table.viewport().grab().toImage() != before
    face.key(Qt.Key.Key_Return)
    assert face.desk.over == Over(), "there is nothing to open"


def test_a_chip_shows_its_state_alone_and_once_more_all(face: Face, app: App) -> None:
    page = opened(face, app)
    mixed(face.desk, 40)
    page.chips.choose(None)
    face.wait(lambda: face.find("chip-needs-you").isVisible())
    chip = face.find("chip-needs-you")
    assert chip.text() == "6 need you"
    chip.setFocus()
    face.key(Qt.Key.Key_Space)
    assert {known.state for known in page.table.lines.shown} == {NEEDS_YOU}
    assert chip.isChecked()
    face.key(Qt.Key.Key_Space)
    assert len(page.table.lines.shown) == 40


def test_sorting_keeps_the_person_on_the_line_and_the_selection(face: Face, app: App) -> None:
    page = opened(face, app)
    for _step in range(3):
        face.key(Qt.Key.Key_Down, SHIFT)
    chosen, current = set(page.table.names()), page.table.name_at(page.table.currentIndex())
    assert len(chosen) == 4
    page.table.sort_by(BY_NAME["name"])
    assert page.order.currentIndex() == BY_NAME["name"]
    page.table.sort_by(BY_NAME["name"])
    assert page.table.lines.descending
    assert set(page.table.names()) == chosen
    assert page.table.name_at(page.table.currentIndex()) == current
    page.search.setText("c0000")
    assert set(page.table.names()) == {name for name in chosen if "c0000" in name}


def test_sort_by_is_in_reach_of_the_keyboard(face: Face, app: App) -> None:
    page = opened(face, app)
    page.order.setFocus()
    face.key(Qt.Key.Key_Down)
    page.order.activated.emit(page.order.currentIndex())
    assert page.table.lines.column == 1
    assert page.table.horizontalHeader().sortIndicatorSection() == 1


def test_what_is_selected_is_checked_and_nothing_else(face: Face, app: App) -> None:
    page = opened(face, app)
    assert not page.chosen.isEnabled()
    face.key(Qt.Key.Key_Down, SHIFT)
    assert page.chosen.text() == "Check 2 &selected"
    page.chosen.setFocus()
    face.key(Qt.Key.Key_Space)
    face.idle()
    assert app.calls == [("check-many", ("c0000 production", "c0000 test"))]
    face.window.instances.setFocus()
    face.key(Qt.Key.Key_F5)
    face.idle()
    assert app.calls[1] == app.calls[0]


def test_a_customers_overview_checks_its_own(face: Face, app: App) -> None:
    page = opened(face, app)
    face.conductor.many.rise(Over("Customer 0002"))
    assert page.all.text() == "Check &all 4"
    page.all.click()
    face.idle()
    assert len(app.calls[0][1]) == 4
    assert all(name.startswith("c0002") for name in app.calls[0][1])
    assert page.table.isColumnHidden(BY_NAME["customer"])


def test_results_come_in_row_by_row_and_nothing_moves(face: Face, app: App) -> None:
    page = opened(face, app, 200)
    page.table.sort_by(BY_NAME["state"])
    at, go_on = threading.Event(), threading.Event()
    app.problems["c0001 test"] = Unreachable(host="c0001", why="no route")

    def between(name: str) -> None:
        if name == "c0024 test":
            at.set()
            assert go_on.wait(20)

    app.between = between
    bar = page.table.verticalScrollBar()
    page.table.selectRow(7)
    bar.setValue(bar.maximum() // 2)
    before, scrolled, chosen = [k.entry.name for k in page.table.lines.shown], bar.value(), page.table.names()
    resets: list[bool] = []
    page.table.lines.modelReset.connect(lambda: resets.append(True))
    face.key(Qt.Key.Key_R, CTRL | SHIFT)
    face.wait(lambda: at.is_set() and page.progress.value() >= 98)
    assert [k.entry.name for k in page.table.lines.shown] == before
    assert (bar.value(), page.table.names(), resets) == (scrolled, chosen, [])
    assert page.stop.isVisible()
    assert page.line.text().startswith("Checked 98 of 200 · ")
    assert face.desk.known["c0001 test"].state is FAILED
    assert face.desk.known["c0024 production"].checklist is not None
    assert face.desk.known["c0040 test"].checklist is None
    face.wait(lambda: face.find("chip-failed").text() == "1 could not be reached")
    go_on.set()
    face.idle()
    assert page.table.names() == chosen
    assert not page.stop.isVisible()
    assert page.table.lines.shown[0].state is NEEDS_YOU, "put in order when it is over"
    assert face.find("chip-needs-you").text() == "199 need you"


def test_stopped_half_way_says_how_far_it_came(face: Face, app: App) -> None:
    page = opened(face, app)
    at, go_on = threading.Event(), threading.Event()

    def between(name: str) -> None:
        if name == "c0002 production":
            at.set()
            assert go_on.wait(20)

    app.between = between
    face.key(Qt.Key.Key_R, CTRL | SHIFT)
    face.wait(lambda: at.is_set() and page.progress.value() == 9)
    face.wait(page.stop.isEnabled)
    page.stop.setFocus()
    face.wait(lambda: face.focus() == page.stop.objectName())
    face.key(Qt.Key.Key_Space)
    go_on.set()
    face.idle()
    assert page.line.text() == "Stopped: 9 of 40 were checked."
    assert sum(known.checklist is not None for known in face.desk.known.values()) == 9


def test_what_is_said_at_the_end_stays(face: Face, app: App) -> None:
    """Also where a result came so late that the counts are still to be drawn."""
    page = opened(face, app)
    page.changed("c0002 production")
    page.ended(9, 40)
    QTest.qWait(200)
    assert page.line.text() == "Stopped: 9 of 40 were checked."


@pytest.mark.parametrize("state", ["unchecked", "mixed", "running", "empty"])
def test_nothing_in_the_overview_is_nameless(face: Face, app: App, state: str) -> None:
    page = opened(face, app)
    if state == "mixed":
        mixed(face.desk, 40)
    elif state == "running":
        page.busy("check-all")
        page.going(ManyProgress(3, 40, ("a", "b", "c")))
        assert page.line.text() == "Checked 3 of 40 · a, b …"
    elif state == "empty":
        page.search.setText("zürich")
    assert nameless(face.window) == []


def test_ten_thousand_are_shown(face: Face, app: App) -> None:
    page = opened(face, app, 10_000)
    assert page.count.text() == "10,000 of 10,000 shown"
    face.key(Qt.Key.Key_End)
    assert page.table.name_at(page.table.currentIndex()) == "c2499 other"
    face.key(Qt.Key.Key_Home)
    assert page.table.currentIndex().row() == 0


def test_an_added_instance_is_shown_and_not_the_overview(face: Face, app: App) -> None:
    page = opened(face, app)
    face.desk.list_again((*app.entries, entry("new", "Another")))
    assert page.names()[-1] != "new"
    assert "new" in page.names()
    assert face.desk.over == Over()
