"""Hostile and broken answers: whatever the far side sends, a value or a Problem comes out, and in time."""

from __future__ import annotations

import base64
import json
import random
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exoalias.adapters.entering.basic import UserAndPassword
from exoalias.adapters.instance.servicenow import Instance
from exoalias.adapters.network.http import Answer, Http
from exoalias.domain.plan import SetField
from exoalias.domain.problems import Problem
from exoalias.domain.records import Snapshot, SysId
from exoalias.domain.target import Target
from tests.adapters.instance.test_rows import json_values
from tests.adapters.loopback import http_answer, loopback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.adapters.loopback import Loopback

A = "a" * 32
STEP = SetField("oauth_2_0_credentials", SysId(A), "MS Graph 1", "oauth_entity_profile", "", "", "b" * 32, "p", 1, None)
HEADERS = {"content-type": "application/json"}

cells = json_values | st.sampled_from(
    ["true", A, "sn_ex_online_spke", "2026-11-23 08:00:00", "MS Graph 1", "admin", "", {"value": A}]
)
COLUMNS = (
    "sys_id id name scope version active value element column_label internal_type credential connection_alias state "
    "connection_alias.id connection_alias.parent.id parent.id credential.name oauth_entity_profile oauth_entity auth_url "
    "token_url user.user_name user_name role.name sys_mod_count sys_updated_on oauth_requestor_profile.requestor_id"
).split()
table_rows = st.lists(st.dictionaries(st.sampled_from(COLUMNS), cells, max_size=10) | json_values, max_size=4)
results = (
    table_rows
    | st.fixed_dictionaries({"user_sys_id": cells, "user_name": cells, "list": table_rows, "current": cells})
    | json_values
)
contents = st.fixed_dictionaries({"result": results}) | st.fixed_dictionaries({"error": json_values}) | json_values


class Hostile:
    """An Access in memory: batches answered item by item, single requests likewise."""

    origin = "https://acme.service-now.com"
    user = "admin"

    def __init__(self, say: Callable[[], tuple[object, object]], *, batch: object = None) -> None:
        self._say = say
        self._batch = batch

    def send(self, method: str, path: str, *, body: Mapping[str, Any] | None = None, repeatable: bool | None = None) -> Answer:
        if method != "POST" or body is None:
            status, content = self._say()
            return Answer(status if isinstance(status, int) else 200, "acme", HEADERS, json.dumps(content).encode())
        if self._batch is not None:
            return Answer(200, "acme", HEADERS, json.dumps(self._batch).encode())
        items = []
        for request in body["rest_requests"]:
            status, content = self._say()
            raw = base64.b64encode(json.dumps(content).encode()).decode()
            items.append({"id": request["id"], "status_code": status, "body": raw})
        return Answer(200, "acme", HEADERS, json.dumps({"serviced_requests": items}).encode())


def use(access: Hostile | UserAndPassword) -> None:
    """Everything an Instance can do; Problems are fine, anything else is not."""
    instance = Instance(access, lambda: datetime(2026, 11, 23, tzinfo=UTC))
    remembered = None
    for _ in range(2):
        try:
            snapshot, remembered = instance.read(Target(access.origin), remembered)
        except Problem:
            continue
        else:
            assert isinstance(snapshot, Snapshot)
            assert hash(snapshot)
            repr(snapshot).encode()
            json.dumps(remembered.to_json())
    for act in (lambda: instance.tokens([SysId(A)]), lambda: instance.reread(STEP), lambda: instance.write(STEP)):
        with suppress(Problem):
            act()


@settings(max_examples=150)
@given(st.data())
def test_any_content_of_any_item(data: st.DataObject) -> None:
    pool = data.draw(
        st.lists(
            st.tuples(st.sampled_from([200, 200, 200, 201, 400, 403, 404, 429, 500, "200", None]), contents),
            min_size=1,
            max_size=6,
        )
    )
    chance = random.Random(data.draw(st.integers(0, 2**32)))
    use(Hostile(lambda: chance.choice(pool)))


@settings(max_examples=150)
@given(
    json_values
    | st.fixed_dictionaries(
        {
            "serviced_requests": st.lists(
                st.fixed_dictionaries(
                    {"id": st.sampled_from(["user", "credentials", "picker", 5]), "status_code": cells, "body": json_values}
                )
                | json_values,
                max_size=5,
            )
        }
    )
)
def test_any_batch(batch: object) -> None:
    use(Hostile(lambda: (200, {"result": []}), batch=batch if batch is not None else 0))


@pytest.fixture(scope="module")
def server() -> Iterator[Loopback]:
    with loopback(lambda _: http_answer()) as running, pytest.MonkeyPatch.context() as patch:
        patch.setattr("exoalias.adapters.network.transport.READ_S", 0.5)
        patch.setattr("exoalias.adapters.network.http._PAUSE_S", 0.0)
        patch.setattr("exoalias.adapters.network.http.LONGEST_WAIT_S", 0.5)
        yield running


@contextmanager
def on_the_wire(server: Loopback, raw: bytes | None) -> Iterator[UserAndPassword]:
    server.answers = lambda _: raw
    http = Http(simulated=frozenset({server.origin}))
    try:
        yield UserAndPassword(http.client(server.origin), "admin", "x")
    finally:
        http.close()


bodies = (
    contents.map(lambda c: json.dumps(c).encode())
    | st.binary(max_size=200)
    | st.tuples(contents.map(lambda c: json.dumps(c).encode()), st.integers(0, 60)).map(lambda pair: pair[0][: -pair[1] or None])
    | st.sampled_from(
        [b"[" * 50_000, b'{"a":' * 20_000, b"<html>", b"Instance Hibernating page", b"9" * 9_000, b"\xef\xbb\xbf{}", b"\x00"]
    )
)


@settings(max_examples=60)
@given(
    bodies,
    st.sampled_from([200, 204, 301, 302, 400, 401, 403, 404, 418, 500, 502, 504, 999]),
    st.sampled_from(["application/json", "application/json;charset=UTF-16", "text/html", ""]),
    st.sampled_from(["", "gzip", "deflate", "br", "nonsense"]),
)
def test_any_body_on_the_wire(server: Loopback, body: bytes, status: int, kind: str, coding: str) -> None:
    headers = {"Content_Encoding": coding} if coding else {}
    with on_the_wire(server, http_answer(body, status, kind, Connection="close", **headers)) as access:
        use(access)


ODD = [
    b"",
    b"\r\n\r\n",
    b"nonsense\r\n\r\n",
    b"HTTP/9.9 abc\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nContent-Length: x\r\nConnection: close\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\nConnection: close\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n{}",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nFFFFFFFFFFFF\r\n{}",
    b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"Connection: close\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\nConnection: close\r\n\r\n{}",
    b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\xff\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nSet-Cookie: \xff=\x00; expires=never\r\nContent-Length: 2\r\n\r\n{}",
    b"HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=x\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 407 Proxy\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n" * 50,
    b"HTTP/1.1 429 Wait\r\nRetry-After: -1, nan\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    b"HTTP/1.1 503 Wait\r\nRetry-After: Sun, 99 Foo 0000 99:99:99 GMT\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
]


@pytest.mark.parametrize("number", range(len(ODD)))
def test_odd_http(server: Loopback, number: int) -> None:
    with on_the_wire(server, ODD[number]) as access:
        use(access)
