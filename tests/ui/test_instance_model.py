"""The lines of the left side: headings where there are customers, and what the filter lets through."""

from __future__ import annotations

from PySide6.QtCore import Qt

from exoalias.domain.checklist import Status
from exoalias.ui.instance_model import MANY, Heading, InstanceModel, Line, key_of, lines_of
from exoalias.ui.known import Over
from exoalias.ui.shelf import Shelf
from tests.ui.crowd import entries, entry, light


def shelf_of(*given: object) -> Shelf:
    shelf = Shelf()
    shelf.list_again(tuple(given))  # type: ignore[arg-type] # entries
    return shelf


def shown(shelf: Shelf, needle: str = "") -> list[str]:
    everyone = tuple(shelf.known.values())
    words = needle.casefold().split()
    lines = lines_of(everyone, [at for at, each in enumerate(everyone) if all(word in key_of(each) for word in words)])
    return [f"# {line.title}" if isinstance(line, Heading) else line.entry.name for line in lines]


def all_lines(shelf: Shelf) -> list[Line]:
    return lines_of(tuple(shelf.known.values()), range(len(shelf.known)))


def test_few_without_customers_are_a_plain_list() -> None:
    assert shown(shelf_of(entry("b"), entry("a"))) == ["a", "b"]


def test_from_some_on_there_is_a_line_for_all() -> None:
    assert shown(shelf_of(*(entry(f"i{n}") for n in range(MANY))))[:2] == ["# All instances", "i0"]


def test_customers_have_headings_and_production_comes_first() -> None:
    shelf = shelf_of(entry("t", "B", "test"), entry("p", "B", "production"), entry("x"), entry("o", "A"))
    assert shown(shelf) == ["# All instances", "# No customer", "x", "# A", "o", "# B", "p", "t"]


def test_the_filter_wants_every_word_and_keeps_headings_of_what_is_left() -> None:
    shelf = shelf_of(entry("t", "B", "test"), entry("p", "B", "production"), entry("o", "A", "production"))
    assert shown(shelf, "PROD b") == ["# All instances", "# B", "p"]
    assert shown(shelf, "nothing") == ["# All instances"]


def test_a_result_is_drawn_in_its_line_and_in_the_headings_that_count_it() -> None:
    shelf = shelf_of(entry("t", "B", "test"), entry("p", "B", "production"), entry("o", "A"))
    model = InstanceModel()
    model.draw(all_lines(shelf), shelf.tally)
    drawn: list[int] = []
    model.dataChanged.connect(lambda first, _last: drawn.append(first.row()))
    shelf.take(light("p", Status.NEEDS_YOU))
    model.changed("p")
    assert sorted(drawn) == [0, model.row_above(Over("B")), model.row_of("p")]
    model.changed("nobody")
    assert len(drawn) == 3
    heading = model.index(model.row_above(Over("B")), 0)
    assert model.data(heading, Qt.ItemDataRole.AccessibleTextRole) == "B: 1 to do · 1 unchecked"


def test_a_screen_reader_hears_kind_lock_and_state() -> None:
    shelf = shelf_of(entry("p", kind="production"), entry("t", kind="test"))
    model = InstanceModel()
    model.draw(all_lines(shelf), shelf.tally)
    said = [model.data(model.index(row, 0), Qt.ItemDataRole.AccessibleTextRole) for row in range(2)]
    assert said == ["p: Production, Read-only, not checked yet", "t: Test, not checked yet"]
    assert "https://p.service-now.com" in model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole)


def test_lines_are_found_by_name_by_heading_and_by_themselves() -> None:
    shelf = shelf_of(entry("p", "B"), entry("q", "B"), entry("o", "A"))
    model = InstanceModel()
    assert (model.row_of("p"), model.row_above(Over()), model.grouped) == (-1, -1, False)
    model.draw(all_lines(shelf), shelf.tally)
    assert [model.row_of(name) for name in ("o", "p", "q", "B")] == [2, 4, 5, -1]
    assert [model.row_above(over) for over in (Over(), Over("A"), Over("B"), Over("p"))] == [0, 1, 3, -1]
    assert [model.row_at(line) for line in model.lines] == list(range(6))
    assert model.grouped
    kept = model.lines[4]
    model.draw([model.lines[0], kept], shelf.tally)
    assert (model.row_at(kept), model.row_of("p"), model.row_of("q")) == (1, 1, -1)
    assert model.row_at(Heading(Over("A"))) == -1
    assert not model.grouped


def test_lines_are_looked_at_and_not_edited_or_dragged() -> None:
    shelf = shelf_of(entry("a"), entry("b"))
    model = InstanceModel()
    model.draw(all_lines(shelf), shelf.tally)
    wanted = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
    assert model.flags(model.index(0, 0)) == wanted


def test_ten_thousand_are_listed_in_one_go() -> None:
    shelf = shelf_of(*entries(10_000))
    assert len(shown(shelf)) == 10_000 + 2_500 + 1
    assert len(shown(shelf, "c0042")) == 1 + 1 + 4
