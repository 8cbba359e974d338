"""A record's checks, its one button, and long commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from exoalias.domain.checklist import Act, Action, Finding
from exoalias.ui.checklist.detail import SHOWN_LINES, Detail, action_of
from tests.ui import stories

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def detail(qtbot: QtBot) -> Detail:
    made = Detail()
    qtbot.addWidget(made)
    return made


def texts(detail: Detail) -> list[str]:
    return [label.text() for label in detail.findChildren(QLabel) if not label.isHidden()]


def child(detail: Detail, name: str) -> QWidget | None:
    found = detail.findChild(QWidget, name)
    return None if found is None or found.isHidden() else found


def finding(code: str) -> Finding:
    return next(f for row in stories.checklist().rows for f in row.findings if f.code == code)


def test_a_record_lists_its_checks_and_has_the_button_of_its_worst(detail: Detail) -> None:
    row = stories.checklist().rows[3]
    detail.draw(row)
    assert "MS Graph 1" in texts(detail)
    assert row.record in texts(detail)
    assert {f"{f.status.value}: {f.title}" for f in row.findings} <= set(texts(detail))
    wanted: list[Action] = []
    detail.wanted.connect(wanted.append)
    button = child(detail, "detail-action")
    assert isinstance(button, QPushButton)
    button.click()
    assert wanted == [Action(Act.REVIEW_PLAN, "Review the plan …")]


def test_a_check_shows_found_should_be_what_to_do_why_and_the_page(detail: Detail) -> None:
    detail.draw(finding("registry.lifespan"))
    said = texts(detail)
    for part in ("Found", "100 days", "Should be", "At most 90 days", "What to do", "Why", "registry.lifespan"):
        assert part in said
    assert any(stories.PROFILES.url in text for text in said)
    assert child(detail, "detail-action") is None


def test_a_long_command_is_shown_by_its_beginning_and_copied_whole(detail: Detail) -> None:
    command = "\n".join(f"Set-CalendarProcessing -Identity room-{n}" for n in range(200))
    action = Action(Act.COPY, "Copy the command", text=command)
    detail.draw(finding("afterwards.subject")._replace(action=action))
    shown = child(detail, "detail-copy-text")
    assert isinstance(shown, QLabel)
    assert shown.text().count("\n") == SHOWN_LINES
    assert shown.text().endswith("… and 194 more lines")
    wanted: list[Action] = []
    detail.wanted.connect(wanted.append)
    button = child(detail, "detail-action")
    assert isinstance(button, QPushButton)
    button.click()
    assert wanted[0].text == command


def test_a_line_with_nothing_to_do_has_no_button() -> None:
    assert action_of(None) is None
    assert action_of(finding("registry.active")) is None
    assert action_of(finding("registry.active")._replace(action=Action(Act.NOTHING, ""))) is None


def test_with_nothing_chosen_it_says_what_it_is_for(detail: Detail) -> None:
    detail.draw(finding("registry.active"))
    detail.draw(None)
    assert texts(detail) == ["Choose a line of the checklist to see what was found, what should be there, and why."]
