"""ServiceNow's own instance scan over REST: start the suite, follow it, read what it found.

Documentation pages: "CICD API" (instance_scan/suite_scan, progress, instance_scan/result; role admin or
sn_cicd.sys_ci_automation), "Findings" and "Results" of Instance Scan. Over REST a suite is run on applications; the page on this
suite runs it on the full instance, which has no address of its own. So what was carried out is read too, where it can be.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from exoalias.adapters.instance import questions as q
from exoalias.adapters.instance.batch import Reply, reply_of
from exoalias.adapters.instance.question import Gathered, Question
from exoalias.adapters.instance.rows import brief, cell, flag, is_sys_id, number
from exoalias.domain.problems import BadAnswer, ScanFailed, ScanNotPossible
from exoalias.domain.records import NO_RECORD, SysId
from exoalias.domain.scan import SUITE, Scan, ScanFinding
from exoalias.domain.words import joined, say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from exoalias.adapters.entering.access import Access

_CICD: Final = "/api/sn_cicd"
_ROLES: Final = "Use a user with the role admin, or sn_cicd.sys_ci_automation with scan_user."
_INSTALL: Final = "Activate the plugins of Instance Scan and of the CICD API, and install Workplace Calendar Synchronization."
_MOST_FINDINGS: Final = 200
_LONGEST: Final = 600
_APPS: Final = (q.SYNC, q.SPOKE)


@dataclass(frozen=True, slots=True)
class Running:
    """How far a scan is: the states of the page "CICD API"."""

    status: str  # "0" pending, "1" running, "2" successful, "3" failed, "4" canceled
    percent: int
    says: str

    @property
    def ended(self) -> bool:
        """Whether it goes no further."""
        return self.status in {"2", "3", "4"}


class OwnScan:
    """The suite of one instance."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self.host = access.origin.partition("://")[2]

    def start(self) -> str:
        """Start the suite on the two applications; the id to follow it by. ScanNotPossible names the role or app missing."""
        suite, apps = self._suite(), self._apps()
        path = f"{_CICD}/instance_scan/suite_scan/{suite}/scoped_apps"
        answer = self._access.send("POST", path, body={"app_scope_sys_ids": list(apps)})
        reply = reply_of(answer.status, answer.json())
        if reply.unreadable:
            raise self._not_possible(answer.status, reply.unreadable)
        progress = _dig(reply.result, "links", "progress", "id")
        if not is_sys_id(progress):
            raise ScanFailed(host=self.host, why=_said(reply.result) or "it gave no id to follow the scan by")
        return str(progress)

    def running(self, progress: str) -> Running:
        """How far it is."""
        reply = self._get(f"{_CICD}/progress/{progress}")
        if not isinstance(reply.result, dict):
            raise ScanFailed(host=self.host, why=reply.unreadable or "its progress makes no sense")
        status = cell(reply.result.get("status")) or ""
        return Running(status, number(cell(reply.result.get("percent_complete"))) or 0, _said(reply.result))

    def result(self, progress: str, at: datetime) -> Scan:
        """What a finished run found; ScanFailed where it came to none, or its findings can't be read."""
        result = self._result_of(progress)
        question = Question(
            "findings", "scan_finding", _FINDING, column="result", ids=frozenset({result}), limit=_MOST_FINDINGS + 1
        )
        rows = self._rows(question)
        if isinstance(rows, str):
            raise ScanFailed(
                host=self.host, why=say("its findings can't be read ({rows}); the role scan_user reads them", rows=rows)
            )
        loud = [row for row in rows if flag(row["muted"]) is not True]
        return Scan(
            at=at,
            findings=tuple(_finding(row) for row in loud[:_MOST_FINDINGS]),
            checks=self._names("scan_check_suite_check", "suite", self._suite(), "check.name"),
            ran=self._names("scan_check_execution", "result", result, "check.name"),
            muted=len(rows) - len(loud),
            left_out=max(0, len(loud) - _MOST_FINDINGS),
        )

    # -- what is needed for it -------------------------------------------------------------------------------------------

    def _suite(self) -> SysId:
        query = f"name={SUITE}"
        rows = self._rows(Question("suite", "scan_check_suite", ("sys_id", "name"), query, lambda r: q.same(r["name"], SUITE)))
        if isinstance(rows, str):
            status = number(rows[:3]) or 0
            raise self._not_possible(status, rows)
        if not rows:
            why = say("it has no suite “{suite}”, or this user does not see it", suite=SUITE)
            raise ScanNotPossible(host=self.host, why=why, what=joined(" ", (_INSTALL, _ROLES)))
        return SysId(rows[0]["sys_id"] or "")

    def _apps(self) -> tuple[SysId, ...]:
        query = f"scopeIN{','.join(_APPS)}"
        fields = ("sys_id", "scope")
        rows = self._rows(Question("apps", "sys_scope", fields, query, lambda r: r["scope"] in _APPS))
        found = () if isinstance(rows, str) else tuple(SysId(row["sys_id"] or "") for row in rows)
        if not found:
            why = say("the applications {apps} were not found", apps=" and ".join(_APPS))
            raise ScanNotPossible(host=self.host, why=why, what=_INSTALL)
        return found

    def _not_possible(self, status: int, why: str) -> ScanNotPossible:
        known = {401: _ROLES, 403: _ROLES, 400: _INSTALL, 404: _INSTALL}
        what = known.get(status, "Try again later." if status >= 500 else joined(" ", (_INSTALL, _ROLES)))
        return ScanNotPossible(host=self.host, why=why, what=what)

    # -- what it came to -------------------------------------------------------------------------------------------------

    def _result_of(self, progress: str) -> SysId:
        """The record of the run: named by the address of its findings, or found by the id it was followed by."""
        reply = self._get(f"{_CICD}/instance_scan/result/{progress}")
        if cell(_dig(reply.result, "status")) not in {"2", None}:
            raise ScanFailed(host=self.host, why=_said(reply.result) or "it was not successful")
        address = cell(_dig(reply.result, "links", "findings", "url")) or ""
        named = re.search(r"\bresult=([0-9a-f]{32})\b", unquote(unquote(address)))
        if named is not None:
            return SysId(named[1])
        fields = ("sys_id", "progress_id")
        rows = self._rows(Question("result", "scan_result", fields, column="progress_id", ids=frozenset({progress})))
        if isinstance(rows, str) or len(rows) != 1:
            raise ScanFailed(host=self.host, why=reply.unreadable or "its result was not found")
        return SysId(rows[0]["sys_id"] or "")

    def _names(self, table: str, column: str, record: str, name: str) -> tuple[str, ...] | None:
        """The names of the checks tied to a record by a table of pairs; None where that can't be read."""
        rows = self._rows(Question(table, table, ("sys_id", column, name), column=column, ids=frozenset({record})))
        if isinstance(rows, str) or any(row[name] is None for row in rows):
            return None
        return tuple(sorted({_plain(row[name] or "") for row in rows}))

    def _rows(self, question: Question) -> list[Any] | str:
        """The rows that answer the question, or why there are none to read."""
        gathered = Gathered(question)
        gathered.take(question, self._get(question.path))
        return gathered.unreadable or list(gathered.rows.values())

    def _get(self, path: str) -> Reply:
        try:
            answer = self._access.send("GET", path)
            return reply_of(answer.status, answer.json())
        except BadAnswer as odd:
            return Reply(unreadable=odd.words)


_FINDING: Final = ("sys_id", "result", "check.name", "finding_details", "source_table", "source", "count", "muted")


def _finding(row: Any) -> ScanFinding:  # noqa: ANN401 - a row of the Table API
    source = row["source"]
    record = SysId(source) if is_sys_id(source) else NO_RECORD
    return ScanFinding(
        _plain(row["check.name"] or "A check"), _plain(row["finding_details"] or ""), row["source_table"] or "", record
    )


def _plain(text: str) -> str:
    """Words without markup, on one line: findings are shown on a form that takes HTML."""
    return brief(html.unescape(re.sub(r"<[^>]{0,500}>", " ", text)), _LONGEST)


def _said(result: object) -> str:
    """What the instance says of a run: its message, its detail, or its error."""
    parts: Iterable[str | None] = (
        cell(_dig(result, name)) for name in ("status_message", "status_detail", "error", "status_label")
    )
    return next((brief(part) for part in parts if part), "")


def _dig(given: object, *names: str) -> object:
    """A value inside nested objects; None where the way there ends."""
    for name in names:
        given = given.get(name) if isinstance(given, dict) else None
    return given
