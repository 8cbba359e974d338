"""What a list would do is shown before anything of it is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.app.exchange import Import, Line
from exoalias.domain.problems import ImportRefused
from exoalias.ui.overview.list_preview import ListPreview
from tests.ui.crowd import entries

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def preview(qtbot: QtBot) -> ListPreview:
    made = ListPreview("acme.toml")
    qtbot.addWidget(made)
    made.show()
    return made


def words(preview: ListPreview) -> list[str]:
    items = (preview.table.topLevelItem(at) for at in range(preview.table.topLevelItemCount()))
    return [item.text(0) for item in items if item is not None]


def test_nothing_can_be_taken_before_it_was_read(preview: ListPreview) -> None:
    told: list[object] = []
    preview.agreed.connect(told.append)
    assert not preview.go.isEnabled()
    preview._agree()
    assert told == []


def test_what_was_shown_is_what_is_taken(preview: ListPreview) -> None:
    found = Import("acme.toml", (Line("a", "same"), Line("b", "added"), Line("c", "changed", "user")), entries(2))
    told: list[object] = []
    preview.agreed.connect(told.append)
    preview.draw(found)
    assert words(preview) == ["Changed", "Added", "Stays as it is"]
    assert preview.go.text() == "&Import 2 instances"
    assert "1 is added, 1 is changed, 1 stays as it is" in preview.says.text()
    preview.go.click()
    assert told == [found]
    assert not preview.go.isEnabled(), "once"


def test_one_refused_line_refuses_the_list_and_is_named_first(preview: ListPreview) -> None:
    why = "it is known with other values (user); --replace takes the list's"
    preview.draw(Import("acme.toml", (Line("b", "added"), Line("a", "refused", why)), entries(1)))
    assert words(preview) == ["Refused", "Added"]
    assert "nothing is taken" in preview.says.text()
    assert not preview.go.isEnabled()
    assert preview.why.text() == "it is known with other values (user)", "the whole reason, without an option of the terminal"


def test_an_empty_list_and_one_that_can_not_be_read_say_so(preview: ListPreview) -> None:
    preview.draw(Import("acme.toml", (), ()))
    assert preview.says.text() == "The list holds no instance."
    preview.refuse(ImportRefused(where="acme.toml", why="it is no TOML"))
    assert "it is no TOML" in preview.says.text()
    assert preview.table.topLevelItemCount() == 0
    assert not preview.go.isEnabled()
