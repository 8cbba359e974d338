"""Registries, profiles, scopes and stored tokens."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from exoalias.simulator.records import build
from exoalias.simulator.scenario import draw, scenario
from exoalias.simulator.tables import Store, stamp
from exoalias.simulator.writer import Addresses

HERE = Addresses("http://127.0.0.1:1", "http://localhost:2", "tenant")
CAST = draw(3)


@pytest.fixture(scope="module")
def store() -> Store:
    """A happy instance."""
    return build(CAST, scenario("happy"), HERE)


def test_each_registry_has_exactly_one_default_profile(store: Store) -> None:
    defaults = [row["oauth_entity"] for row in store.rows("oauth_entity_profile") if row["default"] == "true"]
    assert sorted(defaults) == sorted(row["sys_id"] for row in store.rows("oauth_entity"))


def test_there_are_registries_that_look_alike(store: Store) -> None:
    same_address = [row for row in store.rows("oauth_entity") if row["auth_url"] == HERE.authorize]
    by_code = [row for row in same_address if row["default_grant_type"] == "authorization_code"]
    assert len(by_code) >= 2
    assert len({row["client_id"] for row in same_address}) == len(same_address)


def test_no_secret_is_stored_in_clear(store: Store) -> None:
    values = {value for table in store.schema.tables for row in store.rows(table) for value in row.values()}
    assert CAST.strict.secret not in values
    assert CAST.oidc.secret not in values


def test_the_other_providers_refresh_token_is_alive_and_its_access_token_is_not(store: Store) -> None:
    requestor = store.find("oauth_requestor_profile", requestor_id=CAST.sys_id("desks"))
    assert requestor
    expires = {
        row["type"]: row["expires"]
        for row in store.rows("oauth_credential")
        if row["oauth_requestor_profile"] == requestor["sys_id"]
    }
    assert expires["access_token"] < stamp(datetime.now(UTC)) < expires["refresh_token"]
