"""By keyboard alone: Tab reaches everything that can be acted on, in every dialog; no label stands for itself."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from exoalias.domain.problems import NoSecret
from exoalias.ui.crash import CrashDialog
from exoalias.ui.dialogs.ask import Ask
from exoalias.ui.dialogs.forms import FirstUse
from exoalias.ui.dialogs.instance_form import InstanceForm
from exoalias.ui.dialogs.page_says import PageSays
from exoalias.ui.dialogs.plan_preview import PlanPreview
from exoalias.ui.dialogs.reports import DoctorView, JournalView
from exoalias.ui.dialogs.target_form import TargetForm
from exoalias.ui.outcome import of_problem
from tests.ui import stories
from tests.ui.hands import checked, start_sign_in, with_instance
from tests.ui.test_window import nameless

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from tests.ui.hands import App, Face

DIALOGS: dict[str, Callable[[], QDialog]] = {
    "ask": lambda: Ask("Remove acme?", "It is forgotten.", "&Remove"),
    "about": lambda: Ask("About", "Words.", ""),
    "crash": lambda: CrashDialog("RuntimeError: …"),
    "add": InstanceForm,
    "password": lambda: InstanceForm(None, stories.ENTRY),
    "first use": lambda: FirstUse(stories.UPN, stories.OTHER_ID, stories.TENANT, "MS Graph 1"),
    "page says": PageSays,
    "plan": lambda: PlanPreview(stories.plan(), stories.UPN),
    "sign-ins only": lambda: PlanPreview(stories.plan(profiles=True), stories.UPN),
    "journal": lambda: JournalView("acme"),
    "doctor": DoctorView,
    "target": lambda: TargetForm(stories.ENTRY),
}
ACTED_ON = (QAbstractButton, QLineEdit, QAbstractItemView)


def interactive(top: QWidget) -> set[QWidget]:
    """What a mouse can act on now, below that widget."""
    found = (w for w in top.findChildren(QWidget) if isinstance(w, ACTED_ON) and w.isVisible() and w.isEnabled())
    found = (w for w in found if w.focusProxy() is None)  # the line inside a box that can be typed into
    return {w for w in found if not isinstance(w, QHeaderView) and not w.objectName().startswith("qt_")}


def reached(top: QWidget) -> set[QWidget]:
    """Where Tab takes the keyboard, round and round."""
    seen: list[QWidget] = []
    for _press in range(120):
        here = QApplication.focusWidget()
        if here is None:
            break
        seen.append(here)
        QTest.keyClick(here, Qt.Key.Key_Tab)
        QApplication.processEvents()
    return set(seen)


def names(widgets: set[QWidget]) -> list[str]:
    return sorted(f"{type(w).__name__} {w.objectName() or w.accessibleName()}" for w in widgets)


def own_buddies(top: QWidget) -> list[str]:
    return [label.text() for label in top.findChildren(QLabel) if label.buddy() is label]


@pytest.fixture
def opened(qtbot: QtBot, request: pytest.FixtureRequest) -> QDialog:
    dialog = DIALOGS[request.param]()
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


@pytest.mark.parametrize("opened", DIALOGS, indirect=True)
def test_a_dialog_is_reached_named_and_left_by_keyboard(opened: QDialog) -> None:
    assert nameless(opened) == []
    assert own_buddies(opened) == []
    assert opened.windowTitle()
    assert QApplication.focusWidget() is not None, "the keyboard starts inside"
    assert names(interactive(opened) - reached(opened)) == []
    QTest.keyClick(opened, Qt.Key.Key_Escape)
    assert not opened.isVisible()


@pytest.mark.parametrize("opened", DIALOGS, indirect=True)
def test_a_dialog_has_one_default_button_at_most_and_no_letter_twice(opened: QDialog) -> None:
    buttons = [b for b in opened.findChildren(QPushButton) if b.isVisible()]
    assert sum(b.isDefault() for b in buttons) <= 1
    texts = [w.text() for w in opened.findChildren(QLabel) if w.buddy() is not None and w.isVisible()]
    texts += [b.text() for b in opened.findChildren(QAbstractButton) if b.isVisible()]
    letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
    assert len(letters) == len(set(letters)), texts


@pytest.mark.parametrize("state", ["first start", "checked", "signing in", "refused", "people"])
def test_tab_reaches_all_of_the_window(face: Face, app: App, state: str) -> None:
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
        if state == "refused":
            face.conductor.banners.show(of_problem(NoSecret(instance=stories.NAME), "check"))
        elif state == "people":
            face.window.show_people(stories.ANNOUNCEMENT)
    face.settle()
    if QApplication.focusWidget() is None:
        QTest.keyClick(face.window, Qt.Key.Key_Tab)
    missed = names(interactive(face.window) - reached(face.window))
    buddies = own_buddies(face.window)
    hold.set()
    face.idle()
    assert missed == []
    assert buddies == []


def test_the_walk_notices_what_tab_misses(qtbot: QtBot) -> None:
    page = QDialog()
    qtbot.addWidget(page)
    first, second = QPushButton("one", page), QPushButton("two", page)
    second.setObjectName("missed")
    second.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    label = QLabel("mine", page)
    label.setBuddy(label)
    page.open()
    qtbot.waitUntil(page.isActiveWindow)
    first.setFocus()
    assert names(interactive(page) - reached(page)) == ["QPushButton missed"]
    assert own_buddies(page) == ["mine"]
