"""The tables as data are well formed."""

from __future__ import annotations

from collections import Counter

from exoalias.simulator.columns import CHOICES, SYSTEM_COLUMNS, TABLES, columns

TYPES = {"string", "boolean", "integer", "reference", "glide_date_time", "password2", "url", "email", "GUID", "sys_class_name"}


def test_a_line_is_a_column() -> None:
    plain, pointing, keyed = columns("name string Name\npeer reference:oauth_entity The Peer\n\nkind reference:t:name Kind")
    assert (plain.element, plain.type, plain.label, plain.reference) == ("name", "string", "Name", "")
    assert (pointing.reference, pointing.key, pointing.label) == ("oauth_entity", "sys_id", "The Peer")
    assert (keyed.reference, keyed.key) == ("t", "name")


def test_no_table_and_no_column_twice() -> None:
    assert max(Counter(table.name for table in TABLES).values()) == 1
    for table in TABLES:
        assert max(Counter(column.element for column in (*SYSTEM_COLUMNS, *table.columns)).values()) == 1, table.name


def test_only_known_types_and_parents() -> None:
    assert {column.type for table in TABLES for column in table.columns} <= TYPES
    assert {table.extends for table in TABLES} - {table.name for table in TABLES} == {""}


def test_secrets_are_of_the_type_that_never_shows() -> None:
    secret = {f"{table.name}.{column.element}" for table in TABLES for column in table.columns if column.type == "password2"}
    assert secret >= {"oauth_entity.client_secret", "oauth_credential.token", "oauth_credential.token_received"}


def test_choices_belong_to_columns() -> None:
    there = {f"{table.name}.{column.element}" for table in TABLES for column in table.columns}
    assert set(CHOICES) - there == {"sn_wsd_rsvsync_provider.processor"}  # found by its label, its name is drawn
