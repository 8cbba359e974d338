"""The overview's lines: sorted, filtered, and one result at a time."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from exoalias.domain.checklist import Status
from exoalias.domain.problems import Hibernating
from exoalias.ui.known import FAILED, NEEDS_YOU, WRONG
from exoalias.ui.overview.model import BY_NAME, COLUMNS, OverviewModel, day, moment
from exoalias.ui.shelf import Shelf
from tests.ui.crowd import light, mixed

if TYPE_CHECKING:
    from collections.abc import Callable

DOWN = Qt.SortOrder.DescendingOrder


def model_of(count: int) -> tuple[Shelf, OverviewModel]:
    shelf = Shelf()
    mixed(shelf, count)
    model = OverviewModel()
    model.draw(list(shelf.known.values()))
    return shelf, model


def names(model: OverviewModel) -> list[str]:
    return [known.entry.name for known in model.shown]


@pytest.mark.parametrize("column", range(len(COLUMNS)), ids=[column.name for column in COLUMNS])
@pytest.mark.parametrize("order", [Qt.SortOrder.AscendingOrder, DOWN])
def test_each_column_sorts_and_equal_lines_keep_the_order_of_customers(column: int, order: Qt.SortOrder) -> None:
    shelf, model = model_of(40)
    model.sort(column, order)
    key = COLUMNS[column].key
    assert [key(known) for known in model.shown] == sorted(map(key, shelf.known.values()), reverse=order == DOWN)
    places = {name: at for at, name in enumerate(shelf.known)}
    for one, other in zip(model.shown, model.shown[1:], strict=False):
        if key(one) == key(other):
            assert places[one.entry.name] < places[other.entry.name]


def test_the_worst_state_and_production_come_first() -> None:
    _shelf, model = model_of(40)
    model.sort(BY_NAME["state"])
    assert model.shown[0].state is WRONG
    model.sort(BY_NAME["kind"])
    assert model.shown[0].entry.kind == "production"


@pytest.mark.parametrize("needle", ["c0003", "PRODUCTION c0003", "test", "needs", "customer 0001 hold", "ä", " ", "c0003 c0004"])
@pytest.mark.parametrize("state", [None, NEEDS_YOU, FAILED])
def test_the_filter_shows_what_a_plain_search_would(needle: str, state: object) -> None:
    shelf, model = model_of(60)
    model.sort(BY_NAME["findings"], DOWN)
    model.filter(needle, state)  # type: ignore[arg-type] # a State or None
    words = needle.casefold().split()
    wanted = set()
    for known in shelf.known.values():
        entry = known.entry
        text = f"{entry.customer} {entry.name} {entry.origin} {entry.kind} {known.state.word}".casefold()
        if all(word in text for word in words) and (state is None or known.state is state):
            wanted.add(entry.name)
    assert set(names(model)) == wanted


def test_a_result_changes_its_own_line_where_it_stands() -> None:
    shelf, model = model_of(40)
    model.sort(BY_NAME["state"])
    model.filter("customer", None)
    before = names(model)
    drawn: list[tuple[int, int]] = []
    resets: list[bool] = []
    model.dataChanged.connect(lambda first, last: drawn.append((first.row(), last.row())))
    model.modelReset.connect(lambda: resets.append(True))
    name = before[20]
    shelf.take(light(name, Status.WRONG, Status.WRONG))
    model.changed(name)
    model.changed("nobody")
    assert drawn == [(20, 20)]
    assert names(model) == before
    assert resets == []
    model.filter("customer wrong", None)
    assert name in names(model), "the filter knows the new state"
    model.changed(before[0])
    assert len(drawn) == (2 if before[0] in names(model) else 1)


def test_keys_are_made_in_portions_while_nothing_else_is_to_be_done() -> None:
    _shelf, model = model_of(100)
    portions = 0
    while model.prepare(30):
        portions += 1
    assert portions == 3
    assert not model.prepare(30)


def test_rows_are_found_by_name_through_order_and_filter() -> None:
    _shelf, model = model_of(40)
    everyone = names(model)
    for column, needle in ((0, ""), (BY_NAME["due"], ""), (BY_NAME["due"], "test"), (0, "test")):
        model.sort(column, DOWN if column else Qt.SortOrder.AscendingOrder)
        model.filter(needle, None)
        rows = {known.entry.name: row for row, known in enumerate(model.shown)}
        assert [model.rows_of((name,)) for name in everyone] == [[rows[n]] if n in rows else [] for n in everyone]
        assert model.rows_of(everyone) == list(range(len(rows)))
        assert model.rows_of(("nobody",)) == model.rows_of(()) == []


def test_cells_say_what_is_known() -> None:
    shelf, model = model_of(8)
    name = names(model)[0]
    shelf.take(light(name, Status.NEEDS_YOU, Status.HOLDS, days=12))

    def cell(column: str, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> str:
        return str(model.data(model.index(0, BY_NAME[column]), role))

    assert [cell(c) for c in ("customer", "kind", "state", "findings", "due", "lock")] == [
        "Customer 0000",
        "Production",
        "Needs you",
        "1",
        "in 12 days",
        "Read-only",
    ]
    assert cell("address") == "c0000production.service-now.com"
    assert cell("state", Qt.ItemDataRole.AccessibleTextRole) == "State: Needs you"
    shelf.unlocked(name, datetime(2026, 3, 12, 14, 32, tzinfo=UTC))
    assert cell("lock").startswith("until ")
    shelf.fail(name, Hibernating(host="acme"))
    assert (cell("state"), cell("findings")) == ("Not reached", "")
    assert "hibernating" in cell("state", Qt.ItemDataRole.ToolTipRole)
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Customer"
    assert model.headerData(0, Qt.Orientation.Vertical) is None


def test_dates_are_said_shortly() -> None:
    now = datetime.now(UTC)
    assert (moment(None), day(None)) == ("", "")
    assert moment(now) == now.astimezone().strftime("%H:%M")
    assert moment(datetime(2020, 3, 2, 12, tzinfo=UTC)) == "2 Mar 2020"
    assert day(now - timedelta(days=2)) == "overdue"
    assert day(now) == "today"
    assert day(now + timedelta(days=1)) == "in 1 day"
    assert day(datetime(2090, 3, 2, 12, tzinfo=UTC)) == "2 Mar 2090"


# -- ten thousand, as ratios: a machine under load is slow at both ------------------------------------------------------


def best(do: Callable[[], object]) -> float:
    """The shortest of some runs, in processor time."""
    runs = []
    for _run in range(5):
        started = time.process_time()
        do()
        runs.append(time.process_time() - started)
    return min(runs)


def test_filtering_ten_thousand_costs_no_more_than_walking_through_them_a_few_times() -> None:
    _shelf, model = model_of(10_000)
    while model.prepare(1_000):
        pass
    texts = [known.entry.name for known in model.everything]
    walk = best(lambda: [text for text in texts if "c00" in text])
    assert best(lambda: model.filter("c00", None)) < 25 * walk
    assert best(lambda: model.filter("c00 prod", None)) < 30 * walk


def test_sorting_ten_thousand_costs_no_more_than_sorting_as_many_texts_a_few_times() -> None:
    _shelf, model = model_of(10_000)
    texts = [known.entry.name.casefold() for known in model.everything][::-7] + [known.entry.name for known in model.everything]
    plain = best(lambda: sorted(texts, key=str.casefold))
    for column in range(len(COLUMNS)):
        assert best(lambda column=column: model.sort(column, DOWN)) < 30 * plain, COLUMNS[column].name  # type: ignore[misc] # a lambda in a loop


def test_a_result_among_ten_thousand_costs_a_fraction_of_showing_them() -> None:
    _shelf, model = model_of(10_000)
    name = model.shown[5_000].entry.name
    model.changed(name)
    assert best(lambda: model.changed(name)) * 20 < best(lambda: model.sort(BY_NAME["name"]))
