"""The Table API and the Aggregate API of the simulated instance (documentation pages "Table API", "Aggregate API")."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from exoalias.simulator.query import User, parse, select
from exoalias.simulator.wire import Answer, Request, json_answer

if TYPE_CHECKING:
    from exoalias.simulator.columns import Column
    from exoalias.simulator.record import Record
    from exoalias.simulator.scenario import Faults
    from exoalias.simulator.tables import Row, Store

_TOKENS = frozenset({"oauth_credential", "oauth_requestor_profile"})
_CREDENTIAL_ROLES = frozenset({"credential_admin", "connection_admin"})
_OAUTH_ROLES = frozenset({"oauth_admin"})
# Roles beside admin that may read a table, by the table at the root of its class.
_READERS = {
    "discovery_credentials": _CREDENTIAL_ROLES,
    "sys_connection": _CREDENTIAL_ROLES,
    "sys_alias": _CREDENTIAL_ROLES,
    "oauth_entity": _OAUTH_ROLES,
    "oauth_entity_profile": _OAUTH_ROLES,
    "oauth_entity_scope": _OAUTH_ROLES,
    "oauth_entity_profile_scope": _OAUTH_ROLES,
    "oauth_credential": _OAUTH_ROLES,
    "oauth_requestor_profile": _OAUTH_ROLES,
    "sn_wsd_rsvsync_provider": frozenset({"sn_wsd_rsvsync.admin"}),
    "sn_wsd_rsvsync_reservable_sync_configuration": frozenset({"sn_wsd_rsvsync.admin"}),
}
# Tables whose rows are taken away one by one, so that the answer is an empty list, not a refusal.
_ROWS_HIDDEN = frozenset({"sys_dictionary", "sys_db_object", "sys_update_set", "sys_store_app", "sys_app", "sys_plugins"})


@dataclass(frozen=True, slots=True)
class Caller:
    """The user a request runs as."""

    user_name: str
    sys_id: str
    roles: tuple[str, ...]

    @property
    def admin(self) -> bool:
        return "admin" in self.roles

    def may_read(self, line: list[str]) -> bool:
        """Whether the roles reach a table, given its *line* of ancestors."""
        needed = next((_READERS[name] for name in line if name in _READERS), None)
        return self.admin or needed is None or bool(needed & set(self.roles))

    def as_user(self) -> User:
        return User(self.user_name, self.sys_id)


def error(status: int, message: str, detail: str | None = None, headers: list[tuple[str, str]] | None = None) -> Answer:
    """An error in ServiceNow's form."""
    return json_answer({"error": {"message": message, "detail": detail}, "status": "failure"}, status, headers)


def truth(text: str | None) -> bool:
    """A boolean request parameter."""
    return (text or "").lower() == "true"


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
        if table in _ROWS_HIDDEN and not caller.admin:
            page = []
        result = [self._render(row, table, parameters) for row in page]
        self._colleague(page)
        if not result and version == "v1":
            return error(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval", headers)
        return json_answer({"result": result}, headers=headers)

    def one(self, request: Request, table: str, sys_id: str, caller: Caller) -> Answer:
        """GET of a record."""
        if refused := self._refuse_read(table, caller):
            return refused
        row = self._store.get(table, sys_id)
        if row is None or (table in _ROWS_HIDDEN and not caller.admin):
            return error(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")
        answer = json_answer({"result": self._render(row, table, request.query)})
        self._colleague([row])
        return answer

    def update(self, request: Request, table: str, sys_id: str, caller: Caller) -> Answer:
        """PATCH or PUT of a record: what may be set is set, the rest is passed over in silence."""
        if table not in self._store.schema.tables:
            return error(400, f"Invalid table {table}")
        if "application/json" not in request.headers.get("content-type", ""):
            return error(400, "Exception while reading request", "The payload is not valid JSON.")
        try:
            body = json.loads(request.body)
        except ValueError:
            return error(400, "Exception while reading request", "The payload is not valid JSON.")
        if not isinstance(body, dict):
            return error(400, "Exception while reading request", "The payload is not valid JSON.")
        row = self._store.get(table, sys_id)
        if row is None or not caller.may_read(self._store.schema.ancestry(table)):
            return error(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")
        self._record.write(request.method, table, sys_id, body)
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
        line = self._store.schema.ancestry(table)
        if caller.admin or own_preference or any(name in _READERS and caller.may_read(line) for name in line):
            return None
        return error(403, "Operation Failed", "ACL Exception Update Failed due to security constraints")

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
