"""Encoded queries, as the simulated instance reads them."""

from __future__ import annotations

import random

import pytest

from exoalias.simulator.query import User, parse, select
from exoalias.simulator.schema import Schema
from exoalias.simulator.tables import Store

ME = User("ada.keller", "u1")


@pytest.fixture(scope="module")
def store() -> Store:
    """Two profiles of two registries, four credentials, three users."""
    store = Store(Schema(random.Random(1)))
    for sys_id, name, lifespan in (("r1", "Strict", "100"), ("r2", "Normal", "20")):
        store.insert("oauth_entity", {"name": name, "refresh_token_lifespan": lifespan, "active": "true"}, sys_id=sys_id)
    for sys_id, name, registry in (("p1", "Strict default", "r1"), ("p2", "Normal default", "r2")):
        store.insert("oauth_entity_profile", {"name": name, "oauth_entity": registry}, sys_id=sys_id)
    for sys_id, name, profile in (("c1", "MS Graph 1", "p1"), ("c2", "MS Graph 2", ""), ("c3", "Jira^Prod", "p2")):
        store.insert("oauth_2_0_credentials", {"name": name, "oauth_entity_profile": profile}, sys_id=sys_id)
    store.insert("basic_auth_credentials", {"name": "ms graph 3", "user_name": "svc"}, sys_id="c4")
    store.insert("http_connection", {"name": "Graph", "credential": "c1"}, sys_id="h1")
    for sys_id, name in (("u1", "ada.keller"), ("u2", "bo"), ("u3", "")):
        store.insert("sys_user", {"user_name": name}, sys_id=sys_id)
    return store


def ids(store: Store, table: str, text: str) -> str:
    """The sys_ids found, in the order found."""
    return " ".join(row["sys_id"] for row in select(store, table, parse(store, table, text, ME)))


CREDENTIALS = "oauth_2_0_credentials"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "c1 c2 c3"),
        ("name=MS Graph 1", "c1"),
        ("name=ms graph 1", "c1"),
        ("name!=MS Graph 1", "c2 c3"),
        ("nameINMS Graph 1,MS Graph 2,nobody", "c1 c2"),
        ("nameNOT INMS Graph 1,MS Graph 2", "c3"),
        ("nameLIKEgraph", "c1 c2"),
        ("nameCONTAINSgraph", "c1 c2"),
        ("nameNOT LIKEgraph", "c3"),
        ("nameSTARTSWITHms", "c1 c2"),
        ("nameENDSWITH2", "c2"),
        ("name=Jira^^Prod", "c3"),
        ("oauth_entity_profileISEMPTY", "c2"),
        ("oauth_entity_profileISNOTEMPTY", "c1 c3"),
        ("oauth_entity_profile=", "c2"),
        ("oauth_entity_profile=p2", "c3"),
        ("oauth_entity_profileLIKEstrict", "c1"),
        ("oauth_entity_profile.oauth_entity=r1", "c1"),
        ("oauth_entity_profile.oauth_entity.name=Normal", "c3"),
        ("name=MS Graph 1^ORname=MS Graph 2^oauth_entity_profileISNOTEMPTY", "c1"),
        ("name=MS Graph 1^NQname=MS Graph 2", "c1 c2"),
        ("ORDERBYDESCname", "c2 c1 c3"),
        ("ORDERBYoauth_entity_profile^ORDERBYDESCname", "c2 c3 c1"),
        ("nameLIKEgraph^ORDERBYDESCname", "c2 c1"),
    ],
)
def test_finds(store: Store, text: str, found: str) -> None:
    assert ids(store, CREDENTIALS, text) == found


@pytest.mark.parametrize(
    "text",
    [
        "no_such_column=1",
        "name~MS Graph 1",
        "NAME=MS Graph 1",
        "name",
        "oauth_entity_profile.no_such_column=1",
        "name.name=1",
        "user_name=svc",
        "name=javascript:gs.beginningOfToday()",
        "ORDERBYno_such_column",
        "^^^",
    ],
)
def test_what_it_does_not_understand_filters_nothing(store: Store, text: str) -> None:
    assert ids(store, CREDENTIALS, text) == "c1 c2 c3"


def test_only_the_part_not_understood_is_dropped(store: Store) -> None:
    assert ids(store, CREDENTIALS, "no_such_column=1^name=MS Graph 1") == "c1"
    assert ids(store, CREDENTIALS, "name=MS Graph 1^ORno_such_column=1") == "c1"
    assert ids(store, CREDENTIALS, "no_such_column=1^ORname=MS Graph 1") == "c1"


def test_a_parent_table_finds_its_children(store: Store) -> None:
    assert ids(store, "discovery_credentials", "nameSTARTSWITHms graph^ORDERBYname") == "c1 c2 c4"


def test_a_child_column_needs_its_table_named_in_a_walk_through_the_parent(store: Store) -> None:
    assert ids(store, "http_connection", "credential.ref_oauth_2_0_credentials.oauth_entity_profile=p2") == ""
    assert ids(store, "http_connection", "credential.ref_oauth_2_0_credentials.oauth_entity_profile=p1") == "h1"
    assert ids(store, "http_connection", "credential.oauth_entity_profile=p2") == "h1"  # dropped


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("refresh_token_lifespan>20", "r1"),
        ("refresh_token_lifespan>=20", "r1 r2"),
        ("refresh_token_lifespan<100", "r2"),
        ("refresh_token_lifespan<=100", "r1 r2"),
        ("access_token_lifespan<100", ""),
        ("ORDERBYrefresh_token_lifespan", "r2 r1"),
        ("refresh_token_lifespan>soon", "r1 r2"),
    ],
)
def test_numbers_are_compared_as_numbers(store: Store, text: str, found: str) -> None:
    assert ids(store, "oauth_entity", text) == found


def test_scripts_know_who_asks(store: Store) -> None:
    assert ids(store, "sys_user", "user_name=javascript:gs.getUserName()") == "u1"
    assert ids(store, "sys_user", "sys_id=javascript:gs.getUserID();") == "u1"
    assert ids(store, "sys_user", "user_name=javascript:gs.nobody()") == "u1 u2 u3"
