"""The detail's widgets: made once, with nothing left of the line before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from exoalias.ui.checklist.detail import Detail
from tests.ui import stories

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from exoalias.domain.checklist import Finding


@pytest.fixture
def detail(qtbot: QtBot) -> Detail:
    made = Detail()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    qtbot.waitExposed(made)
    return made


def shown(detail: Detail) -> list[str]:
    QApplication.processEvents()
    labels = [label for label in detail.findChildren(QLabel) if label.isVisible()]
    return [label.text() for label in sorted(labels, key=lambda label: (label.y(), label.x()))]


def finding(code: str) -> Finding:
    return next(f for row in stories.checklist().rows for f in row.findings if f.code == code)


def test_a_line_shown_after_others_looks_as_if_it_were_the_first(detail: Detail, qtbot: QtBot) -> None:
    fresh = Detail()
    qtbot.addWidget(fresh)
    fresh.resize(detail.size())
    fresh.show()
    row = stories.checklist().rows[3]
    for item in (stories.checklist().rows[0], row, finding("registry.lifespan"), row, None):
        detail.draw(item)
    for item in (finding("registry.active"), row):
        detail.draw(item)
        fresh.draw(item)
        assert shown(detail) == shown(fresh)
    assert detail.grab().toImage() == fresh.grab().toImage()


def test_a_record_finds_the_lines_of_its_checks_made(detail: Detail) -> None:
    """Making them when it is shown would hold the window up."""
    made = len(detail.findChildren(QLabel))
    for row in stories.checklist().rows:
        detail.draw(row)
        assert len(detail.findChildren(QLabel)) == made, f"{row.title}: {len(row.findings)} checks"


def test_more_checks_than_there_are_lines_get_theirs(detail: Detail) -> None:
    row = stories.checklist().rows[0]
    detail.draw(replace(row, findings=row.findings * 3))
    assert sum(text.endswith(row.findings[0].title) for text in shown(detail)) == 3


def test_the_widgets_are_kept(detail: Detail) -> None:
    detail.draw(finding("registry.lifespan"))
    title = detail.page.title
    detail.draw(finding("registry.active"))
    assert detail.page.title is title
    assert title.text() == finding("registry.active").title


def test_another_line_begins_at_its_top(detail: Detail) -> None:
    detail.draw(stories.checklist().rows[0])
    QApplication.processEvents()
    detail.verticalScrollBar().setValue(20)
    detail.draw(finding("registry.lifespan"))
    assert detail.verticalScrollBar().value() == 0


def test_the_keyboard_is_not_left_on_the_button_of_another_line(detail: Detail, qtbot: QtBot) -> None:
    row = stories.checklist().rows[3]
    detail.draw(row)
    detail.activateWindow()
    button = detail.findChild(QPushButton, "detail-action")
    assert isinstance(button, QPushButton)
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    detail.draw(next(f for f in row.findings if f.status.is_finding))
    assert not button.hasFocus()
    assert detail.hasFocus()
