"""Instance Scan over REST: start a suite, ask how far it is, read what came of it (documentation page "CI/CD API").

Forms of the answers as in that page's examples, the address of the findings with its encoded ``sysparm_query%3D`` included.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from exoalias.simulator.access import error
from exoalias.simulator.wire import Answer, Request, json_answer

if TYPE_CHECKING:
    from exoalias.simulator.access import Caller
    from exoalias.simulator.faults import Faults
    from exoalias.simulator.record import Record
    from exoalias.simulator.scan_findings import Findings
    from exoalias.simulator.tables import Store

PATH = re.compile(r"/api/sn_cicd(?:/v\d)?/(?P<rest>(?:instance_scan|progress)/.*[^/])/?")
_SUITE = re.compile(r"instance_scan/suite_scan/(\w+)/scoped_apps")
_COMBO = re.compile(r"instance_scan/suite_scan/combo/(\w+)")
_PROGRESS = re.compile(r"progress/(\w+)")
_RESULT = re.compile(r"instance_scan/result/(\w+)")
_LABELS = {"0": "Pending", "1": "Running", "2": "Successful", "3": "Failed"}
_ROLES = {"admin", "sn_cicd.sys_ci_automation"}
_POLLS = 3  # so often a scan says that it is not done, where no fault makes it slow


@dataclass(slots=True)
class _Run:
    """One scan under way. ``result`` is the sys_id of its result record."""

    id: str
    result: str
    started: float
    asked: int = 0
    done: bool = False


class Scan:
    """Everything below ``/api/sn_cicd``."""

    def __init__(self, store: Store, faults: Faults, record: Record, origin: str, findings: Findings) -> None:
        self._store = store
        self._faults = faults
        self._record = record
        self._origin = origin
        self._findings = findings
        self._runs: dict[str, _Run] = {}

    def handle(self, request: Request, caller: Caller) -> Answer:
        """One request of somebody signed in."""
        found = PATH.fullmatch(request.path)
        if found is None or self._faults.scan_missing:
            return error(400, "Requested URI does not represent any resource")
        if self._faults.scan_forbidden or not _ROLES & set(caller.roles):
            return error(403, "User Not Authorized", "Failed API level ACL Validation")  # inferred: as scripted REST APIs answer
        rest = found["rest"]
        if request.method == "POST":
            if match := _SUITE.fullmatch(rest):
                return self._start_suite(request, match[1])
            if match := _COMBO.fullmatch(rest):
                return self._start_combo(match[1])
        elif request.method == "GET":
            if match := _PROGRESS.fullmatch(rest):
                return self._progress(match[1])
            if match := _RESULT.fullmatch(rest):
                return self._result(match[1])
        return error(400, "Requested URI does not represent any resource")

    # -- starting --

    def _start_suite(self, request: Request, suite: str) -> Answer:
        try:
            body = json.loads(request.body)
            apps = [str(app) for app in body["app_scope_sys_ids"]]
        except (ValueError, KeyError, TypeError):
            return error(400, "Exception while reading request", "The payload is not valid JSON.")
        self._record.write("POST", "scan_check_suite", suite, ("app_scope_sys_ids",))
        row = self._store.get("scan_check_suite", suite)
        if not apps or row is None or not all(self._store.get("sys_scope", app) for app in apps):
            return error(400, "Bad Request", "The suite or the applications are not known.")  # inferred
        combo = self._store.find("scan_combo", suite=suite) or self._store.insert(
            "scan_combo", {"name": f"{row['name']} on scoped applications", "suite": suite}
        )
        return self._start(combo["sys_id"])

    def _start_combo(self, combo: str) -> Answer:
        self._record.write("POST", "scan_combo", combo, ())
        if self._store.get("scan_combo", combo) is None:
            return error(400, "Bad Request", "The combo is not known.")  # inferred
        return self._start(combo)

    def _start(self, combo: str) -> Answer:
        result = self._store.insert("scan_result", {"combo": combo, "status": "running"})
        run = _Run(secrets.token_hex(16), result["sys_id"], time.monotonic())
        self._runs[run.id] = run
        return self._say(run, "0")

    # -- asking --

    def _progress(self, run_id: str) -> Answer:
        run = self._runs.get(run_id)
        if run is None:
            return error(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")
        state, percent = self._state(run)
        more: dict[str, object] = {"percent_complete": percent}
        return self._say(run, state, links={"results": self._link(run, "instance_scan/result")}, **more)

    def _result(self, run_id: str) -> Answer:
        run = self._runs.get(run_id)
        if run is None:
            return error(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")
        state, _ = self._state(run)
        query = quote(f"sysparm_query=result={run.result}^ORDERBYsys_id", safe="")
        findings = {"url": f"{self._origin}/api/now/table/scan_finding?{query}", "label": "First 10,000 findings"}
        return self._say(run, state, links={"findings": findings, "results": self._link(run, "instance_scan/result")})

    def _state(self, run: _Run) -> tuple[str, int]:
        """Status number and percent; at its end the findings are written."""
        run.asked += 1
        took = time.monotonic() - run.started
        part = took / self._faults.scan_slow if self._faults.scan_slow else (run.asked - 1) / _POLLS
        if part < 1 and not run.done:
            return ("0", 0) if run.asked == 1 else ("1", int(part * 100))
        if self._faults.scan_fails:
            return "3", 100
        if not run.done:
            run.done = True
            self._write(run)
        return "2", 100

    def _write(self, run: _Run) -> None:
        found = self._findings.all()
        for finding in found:
            check = self._store.find("scan_check", name=finding.check)
            values = {
                "result": run.result,
                "check": check["sys_id"] if check else "",
                "finding_details": finding.says,
                "source_table": finding.table,
                "source": finding.sys_id,
            }
            self._store.insert("scan_finding", values)
        if result := self._store.get("scan_result", run.result):
            self._store.update(result, {"status": "complete", "finding_count": str(len(found))}, by="system")

    # -- answers --

    def _say(self, run: _Run, state: str, *, links: dict[str, object] | None = None, **more: object) -> Answer:
        failed = state == "3"
        result = {
            "links": {"progress": self._link(run, "progress")} | (links or {}),
            "status": state,
            "status_label": _LABELS[state],
            "status_message": "",
            "status_detail": "",
            "error": "The scan could not be executed." if failed else "",
        }
        return json_answer({"result": result | more})

    def _link(self, run: _Run, path: str) -> dict[str, str]:
        return {"id": run.id, "url": f"{self._origin}/api/sn_cicd/{path}/{run.id}"}
