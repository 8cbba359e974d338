"""The left side by keyboard: through headings and instances, and through its filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from exoalias.domain.problems import BadSettings
from exoalias.ui.known import Over
from tests.ui import stories
from tests.ui.crowd import entries, entry
from tests.ui.hands import CTRL, with_instance

if TYPE_CHECKING:
    from tests.ui.hands import App, Face


def test_the_instances_are_walked_with_the_arrows(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    face.key(Qt.Key.Key_1, CTRL)
    face.idle()
    assert face.focus() == "instances"
    face.key(Qt.Key.Key_Down)
    assert face.desk.current == "calder production"
    assert face.window.header.title.accessibleName() == "calder production"


def test_a_heading_shows_its_customers_overview_and_the_keyboard_stays(face: Face, app: App) -> None:
    app.entries = [entry("p", "B", "production"), entry("t", "B", "test"), entry("o", "A")]
    face.open()
    face.window.instances.setFocus()
    face.key(Qt.Key.Key_Down)
    assert [over.title for over in (face.desk.over,) if over] == ["B"]
    assert face.focus() == "instances"
    page = face.window.the_overview()
    assert page.isVisible()
    assert page.title.text() == "B"
    assert page.names() == ("p", "t")
    face.key(Qt.Key.Key_Down)
    assert (face.desk.over, face.desk.current) == (None, "p")
    assert not page.isVisible()
    face.key(Qt.Key.Key_Home)
    assert face.desk.over == Over()


def test_few_instances_have_no_filter_and_find_leads_to_the_overview(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    assert not face.window.narrow.isVisible()
    face.key(Qt.Key.Key_F, CTRL)
    assert face.focus() == "overview-search"


def test_many_are_filtered_as_one_types(face: Face, app: App) -> None:
    app.entries = list(entries(40))
    face.open()
    face.key(Qt.Key.Key_F, CTRL)
    assert face.focus() == "instances-filter"
    stood = face.desk.current
    face.write("c0007 test")
    lines = face.window.instances.lines
    assert [line.entry.name for line in lines.lines if not isinstance(line, tuple)] == ["c0007 test"]
    assert face.desk.current == stood, "typing chooses nothing"
    face.key(Qt.Key.Key_Down)
    assert face.focus() == "instances"
    face.key(Qt.Key.Key_End)
    assert face.desk.current == "c0007 test"
    face.key(Qt.Key.Key_F, CTRL)
    face.key(Qt.Key.Key_Escape)
    assert face.window.narrow.text() == ""
    assert lines.rowCount() == 40 + 10 + 1
    assert face.window.instances.currentIndex().row() == lines.row_of("c0007 test")
    face.key(Qt.Key.Key_Escape)
    assert face.focus() == "instances"


def test_a_customer_whose_settings_can_not_be_read_is_named_above_the_list(face: Face, app: App) -> None:
    with_instance(app)
    app.troubles = (BadSettings(path="customers/acme/exoalias.toml", why="line 3"),)
    face.open()
    assert face.window.trouble.isVisible()
    assert "customers/acme/exoalias.toml" in face.window.trouble.text()
    app.troubles = ()
    face.open()
    assert not face.window.trouble.isVisible()


def test_ten_thousand_are_laid_out_at_once_where_they_are_seen(face: Face, app: App) -> None:
    app.entries = list(entries(10_000))
    face.open()
    view = face.window.instances
    face.wait(lambda: not view.visualRect(view.lines.index(3, 0)).isEmpty())
    face.window.narrow.setText("c0042")
    face.wait(lambda: view.lines.rowCount() == 6)


def test_delete_asks_for_an_instance_and_never_for_a_heading(face: Face, app: App) -> None:
    app.entries = [entry("p", "B", "production"), entry("o", "A")]
    face.open()
    face.window.instances.setFocus()
    face.key(Qt.Key.Key_Home)
    face.key(Qt.Key.Key_Delete)
    assert not face.dialog
    face.key(Qt.Key.Key_End)
    face.key(Qt.Key.Key_Delete)
    assert face.dialog.objectName() == "ask"


def test_new_results_leave_selection_and_scroll_alone(face: Face, app: App) -> None:
    app.entries = list(entries(200))
    face.open()
    view = face.window.instances
    face.desk.choose("c0030 test")
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    before = (view.verticalScrollBar().value(), view.currentIndex().row())
    for name in list(face.desk.known)[:50]:
        face.desk.take(stories.checked(name=name))
    assert (view.verticalScrollBar().value(), view.currentIndex().row()) == before


def test_a_result_is_drawn_without_laying_out_every_line_anew(face: Face, app: App) -> None:
    app.entries = list(entries(40))
    face.open()
    view = face.window.instances
    laid_out: list[bool] = []
    view.verticalScrollBar().rangeChanged.connect(lambda _low, _high: laid_out.append(True))
    view.verticalScrollBar().setRange(0, 7)  # a layout would put it right
    laid_out.clear()
    before = view.viewport().grab().toImage()
    name = next(line.entry.name for line in view.lines.lines[:5] if not isinstance(line, tuple))
    face.desk.take(stories.checked(name=name))
    face.idle()
    assert view.viewport().grab().toImage() != before
    assert laid_out == []


def test_an_instance_added_while_the_list_is_filtered_is_found(face: Face, app: App) -> None:
    app.entries = list(entries(40))
    face.open()
    face.window.narrow.setText("c0007")
    face.desk.list_again((*app.entries, entry("c0007 second", "Customer 0007")))
    assert face.window.instances.lines.row_of("c0007 second") >= 0
    face.window.narrow.setText("c0007 sec")
    assert [line.entry.name for line in face.window.instances.lines.lines if not isinstance(line, tuple)] == ["c0007 second"]


def test_texts_for_the_filter_are_made_while_nothing_else_is_to_be_done(face: Face, app: App) -> None:
    app.entries = list(entries(2_000))
    face.open()
    view = face.window.instances
    face.wait(lambda: not view._spare.isActive())
    assert not view._texts.prepare(1)
    assert len(view._texts._texts) == 2_000
