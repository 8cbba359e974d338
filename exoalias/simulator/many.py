"""Very many simulated instances at once, each at an origin of its own, for tests and measurements of many.

They all look like one template: the same people, the same records, each with its own address in them. What is read is
worked out once and kept, so that the far side costs next to nothing; the first write gives an instance records of its own.
Microsoft is not served: the records name its real, global address.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from exoalias.simulator import pages
from exoalias.simulator.callers import Callers
from exoalias.simulator.cast import Cast, draw
from exoalias.simulator.many_server import Counts, ManyServer, Site
from exoalias.simulator.oauth_grants import Grants
from exoalias.simulator.one_time_codes import OneTimeCodes
from exoalias.simulator.picker import Picker
from exoalias.simulator.record import Record
from exoalias.simulator.records import PLANNED, build
from exoalias.simulator.rest import Apis, Rest
from exoalias.simulator.scan import Scan
from exoalias.simulator.scan_findings import Findings
from exoalias.simulator.scenario import Scenario, scenario
from exoalias.simulator.sessions import Sessions
from exoalias.simulator.table_api import TableApi
from exoalias.simulator.wire import Answer, Request, html
from exoalias.simulator.writer import Addresses

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from exoalias.simulator.access import Caller
    from exoalias.simulator.rest import Tables
    from exoalias.simulator.tables import Store

MICROSOFT = "https://login.microsoftonline.com"
_NOWHERE = "http://instance.invalid"  # stands for each instance's own address in what they share


class _Template:
    """What all instances of one scenario share: the records, and every answer worked out so far."""

    def __init__(self, cast: Cast, story: Scenario) -> None:
        self.cast = cast
        self.story = story
        self.record = Record()
        grants, codes = Grants(story.faults.access_token_s), OneTimeCodes(cast.keys.code_seed)
        self.callers = Callers(cast, story.faults, Sessions(), grants, codes)
        self.store = self.records_at(_NOWHERE)
        self.tables = self.tables_of(self.store, _NOWHERE)
        self.known: dict[tuple[str, ...], Answer] = {}

    def records_at(self, origin: str) -> Store:
        """Fresh records for that address."""
        return build(self.cast, self.story, Addresses(origin, MICROSOFT, self.cast.tenant.id))

    def tables_of(self, store: Store, origin: str) -> TableApi:
        """The API that reads and writes those records."""
        planned = frozenset(self.cast.sys_id(name) for name in PLANNED)
        return TableApi(store, self.record, self.story.faults, origin, planned)

    def rest(self, store: Store, tables: Tables, origin: str) -> Rest:
        """The whole REST side over those records."""
        faults, addresses = self.story.faults, Addresses(origin, MICROSOFT, self.cast.tenant.id)
        scan = Scan(store, faults, self.record, origin, Findings(store, addresses))
        apis = Apis(tables, Picker(store, self.cast, self.record), scan)
        return Rest(store, self.cast, faults, self.record, self.callers, apis)


class _Shared:
    """The template's tables, read under one instance's own address."""

    def __init__(self, template: _Template, origin: str) -> None:
        self._template = template
        self._origin = origin

    def query(self, request: Request, table: str, version: str, caller: Caller) -> Answer:
        key = ("query", version, request.target)
        return self._known(key, lambda: self._template.tables.query(request, table, version, caller))

    def one(self, request: Request, table: str, sys_id: str, caller: Caller) -> Answer:
        return self._known(("one", request.target), lambda: self._template.tables.one(request, table, sys_id, caller))

    def stats(self, request: Request, table: str, caller: Caller) -> Answer:
        return self._known(("stats", request.target), lambda: self._template.tables.stats(request, table, caller))

    def update(self, request: Request, table: str, sys_id: str, caller: Caller) -> Answer:
        """Never called: an instance that is written to has records of its own."""
        raise RuntimeError(f"{request.method} of {table} {sys_id} for {caller.user_name}: shared records are not written")

    def _known(self, key: tuple[str, ...], ask: Callable[[], Answer]) -> Answer:
        answer = self._template.known.get(key) or self._template.known.setdefault(key, ask())
        body = answer.body.replace(_NOWHERE.encode(), self._origin.encode())
        return replace(answer, body=body, headers=[(n, v.replace(_NOWHERE, self._origin)) for n, v in answer.headers])


class _Member:
    """One instance."""

    def __init__(self, template: _Template) -> None:
        self._template = template
        self._own = False
        self._rest: Rest | None = None
        self.site = Site(self.handle, 0.0, silent=False, counts=Counts())

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.site.port}"

    def handle(self, request: Request) -> Answer:
        """One request; the first that may change something gives the instance records of its own."""
        if self._template.story.faults.hibernating:
            return html(pages.HIBERNATING)
        if not request.path.startswith("/api/"):
            return pages.message("Page not found", "The page you are looking for could not be found.", 404)
        if not self._own and _changes(request):
            self._own = True
            store = self._template.records_at(self.origin)
            self._rest = self._template.rest(store, self._template.tables_of(store, self.origin), self.origin)
        if self._rest is None:
            self._rest = self._template.rest(self._template.store, _Shared(self._template, self.origin), self.origin)
        return self._rest.handle(request)


class Many:
    """So many instances, from ``with`` to its end. Their scenarios take turns; the last *silent* ones never answer."""

    def __init__(
        self,
        count: int,
        latency_s: float = 0.0,
        *,
        scenarios: Sequence[str] = ("old-token",),
        seed: int | None = None,
        silent: int = 0,
    ) -> None:
        self.cast = draw(seed)
        templates = [_Template(self.cast, scenario(name)) for name in scenarios]
        self._members = [_Member(templates[number % len(templates)]) for number in range(count)]
        for number, member in enumerate(self._members):
            member.site.latency_s = latency_s
            member.site.silent = number >= count - silent
        self._server = ManyServer([member.site for member in self._members])

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin to answer."""
        self._server.start()

    def stop(self) -> None:
        """Stop answering and hang up."""
        self._server.close()

    def announcement(self) -> dict[str, object]:
        """Everything a client needs to use them; JSON-able."""
        delegated = self.cast.people["delegated"]
        return {
            "schema": 1,
            "seed": self.cast.seed,
            "instances": self.origins,
            "rest": {"user": self.user, "password": self.password},
            "delegated": {"upn": delegated.upn, "mail": delegated.mail, "object_id": delegated.object_id},
            "tenant_id": self.cast.tenant.id,
        }

    def obey(self, command: str) -> object:
        """The answer to one command line of `serve.main_loop`."""
        if command != "counts":
            return {"error": f"unknown command {command!r}", "commands": ["counts", "stop"]}
        return {name: getattr(self, name) for name in ("requests", "most_connections", "most_under_way")}

    @property
    def origins(self) -> list[str]:
        """Where they are, in order."""
        return [member.origin for member in self._members]

    @property
    def user(self) -> str:
        """The same on all of them, as is the password."""
        return self.cast.admin.user_name

    @property
    def password(self) -> str:
        return self.cast.admin.password

    @property
    def counts(self) -> dict[str, Counts]:
        """What each has seen so far, by origin."""
        return {member.origin: member.site.counts for member in self._members}

    @property
    def requests(self) -> int:
        """How many requests there were in all."""
        return sum(member.site.counts.requests for member in self._members)

    @property
    def most_connections(self) -> int:
        """How many connections one instance had at the same time, at most."""
        return max(member.site.counts.most_connections for member in self._members)

    @property
    def most_under_way(self) -> int:
        """How many requests were being answered at the same time, over all instances."""
        return self._server.most_under_way


def _changes(request: Request) -> bool:
    """Whether a request may change something: anything but reading, alone or inside a batch."""
    if request.method in {"GET", "HEAD"}:
        return False
    if not request.path.rstrip("/").endswith("/batch"):
        return True
    try:
        items = json.loads(request.body)["rest_requests"]
        return any(str(item["method"]).upper() != "GET" for item in items)
    except (ValueError, KeyError, TypeError):
        return False  # it will be refused
