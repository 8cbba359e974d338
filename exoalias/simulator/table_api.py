"""The Table API and the Aggregate API of the simulated instance (documentation pages "Table API", "Aggregate API")."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from exoalias.simulator.access import ROWS_HIDDEN, Caller, error, truth
from exoalias.simulator.picker import current_application
from exoalias.simulator.query import parse, select
from exoalias.simulator.wire import Answer, Request, json_answer

if TYPE_CHECKING:
    from exoalias.simulator.columns import Column
    from exoalias.simulator.record import Record
    from exoalias.simulator.scenario import Faults
    from exoalias.simulator.tables import Row, Store
_TOKENS = frozenset({"oauth_credential", "oauth_requestor_profile"})
_NOT_JSON = ("Exception while reading request", "The payload is not valid JSON.")
_GONE = ("No Record found", "Record doesn't exist or ACL restricts the record retrieval")


class TableApi:
    """Reads and updates records for one caller at a time."""

    def __init__(self, store: Store, record: Record, faults: Faults, origin: str, planned: frozenset[str]) -> None:
        self._store = store
        self._record = record
        self._faults = faults
        self._origin = origin
        self._planned = planned  # sys_ids of the credentials a colleague keeps saving under that fault

    # -- verbs --

    def query(self, request: Request, table: str, version: str, caller: Caller) -> Answer:
        """GET of a table."""
        if refused := self._refuse_read(table, caller):
            return refused
        parameters = request.query
        rows = self._select(table, request, caller)
        offset, limit = _number(parameters, "sysparm_offset", 0), _number(parameters, "sysparm_limit", 10_000)
        headers = self._page_headers(request, len(rows), offset, limit)
        page = rows[offset : offset + limit]
        if table in ROWS_HIDDEN and not caller.admin:
            page = []
        result = [self._render(row, table, parameters) for row in page]
        self._colleague(page)
        if not result and version == "v1":
            return error(404, *_GONE, headers)
        return json_answer({"result": result}, headers=headers)

    def one(self, request: Request, table: str, sys_id: str, caller: Caller) -> Answer:
        """GET of a record."""
        if refused := self._refuse_read(table, caller):
            return refused
        row = self._store.get(table, sys_id)
        if row is None or (table in ROWS_HIDDEN and not caller.admin):
            return error(404, *_GONE)
        answer = json_answer({"result": self._render(row, table, request.query)})
        self._colleague([row])
        return answer

    def update(self, request: Request, table: str, sys_id: str, caller: Caller) -> Answer:
        """PATCH or PUT of a record: what may be set is set, the rest is passed over in silence."""
        if table not in self._store.schema.tables:
            return error(400, f"Invalid table {table}")
        body = _json_object(request)
        self._record.write(request.method, table, sys_id, body or ())
        if body is None:
            return error(400, *_NOT_JSON)
        row = self._store.get(table, sys_id)
        if row is None or not caller.may_read(self._store.schema.ancestry(table)):
            return error(404, *_GONE)
        if refused := self._refuse_write(table, row, caller):
            return refused
        if not self._faults.writes_ignored:
            by_display = truth(request.query.get("sysparm_input_display_value"))
            self._store.update(row, self._values(table, body, by_display=by_display), by=caller.user_name)
        if truth(request.headers.get("x-no-response-body")):
            return Answer(204)
        return json_answer({"result": self._render(row, table, request.query)})

    def stats(self, request: Request, table: str, caller: Caller) -> Answer:
        """GET of an aggregate: the count, whole or by group."""
        if refused := self._refuse_read(table, caller):
            return refused
        rows = self._select(table, request, caller)
        groups = [g for g in request.query.get("sysparm_group_by", "").split(",") if g and self._store.path(table, g)]
        if not groups:
            counted = truth(request.query.get("sysparm_count"))
            return json_answer({"result": {"stats": {"count": str(len(rows))} if counted else {}}})
        paths = [self._store.path(table, group) or [] for group in groups]
        counts = Counter(tuple(self._store.value(row, path)[1] for path in paths) for row in rows)
        result = [
            {
                "stats": {"count": str(count)},
                "groupby_fields": [{"field": group, "value": value} for group, value in zip(groups, values, strict=True)],
            }
            for values, count in counts.items()
        ]
        return json_answer({"result": result})

    # -- parts --

    def _select(self, table: str, request: Request, caller: Caller) -> list[Row]:
        text = request.query.get("sysparm_query")
        if text is None:
            pairs = [(name, value) for name, value in request.query.items() if not name.lower().startswith("sysparm_")]
            text = "^".join(f"{name}={value}" for name, value in pairs)
        return select(self._store, table, parse(self._store, table, text, caller.as_user()))

    def _render(self, row: Row, table: str, parameters: dict[str, str]) -> dict[str, object]:
        wanted = parameters.get("sysparm_fields", "").replace(" ", "")
        names = [name for name in wanted.split(",") if name] or sorted(self._store.schema.columns(table))
        mode = parameters.get("sysparm_display_value", "false").lower()
        links = not truth(parameters.get("sysparm_exclude_reference_link"))
        result: dict[str, object] = {}
        for name in names:
            if columns := self._store.path(table, name):
                holder, value = self._store.value(row, columns)
                result[name] = self._cell(holder, columns[-1], value, mode, links=links)
        return result

    def _cell(self, holder: Row | None, column: Column, value: str, mode: str, *, links: bool) -> object:
        link = {"link": self._link(column, value)} if column.reference and value and links else {}
        if mode == "all":
            return {"display_value": self._store.display(holder, column, value), **link, "value": value}
        if mode == "true":
            shown = self._store.display(holder, column, value)
            return {"display_value": shown, **link} if link else shown
        return {**link, "value": value} if link else value

    def _link(self, column: Column, value: str) -> str:
        name = value if column.key == "sys_id" else f"?{urlencode({column.key: value})}"
        return f"{self._origin}/api/now/table/{column.reference}{'/' if column.key == 'sys_id' else ''}{name}"

    def _page_headers(self, request: Request, total: int, offset: int, limit: int) -> list[tuple[str, str]]:
        parameters = request.query
        counted = not truth(parameters.get("sysparm_no_count"))
        headers = [("X-Total-Count", str(total))] if counted else []
        if truth(parameters.get("sysparm_suppress_pagination_header")) or limit < 1:
            return headers
        offsets = {
            "first": 0,
            "prev": max(0, offset - limit),
            "next": offset + limit,
            "last": max(0, (total - 1) // limit * limit),
        }
        if offset == 0:
            del offsets["prev"]
        if offset + limit >= total:
            del offsets["next"]
        if not counted:
            del offsets["last"]
        base = f"{self._origin}{request.path}?"
        links = (
            f'<{base}{urlencode(parameters | {"sysparm_offset": str(at), "sysparm_limit": str(limit)})}>;rel="{name}"'
            for name, at in offsets.items()
        )
        return [("Link", ",".join(links)), *headers]

    def _refuse_read(self, table: str, caller: Caller) -> Answer | None:
        if table not in self._store.schema.tables:
            return error(400, f"Invalid table {table}")
        if table in _TOKENS and self._faults.tokens_unreadable:
            return error(
                403, "Insufficient rights to query records", "Field(s) present in the query do not have permission to be read"
            )
        if not caller.may_read(self._store.schema.ancestry(table)):
            return error(
                403, "Insufficient rights to query records", "Field(s) present in the query do not have permission to be read"
            )
        return None

    def _refuse_write(self, table: str, row: Row, caller: Caller) -> Answer | None:
        own_preference = table == "sys_user_preference" and row["user"] == caller.sys_id
        if not (own_preference or caller.may_write(self._store.schema.ancestry(table))):
            return error(403, "Operation Failed", "ACL Exception Update Failed due to security constraints")
        if self._faults.scope_fenced and row.get("sys_scope", "global") not in {
            "global",
            current_application(self._store, caller),
        }:
            text = f"Write operation against '{table}' has been refused due to the table's cross-scope access policy"
            return error(403, "Operation Failed", text)
        return None

    def _values(self, table: str, body: dict[str, object], *, by_display: bool) -> dict[str, str]:
        values = {}
        for name in set(body) & self._store.writable(table):
            column = self._store.schema.columns(table)[name]
            value = _text(body[name])
            if column.type == "boolean":
                value = "true" if value in {"true", "1"} else "false"
            if by_display and column.reference and value:
                target = self._store.schema.tables[column.reference].display
                found = self._store.find(column.reference, **{target: value})
                value = found["sys_id"] if found else value
            values[name] = value
        return values

    def _colleague(self, rows: list[Row]) -> None:
        """The fault: as soon as a planned credential has been read, somebody else saves it."""
        for row in rows if self._faults.colleague_saves else ():
            if row["sys_id"] in self._planned:
                self._store.touch(row, by="integration.owner")


def _json_object(request: Request) -> dict[str, object] | None:
    """The body, if it is said to be JSON and is an object."""
    if "application/json" not in request.headers.get("content-type", ""):
        return None
    try:
        body = json.loads(request.body)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _number(parameters: dict[str, str], name: str, default: int) -> int:
    text = parameters.get(name, "")
    return int(text) if text.isdecimal() else default


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):  # the object form {"value": …, "link": …} is taken back, too
        return str(value.get("value", ""))
    return str(value)
