"""The store: values, display values, dot-walks and writes."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from exoalias.simulator.schema import Schema
from exoalias.simulator.tables import Row, Store, stamp

AT = datetime(2025, 11, 23, 22, 30, tzinfo=UTC)


@pytest.fixture
def store() -> Store:
    """One registry with a profile and a credential; people see times two hours later than UTC."""
    store = Store(Schema(random.Random(1)), display_offset=timedelta(hours=2))
    registry = {"name": "Strict", "client_secret": "{encrypted}00", "refresh_token_lifespan": "8640000", "active": "true"}
    store.insert("oauth_entity", registry | {"default_grant_type": "authorization_code"}, sys_id="r1", at=AT)
    store.insert("oauth_entity_profile", {"name": "Strict default", "oauth_entity": "r1"}, sys_id="p1", at=AT)
    values = {"name": "MS Graph 1", "oauth_entity_profile": "p1", "integration_type": "system"}
    store.insert("oauth_2_0_credentials", values, sys_id="c1", at=AT)
    return store


def one(store: Store, table: str, sys_id: str) -> Row:
    """A record that is there."""
    row = store.get(table, sys_id)
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("table", "sys_id", "path", "raw", "shown"),
    [
        ("oauth_entity", "r1", "refresh_token_lifespan", "8640000", "8,640,000"),
        ("oauth_entity", "r1", "active", "true", "true"),
        ("oauth_entity", "r1", "default_grant_type", "authorization_code", "Authorization Code"),
        ("oauth_entity", "r1", "client_secret", "{encrypted}00", "********"),
        ("oauth_entity", "r1", "sys_created_on", "2025-11-23 22:30:00", "2025-11-24 00:30:00"),
        ("oauth_entity", "r1", "token_url", "", ""),
        ("oauth_2_0_credentials", "c1", "oauth_entity_profile", "p1", "Strict default"),
        ("oauth_2_0_credentials", "c1", "oauth_entity_profile.oauth_entity.name", "Strict", "Strict"),
        ("oauth_2_0_credentials", "c1", "integration_type", "system", "System"),
        ("oauth_2_0_credentials", "c1", "sys_class_name", "oauth_2_0_credentials", "OAuth 2.0 Credentials"),
        ("oauth_2_0_credentials", "c1", "sys_scope.name", "", ""),
    ],
)
def test_raw_and_display_values(store: Store, table: str, sys_id: str, path: str, raw: str, shown: str) -> None:
    columns = store.path(table, path)
    assert columns
    holder, value = store.value(one(store, table, sys_id), columns)
    assert (value, store.display(holder, columns[-1], value)) == (raw, shown)


def test_a_reference_to_nothing_has_no_name(store: Store) -> None:
    row = one(store, "oauth_2_0_credentials", "c1")
    store.update(row, {"oauth_entity_profile": "gone"}, by="me")
    columns = store.path("oauth_2_0_credentials", "oauth_entity_profile")
    assert columns
    assert store.display(row, columns[0], "gone") == ""
    assert store.value(row, store.path("oauth_2_0_credentials", "oauth_entity_profile.name") or []) == (None, "")


@pytest.mark.parametrize("path", ["nothing", "name.name", "oauth_entity_profile.nothing", "", "oauth_entity_profile..name"])
def test_a_path_that_is_not_there(store: Store, path: str) -> None:
    assert store.path("oauth_2_0_credentials", path) is None


def test_a_write_counts_and_signs(store: Store) -> None:
    row = one(store, "oauth_2_0_credentials", "c1")
    assert store.update(row, {"oauth_entity_profile": "", "name": "MS Graph 1"}, by="ada")
    assert (row["oauth_entity_profile"], row["sys_mod_count"], row["sys_updated_by"]) == ("", "1", "ada")
    assert row["sys_updated_on"] > row["sys_created_on"] == stamp(AT)


def test_a_write_of_the_same_value_leaves_no_trace(store: Store) -> None:
    row = dict(one(store, "oauth_2_0_credentials", "c1"))
    assert not store.update(one(store, "oauth_2_0_credentials", "c1"), {"oauth_entity_profile": "p1"}, by="ada")
    assert one(store, "oauth_2_0_credentials", "c1") == row


def test_what_rest_may_not_set(store: Store) -> None:
    assert {"client_secret", "sys_mod_count", "sys_id"} & store.writable("oauth_entity") == set()
    assert {"id", "parent"} & store.writable("sys_alias") == set()
    assert "oauth_entity_profile" in store.writable("oauth_2_0_credentials")
    assert "oauth_entity_profile" not in store.writable("discovery_credentials")


def test_a_record_is_found_through_its_parent_and_not_through_a_sister(store: Store) -> None:
    assert store.get("discovery_credentials", "c1") is one(store, "oauth_2_0_credentials", "c1")
    assert store.get("basic_auth_credentials", "c1") is None


def test_a_column_the_table_lacks_is_a_mistake_of_the_simulation(store: Store) -> None:
    with pytest.raises(KeyError, match="oauth_entity has no scope"):
        store.insert("oauth_entity", {"scope": "x"})


def test_a_deleted_record_is_gone(store: Store) -> None:
    store.delete(one(store, "oauth_2_0_credentials", "c1"))
    assert store.rows("discovery_credentials") == []
