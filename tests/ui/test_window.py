"""The window as a whole."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QColor, QPalette
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from exoalias.domain.problems import WrongUser
from exoalias.ui.desk import Desk
from exoalias.ui.outcome import of_problem
from exoalias.ui.window import Window
from tests.ui import stories
from tests.ui.hands import checked, start_sign_in, with_instance

if TYPE_CHECKING:
    from PySide6.QtGui import QAccessibleInterface
    from pytestqt.qtbot import QtBot

    from tests.ui.hands import App, Face


def test_without_a_checklist_what_says_so_has_the_whole_width(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    assert not face.window.detail.isVisible()
    assert face.window.checklist.width() > face.window.middle.width() * 0.95
    face.key(Qt.Key.Key_F5)
    face.idle()
    assert face.window.detail.isVisible()
    assert face.window.detail.width() > face.window.middle.width() * 0.25


def test_while_it_is_read_there_is_room_for_what_comes_and_nothing_moves_then(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.gate = threading.Event()
    face.key(Qt.Key.Key_F5)
    face.wait(lambda: app.calls)
    face.bot.waitUntil(face.window.detail.isVisible, timeout=5_000)
    assert not face.window.detail.page.nothing.isVisible(), "there is no line to choose yet"
    width = face.window.checklist.width()
    app.gate.set()
    face.idle()
    assert face.window.checklist.lines.rowCount()
    assert face.window.checklist.width() == width


def test_where_it_could_not_be_read_the_room_goes_again(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.problem = WrongUser(got="kim", wanted="svc", credential="MS Graph 1")
    face.key(Qt.Key.Key_F5)
    face.idle()
    assert not face.window.detail.isVisible()


class _Seen(QObject):
    """Remembers how wide a widget was whenever it was painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.widths: list[int] = []
        widget.installEventFilter(self)

    def eventFilter(self, widget: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and isinstance(widget, QWidget):
            self.widths.append(widget.width())
        return False


def test_what_is_painted_in_a_turn_of_its_own_has_its_place(face: Face, app: App) -> None:
    """Shown by a piece of work while the painting of something else was due, it would be painted where it isn't."""
    with_instance(app)
    face.open()
    face.key(Qt.Key.Key_F5)
    face.idle()
    detail = face.window.detail
    detail.draw(None)
    face.wait(lambda: face.conductor.ahead.done and not face.desk.runner.pieces._line)
    seen = _Seen(detail.page.record)  # not shown before
    checklist = face.desk.known[stories.NAME].checklist
    assert checklist is not None

    def show() -> None:
        detail.draw(checklist.rows[1])
        QApplication.sendPostedEvents(None, QEvent.Type.UpdateLater.value)  # as where it was shown a while ago

    due = QTimer(face.window)  # together with the painting: Qt serves both before it places what was shown
    due.setSingleShot(True)
    due.timeout.connect(show)
    due.start(0)
    QApplication.sendEvent(face.window, QEvent(QEvent.Type.UpdateRequest))
    assert face.window in face.desk.runner.pieces._line, "left to the next turn"
    face.wait(lambda: seen.widths)
    face.bot.wait(50)
    assert set(seen.widths) == {detail.page.record.width()}


def test_closing_waits_for_what_runs(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.gate = threading.Event()
    face.key(Qt.Key.Key_F5)
    face.wait(lambda: app.calls)
    job = face.desk.job
    assert job is not None
    face.window.close()
    assert face.window.isVisible()
    assert job.control.cancelled
    app.gate.set()
    face.wait(lambda: not face.window.isVisible())


def test_nothing_follows_what_was_under_way_when_it_closes(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.gate = threading.Event()
    ended: list[tuple[str, bool]] = []
    face.desk.ended.connect(lambda job, _ending: ended.append((job.verb, face.window.isVisible())))
    face.desk.set_target({"user": "somebody"})  # a check would follow
    face.wait(lambda: app.calls)
    face.window.close()
    app.gate.set()
    face.wait(lambda: not face.window.isVisible())
    face.bot.wait(50)
    assert ended == [("set-target", True)], "its ending is told, and told before the window is gone"
    assert len(app.calls) == 1
    assert not face.desk.runner.jobs


# -- for everybody ------------------------------------------------------------------------------------------------------

INTERACTIVE = {
    QAccessible.Role.Button,
    QAccessible.Role.CheckBox,
    QAccessible.Role.EditableText,
    QAccessible.Role.List,
    QAccessible.Role.Tree,
    QAccessible.Role.ListItem,
    QAccessible.Role.TreeItem,
    QAccessible.Role.MenuItem,
    QAccessible.Role.Link,
    QAccessible.Role.ProgressBar,
    QAccessible.Role.ComboBox,
    QAccessible.Role.PushButton,
    QAccessible.Role.RadioButton,
    QAccessible.Role.Table,
}


def nameless(widget: QWidget) -> list[str]:
    """Every visible thing one can act on, below that widget, that a screen reader can't name."""
    bad: list[str] = []

    def walk(node: QAccessibleInterface, depth: int) -> None:
        if depth > 30 or node.state().invisible:
            return
        if node.role() in INTERACTIVE and not node.text(QAccessible.Text.Name).strip():
            held = node.object()
            bad.append(f"{node.role()} {held.objectName() if held is not None else ''} {held}")
        for at in range(node.childCount()):
            child = node.child(at)
            if child is not None and child.isValid():
                walk(child, depth + 1)

    top = QAccessible.queryAccessibleInterface(widget)
    assert top is not None
    walk(top, 0)
    return bad


def test_the_walk_finds_what_has_no_name(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    QToolButton(page).setObjectName("planted")
    page.show()
    assert any("planted" in bad for bad in nameless(page))


@pytest.mark.parametrize("state", ["first start", "checked", "signing in", "wrong user", "people"])
def test_nothing_in_the_window_is_nameless(face: Face, app: App, state: str) -> None:
    hold = threading.Event()
    if state == "first start":
        face.open()
    elif state == "signing in":
        app.sign_in_does = lambda _names, _tell, _control: print(hold.wait(20))
        start_sign_in(face, app)
        face.wait(lambda: face.focus() == "sign-in-cancel")
    else:
        with_instance(app, profiles=True)
        checked(face)
        if state == "wrong user":
            problem = WrongUser(credential="MS Graph 1", upn=stories.UPN, expected=stories.OBJECT_ID, actual=stories.OTHER_ID)
            face.conductor.banners.show(of_problem(problem, "sign-in"))
        elif state == "people":
            face.window.show_people(stories.ANNOUNCEMENT)
    QApplication.processEvents()
    bad = nameless(face.window)
    hold.set()
    face.idle()
    assert bad == []


@pytest.mark.parametrize(
    "action",
    ["verb-instance-add", "verb-target", "verb-plan", "verb-undo", "verb-journal", "verb-doctor", "verb-explain", "about"],
)
def test_nothing_in_a_dialog_is_nameless_and_escape_leaves_it(face: Face, app: App, action: str) -> None:
    with_instance(app)
    checked(face)
    face.window.actions_by_verb.by_name[action].trigger()
    face.idle()
    assert nameless(face.dialog) == []
    face.key(Qt.Key.Key_Escape)
    face.wait(lambda: face.dialog is None)


def test_tab_goes_from_left_to_right_and_comes_round(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    face.window.instances.setFocus()
    seen = [face.focus()]
    while len(seen) < 20:
        face.key(Qt.Key.Key_Tab)
        if face.focus() == seen[0]:
            break
        if face.focus() != seen[-1]:  # within the pages Tab goes from link to link
            seen.append(face.focus())
    assert seen == ["instances", "add-button", "main-button", "checklist", "detail", "detail-action", "detail-pages"]
    face.key(Qt.Key.Key_Backtab)
    assert face.focus() == "detail-pages"


def test_a_dark_palette_changes_what_is_drawn_and_the_window_survives_it(face: Face, app: App, qapp: QApplication) -> None:
    with_instance(app)
    checked(face)
    light = qapp.palette()
    before = face.find("detail-status").palette().color(QPalette.ColorRole.WindowText)
    try:
        dark = QPalette(QColor("#303030"))
        qapp.setPalette(dark)
        face.wait(lambda: face.find("detail-status").palette().color(QPalette.ColorRole.WindowText) != before)
    finally:
        qapp.setPalette(light)
    face.wait(lambda: face.find("detail-status").palette().color(QPalette.ColorRole.WindowText) == before)


def test_it_is_built_in_two_parts_and_the_first_already_lists(qtbot: QtBot, app: App) -> None:
    with_instance(app)
    desk = Desk(app.verbs())
    desk.list_again(tuple(app.entries))
    window = Window(desk)
    qtbot.addWidget(window)
    assert window.instances.lines.rowCount() == 3
    assert not hasattr(window, "checklist")
    assert window.complete() is window
    assert window.complete().checklist.lines.rowCount() == 0
