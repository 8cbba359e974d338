"""Bench: the reads of one check as a script does them: plain GETs, PySNC, or PySNC's own batch API.

It is written as somebody would who has ``requests`` and ``pysnc`` and knows nothing of exoalias. Which tables, columns
and conditions is told; the ids that later reads need it finds itself in what it read before, as its author would.

Lines on stdin and stdout: first where, as whom, with what and which reads, as JSON; then for each line one whole reading.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any, Protocol

import requests

Row = dict[str, str | None]
Read = dict[str, Any]  # key, table, fields, query or column, shown
_MOST_ROWS = 1000
_MICROSOFT = "login.microsoftonline.com"


class Tool(Protocol):
    """One way to ask an instance. It is made anew for each reading, with a connection of its own."""

    def ask(self, reads: list[tuple[Read, str]]) -> dict[str, list[Row]]:
        """The rows of these reads, each with its encoded query, by key."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...


class Plain:
    """One GET for each read on one session, with the parameters the Table API's page recommends for values alone."""

    def __init__(self, origin: str, user: str, password: str) -> None:
        self._origin = origin
        self._session = requests.Session()
        self._session.auth = (user, password)
        self._session.headers["Accept"] = "application/json"

    def ask(self, reads: list[tuple[Read, str]]) -> dict[str, list[Row]]:
        """One after the other."""
        return {read["key"]: self._rows(read, query) for read, query in reads}

    def close(self) -> None:
        """Hang up."""
        self._session.close()

    def _rows(self, read: Read, query: str) -> list[Row]:
        parameters = {
            "sysparm_query": query,
            "sysparm_fields": ",".join(read["fields"]),
            "sysparm_limit": str(_MOST_ROWS),
            "sysparm_exclude_reference_link": "true",
            "sysparm_no_count": "true",
        }
        if read["shown"]:
            parameters["sysparm_display_value"] = "all"
        answer = self._session.get(f"{self._origin}/api/now/table/{read['table']}", params=parameters, timeout=30)
        answer.raise_for_status()
        return [values(given, read) for given in answer.json()["result"]]


class _OnLoopback(requests.adapters.HTTPAdapter):
    """PySNC takes https addresses only; the simulated instance speaks http on loopback."""

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:  # noqa: ANN401 - handed on
        request.url = str(request.url).replace("https://", "http://", 1)
        return super().send(request, *args, **options)


class PySnc:
    """One GlideRecord for each read, on a client as it comes."""

    def __init__(self, origin: str, user: str, password: str) -> None:
        import pysnc

        self.client = pysnc.ServiceNowClient(origin.replace("http://", "https://"), (user, password))
        retries = self.client.session.get_adapter(self.client.instance).max_retries  # what it does by itself stays
        self.client.session.mount(self.client.instance, _OnLoopback(max_retries=retries))

    def ask(self, reads: list[tuple[Read, str]]) -> dict[str, list[Row]]:
        """One after the other."""
        return {read["key"]: self._rows(read, query) for read, query in reads}

    def close(self) -> None:
        """Hang up."""
        self.client.session.close()

    def record(self, read: Read, query: str) -> Any:  # noqa: ANN401 - ships no types
        """What its author would write: the table, the columns, the condition."""
        record = self.client.GlideRecord(read["table"])
        record.fields = list(read["fields"])
        record.add_encoded_query(query)
        return record

    def _rows(self, read: Read, query: str) -> list[Row]:
        record = self.record(read, query)
        record.query()
        if not read["shown"]:
            return list(record.serialize_all())
        return [values(given, read) for given in record.serialize_all(display_value="both")]


class Bundled(PySnc):
    """All reads of a stage in one request, by PySNC's batch API: its answers are left to the author to take apart."""

    def ask(self, reads: list[tuple[Read, str]]) -> dict[str, list[Row]]:
        """In one round trip."""
        answers: dict[str, requests.Response] = {}
        for read, query in reads:
            record = self.record(read, query)
            self.client.batch_api.list(record, lambda answer, key=read["key"]: answers.update({key: answer}))
        self.client.batch_api.execute()
        return {read["key"]: self._taken(read, answers[read["key"]]) for read, _query in reads}

    def _taken(self, read: Read, answer: requests.Response) -> list[Row]:
        answer.raise_for_status()
        result = answer.json()["result"]
        if len(result) != int(answer.headers["X-Total-Count"]):
            raise SystemExit(f"{read['table']} has more rows than one page: that is not read here")
        return [values(given, read) for given in result]


TOOLS: dict[str, type[Plain | PySnc]] = {"plain requests": Plain, "PySNC": PySnc, "PySNC bundled": Bundled}


def values(given: dict[str, Any], read: Read) -> Row:
    """A row of the Table API as plain values; columns wanted as people see them come a second time, as ``<column>.shown``."""
    row: Row = {name: cell["value"] if isinstance(cell, dict) else cell for name, cell in given.items()}
    return row | {f"{name}.shown": given[name]["display_value"] for name in read["shown"]}


def stages(reads: list[Read], *, bundled: bool) -> list[list[Read]]:
    """What is asked together: each read alone, or first what needs nothing, then what needs ids or looked-up columns."""
    if not bundled:
        return [[read] for read in reads]
    later = [read for read in reads if read["column"] or read["shown"]]
    return [[read for read in reads if read not in later], later]


def ids(key: str, rows: dict[str, list[Row]]) -> set[str]:
    """The ids that a later read asks for, out of the rows read so far."""
    named = _column(rows["credentials"], "sys_id")
    credentials = named | _column(rows["connections"], "credential")
    if key == "tokens":
        return credentials
    if key == "credentials by id":
        return credentials - named
    if key == "update set":
        return _column(rows["preference"], "value")
    used = _column(rows["credentials"] + rows.get("credentials by id", []), "oauth_entity_profile")
    registries = _column([row for row in rows["profiles"] if row["sys_id"] in used], "oauth_entity")
    registries |= _column([row for row in rows["registries"] if _MICROSOFT in f"{row['auth_url']} {row['token_url']}"], "sys_id")
    if key == "scopes":
        return registries
    if key == "profile scopes":
        return used | _column([row for row in rows["profiles"] if row["oauth_entity"] in registries], "sys_id")
    raise SystemExit(f"the check asks for {key!r}, and this script does not know from where to take the ids")


def _column(rows: list[Row], name: str) -> set[str]:
    return {value for row in rows if (value := row[name])}


def read_all(tool: Tool, reads: list[Read], *, bundled: bool) -> dict[str, list[Row]]:
    """One whole reading: the rows by the key of their read."""
    rows: dict[str, list[Row]] = {}
    for stage in stages(reads, bundled=bundled):
        queries = [
            f"{read['column']}IN{','.join(sorted(ids(read['key'], rows)))}" if read["column"] else read["query"] for read in stage
        ]
        rows |= tool.ask(list(zip(stage, queries, strict=True)))
    return rows


def by_table(rows: dict[str, list[Row]], reads: list[Read]) -> dict[str, dict[str, Row]]:
    """The same rows by table and id, to be compared with what somebody else read."""
    found: dict[str, dict[str, Row]] = {}
    for read in reads:
        found.setdefault(read["table"], {}).update({str(row["sys_id"]): row for row in rows[read["key"]]})
    return found


def main() -> None:
    """Read as often as told to."""
    given = json.loads(sys.stdin.readline())
    make, reads = TOOLS[given["tool"]], given["reads"]
    for _line in sys.stdin:
        began = time.perf_counter()
        tool = make(given["origin"], given["user"], given["password"])
        rows = read_all(tool, reads, bundled=make is Bundled)
        took = time.perf_counter() - began
        tool.close()
        print(json.dumps({"ms": took * 1000, "rows": by_table(rows, reads)}), flush=True)


if __name__ == "__main__":
    main()
