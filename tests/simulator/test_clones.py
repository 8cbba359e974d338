"""What a clone does to the records, kind by kind, and that it does nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.simulator.cast import draw
from exoalias.simulator.clones import KINDS, PLANNED, Clone
from exoalias.simulator.records import build
from exoalias.simulator.scan_findings import Findings
from exoalias.simulator.scenario import scenario
from exoalias.simulator.writer import Addresses
from tests.simulator.running import Browser as Person
from tests.simulator.running import Rest, get_token, running

if TYPE_CHECKING:
    from exoalias.simulator.tables import Row, Store

CAST = draw(5)
ADDRESSES = Addresses("http://127.0.0.1:8099", "http://localhost:8098", CAST.tenant.id)


def before() -> Store:
    """All holds: profiles set, tokens there."""
    return build(CAST, scenario("old-token"), ADDRESSES)


def after(*kinds: str) -> Clone:
    """The same after a clone."""
    clone = Clone(before(), CAST, ADDRESSES)
    clone.apply(*kinds)
    return clone


def credential(store: Store, name: str = "MS Graph 1") -> Row:
    """One of the two, wherever its name went."""
    row = store.get("oauth_2_0_credentials", CAST.sys_id(name))
    assert row is not None
    return row


def snapshot(store: Store) -> dict[str, dict[str, str]]:
    """Every record by its id."""
    return {f"{table} {row['sys_id']}": dict(row) for table in store.schema.tables for row in store.rows(table)}


# What each kind may touch, beside the dates of what it touched.
TOUCHES = {
    "redirect": {"oauth_entity"},
    "tokens-gone": {"oauth_requestor_profile", "oauth_credential"},
    "tokens-dead": {"oauth_requestor_profile", "oauth_credential"},
    "tokens-other": {"oauth_requestor_profile", "oauth_credential"},
    "profile-gone": {"oauth_2_0_credentials"},
    "credential-renamed": {"oauth_2_0_credentials"},
    "credential-missing": {"oauth_2_0_credentials", "http_connection"},
    "registry-new-ids": {
        *("oauth_entity", "oauth_entity_profile", "oauth_entity_scope", "oauth_entity_profile_scope", "oauth_2_0_credentials")
    },
    "connection-url": {"http_connection"},
    "mode-normal": {"sys_properties"},
    "alias-alone": {"http_connection"},
}
TOUCHES["registry-other"] = TOUCHES["registry-new-ids"]
TOUCHES["typical"] = TOUCHES["redirect"] | TOUCHES["tokens-gone"] | TOUCHES["profile-gone"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_touches_its_own_records(kind: str) -> None:
    store = before()
    old = snapshot(store)
    Clone(store, CAST, ADDRESSES).apply(kind)
    new = snapshot(store)
    changed = {key.split(" ")[0] for key in {*old, *new} if old.get(key) != new.get(key)}
    parents = {"discovery_credentials", "sys_connection", "sys_metadata"}  # each record is found there, too
    assert changed - parents == TOUCHES[kind]


def test_a_kind_there_is_not_changes_nothing() -> None:
    store = before()
    old = snapshot(store)
    with pytest.raises(KeyError):
        Clone(store, CAST, ADDRESSES).apply("redirect", "nonsense")
    assert snapshot(store) == old


def test_what_comes_from_the_source_has_the_sources_dates() -> None:
    old = credential(before())
    new = credential(after("profile-gone").store)
    assert new["oauth_entity_profile"] == ""
    assert new["sys_updated_by"] == "source.admin"
    assert new["sys_updated_on"] < old["sys_updated_on"]
    assert new["sys_mod_count"] != old["sys_mod_count"]


@pytest.mark.parametrize(("kind", "alive"), [("tokens-dead", False), ("tokens-other", True)])
def test_tokens_of_the_source_are_other_records_and_older(kind: str, alive: bool) -> None:
    store = before()
    clone = Clone(store, CAST, ADDRESSES)
    old = clone.tokens(credential(store))
    clone.apply(kind)
    new = clone.tokens(credential(store))
    assert len(new) == len(old) == 2
    assert not {row["sys_id"] for row in old} & {row["sys_id"] for row in new}
    assert max(row["sys_created_on"] for row in new) < min(row["sys_created_on"] for row in old)
    assert ("OAuth Token has expired." in {f.says for f in Findings(store, ADDRESSES).all()}) is not alive


def test_names_and_records_that_are_gone() -> None:
    renamed = after("credential-renamed").store
    assert [credential(renamed, name)["name"] for name in PLANNED] == ["MS Graph 1 copy", "MSGraph2"]
    missing = after("credential-missing").store
    assert missing.get("oauth_2_0_credentials", CAST.sys_id("MS Graph 2")) is None
    assert missing.find("http_connection", name="MS Graph 2", credential="") is not None


@pytest.mark.parametrize(("kind", "same_client"), [("registry-new-ids", True), ("registry-other", False)])
def test_a_registry_of_the_same_name_is_another_record(kind: str, same_client: bool) -> None:
    clone = after(kind)
    (registry,), (profile,) = clone.strict("oauth_entity"), clone.strict("oauth_entity_profile")
    assert registry["sys_id"] != CAST.sys_id("registry")
    assert profile["oauth_entity"] == registry["sys_id"]
    assert (registry["client_id"] == CAST.strict.client_id) is same_client
    assert (CAST.tenant.id in registry["token_url"]) is same_client
    links = [row for row in clone.store.rows("oauth_entity_profile_scope") if row["oauth_entity_profile"] == profile["sys_id"]]
    entities = [clone.store.get("oauth_entity_scope", row["oauth_entity_scope"]) for row in links]
    assert [entity["oauth_entity"] for entity in entities if entity] == [registry["sys_id"]] * 3
    assert {credential(clone.store, name)["oauth_entity_profile"] for name in (*PLANNED, "desks")} == {profile["sys_id"]}


def test_kinds_go_together() -> None:
    store = after("connection-url", "mode-normal", "alias-alone", "redirect").store
    connection = store.find("http_connection", name="MS Graph 1")
    assert connection is not None
    assert connection["connection_url"].endswith(CAST.tenant.domain)
    assert connection["connection_alias"] == ""
    assert store.find("sys_properties", value="Normal") is not None
    assert store.find(
        "oauth_entity", redirect_url=f"https://{CAST.tenant.domain.split('.')[0]}prod.service-now.com/oauth_redirect.do"
    )


def test_in_the_middle_of_a_run_everybody_has_to_sign_in_again() -> None:
    with running("happy") as simulator, Person() as browser, Rest(simulator) as rest:
        get_token(simulator, browser)
        assert len(rest.rows("oauth_credential", f"oauth_requestor_profile.requestor_id={CAST.sys_id('MS Graph 1')}")) == 2
        simulator.instance.clone("typical")
        assert rest.rows("oauth_credential", f"oauth_requestor_profile.requestor_id={CAST.sys_id('MS Graph 1')}") == []
        assert browser.open(simulator.instance.origin + "/navpage.do").url.endswith("/login.do")


def test_a_registry_with_new_ids_still_gets_tokens() -> None:
    with running("clone-registry-new-ids") as simulator, Person() as browser, Rest(simulator) as rest:
        (profile,) = rest.rows("oauth_entity_profile", f"name={simulator.cast.profile_name}", fields="sys_id")
        page = browser.open(
            f"{simulator.instance.origin}/oauth_initiator.do?oauth_requestor_context=oauth_2_0_credentials"
            f"&oauth_requestor={CAST.sys_id('MS Graph 1')}&oauth_provider_profile={profile['sys_id']}&response_type=code"
        )
        page = browser.at_microsoft(simulator, browser.log_in(simulator, page), simulator.cast.people["delegated"])
        assert "completed successfully" in page.text
