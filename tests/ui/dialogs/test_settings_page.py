"""The settings page: what it shows of each rung, what it lets a person change, and what it hands on to be saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QScrollArea, QWidget

from exoalias.domain.ladder import Rung, Source, resolve
from exoalias.domain.problems import UsageProblem
from exoalias.domain.settings import SETTINGS
from exoalias.ui.dialogs.setting_controls import Boxes, Line, Number
from exoalias.ui.dialogs.settings_page import SettingsPage, breakable

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

FILE = "/home/anna/.config/exoalias/exoalias.toml"
POLICY = "/etc/exoalias/policy.toml"


def page_of(qtbot: QtBot, *sources: Source) -> SettingsPage:
    page = SettingsPage(resolve(sources), FILE)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page).__enter__()
    return page


def mine(**values: object) -> Source:
    return Source(Rung.USER, FILE, values)


def said(page: SettingsPage, name: str) -> str:
    label = page.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text().replace("\u200b", "") if not label.isHidden() else ""


def reset(page: SettingsPage, name: str) -> QPushButton:
    button = page.findChild(QPushButton, f"reset-{name}")
    assert isinstance(button, QPushButton)
    return button


def line(page: SettingsPage, name: str) -> QLineEdit:
    control = page.rows[name].control
    assert isinstance(control, Line)
    return control.edit


def spin(page: SettingsPage, name: str) -> Number:
    control = page.rows[name].control
    assert isinstance(control, Number)
    return control


def test_every_setting_is_there_with_its_words(qtbot: QtBot) -> None:
    page = page_of(qtbot)
    assert list(page.rows) == [known.name for known in SETTINGS]
    shown = " ".join(label.text() for label in page.findChildren(QLabel))
    assert all(known.words in shown for known in SETTINGS)
    assert FILE in said(page, "settings-file")
    assert page.changes() == {}


def test_where_each_value_comes_from(qtbot: QtBot) -> None:
    page = page_of(
        qtbot,
        Source(Rung.DEFAULT, POLICY, {"side_by_side": 8}),
        mine(idle_minutes=5, proxy="none"),
        Source(Rung.ENVIRONMENT, "EXOALIAS_IDLE_MINUTES", {"idle_minutes": "3"}),
        Source(Rung.FIXED, POLICY, {"longest_hours": 4, "keep_secrets": False}),
    )
    assert said(page, "origin-log_days") == "Built-in. A change counts from the next start on."
    assert said(page, "origin-proxy") == "Your own value."
    assert said(page, "origin-side_by_side") == f"The default of this machine's policy: {POLICY}"
    assert said(page, "origin-idle_minutes") == "Your own value. In this run 3 counts, from EXOALIAS_IDLE_MINUTES."
    assert (spin(page, "idle_minutes").text(), spin(page, "side_by_side").text()) == ("5", "8")
    for name in ("longest_hours", "keep_secrets"):
        assert said(page, f"origin-{name}") == f"Fixed by a policy of this machine: {POLICY}"
        assert not page.rows[name].control.isEnabled()
        assert reset(page, name).isHidden()
    assert [name for name in page.rows if not reset(page, name).isHidden()] == ["idle_minutes", "proxy"]


def test_changed_and_reset(qtbot: QtBot) -> None:
    page = page_of(qtbot, mine(idle_minutes=5))
    QTest.keyClick(spin(page, "idle_minutes").spin, Qt.Key.Key_Up)
    QTest.keyClick(spin(page, "log_days").spin, Qt.Key.Key_Down)
    assert page.changes() == {"idle_minutes": "6", "log_days": "13"}
    assert said(page, "origin-log_days").startswith("Your own value.")
    reset(page, "idle_minutes").click()
    reset(page, "log_days").click()
    assert (spin(page, "idle_minutes").text(), spin(page, "log_days").text()) == ("10", "14")
    assert page.changes() == {"idle_minutes": ""}
    assert reset(page, "idle_minutes").isHidden()
    QTest.keyClick(spin(page, "idle_minutes").spin, Qt.Key.Key_Up)
    assert page.changes() == {"idle_minutes": "11"}


def test_typed_wrong_is_said_at_once_and_not_saved(qtbot: QtBot) -> None:
    page = page_of(qtbot)
    saved: list[int] = []
    page.saved.connect(lambda: saved.append(1))
    edit = line(page, "proxy")
    edit.setFocus()
    QTest.keyClicks(edit, "me:pw@proxy")
    assert "without user and password" in said(page, "error-proxy")
    page.cancel.setFocus()
    page.go.click()
    assert saved == []
    assert said(page, "settings-says") == "Not saved yet: Proxy can't be used so."
    assert page.focusWidget() is edit
    edit.selectAll()
    QTest.keyClicks(edit, "proxy.acme.example:8080")
    assert (said(page, "error-proxy"), said(page, "settings-says")) == ("", "")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert saved == [1]
    assert page.changes() == {"proxy": "proxy.acme.example:8080"}


def test_without_any_way_in(qtbot: QtBot) -> None:
    page = page_of(qtbot, mine(ways="oauth"))
    control = page.rows["ways"].control
    assert isinstance(control, Boxes)
    QTest.keyClick(control.boxes["oauth"], Qt.Key.Key_Space)
    assert said(page, "error-ways") == "At least one is needed."
    assert page.rows["ways"].wrong


def test_what_does_not_count_is_said_and_can_be_taken_away(qtbot: QtBot) -> None:
    page = page_of(qtbot, mine(log_days=9999, colour="red"), Source(Rung.ENVIRONMENT, "EXOALIAS_LOG_DAYS", {"log_days": "x"}))
    assert f"{FILE}: log_days: “9999” can't be used" in said(page, "error-log_days")
    assert "EXOALIAS_LOG_DAYS: “x” can't be used" in said(page, "error-log_days")
    assert said(page, "settings-complaints") == f"Not counted:\n{FILE}: colour: no setting is called so."
    assert page.changes() == {}
    reset(page, "log_days").click()
    assert page.changes() == {"log_days": ""}


def test_refused_it_stays_open(qtbot: QtBot) -> None:
    page = page_of(qtbot)
    page.working()
    assert not page.go.isEnabled()
    page.refuse(UsageProblem(why="The file is locked."))
    assert (page.go.isEnabled(), said(page, "settings-says"), page.isVisible()) == (True, "The file is locked.", True)
    page.refuse(None)
    assert said(page, "settings-says") == "It was not saved."


def test_by_keyboard_alone(qtbot: QtBot) -> None:
    page = page_of(qtbot, Source(Rung.FIXED, POLICY, {"idle_minutes": 4}))
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    assert QApplication.focusWidget() is spin(page, "longest_hours").spin  # the first that can be changed
    area = page.findChild(QScrollArea, "settings-area")
    assert isinstance(area, QScrollArea)
    met: list[str] = []
    for _step in range(60):
        widget = QApplication.focusWidget()
        assert widget is not None
        if widget.objectName() in met:
            break
        met.append(widget.objectName())
        assert widget.accessibleName() or getattr(widget, "text", str)(), widget.objectName()
        if area.isAncestorOf(widget):
            top = widget.mapTo(area.viewport(), widget.rect().topLeft()).y()
            assert 0 <= top < area.viewport().height(), widget.objectName()  # the page follows the keyboard
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    enabled = {f"setting-{known.name}" for known in SETTINGS if known.name not in {"idle_minutes", "ways"}}
    assert enabled | {"setting-ways-browser", "settings-save", "settings-cancel"} <= set(met)


def test_screen_readers_hear_words_and_origin(qtbot: QtBot) -> None:
    page = page_of(qtbot, mine(idle_minutes=5))
    number = spin(page, "idle_minutes").spin
    assert number.accessibleName() == "Lock a session after"
    assert number.accessibleDescription() == "A session on an instance that nobody uses for so long is forgotten. Your own value."
    assert reset(page, "idle_minutes").accessibleName() == "Reset: Lock a session after"


def test_nothing_is_cut_off_sideways(qtbot: QtBot) -> None:
    page = page_of(qtbot, mine(ca_file="/very/long" * 30))
    area = page.findChild(QScrollArea, "settings-area")
    assert isinstance(area, QScrollArea)
    assert not area.horizontalScrollBar().isVisible()
    inside = area.widget()
    assert inside is not None
    for row in page.rows.values():
        for part in row.findChildren(QWidget):
            if part.isVisible():
                assert part.mapTo(inside, part.rect().topRight()).x() <= inside.width()


@pytest.mark.parametrize(("path", "parts"), [("/a/b", 3), (r"C:\a\b", 3), ("name", 1)])
def test_a_long_path_may_be_broken(path: str, parts: int) -> None:
    assert len(breakable(path).split("\u200b")) == parts
    assert breakable(path).replace("\u200b", "") == path
