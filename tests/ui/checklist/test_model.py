"""The checklist's model keeps Qt's rules, says its lines, and announces only what changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QModelIndex, Qt

from exoalias.domain.checklist import Finding, Group, Row, Status
from exoalias.ui.checklist.model import ITEM_ROLE, KEY_ROLE, ChecklistModel, as_text, second_line, spoken, status_word, tooltip
from tests.ui import stories

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester


@pytest.fixture
def model() -> ChecklistModel:
    made = ChecklistModel()
    made.show(stories.checklist())
    return made


def test_it_keeps_the_rules_of_models(qtmodeltester: ModelTester, model: ChecklistModel) -> None:
    qtmodeltester.check(model)  # type: ignore[no-untyped-call] # pytest-qt has no types here
    model.show(stories.all_holds())
    qtmodeltester.check(model)  # type: ignore[no-untyped-call] # pytest-qt has no types here
    model.show(None)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call] # pytest-qt has no types here


def test_headings_cannot_be_chosen_and_records_can(model: ChecklistModel) -> None:
    heading, record = model.index(0, 0), model.index(1, 0)
    assert heading.data(ITEM_ROLE) is Group.INSTANCE
    assert not heading.flags() & Qt.ItemFlag.ItemIsSelectable
    assert record.flags() & Qt.ItemFlag.ItemIsSelectable
    assert isinstance(record.data(ITEM_ROLE), Row)
    check = model.index(0, 0, record)
    assert check.parent() == record
    assert isinstance(check.data(ITEM_ROLE), Finding)


def test_a_new_checklist_of_the_same_shape_announces_only_what_changed(model: ChecklistModel) -> None:
    changed: list[object] = []
    reset: list[object] = []
    model.dataChanged.connect(lambda first, _last: changed.append(first.data(KEY_ROLE)))
    model.modelReset.connect(lambda: reset.append(1))
    assert model.show(stories.checklist())
    assert changed == []
    assert model.show(stories.checklist(profiles=True))
    assert reset == []
    assert {str(key).split("#")[0] for key in changed} == {f"credential/{stories.GRAPH_1}", f"credential/{stories.GRAPH_2}"}


def test_another_shape_resets(model: ChecklistModel) -> None:
    less = stories.checklist()
    assert not model.show(replace(less, rows=less.rows[:-1]))


def test_every_line_is_found_by_its_key(model: ChecklistModel) -> None:
    for line in model.lines():
        assert model.find(line.data(KEY_ROLE)) == line
        for at in range(model.rowCount(line)):
            check = model.index(at, 0, line)
            assert model.find(check.data(KEY_ROLE)) == check
    assert not model.find("no such line").isValid()


def test_a_screen_reader_hears_the_status_first(model: ChecklistModel) -> None:
    row = stories.checklist().rows[3]
    assert spoken(row) == "MS Graph 1: needs you. Credentials, 7 checks."
    finding = next(f for f in row.findings if f.status is Status.NEEDS_YOU)
    assert spoken(finding) == "needs you: OAuth Entity Profile is set to the target profile. (empty)"
    for line in model.lines():
        assert line.data(Qt.ItemDataRole.AccessibleTextRole)


def test_words_beside_the_icon() -> None:
    row = stories.checklist().rows[3]
    assert status_word(row) == "needs you (2)"
    assert status_word(row.findings[0]) == "holds"
    assert second_line(row.findings[0]) == "", "what holds needs no second line"
    assert "Spoke" in tooltip(stories.checklist().rows[0].findings[4])
    assert tooltip(Group.INSTANCE) == ""


def test_a_line_as_text_names_its_pages() -> None:
    finding = next(f for f in stories.checklist().rows[3].findings if f.status is Status.NEEDS_YOU)
    text = as_text(finding)
    assert "Found: (empty)" in text
    assert stories.STRICT.url in text
    assert as_text(stories.checklist().rows[3]).count("\n") == 7


def test_an_index_of_nowhere_is_invalid(model: ChecklistModel) -> None:
    assert not model.index(99, 0).isValid()
    assert not model.index(0, 1).isValid()
    assert model.data(QModelIndex()) is None
