"""Columns known by their labels."""

from __future__ import annotations

from exoalias.adapters.instance.columns import PROVIDER, ROOM, columns_of, known_columns


def entry(element: str, label: str, kind: str = "string", table: str = PROVIDER) -> dict[str, str | None]:
    return {"sys_id": "1", "name": table, "element": element, "column_label": label, "internal_type": kind}


def test_labels_are_found_whatever_the_elements_are_called() -> None:
    found = columns_of(
        PROVIDER,
        [
            entry("u_a", "Calendar processor"),
            entry("u_b", "Override alias?", "boolean"),
            entry("u_c", "Connection &  Credential alias", "reference"),
            entry("u_d", "Delegated user email", "email"),
            entry("name", "Name"),
            entry("x", "Calendar processor", table="another_table"),
        ],
    )
    assert found == {"processor": "u_a", "override": "u_b", "alias": "u_c", "delegated_user": "u_d", "name": "name"}


def test_the_former_label_and_a_reference_called_override_alias_are_known_too() -> None:
    found = columns_of(PROVIDER, [entry("e", "Strict mode email"), entry("o", "Override alias", "reference")])
    assert found == {"delegated_user": "e", "alias": "o"}


def test_an_element_that_could_not_be_one_is_left_out() -> None:
    assert columns_of(PROVIDER, [entry("a,password", "Name"), entry("b^ORc", "Active"), entry("", "Calendar processor")]) == {}
    assert columns_of(ROOM, [{"sys_id": "1", "name": ROOM, "element": None, "column_label": None, "internal_type": None}]) == {}


def test_remembered_columns_are_believed_only_in_their_own_shape() -> None:
    good = {PROVIDER: {"processor": "p", "alias": "a"}}
    assert known_columns(good) == good
    odd_ones: list[object] = [
        None,
        [],
        {PROVIDER: 5},
        {PROVIDER: {"processor": 5}},
        {"sys_user": {"name": "x"}},
        {PROVIDER: {"alias": "a,token"}},
    ]
    for odd in odd_ones:
        assert known_columns(odd) == {}
