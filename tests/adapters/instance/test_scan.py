"""Reading ServiceNow's own scan, in the forms the page gives and in forms nobody expects."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from exoalias.adapters.instance.scan import OwnScan
from exoalias.adapters.network.http import Answer
from exoalias.domain.problems import ScanFailed, ScanNotPossible
from tests.adapters.simulated import simulated

if TYPE_CHECKING:
    from collections.abc import Mapping

AT = datetime(2026, 10, 3, tzinfo=UTC)
SUITE, APP, PROGRESS, RESULT = "a" * 32, "b" * 32, "c" * 32, "d" * 32
ROWS: dict[str, list[dict[str, str]]] = {
    "scan_check_suite": [{"sys_id": SUITE, "name": "Workplace Calendar Synchronization Configurations"}],
    "sys_scope": [{"sys_id": APP, "scope": "sn_wsd_rsvsync"}],
    "scan_result": [{"sys_id": RESULT, "progress_id": PROGRESS}],
    "scan_check_suite_check": [
        {"sys_id": "1", "suite": SUITE, "check.name": "B"},
        {"sys_id": "2", "suite": SUITE, "check.name": "A"},
    ],
    "scan_check_execution": [{"sys_id": "1", "result": RESULT, "check.name": "A"}],
    "scan_finding": [],
}


def finding(number: int, **more: str) -> dict[str, str]:
    """A row of scan_finding."""
    known = {"check.name": "A", "finding_details": "<p>Please generate an <b>OAuth</b> Token.&nbsp;</p>", "source_table": "t"}
    return {"sys_id": f"f{number}", "result": RESULT, "source": "9" * 32, "count": "1", "muted": "false"} | known | more


class Far:
    """An Access on an instance that answers as told."""

    origin, user = "https://far.example", "lena"

    def __init__(self, **tables: object) -> None:
        self.tables: dict[str, Any] = ROWS | tables
        self.sent: list[tuple[str, str, object]] = []
        self.progress: Any = {"status": "2", "percent_complete": 100}
        self.result: Any = {"status": "2", "links": {}}
        self.started: Any = {"links": {"progress": {"id": PROGRESS}}, "status": "0"}

    def forget(self) -> None:
        pass

    def send(self, method: str, path: str, *, body: Mapping[str, object] | None = None, repeatable: bool | None = None) -> Answer:
        assert repeatable is None
        self.sent.append((method, path, body))
        if "/table/" in path:
            given = self.tables[path.split("/table/")[1].split("?", maxsplit=1)[0]]
        else:
            given = self.started if method == "POST" else self.progress if "/progress/" in path else self.result
        if isinstance(given, int):
            return self._answer(given, {"error": {"message": "No", "detail": None}})
        if isinstance(given, bytes):
            return Answer(200, "far.example", {}, given)
        return self._answer(200, {"result": given})

    def _answer(self, status: int, content: object) -> Answer:
        return Answer(status, "far.example", {"content-type": "application/json"}, json.dumps(content).encode())


def test_the_suite_is_started_on_the_two_applications() -> None:
    far = Far()
    assert OwnScan(far).start() == PROGRESS
    assert far.sent[-1] == (
        "POST",
        f"/api/sn_cicd/instance_scan/suite_scan/{SUITE}/scoped_apps",
        {"app_scope_sys_ids": [APP]},
    )
    with simulated("happy") as at:
        own = at.instance.own_scan
        progress = own.start()
        states = [own.running(progress) for _ in range(4)]
        assert [s.ended for s in states][-1]
        assert states[0].says == "Running" or states[0].says == "Pending"
        assert own.result(progress, AT).at == AT


@pytest.mark.parametrize(
    ("far", "what"),
    [
        (Far(scan_check_suite=403), "role admin"),
        (Far(scan_check_suite=400), "Activate the plugins"),
        (Far(scan_check_suite=500), "Try again later"),
        (Far(scan_check_suite=[{"sys_id": SUITE, "name": "Upgradability"}]), "role admin"),
        (Far(scan_check_suite=[]), "install Workplace Calendar Synchronization"),
        (Far(sys_scope=[]), "install Workplace Calendar Synchronization"),
        (Far(sys_scope=403), "install Workplace Calendar Synchronization"),
    ],
)
def test_what_is_missing_is_named(far: Far, what: str) -> None:
    with pytest.raises(ScanNotPossible) as told:
        OwnScan(far).start()
    assert what in told.value.remedy
    assert all(method == "GET" for method, _, _ in far.sent)


@pytest.mark.parametrize(
    ("started", "kind"), [(403, ScanNotPossible), (404, ScanNotPossible), ({}, ScanFailed), ("?", ScanFailed)]
)
def test_a_start_that_came_to_nothing(started: object, kind: type[Exception]) -> None:
    far = Far()
    far.started = started
    with pytest.raises(kind):
        OwnScan(far).start()


@pytest.mark.parametrize("progress", [403, "?", b"<html>"])
def test_progress_that_makes_no_sense(progress: object) -> None:
    far = Far()
    far.progress = progress
    with pytest.raises(ScanFailed):
        OwnScan(far).running(PROGRESS)
    far.progress = {"status": 1, "percent_complete": "40", "status_message": "Running checks"}
    running = OwnScan(far).running(PROGRESS)
    assert (running.status, running.percent, running.says, running.ended) == ("1", 40, "Running checks", False)


@pytest.mark.parametrize(
    "links",
    [
        {"findings": {"url": f"https://x/api/now/table/scan_finding?sysparm_query%3Dresult%3D{RESULT}%5EORDERBYsys_id"}},
        {"findings": {"url": "https://x/nothing"}},
        {},
    ],
)
def test_the_result_is_found_by_its_address_or_by_its_run(links: object) -> None:
    far = Far(scan_finding=[finding(1)])
    far.result = {"status": "2", "links": links}
    scan = OwnScan(far).result(PROGRESS, AT)
    assert [(f.check, f.text, f.table, f.record) for f in scan.findings] == [
        ("A", "Please generate an OAuth Token.", "t", "9" * 32)
    ]
    assert (scan.checks, scan.ran, scan.passed_over) == (("A", "B"), ("A",), ("B",))


def test_muted_and_too_many() -> None:
    scan = OwnScan(Far(scan_finding=[finding(n) for n in range(201)])).result(PROGRESS, AT)
    assert (len(scan.findings), scan.left_out, scan.muted) == (200, 1, 0)
    scan = OwnScan(Far(scan_finding=[finding(1, muted="true"), finding(2, source="no id!", **{"check.name": ""})])).result(
        PROGRESS, AT
    )
    assert (len(scan.findings), scan.muted) == (1, 1)
    assert (scan.findings[0].record, scan.findings[0].check) == ("", "A check")


def test_what_cannot_be_read_is_unknown_or_told() -> None:
    scan = OwnScan(Far(scan_check_execution=400, scan_check_suite_check=[{"sys_id": "1", "suite": SUITE}])).result(PROGRESS, AT)
    assert (scan.checks, scan.ran) == (None, None)
    for far in (Far(scan_finding=403), Far(scan_result=[]), Far(scan_result=403)):
        with pytest.raises(ScanFailed):
            OwnScan(far).result(PROGRESS, AT)
    far = Far()
    far.result = {"status": "3", "error": "It broke."}
    with pytest.raises(ScanFailed, match=r"It broke\."):
        OwnScan(far).result(PROGRESS, AT)
