"""What the instance's own scan says about records, each sentence with the record that makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.simulator.cast import draw
from exoalias.simulator.records import PLANNED, build
from exoalias.simulator.scan_findings import Finding, Findings
from exoalias.simulator.scenario import scenario
from exoalias.simulator.writer import Addresses

if TYPE_CHECKING:
    from exoalias.simulator.tables import Store

CAST = draw(5)
ADDRESSES = Addresses("http://127.0.0.1:8099", "http://localhost:8098", CAST.tenant.id)
OTHER_PROVIDERS = "OAuth provider associated with the OAuth Entity Scope - offline_access is not same as the one"
ALIAS = "sn_ex_online_spke.Microsoft_Exchange_Online"


def world(name: str = "old-token", **changes: object) -> Store:
    """The records of a scenario."""
    return build(CAST, scenario(name, **changes), ADDRESSES)


def said(store: Store) -> list[str]:
    """The sentences."""
    return [finding.says for finding in Findings(store, ADDRESSES).all()]


def change(store: Store, table: str, what: str, **values: str) -> None:
    """Set columns of the record known as *what*."""
    row = store.get(table, CAST.sys_id(what))
    assert row is not None
    row.update(values)


def test_where_all_is_right_it_finds_nothing_whoever_owns_the_tokens() -> None:
    assert said(world()) == []


def test_a_finding_names_its_record() -> None:
    found = Findings(world("profile-missing"), ADDRESSES).all()
    says = "There is no OAuth Entity Profile associated with the credential - MS Graph 1."
    assert Finding("Calendar Provider Configurations Check", says, "oauth_2_0_credentials", CAST.sys_id(PLANNED[0])) in found


def test_without_a_token_it_asks_for_one() -> None:
    assert said(world("happy")) == ["Please generate an OAuth Token."]


def test_a_token_that_is_over() -> None:
    store = world()
    for token in store.rows("oauth_credential"):
        token["expires"] = "2020-01-01 00:00:00"
    assert said(store) == ["OAuth Token has expired."] * 2  # of the default alias, and of the desks' own


@pytest.mark.parametrize(
    ("defect", "sentence"),
    [
        ("cloned", f"Invalid redirect URL associated with Application Registry - {CAST.registry_name}."),
        ("registry-misprints", f"Invalid token URL associated with Application Registry - {CAST.registry_name}."),
        ("scope-missing", "The OAuth Scope - offline_access must be associated with the grant type authorization_code."),
        (
            "wrong-grant",
            "The Default grant type of the OAuth provider must be same as the Grant type of the OAuth Entity Profile.",
        ),
    ],
)
def test_defects_of_the_registry(defect: str, sentence: str) -> None:
    assert sentence in said(world(records=("old-token", defect)))


@pytest.mark.parametrize(
    ("table", "what", "values", "sentence"),
    [
        (
            "http_connection",
            "connection MS Graph 1",
            {"connection_url": "https://graph.example"},
            "Incorrect 'Connection URL' specified in the Microsoft_Exchange_Online Connection and credential alias.",
        ),
        (
            "http_connection",
            "connection MS Graph 1",
            {"active": "false"},
            "There are multiple/no connections associated with the Microsoft_Exchange_Online Connection and credential alias.",
        ),
        (
            "http_connection",
            "connection MS Graph 1",
            {"credential": ""},
            "There is no credential associated with the connection - MS Graph 1.",
        ),
        (
            "http_connection",
            "connection MS Graph 1",
            {"credential": "0" * 32},
            "Invalid Credential record associated with connection - MS Graph 1.",
        ),
        (
            "oauth_2_0_credentials",
            "MS Graph 1",
            {"active": "false"},
            "There is no active credential associated with the connection - MS Graph 1.",
        ),
        (
            "sys_alias",
            "alias Microsoft_Exchange_Online",
            {"id": "gone"},
            f"Could not find the {ALIAS} Connection and credential alias.",
        ),
        (
            "oauth_entity_scope",
            "entity scope offline_access",
            {"oauth_entity": "0" * 32},
            f"{OTHER_PROVIDERS} associated with OAuth Entity Profile of this scope.",
        ),
    ],
)
def test_other_records(table: str, what: str, values: dict[str, str], sentence: str) -> None:
    store = world()
    change(store, table, what, **values)
    assert sentence in said(store)


def test_an_override_that_is_no_child_and_a_synchronization_without_provider() -> None:
    store = world()
    own = next(row for row in store.rows("sys_alias") if row["parent"])
    own["parent"] = ""
    assert any("is not a child alias" in sentence for sentence in said(store))
    active = store.schema.element("sn_wsd_rsvsync_provider", "Active")
    for provider in store.rows("sn_wsd_rsvsync_provider"):
        provider[active] = "false"
    assert said(store) == ["Synchronization is not configured - could not find an active provider."]


def test_rooms_and_their_addresses() -> None:
    store = world()
    table = "sn_wsd_rsvsync_reservable_sync_configuration"
    mail = store.schema.element(table, "Reservable email")
    first, second, *_ = store.rows(table)
    first[mail], second[mail] = "", "other@room.example"
    assert sorted(said(store)) == [
        "Could not find an email with this Rsv Sync configuration.",
        "The Rsv Sync configuration email must be same as the email specified in the 'Email' field of the location record.",
    ]
