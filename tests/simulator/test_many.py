"""Very many instances: each its own, all alike, and cheap."""

from __future__ import annotations

import base64
import io
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from exoalias.simulator.many import MICROSOFT, Many
from exoalias.simulator.serve import main_loop

CREDENTIAL = "/api/now/table/oauth_2_0_credentials"


def get(many: Many, origin: str, path: str, password: str = "") -> requests.Response:
    """One request by itself."""
    with requests.Session() as http:
        http.trust_env = False
        return http.get(origin + path, auth=(many.user, password or many.password), timeout=10)


def registry(many: Many, origin: str) -> dict[str, Any]:
    """The strict-mode registry of one of them."""
    return dict(get(many, origin, f"/api/now/table/oauth_entity/{many.cast.sys_id('registry')}").json()["result"])


def test_each_has_its_own_address_in_its_records() -> None:
    with Many(3, seed=5) as many:
        for origin in many.origins:
            row = registry(many, origin)
            assert row["redirect_url"] == f"{origin}/oauth_redirect.do"
            assert row["auth_url"].startswith(MICROSOFT)
            assert row["sys_scope"] == "global" or row["sys_scope"]["link"].startswith(origin)
            page = get(many, origin, f"{CREDENTIAL}?sysparm_limit=1")
            assert f"<{origin}/" in page.headers["Link"]
            assert "invalid" not in page.text + str(page.headers)


def test_a_wrong_password_is_refused() -> None:
    with Many(1) as many:
        assert get(many, many.origins[0], CREDENTIAL, "wrong").status_code == 401
        assert get(many, many.origins[0], "/login.do").status_code == 404


@pytest.mark.parametrize("by_batch", [False, True])
def test_who_is_written_to_has_records_of_its_own(by_batch: bool) -> None:
    with Many(2, seed=5) as many, requests.Session() as http:
        http.trust_env = False
        http.auth = (many.user, many.password)
        first, second = many.origins
        path, body = f"{CREDENTIAL}/{many.cast.sys_id('MS Graph 1')}", {"order": "777"}
        assert get(many, first, path).json()["result"]["order"] == "100"
        if by_batch:
            item = {
                "id": "1",
                "method": "PATCH",
                "url": path,
                "headers": [{"name": "Content-Type", "value": "application/json"}],
                "body": base64.b64encode(json.dumps(body).encode()).decode(),
            }
            batch = {"batch_request_id": "1", "rest_requests": [item]}
            assert (
                http.post(f"{first}/api/now/v1/batch", json=batch, timeout=10).json()["serviced_requests"][0]["status_code"]
                == 200
            )
        else:
            assert http.patch(first + path, json=body, timeout=10).status_code == 200
        assert [get(many, origin, path).json()["result"]["order"] for origin in (first, second)] == ["777", "100"]
        assert registry(many, first)["redirect_url"].startswith(first)


def test_scenarios_take_turns_and_some_never_answer() -> None:
    with Many(5, scenarios=("old-token", "profile-missing"), seed=5, silent=1) as many:
        path = f"{CREDENTIAL}/{many.cast.sys_id('MS Graph 1')}?sysparm_fields=oauth_entity_profile"
        set_ = [bool(get(many, origin, path).json()["result"]["oauth_entity_profile"]) for origin in many.origins[:4]]
        assert set_ == [True, False, True, False]
        with pytest.raises(requests.ReadTimeout):
            requests.get(many.origins[4], timeout=0.3)


def test_a_sleeping_one_sleeps() -> None:
    with Many(1, scenarios=("hibernating",)) as many:
        assert "Hibernating" in get(many, many.origins[0], CREDENTIAL).text


def test_two_hundred_at_once_cost_little_more_than_their_latency() -> None:
    with Many(200, 0.1, seed=5) as many:
        get(many, many.origins[0], CREDENTIAL)  # the records are worked out once
        began = time.monotonic()
        with ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(lambda origin: get(many, origin, CREDENTIAL).status_code, many.origins))
        took = time.monotonic() - began
        assert answers == [200] * 200
        assert took < 5  # four rounds of 0.1 s, and a busy machine
        assert many.requests == 201
        assert many.most_connections == 1
        assert many.most_under_way > 10
        assert {counts.requests for counts in many.counts.values()} == {1, 2}


def test_as_a_program_they_are_announced_and_counted() -> None:
    many, out = Many(3, seed=5), io.StringIO()
    assert main_loop(many, io.StringIO("counts\nnonsense\n"), out) == 0
    said, counts, wrong = (json.loads(line) for line in out.getvalue().splitlines())
    assert len(set(said["instances"])) == 3
    assert said["rest"] == {"user": many.user, "password": many.password}
    assert counts == {"requests": 0, "most_connections": 0, "most_under_way": 0}
    assert "nonsense" in wrong["error"]
