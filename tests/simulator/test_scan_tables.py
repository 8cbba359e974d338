"""The suite of the calendar synchronization, as records one finds over REST."""

from __future__ import annotations

from exoalias.simulator.scan_tables import CHECKS, SUITE
from tests.simulator.running import Rest, running


def test_the_suite_has_its_four_checks() -> None:
    with running() as simulator, Rest(simulator) as rest:
        (suite,) = rest.rows("scan_check_suite", f"name={SUITE}", fields="sys_id,name")
        linked = rest.rows("scan_check_suite_check", f"suite={suite['sys_id']}", fields="check.name")
        assert sorted(row["check.name"] for row in linked) == sorted(CHECKS)


def test_an_instance_without_it() -> None:
    with running(faults={"scan_no_suite": True}) as simulator, Rest(simulator) as rest:
        assert rest.rows("scan_check_suite", f"name={SUITE}") == []


def test_whoever_may_not_scan_may_not_read_findings() -> None:
    with running("not-admin") as simulator, Rest(simulator) as rest:
        assert rest.call("GET", "/api/now/table/scan_finding").status_code == 403
