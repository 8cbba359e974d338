"""Instance Scan over REST: started, asked about, and read; and every way it is not there."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from exoalias.simulator.scan_tables import SUITE
from exoalias.simulator.writer import SPOKE_SCOPE
from tests.simulator.running import Rest, running

if TYPE_CHECKING:
    import requests

    from exoalias.simulator.serve import Simulator


def start(simulator: Simulator, rest: Rest, **changes: str) -> requests.Response:
    """Ask for the suite to be run on the spoke."""
    suite = changes.get("suite", simulator.cast.sys_id(f"suite {SUITE}"))
    apps = [changes.get("app", simulator.cast.sys_id(f"scope {SPOKE_SCOPE}"))]
    path = f"/api/sn_cicd/instance_scan/suite_scan/{suite}/scoped_apps"
    return rest.call("POST", path, json={"app_scope_sys_ids": apps})


def result(answer: requests.Response) -> dict[str, Any]:
    """What stands under result."""
    assert answer.status_code == 200
    return dict(answer.json()["result"])


def finish(rest: Rest, begun: dict[str, Any]) -> list[dict[str, Any]]:
    """Ask until it is done; everything that was said."""
    said = [result(rest.call("GET", f"/api/sn_cicd/progress/{begun['links']['progress']['id']}"))]
    while said[-1]["status"] in {"0", "1"} and len(said) < 500:
        said.append(result(rest.call("GET", f"/api/sn_cicd/progress/{begun['links']['progress']['id']}")))
    return said


def test_a_scan_from_its_start_to_its_findings() -> None:
    with running("profile-missing") as simulator, Rest(simulator) as rest:
        begun = result(start(simulator, rest))
        assert (begun["status"], begun["status_label"]) == ("0", "Pending")
        assert begun["links"]["progress"]["url"].startswith(simulator.instance.origin)
        said = finish(rest, begun)
        assert [row["status_label"] for row in said] == ["Pending", "Running", "Running", "Successful"]
        assert [row["percent_complete"] for row in said] == [0, 33, 66, 100]
        done = result(rest.call("GET", f"/api/sn_cicd/instance_scan/result/{begun['links']['progress']['id']}"))
        found = re.search(r"result=(\w{32})\^", unquote(done["links"]["findings"]["url"]))
        assert found is not None
        rows = rest.rows("scan_finding", f"result={found[1]}", fields="finding_details,source_table,source,check.name")
        assert {
            "finding_details": "There is no OAuth Entity Profile associated with the credential - MS Graph 1.",
            "source_table": "oauth_2_0_credentials",
            "source": simulator.cast.sys_id("MS Graph 1"),
            "check.name": "Calendar Provider Configurations Check",
        } in rows
        (kept,) = rest.rows("scan_result", f"sys_id={found[1]}")
        assert (kept["status"], kept["finding_count"]) == ("complete", str(len(rows)))


def test_the_same_again_by_its_combo_sees_the_records_as_they_are_now() -> None:
    with running("profile-missing") as simulator, Rest(simulator) as rest:
        finish(rest, result(start(simulator, rest)))
        rest.patch(
            "oauth_2_0_credentials", simulator.cast.sys_id("MS Graph 1"), oauth_entity_profile=simulator.cast.sys_id("profile")
        )
        (combo,) = rest.rows("scan_combo", fields="sys_id")
        finish(rest, result(rest.call("POST", f"/api/sn_cicd/instance_scan/suite_scan/combo/{combo['sys_id']}")))
        counts = {row["result"]: 0 for row in rest.rows("scan_finding", exclude_reference_link="true")}
        assert len(counts) == 2
        asks = rest.rows("scan_finding", "finding_details=Please generate an OAuth Token.")
        assert len(asks) == 1


def test_a_slow_scan_takes_its_seconds() -> None:
    with running(faults={"scan_slow": 0.3}) as simulator, Rest(simulator) as rest:
        began = time.monotonic()
        said = finish(rest, result(start(simulator, rest)))
        assert time.monotonic() - began >= 0.3
        percents = [row["percent_complete"] for row in said]
        assert percents == sorted(percents)
        assert len(percents) > 4


def test_a_scan_that_fails_says_so() -> None:
    with running(faults={"scan_fails": True}) as simulator, Rest(simulator) as rest:
        last = finish(rest, result(start(simulator, rest)))[-1]
        assert (last["status"], last["status_label"], bool(last["error"])) == ("3", "Failed", True)
        assert rest.rows("scan_finding") == []


def test_whoever_may_not_is_told_so() -> None:
    for name, faults in (("happy", {"scan_forbidden": True}), ("not-admin", {})):
        with running(name, faults=faults) as simulator, Rest(simulator) as rest:
            answer = start(simulator, rest)
            assert (answer.status_code, answer.json()["error"]["detail"]) == (403, "Failed API level ACL Validation")


def test_the_role_for_pipelines_is_enough() -> None:
    with running(admin_roles=("itil", "sn_cicd.sys_ci_automation")) as simulator, Rest(simulator) as rest:
        assert start(simulator, rest).status_code == 200


def test_what_is_not_there() -> None:
    with running(faults={"scan_missing": True}) as simulator, Rest(simulator) as rest:
        answer = start(simulator, rest)
        assert (answer.status_code, answer.json()["error"]["message"]) == (400, "Requested URI does not represent any resource")
    with running() as simulator, Rest(simulator) as rest:
        assert rest.call("GET", "/api/sn_cicd/nonsense/x").status_code == 400
        assert rest.call("GET", "/api/sn_cicd/instance_scan/full_scan").status_code == 400
        assert rest.call("GET", "/api/sn_cicd/progress/unknown").status_code == 404
        assert rest.call("GET", "/api/sn_cicd/instance_scan/result/unknown").status_code == 404
        assert start(simulator, rest, suite="0" * 32).status_code == 400
        assert start(simulator, rest, app="0" * 32).status_code == 400
        assert rest.call("POST", "/api/sn_cicd/instance_scan/suite_scan/x/scoped_apps", data=b"{").status_code == 400
        assert rest.call("POST", "/api/sn_cicd/instance_scan/suite_scan/combo/x").status_code == 400
