"""Cells of any type become plain values or nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exoalias.adapters.instance import rows


def row_of(given_: object, fields: tuple[str, ...]) -> rows.Row | None:
    """The row of an answer that has no other."""
    (row,) = rows.rows_of([given_], fields)
    return row


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("given_", "cell"),
    [
        ("x", "x"),
        ("", ""),
        (None, None),
        (True, "true"),
        (5, "5"),
        (10**40, None),
        (1.5, None),
        ([], None),
        ({"value": "v", "display_value": "d"}, "v"),
        ({"link": "https://…"}, None),
        ({"value": {"value": "deep"}}, None),
        ("a\x00b\ud800", "a\ufffdb\ufffd"),
    ],
)
def test_a_cell_is_text_or_nothing(given_: object, cell: str | None) -> None:
    assert rows.cell(given_) == cell


def test_values_of_columns() -> None:
    assert [rows.flag(t) for t in ("true", "1", "FALSE", "0", "", "perhaps", None)] == [
        True,
        True,
        False,
        False,
        False,
        None,
        None,
    ]
    assert [rows.number(t) for t in ("8640000", "8,640,000", "-3", "", None, "x", "9" * 20, "²", "--3")] == [
        *(8640000, 8640000, -3),
        *(None,) * 6,
    ]
    assert rows.moment("2026-11-23 08:00:05") == datetime(2026, 11, 23, 8, 0, 5, tzinfo=UTC)
    assert [rows.moment(t) for t in ("", None, "2026-13-01 00:00:00", "0000-00-00 00:00:00", "today")] == [None] * 5
    assert rows.reference(None) is None
    assert rows.reference("") == ""


def test_a_row_needs_a_sys_id_that_can_stand_in_an_address() -> None:
    assert row_of({"sys_id": "global"}, ("sys_id", "name")) == {"sys_id": "global", "name": None}
    no_rows: list[object] = [
        {"sys_id": "../../x"},
        {"sys_id": "a^NQ"},
        {"sys_id": ""},
        {"name": "x"},
        [],
        "x",
        None,
        {"sys_id": ["x"]},
    ]
    for bad in no_rows:
        assert row_of(bad, ("sys_id",)) is None
    assert rows.sys_ids(["a", "", None, "b^c"]) == {"a"}


@pytest.mark.parametrize(
    ("odd", "text"),
    [
        ("plain", "plain"),
        ("a\x00b", "a\ufffdb"),
        ("ü\ud800", "ü\ufffd"),
        ({"value": "v", "display_value": "V"}, "v"),
        (True, "true"),
        (5, "5"),
        (None, None),
        ([], None),
    ],
)
def test_one_odd_cell_leaves_its_neighbours_as_they_are(odd: object, text: str | None) -> None:
    assert row_of({"sys_id": "a1", "odd": odd, "x": "as it is", "more": "y"}, ("sys_id", "odd", "x", "gone")) == {
        "sys_id": "a1",
        "odd": text,
        "x": "as it is",
        "gone": None,
    }
    assert row_of({"sys_id": "a1", "odd": odd, "x": ""}, ("sys_id", "odd", "x")) == {"sys_id": "a1", "odd": text, "x": ""}


cells = json_values | st.text("aé", max_size=3)


@given(st.lists(st.dictionaries(st.sampled_from(["sys_id", "a", "b", "more"]), cells) | json_values))
def test_what_lies_beside_it_changes_no_row(answer: list[object]) -> None:
    assert rows.rows_of(answer, ("sys_id", "a", "b")) == [row_of(each, ("sys_id", "a", "b")) for each in answer]


def test_brief_is_one_printable_line() -> None:
    assert rows.brief("a\n\tb\x1b[31m  c") == "a b [31m c"
    assert len(rows.brief("x" * 10_000)) == 200


@given(json_values)
def test_no_value_makes_it_stumble(value: object) -> None:
    row = row_of({"sys_id": "a1", "x": value}, ("sys_id", "x"))
    assert row is not None
    text = row["x"]
    json.dumps(text).encode()
    (text or "").encode()  # can be printed and stored
    rows.flag(text)
    rows.number(text)
    rows.moment(text)
    rows.brief(text or "")
