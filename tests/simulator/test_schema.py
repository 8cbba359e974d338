"""Tables, inheritance and the column names that are drawn."""

from __future__ import annotations

import random

import pytest

from exoalias.simulator.schema import Schema

PROVIDER = "sn_wsd_rsvsync_provider"
SCHEMA = Schema(random.Random(3))


def test_inherited_columns_are_columns() -> None:
    assert SCHEMA.column("oauth_2_0_credentials", "integration_type") is not None
    assert SCHEMA.column("discovery_credentials", "oauth_entity_profile") is None
    assert SCHEMA.ancestry("sys_store_app") == ["sys_store_app", "sys_scope", "sys_package"]
    assert set(SCHEMA.family("sys_connection")) == {"sys_connection", "http_connection", "jdbc_connection"}


def test_every_reference_points_at_a_table_that_is_there() -> None:
    targets = {column.reference for table in SCHEMA.tables.values() for column in table.columns if column.reference}
    assert targets - set(SCHEMA.tables) == {"sys_glide_object"}  # the list of types, named by its records' names only


@pytest.mark.parametrize(
    ("table", "label"),
    [
        (PROVIDER, "Delegated user email"),
        (PROVIDER, "Connection & credential alias"),
        ("sn_wsd_rsvsync_reservable_sync_configuration", "Reservable email"),
        ("oauth_entity", "Extend Refresh Token Expiry"),
    ],
)
def test_names_known_by_label_only_differ_from_seed_to_seed(table: str, label: str) -> None:
    names = {Schema(random.Random(seed)).element(table, label) for seed in range(40)}
    assert len(names) >= 3


def test_choices_are_found_for_a_drawn_name_too() -> None:
    for seed in range(9):
        schema = Schema(random.Random(seed))
        column = schema.column(PROVIDER, schema.element(PROVIDER, "Calendar processor"))
        assert column is not None
        assert schema.choices(PROVIDER, column)["ms_graph"] == "Microsoft Graph"
