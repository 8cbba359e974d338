"""The REST side of the simulated instance: who calls, how often, and which API (documentation page "REST APIs")."""

from __future__ import annotations

import base64
import binascii
import itertools
import json
import re
import secrets
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from exoalias.simulator.access import error
from exoalias.simulator.hostile import twist
from exoalias.simulator.wire import Answer, Request, json_answer

if TYPE_CHECKING:
    from exoalias.simulator.access import Caller
    from exoalias.simulator.callers import Callers
    from exoalias.simulator.picker import Picker
    from exoalias.simulator.record import Record
    from exoalias.simulator.scan import Scan
    from exoalias.simulator.scenario import Cast, Faults
    from exoalias.simulator.tables import Store

_TABLE = re.compile(r"/api/now(?:/(v[12]))?/(table|stats)/([A-Za-z0-9_]+)(?:/([A-Za-z0-9_]+))?/?")
_BATCH = re.compile(r"/api/now(?:/v1)?/batch/?")
_PICKER = re.compile(r"/api/now/ui/concoursepicker/(application|updateset)/?")


class Tables(Protocol):
    """The Table API and the Aggregate API, as far as they are called from here."""

    def query(self, request: Request, table: str, version: str, caller: Caller) -> Answer: ...

    def one(self, request: Request, table: str, sys_id: str, caller: Caller) -> Answer: ...

    def update(self, request: Request, table: str, sys_id: str, caller: Caller) -> Answer: ...

    def stats(self, request: Request, table: str, caller: Caller) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Apis:
    """What there is to be called, beside who one is."""

    tables: Tables
    picker: Picker
    scan: Scan


class Rest:
    """Answers everything under ``/api/``."""

    def __init__(self, store: Store, cast: Cast, faults: Faults, record: Record, callers: Callers, apis: Apis) -> None:
        self._store = store
        self._cast = cast
        self._faults = faults
        self._record = record
        self._callers = callers
        self._apis = apis
        self._numbers = itertools.count(1)

    def handle(self, request: Request) -> Answer:
        """One request from outside, rightly answered or, by that fault, not."""
        number = next(self._numbers)
        every = self._faults.rate_limit_every
        if every and number % every == 0:
            return _rate_limited()
        answer = self._answer(request)
        twisted = number - self._faults.hostile_after - 1
        return twist(self._faults.hostile, answer, twisted) if self._faults.hostile and twisted >= 0 else answer

    def _answer(self, request: Request) -> Answer:
        admitted = self._callers.who(request)
        if isinstance(admitted, Answer):
            return admitted
        caller = admitted.caller
        with self._store.lock:
            answer = self._batch(request, caller) if _BATCH.fullmatch(request.path) else self._dispatch(request, caller)
        answer.note = admitted.way
        answer.headers += admitted.headers
        if admitted.session is None and "JSESSIONID" not in request.cookies:
            answer.headers.append(("Set-Cookie", f"JSESSIONID={secrets.token_hex(16).upper()}; Path=/; HttpOnly"))
        return answer

    # -- what --

    def _dispatch(self, request: Request, caller: Caller) -> Answer:
        override = request.headers.get("x-http-method-override")
        if request.method == "POST" and override:
            request = Request(override.upper(), request.target, request.headers, request.body)
        if match := _TABLE.fullmatch(request.path):
            return self._table(request, caller, *match.groups(default=""))
        if match := _PICKER.fullmatch(request.path):
            return self._apis.picker.handle(request, caller, match[1])
        if request.path.startswith("/api/sn_cicd/"):
            return self._apis.scan.handle(request, caller)
        if request.path == "/api/now/ui/user/current_user":
            return self._current_user()
        return error(400, "Requested URI does not represent any resource")

    def _table(self, request: Request, caller: Caller, version: str, api: str, table: str, sys_id: str) -> Answer:
        if api == "stats":
            return self._apis.tables.stats(request, table, caller)
        if request.method == "GET":
            return (
                self._apis.tables.one(request, table, sys_id, caller)
                if sys_id
                else self._apis.tables.query(request, table, version, caller)
            )
        if request.method in {"PATCH", "PUT"} and sys_id:
            return self._apis.tables.update(request, table, sys_id, caller)
        if request.method in {"POST", "DELETE"}:
            # The procedure creates and removes nothing; the simulated instance refuses both, as an ACL would.
            self._record.write(request.method, table, sys_id, ())
            verb = "Insert" if request.method == "POST" else "Delete"
            return error(403, "Operation Failed", f"ACL Exception {verb} Failed due to security constraints")
        return error(405, "Method not supported")

    def _current_user(self) -> Answer:
        admin = self._cast.admin
        initials = "".join(word[0] for word in admin.display_name.split())
        return json_answer(
            {
                "result": {
                    "user_sys_id": admin.sys_id,
                    "user_name": admin.user_name,
                    "user_display_name": admin.display_name,
                    "user_initials": initials,
                    "user_avatar": "",
                }
            }
        )

    # -- Batch (documentation page "Batch API") --

    def _batch(self, request: Request, caller: Caller) -> Answer:
        if self._faults.no_batch:
            return error(403, "Failed API level ACL Validation")
        if request.method != "POST":
            return error(405, "Method not supported")
        try:
            document = json.loads(request.body)
            items = list(document["rest_requests"])
            batch_id = str(document["batch_request_id"])
            identifiers = [str(item["id"]) for item in items]
        except (ValueError, KeyError, TypeError):
            return error(400, "Exception while reading request", "The payload is not valid JSON.")
        served = max(1, len(items) - self._faults.batch_leaves)  # always some, or a client that asks again would never end
        return json_answer(
            {
                "batch_request_id": batch_id,
                "serviced_requests": [self._item(item, caller) for item in items[:served]],
                "unserviced_requests": identifiers[served:],
            }
        )

    def _item(self, item: dict[str, object], caller: Caller) -> dict[str, object]:
        started = time.perf_counter()
        result: dict[str, object] = {"id": str(item["id"])}
        try:
            inner = _item_request(item)
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            return result | {
                "status_code": 400,
                "status_text": "Bad Request",
                "error_message": str(problem),
                "headers": [],
                "body": "",
            }
        answer = self._dispatch(inner, caller)
        self._record.request("instance", inner.method, inner.target, answer.status, note="batch")
        headers = [] if item.get("exclude_response_headers") else [("Content-Type", answer.content_type), *answer.headers]
        return result | {
            "body": base64.b64encode(answer.body).decode(),
            "status_code": answer.status,
            "status_text": HTTPStatus(answer.status).phrase,
            "headers": [{"name": name, "value": value} for name, value in headers],
            "execution_time": round((time.perf_counter() - started) * 1000),
        }


def _item_request(item: dict[str, object]) -> Request:
    headers = item.get("headers") or []
    if not isinstance(headers, list):
        raise TypeError("headers must be a list")
    named = {str(header["name"]).lower(): str(header["value"]) for header in headers}
    target = str(item["url"])
    if not target.startswith("/api/") or _BATCH.fullmatch(target):
        raise ValueError(f"{target} cannot be called from a batch")
    try:
        body = base64.b64decode(str(item.get("body") or ""), validate=True)
    except binascii.Error:
        raise ValueError("body must be base64") from None
    return Request(str(item["method"]).upper(), target, named, body)


def _rate_limited() -> Answer:
    reset = str(int(time.time()) + 1)
    headers = [
        ("Retry-After", "1"),
        ("X-RateLimit-Limit", "100"),
        ("X-RateLimit-Reset", reset),
        ("X-RateLimit-Rule", "Table API"),
    ]
    return error(429, "Rate limit exceeded", "Rate limit of 100 requests per hour for Table API exceeded", headers)
