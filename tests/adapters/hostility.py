"""Hostile answers, drawn from a seed: what a real instance said, bent at every level from the cell to the connection.

``Truth`` is recorded once from a running simulator. ``HostileClient`` stands where the program's own Client stands, so
everything above it is the real thing. ``play`` does with an Instance all that can be done, and says what must hold.
"""

from __future__ import annotations

import base64
import json
import random
import time
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from exoalias.adapters.entering.basic import UserAndPassword
from exoalias.adapters.instance.batch import BATCH
from exoalias.adapters.instance.remembered import Remembered
from exoalias.adapters.instance.servicenow import FieldState, Instance
from exoalias.adapters.network.http import MOST_BYTES, Answer
from exoalias.domain.problems import BadAnswer, OutcomeUnknown, Problem, RateLimited, Unreachable
from exoalias.domain.records import Reading, Snapshot, SysId
from exoalias.domain.rules import judge
from exoalias.domain.scan import SUITE
from tests.adapters.simulated import simulated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from exoalias.adapters.network.http import Client
    from exoalias.domain.plan import SetField
    from exoalias.domain.target import Target

HOST = "acme.service-now.com"
ORIGIN = f"https://{HOST}"
PASSWORD = "pa55-marker"
FOREIGN = "f0e1d2c3"  # begins the sys_id of every record nobody asked for
NOW = datetime(2026, 11, 23, tzinfo=UTC)
SLOWEST_S = 20.0
_JSON = {"content-type": "application/json;charset=UTF-8"}
_HUGE = '"@huge@"'


# -- what is true --------------------------------------------------------------------------------------------------------


@dataclass
class Truth:
    """What an instance in order says, by path; and the step that may be written on it."""

    user: str
    target: Target
    step: SetField
    said: dict[str, object] = field(default_factory=dict)
    _raw: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def raw(self, method: str, path: str) -> bytes:
        """The same as bytes."""
        if (method, path) not in self._raw:
            self._raw[method, path] = json.dumps(self.of(method, path)).encode()
        return self._raw[method, path]

    def of(self, method: str, path: str) -> object:
        """The content of the answer to one request."""
        if method == "PATCH":
            return self._patched(path)
        if path in self.said:
            return self.said[path]
        table = path.partition("?")[0]
        return next((content for known, content in self.said.items() if known.partition("?")[0] == table), {"result": []})

    def _patched(self, path: str) -> object:
        content = json.loads(json.dumps(self.of("GET", path)))
        if isinstance(content, dict) and isinstance(content.get("result"), dict):
            content["result"][self.step.field] = {"value": self.step.after, "display_value": "p"}
        return content


class _Recording:
    """A Client that writes down what is said."""

    def __init__(self, client: Client, said: dict[str, object]) -> None:
        self._client = client
        self._said = said

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the client has
        return getattr(self._client, name)

    def send(
        self, method: str, path: str, *, headers: Mapping[str, str], body: bytes | None = None, repeatable: bool | None = None
    ) -> Answer:
        answer = self._client.send(method, path, headers=headers, body=body, repeatable=repeatable)
        if path == BATCH:
            asked = {each["id"]: each["url"] for each in json.loads(body or b"{}")["rest_requests"]}
            outer: Any = answer.json()
            for item in outer["serviced_requests"]:
                self._said[asked[item["id"]]] = json.loads(base64.b64decode(item["body"]))
        elif method == "GET":
            self._said[path] = answer.json()
        return answer


def record_truth() -> Truth:
    """What the simulated instance says in the scenario where nothing is wrong."""
    said: dict[str, object] = {}
    with simulated() as world:
        admin = world.simulator.cast.admin
        client = world.instance._access._client  # type: ignore[attr-defined]  # the test's own UserAndPassword
        access = UserAndPassword(_Recording(client, said), admin.user_name, admin.password)  # type: ignore[arg-type]  # the same calls
        instance = Instance(access, lambda: NOW)
        snapshot, remembered = instance.read(world.target)
        instance.read(world.target, remembered)
        credential = snapshot.credentials.rows[0]
        step = world.step(credential, after="a" * 32)
        instance.reread(step)
        instance.tokens([c.sys_id for c in snapshot.credentials.rows])
        with suppress(Problem):
            instance.applications.current()
        return Truth(admin.user_name, world.target, step, said | _a_scan())


def _a_scan() -> dict[str, object]:
    """A scan of the instance's own that ran and found something."""
    suite, progress, result = "5" * 32, "6" * 32, "7" * 32
    found = {"sys_id": "8" * 32, "result": result, "check.name": "A check", "finding_details": "<b>It</b> is wrong", "count": "1"}
    table, cicd = "/api/now/table", "/api/sn_cicd"
    return {
        f"{table}/scan_check_suite": {"result": [{"sys_id": suite, "name": SUITE}]},
        f"{cicd}/instance_scan/suite_scan/{suite}/scoped_apps": {"result": {"links": {"progress": {"id": progress}}}},
        f"{cicd}/progress/{progress}": {"result": {"status": "2", "percent_complete": 100, "status_message": ""}},
        f"{cicd}/instance_scan/result/{progress}": {
            "result": {"status": "2", "links": {"findings": {"url": f"x?result={result}"}}}
        },
        f"{table}/scan_finding": {"result": [found | {"source": "9" * 32, "source_table": "sys_alias", "muted": "false"}]},
        f"{table}/scan_check_suite_check": {"result": [{"sys_id": "0" * 32, "suite": suite, "check.name": "A check"}]},
        f"{table}/scan_check_execution": {"result": [{"sys_id": "1" * 32, "result": result, "check.name": "A check"}]},
    }


# -- what is said instead ------------------------------------------------------------------------------------------------

ODD_CELLS: Sequence[object] = (
    None, True, False, 0, 1, -1, 10**14, 10**40, 1.5, float("nan"), float("inf"), "", " ", "true", "false", "1", "0", "x" * 5000,
    "\ud800", "\x00", "\u202e", "\r\n\t", "ü" * 40, "admin", "MS Graph 1", "2026-11-23 08:00:00", "2026-02-30 25:61:61",
    "9999-12-31 23:59:59", "0000-00-00 00:00:00", "1,234", "-5", "9" * 400, "a" * 32, "../../etc", "javascript:alert(1)",
    "https://graph.microsoft.com.evil.example", "${7*7}", "{upn}", "{", "%s", [], {}, [[]], [None], {"value": None},
    {"value": []}, {"value": "a" * 32, "display_value": "x"}, {"display_value": "x"}, {"link": "https://evil.example"},
    {"value": {"value": {"value": "deep"}}}, "@huge@",
)  # fmt: skip
STATUSES: Sequence[object] = (
    *range(100, 600), 0, 999, -1, 10**9, "200", "", None, True, 200.0, [200], {"status": 200},
)  # fmt: skip
BODIES: Sequence[bytes] = (
    b"", b" ", b"null", b"[]", b"{}", b'""', b"0", b"NaN", b"{", b"}", b'{"result"', b'{"result":', b"\xff\xfe\x00\x00",
    b"\xef\xbb\xbf{}", '{"result": []}'.encode("utf-16"), b"\x00" * 100, b"[" * 60_000, b'{"a":' * 30_000, b'{"result":' * 10_000,
    b"9" * 9_000, b"-" * 100, b'{"result": [], "result": "twice"}', b"<html><title>Log in</title></html>", b"<!DOCTYPE html>",
    b"Instance Hibernating page", b"<html>Hibernating", b"User Not Authenticated", b'{"error": null}', b'{"error": []}',
    b'{"error": {"message": null, "detail": 5}, "status": "failure"}',
    b'{"error": {"message": "\\ud800\\u202e' + b"x" * 900 + b'"}}',
    b'{"result": [], "error": {"message": "Transaction cancelled: maximum execution time exceeded", "detail": null}}',
    b'{"result": {"value": "x"}}', b'{"result": "text"}', b'{"result": 5}', b'{"result": [null, 1, "x", [], {}]}',
)  # fmt: skip
HEADERS: Sequence[Mapping[str, str]] = (
    _JSON, _JSON, _JSON, {}, {"content-type": "text/html"}, {"content-type": ""}, {"content-type": "application/json\x00"},
    {"content-type": "APPLICATION/JSON; charset=nonsense"}, {"content-type": "text/xml"}, {**_JSON, "location": "/login.do"},
    {**_JSON, "location": "https://[::g/\xff"}, {**_JSON, "retry-after": "-1"}, {**_JSON, "x" * 500: "y" * 500},
)  # fmt: skip


class Hostility:
    """Bends answers. ``rate``: how many of them; one in a hundred leaves most of a reading intact, so that it goes deep."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.rate = chance.choice((0.02, 0.1, 0.3, 1.0))
        self.odd = [chance.choice(ODD_CELLS) for _ in range(3)]  # the same few again and again: one defect, met everywhere

    def strikes(self, share: float = 1.0) -> bool:
        """Whether this one is bent."""
        return self.chance.random() < self.rate * share

    def body(self, raw: bytes) -> bytes:
        """The bytes of one answer, bent or not."""
        if not self.strikes():
            return raw
        way = self.chance.choice(
            (self._cells, self._cells, self._rows, self._rows, self._result, self._bytes, self._cut, self._heavy)
        )
        return way(json.loads(raw))

    def _cells(self, content: Any) -> bytes:  # noqa: ANN401 - any JSON
        share = self.chance.choice((0.02, 0.2, 1.0))
        return self._dumped(self._bent(content, share))

    def _bent(self, value: Any, share: float) -> Any:  # noqa: ANN401 - any JSON
        if isinstance(value, dict):
            return {
                k: self._bent(v, share) for k, v in value.items() if k in {"result", "sys_id"} or self.chance.random() > share / 5
            }
        if isinstance(value, list):
            return [self._bent(each, share) for each in value]
        return self.chance.choice(self.odd) if self.chance.random() < share else value

    def _rows(self, content: Any) -> bytes:  # noqa: ANN401 - any JSON
        rows = content.get("result") if isinstance(content, dict) else None
        if not isinstance(rows, list):
            return self._bytes(content)
        strangers = [self._stranger(rows) for _ in range(self.chance.choice((1, 3, 3, 3, 3, 3, 3, 3, 3, 1000)))]
        twice = rows + rows
        odd: list[Any] = [self.chance.choice(ODD_CELLS) for _ in range(3)]
        content["result"] = self.chance.choice(
            (strangers, rows + strangers, strangers + rows, twice, rows[:-1], rows + odd, odd, rows * 40, [rows], [])
        )
        return self._dumped(content)

    def _stranger(self, rows: list[Any]) -> dict[str, object]:
        """A record of the same shape that nobody asked for."""
        pattern = next((row for row in rows if isinstance(row, dict)), {"sys_id": "", "name": ""})
        number = self.chance.randrange(16**12)
        return {k: f"{FOREIGN}{number:012x}{'0' * 12}" if k == "sys_id" else f"{FOREIGN} {k}" for k in pattern}

    def _result(self, content: Any) -> bytes:  # noqa: ANN401 - any JSON
        held = content.get("result") if isinstance(content, dict) else None
        return self._dumped(
            self.chance.choice(
                (held, {"results": held}, {"result": {"result": held}}, {"result": self.chance.choice(ODD_CELLS)}, [content],
                 {"result": held, "error": {"message": "x", "detail": "y"}}, {"RESULT": held}, {"result": dict(enumerate("abc"))})
            )
        )  # fmt: skip

    def _bytes(self, _content: object) -> bytes:
        return self.chance.choice(BODIES)

    def _cut(self, content: object) -> bytes:
        raw = bytearray(json.dumps(content).encode())
        if raw and self.chance.random() < 0.5:
            raw[self.chance.randrange(len(raw))] = self.chance.randrange(256)
            return bytes(raw)
        return bytes(raw[: self.chance.randrange(len(raw) + 1)])

    def _heavy(self, content: object) -> bytes:
        if self.chance.random() > 0.02:
            return self._cut(content)
        padding = " " * 1_000_000 if self.chance.random() < 0.9 else " " * 10_000_000
        return (padding + json.dumps(content)).encode()

    def _dumped(self, content: object) -> bytes:
        return json.dumps(content).replace(_HUGE, "9" * 6000).encode()

    def envelope(self, items: list[dict[str, Any]]) -> bytes:
        """A batch's answer around its items, bent or not."""
        held: object = items
        if self.strikes(0.3):
            items = [dict(item) for item in items]
            for item in self.chance.sample(items, self.chance.randint(1, len(items))):
                self.chance.choice((self._odd_id, self._odd_status, self._odd_body))(item)
            held = self.chance.choice(
                (items, items, items + items, items[: len(items) // 2], items[::-1], items * 20, [*items, None, 5])
            )
        if self.strikes(0.1):
            held = self.chance.choice(ODD_CELLS)
        outer: object = {"batch_request_id": "1", "serviced_requests": held, "unserviced_requests": []}
        if self.strikes(0.05):
            outer = self.chance.choice((held, [outer], {"result": outer}, {}, None))
        return self._dumped(outer)

    def _odd_id(self, item: dict[str, Any]) -> None:
        item["id"] = self.chance.choice(
            ("", "nobody's", "user", "credentials", None, 5, [], item["id"].upper(), {"id": item["id"]})
        )

    def _odd_status(self, item: dict[str, Any]) -> None:
        item["status_code"] = self.chance.choice(STATUSES)

    def _odd_body(self, item: dict[str, Any]) -> None:
        raw = item["body"]
        item["body"] = self.chance.choice(
            (raw[:-1], raw[1:], "!" + raw, "", None, 5, [raw], "ü", "=" * 9, raw + raw, "\ud800", {})
        )

    def whole(self, status: int, body: bytes, *, safe: bool) -> Answer:
        """One answer as it comes from the wire, bent or not; or no answer at all."""
        if self.strikes(0.05):
            lost = OutcomeUnknown(record="the record", host=HOST, why="the connection broke off")
            silent = Unreachable(host=HOST, why="no answer in time")
            large, told = BadAnswer(host=HOST, why="it is larger than 32 MB"), RateLimited(host=HOST, detail=429, seconds=9)
            raise self.chance.choice((silent if safe else lost, large, told))
        if len(body) > MOST_BYTES:  # as the real Client does
            raise BadAnswer(host=HOST, why="it is larger than 32 MB")
        if self.strikes(0.15):
            odd = self.chance.choice(STATUSES)
            status = odd if isinstance(odd, int) else 200
        headers = self.chance.choice(HEADERS) if self.strikes(0.15) else _JSON
        return Answer(status, HOST, headers, self.chance.choice(BODIES) if self.strikes(0.05) else body)


class HostileClient:
    """What a Client is to the ways in; counts what is asked of it."""

    origin = ORIGIN
    host = HOST

    def __init__(self, truth: Truth, hostility: Hostility) -> None:
        self._truth = truth
        self._hostility = hostility
        self.has_cookies = hostility.chance.random() < 0.5
        self.asked: Counter[str] = Counter()

    def forget_cookies(self) -> None:
        """Start without a session the next time."""
        self.has_cookies = False

    def send(
        self, method: str, path: str, *, headers: Mapping[str, str], body: bytes | None = None, repeatable: bool | None = None
    ) -> Answer:
        """One answer, such as it is."""
        kind = "batch" if path == BATCH else method
        self.asked[kind] += 1
        if path != BATCH:
            answer = self._hostility.whole(200, self._hostility.body(self._truth.raw(method, path)), safe=method == "GET")
            self.asked[kind] -= answer.status == 401  # it was not carried out, and may come once more
            return answer
        items = [
            {
                "id": each["id"],
                "status_code": 200,
                "body": base64.b64encode(self._hostility.body(self._truth.raw(each["method"], each["url"]))).decode(),
            }
            for each in json.loads(body or b"{}")["rest_requests"]
        ]
        return self._hostility.whole(200, self._hostility.envelope(items), safe=True)


# -- what is done with it ------------------------------------------------------------------------------------------------


@dataclass
class Figures:
    """What many games came to."""

    games: int = 0
    endings: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    most_trips: int = 0


def play(truth: Truth, seed: int, figures: Figures) -> None:
    """One game: everything that can be done with an Instance, against a hostility of its own. AssertionError names the seed."""
    hostility = Hostility(random.Random(seed))
    client = HostileClient(truth, hostility)
    access = UserAndPassword(client, truth.user, PASSWORD)  # type: ignore[arg-type]  # it has all a way in asks of a Client
    instance = Instance(access, lambda: NOW)
    figures.games += 1
    with timed(figures, seed):
        remembered = _reading(truth, instance, figures, seed, None)
        if hostility.chance.random() < 0.3:
            _reading(truth, instance, figures, seed, remembered)
        assert not client.asked.keys() - {"GET", "batch"}, f"seed {seed}: a reading wrote: {client.asked}"
        act = hostility.chance.choice((_tokens, _reread, _write, _scan, _applications, _meet))
        ending = _ended(lambda: act(truth, instance, access), seed)
        figures.endings[f"{act.__name__.strip('_')}: {ending}"] += 1
        assert client.asked["PATCH"] <= (act is _write), f"seed {seed}: {act.__name__} wrote: {client.asked}"
    figures.most_trips = max(figures.most_trips, sum(client.asked.values()))


@contextmanager
def timed(figures: Figures, seed: int) -> Iterator[None]:
    """One game takes its time, and not more."""
    started = time.monotonic()
    yield
    seconds = time.monotonic() - started
    figures.slowest_s = max(figures.slowest_s, seconds)
    assert seconds < SLOWEST_S, f"seed {seed}: it took {seconds:.1f} s"


def _ended(act: Callable[[], object], seed: int) -> str:
    """How it ended: a named Problem with clean words, or well."""
    try:
        act()
    except Problem as met:
        problem = met
    else:
        return "done"
    said = f"{problem.words} {problem.remedy}"
    assert problem.words != Problem.says, f"seed {seed}: {problem!r} is not named"
    assert PASSWORD not in f"{said} {problem.facts}", f"seed {seed}: a password was said"
    assert len(said) < 2_000, f"seed {seed}: endless words: {said[:300]}"
    assert not any(c in said for c in "\x00\r\n\u202e"), f"seed {seed}: words that steer a terminal: {said!r}"
    said.encode()
    return type(problem).__name__


def _reading(truth: Truth, instance: Instance, figures: Figures, seed: int, remembered: Remembered | None) -> Remembered | None:
    found: list[tuple[Snapshot, Remembered]] = []
    ending = _ended(lambda: found.append(instance.read(truth.target, remembered)), seed)
    figures.endings[f"read: {ending}"] += 1
    if not found:
        return None
    snapshot, kept = found[0]
    _believed(truth, snapshot, seed)
    judge(snapshot, truth.target, (), NOW, "acme", None)
    if not any(
        isinstance(getattr(snapshot, name), Reading) and getattr(snapshot, name).unreadable for name in _questions(snapshot)
    ):
        figures.endings["read: every question answered"] += 1
    return Remembered.from_json(json.loads(json.dumps(kept.to_json())))


def _questions(snapshot: Snapshot) -> list[str]:
    return [name for name in type(snapshot).__dataclass_fields__ if isinstance(getattr(snapshot, name), Reading)]


def _believed(truth: Truth, snapshot: Snapshot, seed: int) -> None:
    """What must be so in any Snapshot, whatever was said."""
    hash(snapshot)
    repr(snapshot).encode()
    assert snapshot.round_trips < 150, f"seed {seed}: {snapshot.round_trips} round trips"
    assert len(snapshot.notes) < 100
    for name in ("credentials", "tokens", "aliases", "connections", "scopes", "profile_scopes", "roles", "user"):
        rows = getattr(snapshot, name).rows
        strangers = [row for row in rows if str(getattr(row, "sys_id", row)).startswith(FOREIGN)]
        assert not strangers, f"seed {seed}: believed strangers in {name}: {strangers[:1]}"
    ids = {c.sys_id for c in snapshot.credentials.rows} | {c.credential for c in snapshot.connections.rows}
    if snapshot.credentials and snapshot.connections:
        assert all(token.credential in ids for token in snapshot.tokens.rows), f"seed {seed}: tokens of other credentials"


def _tokens(truth: Truth, instance: Instance, _access: UserAndPassword) -> None:
    reading = instance.tokens([truth.step.record])
    strangers = [token for token in reading.rows if token.credential != truth.step.record]
    assert not strangers, f"believed strangers in tokens: {strangers[:1]}"


def _reread(truth: Truth, instance: Instance, _access: UserAndPassword) -> None:
    state = instance.reread(truth.step)
    assert isinstance(state, FieldState)
    hash(state)


def _write(truth: Truth, instance: Instance, _access: UserAndPassword) -> None:
    state = instance.write(truth.step)
    assert state.value == truth.step.after


def _scan(_truth: Truth, instance: Instance, _access: UserAndPassword) -> None:
    progress = instance.own_scan.start()
    instance.own_scan.running(progress)
    instance.own_scan.result(progress, NOW)


def _applications(_truth: Truth, instance: Instance, _access: UserAndPassword) -> None:
    stand = instance.applications.current()
    instance.applications.switch(SysId("b" * 32), "Other")
    assert isinstance(stand.app, str)


def _meet(truth: Truth, _instance: Instance, access: UserAndPassword) -> None:
    access.meet()
    assert isinstance(access.user, str)
    assert len(access.user) < 10_000
