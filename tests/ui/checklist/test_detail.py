"""The chosen line in full."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from exoalias.domain.checklist import Act, Action
from exoalias.ui.checklist.detail import Detail
from tests.ui import stories
from tests.ui.hands import checked, with_instance

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.ui.hands import App, Face


def test_cannot_tell_is_shown_with_what_is_missing(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    view = face.window.checklist
    line = next(i for i in view.lines.lines() if i.data() == "Calendar provider Birkenfeld")
    check = next(
        c for n in range(view.lines.rowCount(line)) if (c := view.lines.index(n, 0, line)).data() == "Rooms are configured"
    )
    view.setCurrentIndex(check)
    face.bot.waitUntil(lambda: face.find("detail-status").text() == "cannot tell")
    assert "Insufficient rights" in face.find("detail-found").text()
    assert "sn_wsd_core.admin" in face.find("detail-why").text()


def test_its_button_waits_while_a_verb_is_under_way(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    face.bot.waitUntil(lambda: face.window.detail.findChild(QPushButton, "detail-action") is not None)
    assert face.find("detail-action").isEnabled()
    app.gate = threading.Event()
    face.key(Qt.Key.Key_F5)
    assert not face.find("detail-action").isEnabled(), "pressing it would do nothing"
    app.gate.set()
    face.idle()
    face.bot.waitUntil(lambda: face.find("detail-action").isEnabled())


def test_nobody_is_told_to_choose_where_there_is_no_line(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    assert [label.text() for label in face.window.detail.findChildren(QLabel) if label.isVisible() and label.text()] == []


def test_no_text_is_cut_off_for_good(qtbot: QtBot) -> None:
    """A word longer than the room there is can be scrolled to."""
    detail = Detail()
    qtbot.addWidget(detail)
    detail.resize(160, 400)
    detail.show()
    title = "sn_wsd_rsvsync.sync_integration_mode_of_everything is Strict"
    detail.draw(stories.checklist().findings[0]._replace(title=title, action=Action(Act.COPY, "Copy", text="x")))
    page = detail.widget()
    assert page is not None
    qtbot.waitUntil(lambda: detail.horizontalScrollBar().maximum() > 0)
    assert page.width() >= page.minimumSizeHint().width()


def test_copying_starts_nothing(qtbot: QtBot) -> None:
    detail = Detail()
    qtbot.addWidget(detail)
    detail.pause(paused=True)
    for act, may in ((Act.COPY, True), (Act.REVIEW_PLAN, False)):
        detail.draw(stories.checklist().findings[0]._replace(action=Action(act, "Do it", text=str(act))))
        button = next(b for b in detail.findChildren(QPushButton, "detail-action") if b.isVisibleTo(detail))
        assert button.isEnabled() is may
