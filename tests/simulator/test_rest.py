"""REST as a whole: who may call, how often, Batch, and which API."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.simulator.running import Browser, Rest, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exoalias.simulator.serve import Simulator

BATCH = "/api/now/v1/batch"
USER = "/api/now/ui/user/current_user"
NOT_SIGNED_IN = {
    "error": {"message": "User Not Authenticated", "detail": "Required to provide Auth information"},
    "status": "failure",
}


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


def get(id_: str, url: str, **more: object) -> dict[str, object]:
    """A batch item that reads."""
    return {"id": id_, "method": "GET", "url": url, "headers": [{"name": "Accept", "value": "application/json"}], **more}


def batch(rest: Rest, *items: dict[str, object]) -> dict[str, Any]:
    """The answer to a batch."""
    answer = rest.call("POST", BATCH, json={"batch_request_id": 7, "rest_requests": list(items)})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def result(item: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """What is in an item's body."""
    return json.loads(base64.b64decode(item["body"])).get("result")


# -- who ----------------------------------------------------------------------------------------------------------------


def test_who_am_i(simulator: Simulator, rest: Rest) -> None:
    admin = simulator.cast.admin
    said = rest.call("GET", USER).json()["result"]
    assert (said["user_sys_id"], said["user_name"], said["user_display_name"]) == (
        admin.sys_id,
        admin.user_name,
        admin.display_name,
    )
    assert rest.rows("sys_user", "user_name=javascript:gs.getUserName()", fields="sys_id") == [{"sys_id": admin.sys_id}]


@pytest.mark.parametrize("authorization", ["", "Basic !!!", "Basic eDp5", "Bearer abc", "Basic /w=="])
def test_who_is_not_signed_in_learns_nothing(simulator: Simulator, authorization: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    for path in (USER, "/api/now/table/sys_scope", "/api/now/nothing"):
        answer = requests.get(simulator.instance.origin + path, headers=headers, timeout=5)
        assert (answer.status_code, answer.json()) == (401, NOT_SIGNED_IN)


def test_the_gate_and_a_wrong_password_say_the_same(simulator: Simulator) -> None:
    with Rest(simulator, password="wrong") as rest:
        wrong = rest.call("GET", USER)
    with running("basic-auth-refused") as closed, Rest(closed) as rest:
        gate = rest.call("GET", USER)
    assert (wrong.status_code, wrong.json()) == (gate.status_code, gate.json()) == (401, NOT_SIGNED_IN)


def test_a_browser_session_reads_and_writes_with_its_token() -> None:
    with running("profile-missing", instance_sign_in="nothing") as simulator, Browser() as browser:
        home = browser.log_in(simulator, browser.open(simulator.instance.origin + "/login.do"))
        ck = home.text.split('g_ck = "')[1].split('"')[0]
        path = f"{simulator.instance.origin}/api/now/table/oauth_2_0_credentials/{simulator.cast.sys_id('MS Graph 1')}"
        assert browser.http.get(path, timeout=5).status_code == 200
        assert browser.http.patch(path, json={"order": "5"}, timeout=5).status_code == 401
        assert (
            browser.http.patch(path, json={"order": "5"}, headers={"X-UserToken": ck}, timeout=5).json()["result"]["order"] == "5"
        )


# -- which --------------------------------------------------------------------------------------------------------------


def test_addresses_that_are_none(rest: Rest) -> None:
    answer = rest.call("GET", "/api/now/nothing")
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, "Requested URI does not represent any resource")
    assert rest.call("PATCH", "/api/now/table/sys_scope", json={}).status_code == 405


def test_every_nth_request_is_told_to_wait() -> None:
    with running("rate-limited") as simulator, Rest(simulator) as rest:
        answers = [rest.call("GET", USER) for _ in range(8)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429] * 2
        assert answers[3].headers["Retry-After"] == "1"
        assert {"X-RateLimit-Limit", "X-RateLimit-Reset", "X-RateLimit-Rule"} <= set(answers[3].headers)


def test_asleep_it_answers_everything_with_a_page() -> None:
    with running("hibernating") as simulator, Rest(simulator) as rest:
        answer = rest.call("GET", USER)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "Instance Hibernating page" in answer.text
        assert "Instance Hibernating page" in rest.call("GET", "/login.do").text


def test_slow_is_slow() -> None:
    with running(faults={"latency_s": 0.15}) as simulator, Rest(simulator) as rest:
        assert rest.call("GET", USER).elapsed.total_seconds() >= 0.15


# -- Batch --------------------------------------------------------------------------------------------------------------


def test_items_answer_each_for_itself(simulator: Simulator, rest: Rest) -> None:
    answer = batch(
        rest,
        get("a", "/api/now/table/sys_scope?sysparm_query=scope=sn_ex_online_spke&sysparm_fields=version"),
        get("b", "/api/now/table/nothing", exclude_response_headers=True),
        get("c", f"/api/now/table/oauth_entity/{'0' * 32}"),
        get("d", BATCH),
        {"id": "e", "method": "PATCH", "url": "/api/now/table/oauth_entity/1", "body": "not base64!"},
        {"id": "f"},
    )
    assert (answer["batch_request_id"], answer["unserviced_requests"]) == ("7", [])
    items = {item["id"]: item for item in answer["serviced_requests"]}
    assert {name: item["status_code"] for name, item in items.items()} == {
        "a": 200,
        "b": 400,
        "c": 404,
        "d": 400,
        "e": 400,
        "f": 400,
    }
    assert result(items["a"]) == [{"version": "3.13.0"}]
    assert {"name": "X-Total-Count", "value": "1"} in items["a"]["headers"]
    assert (items["b"]["headers"], items["b"]["status_text"]) == ([], "Bad Request")
    noted = [row["path"] for row in simulator.record.as_dict()["requests"] if row["note"] == "batch"]
    assert "/api/now/table/nothing" in noted


def test_a_batch_writes() -> None:
    with running("profile-missing") as simulator, Rest(simulator) as rest:
        body = base64.b64encode(json.dumps({"oauth_entity_profile": simulator.cast.sys_id("profile")}).encode()).decode()
        url = (
            f"/api/now/table/oauth_2_0_credentials/{simulator.cast.sys_id('MS Graph 1')}?sysparm_fields=oauth_entity_profile.name"
        )
        json_type = [{"name": "Content-Type", "value": "application/json"}]
        answer = batch(rest, {"id": "w", "method": "PATCH", "url": url, "headers": json_type, "body": body})
        assert result(answer["serviced_requests"][0]) == {"oauth_entity_profile.name": simulator.cast.profile_name}
        without = batch(rest, {"id": "w", "method": "PATCH", "url": url, "headers": [], "body": body})
        assert without["serviced_requests"][0]["status_code"] == 400
        assert len(simulator.record.as_dict()["writes"]) == 2


def test_what_is_left_unserviced_shrinks_to_nothing() -> None:
    with running("batch-unserviced") as simulator, Rest(simulator) as rest:
        todo = ["1", "2", "3", "4"]
        served: list[str] = []
        while todo:
            answer = batch(rest, *(get(name, "/api/now/table/sys_scope?sysparm_limit=1") for name in todo))
            served += [item["id"] for item in answer["serviced_requests"]]
            todo = answer["unserviced_requests"]
        assert served == ["1", "2", "3", "4"]


def test_a_closed_batch_api() -> None:
    with running("no-batch") as simulator, Rest(simulator) as rest:
        answer = rest.call("POST", BATCH, json={"batch_request_id": "1", "rest_requests": []})
        assert (answer.status_code, answer.json()["error"]["message"]) == (403, "Failed API level ACL Validation")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"batch_request_id":"1","rest_requests":5}', b'{"batch_request_id":"1","rest_requests":[{}]}']
)
def test_a_batch_that_is_none(rest: Rest, body: bytes) -> None:
    assert rest.call("POST", BATCH, data=body).status_code == 400
    assert rest.call("GET", BATCH).status_code == 405


def test_a_colleague_saves_after_a_batch_reads() -> None:
    with running("moved-meanwhile") as simulator, Rest(simulator) as rest:
        item = get("a", f"/api/now/table/oauth_2_0_credentials/{simulator.cast.sys_id('MS Graph 2')}")
        counts = [int(result(batch(rest, item)["serviced_requests"][0])["sys_mod_count"]) for _ in range(2)]
        assert counts[1] == counts[0] + 1
