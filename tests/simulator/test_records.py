"""The records a scenario starts with: the strict-mode set, its defects, and what stands around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.simulator.records import PLANNED, build, delegated_mail, display_offset
from exoalias.simulator.scenario import SCENARIOS, Cast, draw, scenario
from exoalias.simulator.writer import Addresses

if TYPE_CHECKING:
    from exoalias.simulator.tables import Row, Store

HERE = Addresses("http://127.0.0.1:1", "http://localhost:2", "tenant")
SPOKE = "sn_ex_online_spke.Microsoft_Exchange_Online"


def world(name: str, seed: int = 5) -> tuple[Store, Cast]:
    """The records of a scenario and its cast."""
    cast = draw(seed)
    return build(cast, scenario(name), HERE), cast


def planned(store: Store) -> list[Row]:
    """The records named MS Graph 1 and MS Graph 2."""
    return sorted((row for row in store.rows("oauth_2_0_credentials") if row["name"] in PLANNED), key=lambda row: row["name"])


def tokens(store: Store, credential: str) -> list[Row]:
    """The stored tokens of a credential."""
    requestors = {row["sys_id"] for row in store.rows("oauth_requestor_profile") if row["requestor_id"] == credential}
    return [row for row in store.rows("oauth_credential") if row["oauth_requestor_profile"] in requestors]


@pytest.mark.parametrize("seed", range(12))
def test_everything_needed_for_the_procedure_is_there(seed: int) -> None:
    store, cast = world("happy", seed)
    for (name, alias), row in zip((("MS Graph 1", SPOKE), ("MS Graph 2", f"{SPOKE}_clientCred")), planned(store), strict=True):
        assert (row["sys_id"], row["name"], row["active"], row["integration_type"]) == (cast.sys_id(name), name, "true", "system")
        assert row["oauth_entity_profile"] == cast.sys_id("profile")
        (connection,) = [c for c in store.rows("http_connection") if c["credential"] == row["sys_id"]]
        found = store.get("sys_alias", connection["connection_alias"])
        assert found
        assert (found["id"], connection["connection_url"], connection["active"]) == (alias, "https://graph.microsoft.com", "true")
        assert tokens(store, row["sys_id"]) == []


@pytest.mark.parametrize("seed", range(12))
def test_the_registry_is_right_in_every_draw(seed: int) -> None:
    store, cast = world("happy", seed)
    registry, profile = (
        store.get("oauth_entity", cast.sys_id("registry")),
        store.get("oauth_entity_profile", cast.sys_id("profile")),
    )
    assert registry
    assert profile
    assert (registry["name"], registry["client_id"]) == (cast.registry_name, cast.strict.client_id)
    assert (registry["auth_url"], registry["token_url"]) == (HERE.authorize, HERE.token)
    assert registry["redirect_url"] == "http://127.0.0.1:1/oauth_redirect.do"
    assert (registry["default_grant_type"], profile["grant_type"]) == ("authorization_code", "authorization_code")
    assert registry["refresh_token_lifespan"] == "8640000"
    assert (profile["name"], profile["oauth_entity"], profile["default"]) == (cast.profile_name, registry["sys_id"], "true")
    links = [row for row in store.rows("oauth_entity_profile_scope") if row["oauth_entity_profile"] == profile["sys_id"]]
    scopes = [store.get("oauth_entity_scope", row["oauth_entity_scope"]) for row in links]
    sent = sorted(scope["oauth_entity_scope"].removeprefix("https://graph.microsoft.com/") for scope in scopes if scope)
    assert sent == ["Calendars.ReadWrite", "Calendars.ReadWrite.Shared", "offline_access"]


def test_what_may_differ_differs() -> None:
    drawn: dict[str, set[str]] = {
        "scope": set(),
        "pkce": set(),
        "send": set(),
        "application": set(),
        "mail": set(),
        "hours": set(),
    }
    for seed in range(16):
        store, cast = world("happy", seed)
        registry = store.get("oauth_entity", cast.sys_id("registry"))
        scope = store.get("oauth_entity_scope", cast.sys_id("entity scope Calendars.ReadWrite"))
        assert registry
        assert scope
        drawn["scope"].add(scope["oauth_entity_scope"])
        drawn["pkce"].add(registry["use_pkce"])
        drawn["send"].add(registry["send_client_credentials_as"])
        drawn["application"].add("global" if registry["sys_scope"] == "global" else "spoke")
        drawn["mail"].add("upn" if delegated_mail(cast) == cast.people["delegated"].upn else "mail")
        drawn["hours"].add(str(display_offset(cast)))
    assert {name: len(values) > 1 for name, values in drawn.items()} == dict.fromkeys(drawn, True)


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("happy", "profile", "profile"),
        ("profile-missing", "", ""),
        ("profile-wrong", "profile Microsoft Exchange Online", "profile Microsoft Exchange Online"),
    ],
)
def test_where_the_profile_field_stands(name: str, first: str, second: str) -> None:
    store, cast = world(name)
    assert [row["oauth_entity_profile"] for row in planned(store)] == [
        cast.sys_id(what) if what else "" for what in (first, second)
    ]


def test_the_second_alone_may_lack_it() -> None:
    cast = draw(5)
    store = build(cast, scenario("happy", profile_field="second-missing"), HERE)
    assert [bool(row["oauth_entity_profile"]) for row in planned(store)] == [True, False]


def test_old_tokens_are_older_than_the_last_change() -> None:
    store, cast = world("old-token")
    profile = store.get("oauth_entity_profile", cast.sys_id("profile"))
    assert profile
    for row in planned(store):
        stored = tokens(store, row["sys_id"])
        assert sorted(token["type"] for token in stored) == ["access_token", "refresh_token"]
        assert all(token["sys_created_on"] < min(row["sys_updated_on"], profile["sys_updated_on"]) for token in stored)


def test_defects() -> None:
    assert [row["name"] for row in planned(world("duplicate-credential")[0])] == ["MS Graph 1", "MS Graph 1", "MS Graph 2"]
    assert [row["integration_type"] for row in planned(world("personal-credential")[0])] == ["system", "personal"]
    found = {}
    for name in ("registry-misprints", "cloned", "wrong-grant"):
        store, cast = world(name)
        registry, profile = (
            store.get("oauth_entity", cast.sys_id("registry")),
            store.get("oauth_entity_profile", cast.sys_id("profile")),
        )
        assert registry
        assert profile
        found[name] = (registry["token_url"], registry["redirect_url"], profile["grant_type"], registry["default_grant_type"])
    assert found["registry-misprints"][0] == "http://localhost:2/<tenant_id>/oauth2/v2.0/token >"
    assert found["cloned"][1].startswith("https://")
    assert found["wrong-grant"][2:] == ("client_credentials", "authorization_code")
    store, cast = world("scope-missing")
    missing = cast.sys_id("entity scope offline_access")
    assert store.get("oauth_entity_scope", missing)
    assert missing not in {row["oauth_entity_scope"] for row in store.rows("oauth_entity_profile_scope")}


def test_another_provider_shares_registry_and_profile_and_has_a_token() -> None:
    store, cast = world("profile-missing")
    (own,) = [row for row in store.rows("oauth_2_0_credentials") if row["oauth_entity_profile"] == cast.sys_id("profile")]
    assert own["name"] not in PLANNED
    assert len(tokens(store, own["sys_id"])) == 2
    (connection,) = [row for row in store.rows("http_connection") if row["credential"] == own["sys_id"]]
    alias = store.get("sys_alias", connection["connection_alias"])
    assert alias
    assert alias["parent"] == cast.sys_id("alias Microsoft_Exchange_Online")
    table, label = "sn_wsd_rsvsync_provider", store.schema.element
    providers = {row["name"]: row for row in store.rows(table)}
    other = providers["Desk calendars"]
    assert other[label(table, "Delegated user email")] == cast.people["other-delegated"].upn
    assert other[label(table, "Connection & credential alias")] == alias["sys_id"]
    assert providers["Room calendars"][label(table, "Connection & credential alias")] == ""
    assert providers["Room calendars"][label(table, "Delegated user email")] == delegated_mail(cast)


def test_every_column_is_in_the_dictionary_once_and_with_its_own_table() -> None:
    store, _ = world("happy")
    listed = [(row["name"], row["element"]) for row in store.rows("sys_dictionary") if row["element"]]
    assert len(listed) == len(set(listed))
    assert ("discovery_credentials", "integration_type") in listed
    assert ("oauth_2_0_credentials", "integration_type") not in listed
    assert ("oauth_2_0_credentials", "oauth_entity_profile") in listed


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_can_be_built_and_every_reference_is_answered(name: str) -> None:
    store, _ = world(name)
    for table in store.schema.tables:
        for column in store.schema.columns(table).values():
            if column.reference and column.key == "sys_id":
                dangling = [
                    row["name"]
                    for row in store.rows(table)
                    if (value := row[column.element]) and not store.get(column.reference, value)
                ]
                assert dangling == [], f"{table}.{column.element}"
