"""The application picker of the simulated instance."""

from __future__ import annotations

import pytest

from tests.simulator.running import Rest, running

APPLICATION = "/api/now/ui/concoursepicker/application"


@pytest.mark.parametrize("seed", range(4))
def test_choosing_an_application_moves_the_update_set_too(seed: int) -> None:
    with running(seed=seed) as simulator, Rest(simulator) as rest:
        spoke = simulator.cast.sys_id("scope sn_ex_online_spke")
        (update_set,) = rest.rows("sys_user_preference", "name=sys_update_set^user=javascript:gs.getUserID()")
        before = rest.call("GET", APPLICATION).json()["result"]
        assert {"sysId": spoke, "name": "Microsoft Exchange Online Spoke"} in before["list"]
        answer = rest.call("PUT", APPLICATION, json={"app_id": spoke}).json()["result"]
        assert answer in ({"app_id": spoke}, {"success": True})
        after = rest.call("GET", APPLICATION).json()["result"]["current"]
        assert spoke in (after, after["sys_id"] if isinstance(after, dict) else None)
        (moved,) = rest.rows("sys_user_preference", "name=sys_update_set^user=javascript:gs.getUserID()")
        assert moved["value"] != update_set["value"]
        (chosen,) = rest.rows(
            "sys_update_set", f"sys_id={moved['value']}", fields="application,is_default", exclude_reference_link="true"
        )
        assert chosen == {"application": spoke, "is_default": "true"}
        shown = rest.call("GET", "/api/now/ui/concoursepicker/updateset").json()["result"]["current"]
        assert shown == {"sysId": moved["value"]}
        assert [row["fields"] for row in simulator.record.as_dict()["writes"]] == [["app_id"]]


def test_both_answers_of_the_releases_occur() -> None:
    answers, currents = set(), set()
    for seed in range(8):
        with running(seed=seed) as simulator, Rest(simulator) as rest:
            answers |= set(rest.call("PUT", APPLICATION, json={"app_id": "global"}).json()["result"])
            currents.add(type(rest.call("GET", APPLICATION).json()["result"]["current"]).__name__)
    assert answers == {"app_id", "success"}
    assert currents == {"str", "dict"}


def test_refusals() -> None:
    with running() as simulator, Rest(simulator) as rest:
        assert rest.call("PUT", APPLICATION, json={"app_id": "nothing"}).status_code == 403
        assert rest.call("PUT", APPLICATION, data=b"{").status_code == 400
        assert rest.call("PUT", APPLICATION, json=["x"]).status_code == 400
        assert rest.call("PATCH", APPLICATION, json={}).status_code == 405
    with running("not-admin") as simulator, Rest(simulator) as rest:
        assert rest.call("PUT", APPLICATION, json={"app_id": "global"}).status_code == 403
