"""The Table API over the wire: what a client sees, and what it is not told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.simulator.running import Rest, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exoalias.simulator.serve import Simulator

CREDENTIALS = "oauth_2_0_credentials"
PLANNED = "nameINMS Graph 1,MS Graph 2^ORDERBYname"


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """One for all tests that leave no trace."""
    with running() as simulator:
        yield simulator


@pytest.fixture
def rest(simulator: Simulator) -> Iterator[Rest]:
    """Its REST user."""
    with Rest(simulator) as rest:
        yield rest


# -- reading ------------------------------------------------------------------------------------------------------------


def test_values_are_strings_and_references_carry_their_link(simulator: Simulator, rest: Rest) -> None:
    profile = simulator.cast.sys_id("profile")
    row = rest.rows(CREDENTIALS, PLANNED)[0]
    assert (row["name"], row["active"], row["order"]) == ("MS Graph 1", "true", "100")
    assert row["oauth_entity_profile"] == {
        "link": f"{simulator.instance.origin}/api/now/table/oauth_entity_profile/{profile}",
        "value": profile,
    }


def test_links_are_left_out_on_request(simulator: Simulator, rest: Rest) -> None:
    row = rest.rows(CREDENTIALS, PLANNED, exclude_reference_link="true")[0]
    assert row["oauth_entity_profile"] == simulator.cast.sys_id("profile")
    row = rest.rows(CREDENTIALS, PLANNED, exclude_reference_link="true", display_value="true")[0]
    assert row["oauth_entity_profile"] == simulator.cast.profile_name


def test_display_values_and_both(simulator: Simulator, rest: Rest) -> None:
    fields = "name,oauth_entity_profile,integration_type,sys_updated_on"
    shown = rest.rows(CREDENTIALS, PLANNED, fields=fields, display_value="true")[0]
    both = rest.rows(CREDENTIALS, PLANNED, fields=fields, display_value="all")[0]
    assert shown["oauth_entity_profile"]["display_value"] == simulator.cast.profile_name
    assert shown["integration_type"] == "System"
    assert both["integration_type"] == {"display_value": "System", "value": "system"}
    assert set(both["oauth_entity_profile"]) == {"display_value", "link", "value"}
    assert both["sys_updated_on"]["display_value"] == shown["sys_updated_on"] != both["sys_updated_on"]["value"]


def test_an_empty_reference_is_an_empty_string() -> None:
    with running("profile-missing") as simulator, Rest(simulator) as rest:
        assert rest.rows(CREDENTIALS, PLANNED)[0]["oauth_entity_profile"] == ""
        shown = rest.rows(CREDENTIALS, PLANNED, display_value="all")[0]
        assert shown["oauth_entity_profile"] == {"display_value": "", "value": ""}
        walked = rest.rows(CREDENTIALS, PLANNED, fields="oauth_entity_profile.oauth_entity.name")[0]
        assert walked == {"oauth_entity_profile.oauth_entity.name": ""}


def test_fields_walk_and_unknown_ones_are_left_out(simulator: Simulator, rest: Rest) -> None:
    fields = "name,no_such,oauth_entity_profile.oauth_entity.name,oauth_entity_profile.oauth_entity,oauth_entity_profile.no_such"
    row = rest.rows(CREDENTIALS, PLANNED, fields=fields, exclude_reference_link="true")[0]
    assert row == {
        "name": "MS Graph 1",
        "oauth_entity_profile.oauth_entity.name": simulator.cast.registry_name,
        "oauth_entity_profile.oauth_entity": simulator.cast.sys_id("registry"),
    }


def test_a_mistyped_filter_returns_everything(rest: Rest) -> None:
    assert len(rest.rows(CREDENTIALS, "nameEQUALSMS Graph 1")) == len(rest.rows(CREDENTIALS)) > 50
    assert len(rest.rows("oauth_credential", f"oauth_entity_profile={'0' * 32}", fields="sys_id")) > 50


def test_filters_may_be_plain_parameters(rest: Rest) -> None:
    answer = rest.call("GET", f"/api/now/table/{CREDENTIALS}", params={"name": "MS Graph 2", "sysparm_fields": "name"})
    assert answer.json()["result"] == [{"name": "MS Graph 2"}]


def test_a_parent_table_shows_its_own_columns_only(simulator: Simulator, rest: Rest) -> None:
    (row,) = rest.rows("discovery_credentials", "name=MS Graph 1")
    assert row["sys_class_name"] == CREDENTIALS
    assert "oauth_entity_profile" not in row


def test_pages_and_their_headers(rest: Rest) -> None:
    path, seen = "/api/now/table/http_connection", []
    parameters = {"sysparm_limit": "50", "sysparm_offset": "0", "sysparm_query": "ORDERBYname", "sysparm_fields": "sys_id"}
    answer = rest.call("GET", path, params=parameters)
    total = int(answer.headers["X-Total-Count"])
    while True:
        seen += [row["sys_id"] for row in answer.json()["result"]]
        if "next" not in answer.links:
            break
        answer = rest.http.get(answer.links["next"]["url"], timeout=10)
    assert set(answer.links) == {"first", "prev", "last"}
    assert len(seen) == len(set(seen)) == total > 100
    assert answer.links["last"]["url"].count("sysparm_offset=") == 1


def test_counting_and_link_headers_can_be_switched_off(rest: Rest) -> None:
    answer = rest.call("GET", "/api/now/table/sys_alias", params={"sysparm_limit": "1", "sysparm_no_count": "true"})
    assert "X-Total-Count" not in answer.headers
    assert set(answer.links) == {"first", "next"}
    answer = rest.call("GET", "/api/now/table/sys_alias", params={"sysparm_suppress_pagination_header": "true"})
    assert "Link" not in answer.headers


@pytest.mark.parametrize(("version", "status"), [("v1/", 404), ("v2/", 200), ("", 200)])
def test_an_empty_list(rest: Rest, version: str, status: int) -> None:
    answer = rest.call("GET", f"/api/now/{version}table/sys_alias", params={"sysparm_query": "name=nobody"})
    assert answer.status_code == status
    assert answer.json().get("result", []) == []


def test_one_record_or_none(simulator: Simulator, rest: Rest) -> None:
    sys_id = simulator.cast.sys_id("MS Graph 1")
    answer = rest.call("GET", f"/api/now/table/{CREDENTIALS}/{sys_id}", params={"sysparm_fields": "name"})
    assert answer.json() == {"result": {"name": "MS Graph 1"}}
    answer = rest.call("GET", f"/api/now/table/{CREDENTIALS}/{'0' * 32}")
    assert answer.status_code == 404
    assert answer.json() == {
        "error": {"message": "No Record found", "detail": "Record doesn't exist or ACL restricts the record retrieval"},
        "status": "failure",
    }


def test_a_table_that_is_not_there(rest: Rest) -> None:
    answer = rest.call("GET", "/api/now/table/sn_nothing")
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, "Invalid table sn_nothing")


def test_no_secret_is_ever_shown(simulator: Simulator, rest: Rest) -> None:
    text = json.dumps(
        [
            rest.rows("oauth_entity", display_value="all"),
            rest.rows("oauth_credential", display_value="all"),
            rest.rows(CREDENTIALS, fields="name,oauth_entity_profile.oauth_entity.client_secret"),
        ]
    )
    assert simulator.cast.strict.secret not in text
    assert simulator.cast.oidc.secret not in text


def test_counts_whole_and_by_group(rest: Rest) -> None:
    answer = rest.call("GET", f"/api/now/stats/{CREDENTIALS}", params={"sysparm_count": "true", "sysparm_query": PLANNED})
    assert answer.json() == {"result": {"stats": {"count": "2"}}}
    grouped = {"sysparm_count": "true", "sysparm_group_by": "integration_type", "sysparm_query": "nameSTARTSWITHMS Graph"}
    groups = rest.call("GET", f"/api/now/stats/{CREDENTIALS}", params=grouped).json()["result"]
    counts = {group["groupby_fields"][0]["value"]: group["stats"]["count"] for group in groups}
    assert counts == {"system": "3", "personal": "1"}


def test_labels_lead_to_the_names_of_columns(simulator: Simulator, rest: Rest) -> None:
    query = "name=sn_wsd_rsvsync_provider^column_label=Delegated user email"
    (column,) = rest.rows("sys_dictionary", query, fields="element,internal_type")
    (provider,) = rest.rows("sn_wsd_rsvsync_provider", "name=Room calendars", fields=column["element"])
    delegated = simulator.cast.people["delegated"]
    assert provider[column["element"]] in {delegated.upn, delegated.mail}
    assert column["internal_type"]["link"].endswith("/sys_glide_object?name=email")


# -- writing ------------------------------------------------------------------------------------------------------------


def test_a_patch_is_taken_counted_and_signed() -> None:
    with running("profile-missing") as simulator, Rest(simulator) as rest:
        sys_id, profile = simulator.cast.sys_id("MS Graph 1"), simulator.cast.sys_id("profile")
        (before,) = rest.rows(CREDENTIALS, "name=MS Graph 1")
        after = rest.patch(CREDENTIALS, sys_id, oauth_entity_profile=profile, sys_mod_count="99", no_such="x")
        assert after["oauth_entity_profile"] == profile
        assert int(after["sys_mod_count"]) == int(before["sys_mod_count"]) + 1
        assert after["sys_updated_by"] == simulator.cast.admin.user_name
        assert after["sys_updated_on"] > before["sys_updated_on"]
        again = rest.patch(CREDENTIALS, sys_id, oauth_entity_profile=profile)
        assert again == after
        written = simulator.record.as_dict()["writes"][0]
        assert (written["verb"], written["table"], written["sys_id"]) == ("PATCH", CREDENTIALS, sys_id)
        assert written["fields"] == ["no_such", "oauth_entity_profile", "sys_mod_count"]


def test_a_patch_through_the_parent_table_does_not_reach_the_childs_column() -> None:
    with running("profile-missing") as simulator, Rest(simulator) as rest:
        rest.patch(
            "discovery_credentials", simulator.cast.sys_id("MS Graph 1"), oauth_entity_profile=simulator.cast.sys_id("profile")
        )
        assert rest.rows(CREDENTIALS, "name=MS Graph 1")[0]["oauth_entity_profile"] == ""


def test_booleans_names_and_empty_values() -> None:
    with running() as simulator, Rest(simulator) as rest:
        sys_id = simulator.cast.sys_id("MS Graph 1")
        path = f"/api/now/table/{CREDENTIALS}/{sys_id}"
        assert rest.patch(CREDENTIALS, sys_id, active=False, oauth_entity_profile=None)["active"] == "false"
        assert rest.rows(CREDENTIALS, "name=MS Graph 1")[0]["oauth_entity_profile"] == ""
        by_name = {
            "sysparm_input_display_value": "true",
            "sysparm_exclude_reference_link": "true",
            "sysparm_fields": "oauth_entity_profile",
        }
        answer = rest.call("PUT", path, params=by_name, json={"oauth_entity_profile": simulator.cast.profile_name})
        assert answer.json() == {"result": {"oauth_entity_profile": simulator.cast.sys_id("profile")}}


def test_method_override_and_no_body() -> None:
    with running() as simulator, Rest(simulator) as rest:
        path = f"/api/now/table/{CREDENTIALS}/{simulator.cast.sys_id('MS Graph 2')}"
        headers = {"X-HTTP-Method-Override": "PATCH", "X-no-response-body": "true"}
        answer = rest.call("POST", path, json={"order": 300}, headers=headers)
        assert (answer.status_code, answer.content) == (204, b"")
        assert rest.rows(CREDENTIALS, "name=MS Graph 2")[0]["order"] == "300"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b'{"active":"false"}', {"Content-Type": "text/plain"}),
        (b"{", {"Content-Type": "application/json"}),
        (b"[1]", {"Content-Type": "application/json"}),
    ],
)
def test_what_is_not_a_json_object_is_refused(simulator: Simulator, rest: Rest, body: bytes, headers: dict[str, str]) -> None:
    path = f"/api/now/table/{CREDENTIALS}/{simulator.cast.sys_id('MS Graph 1')}"
    assert rest.call("PATCH", path, data=body, headers=headers).status_code == 400
    assert rest.rows(CREDENTIALS, "name=MS Graph 1")[0]["active"] == "true"


@pytest.mark.parametrize(("verb", "word"), [("POST", "Insert"), ("DELETE", "Delete")])
def test_nothing_is_created_or_removed(simulator: Simulator, rest: Rest, verb: str, word: str) -> None:
    sys_id = f"/{simulator.cast.sys_id('MS Graph 1')}" if verb == "DELETE" else ""
    answer = rest.call(verb, f"/api/now/table/{CREDENTIALS}{sys_id}", json={"name": "x"})
    assert answer.status_code == 403
    assert answer.json()["error"] == {
        "message": "Operation Failed",
        "detail": f"ACL Exception {word} Failed due to security constraints",
    }
    assert len(rest.rows(CREDENTIALS, PLANNED)) == 2


# -- faults -------------------------------------------------------------------------------------------------------------


def test_a_write_that_is_ignored_looks_like_one_that_is_not() -> None:
    with running("write-ignored") as simulator, Rest(simulator) as rest:
        (before,) = rest.rows(CREDENTIALS, "name=MS Graph 1", exclude_reference_link="true")
        assert rest.patch(CREDENTIALS, before["sys_id"], oauth_entity_profile=simulator.cast.sys_id("profile")) == before


def test_a_colleague_saves_after_each_read() -> None:
    with running("moved-meanwhile") as simulator, Rest(simulator) as rest:
        sys_id = simulator.cast.sys_id("MS Graph 1")
        counts = [int(rest.rows(CREDENTIALS, PLANNED)[0]["sys_mod_count"]) for _ in range(2)]
        one = rest.call("GET", f"/api/now/table/{CREDENTIALS}/{sys_id}").json()["result"]
        assert [counts[1], int(one["sys_mod_count"])] == [counts[0] + 1, counts[0] + 2]
        assert one["sys_updated_by"] != simulator.cast.admin.user_name
        assert one["oauth_entity_profile"] == ""
        others = [rest.rows(CREDENTIALS, "name=MS Graph Personal")[0]["sys_mod_count"] for _ in range(2)]
        assert others[0] == others[1]


def test_token_records_can_be_closed() -> None:
    with running("tokens-unreadable") as simulator, Rest(simulator) as rest:
        for table in ("oauth_credential", "oauth_requestor_profile"):
            answer = rest.call("GET", f"/api/now/table/{table}")
            assert (answer.status_code, answer.json()["error"]["message"]) == (403, "Insufficient rights to query records")
        assert rest.rows("oauth_entity")


def test_a_fence_around_other_applications() -> None:
    with running("profile-missing", faults={"scope_fenced": True}) as simulator, Rest(simulator) as rest:
        path = f"/api/now/table/{CREDENTIALS}/{simulator.cast.sys_id('MS Graph 1')}"
        body = {"oauth_entity_profile": simulator.cast.sys_id("profile")}
        refused = rest.call("PATCH", path, json=body)
        assert refused.status_code == 403
        assert "cross-scope access policy" in refused.json()["error"]["detail"]
        application = {"app_id": simulator.cast.sys_id("scope sn_ex_online_spke")}
        assert rest.call("PUT", "/api/now/ui/concoursepicker/application", json=application).status_code == 200
        assert rest.call("PATCH", path, json=body).status_code == 200
