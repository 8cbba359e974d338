"""Hostile answers on real sockets: framing, packing, statuses and redirects, through the real Http."""

from __future__ import annotations

import base64
import gzip
import json
import random
import time
import tracemalloc
import zlib
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.entering.basic import UserAndPassword
from exoalias.adapters.instance.batch import BATCH
from exoalias.adapters.instance.servicenow import Instance
from exoalias.adapters.network import http as http_module
from exoalias.adapters.network import transport
from exoalias.adapters.network.http import Http
from exoalias.domain.problems import BadAnswer, Problem, Unreachable
from exoalias.domain.records import Snapshot
from tests.adapters.hostility import NOW, PASSWORD, Hostility, Truth, record_truth
from tests.adapters.loopback import http_answer, loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.adapters.loopback import Loopback

GAMES = 400


@pytest.fixture(scope="module")
def truth() -> Truth:
    return record_truth()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "READ_S", 0.3)
    monkeypatch.setattr(transport, "WHOLE_S", 0.6)
    monkeypatch.setattr(http_module, "_PAUSE_S", 0.0)
    monkeypatch.setattr(http_module, "LONGEST_WAIT_S", 0.1)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback(lambda _: http_answer()) as running:
        yield running


class Framing:
    """Puts a body on the wire, in order or not."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def __call__(self, body: bytes) -> bytes | None:
        ways = (
            self._plain,
            self._plain,
            self._plain,
            self._chunks,
            self._length,
            self._packed,
            self._status,
            self._moved,
            self._odd,
        )
        return self.chance.choice(ways)(body)

    def _head(self, *lines: str, status: int = 200) -> bytes:
        kind = self.chance.choice(("application/json", "application/json", "application/json", "text/html", "a/b; c", ""))
        return "\r\n".join((f"HTTP/1.1 {status} X", f"Content-Type: {kind}", "Connection: close", *lines, "", "")).encode(
            "latin-1"
        )

    def _plain(self, body: bytes) -> bytes:
        return http_answer(body, Connection="close")

    def _chunks(self, body: bytes) -> bytes:
        half = len(body) // 2
        size = self.chance.choice(("%x", "%x;ext=1", "%X ", "0%x", "-%x", "%xz", "%x" + "0" * 20))
        pieces = b"".join((size % len(part)).encode() + b"\r\n" + part + b"\r\n" for part in (body[:half], body[half:]) if part)
        end = self.chance.choice(
            (b"0\r\n\r\n", b"0\r\nX: y\r\n\r\n", b"0\r\n", b"", b"zz\r\n\r\n", b"0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")
        )
        return self._head("Transfer-Encoding: chunked") + pieces + end

    def _length(self, body: bytes) -> bytes:
        n = len(body)
        said = self.chance.choice(
            (n - 5, n + 5, -1, 10**12, 10**30, "x", "", f"{n}, {n}", f"{n}\r\nContent-Length: {n + 1}", f"+{n}")
        )
        return self._head(f"Content-Length: {said}") + body

    def _packed(self, body: bytes) -> bytes:
        packed = {
            "gzip": gzip.compress(body, 1),
            "deflate": zlib.compress(body, 1),
            "gzip, deflate": zlib.compress(gzip.compress(body, 1), 1),
            "br": body,
            "zstd": body,
            "identity": body,
            ", ".join(["gzip"] * 20): gzip.compress(body, 1),
            "\xff": body,
        }
        coding = self.chance.choice(list(packed))
        raw = self.chance.choice((packed[coding], packed[coding][:-6], body, packed[coding] * 2, b"\x1f\x8b" + body))
        return self._head(f"Content-Encoding: {coding}", f"Content-Length: {len(raw)}") + raw

    def _status(self, body: bytes) -> bytes:
        status = self.chance.choice((*range(100, 600), 0, 99, 999))
        extra = self.chance.choice(
            ("X: y", "Retry-After: 0", "Retry-After: 99", "WWW-Authenticate: Basic", "Location: /login.do")
        )
        return self._head(extra, f"Content-Length: {len(body)}", status=status) + body

    def _moved(self, _body: bytes) -> bytes:
        places = (
            "/",
            "//evil.example/",
            "https://evil.example/",
            "http://127.0.0.1:1/",
            "javascript:x",
            "\xff\xfe",
            "[",
            "",
            "/login.do",
        )
        return self._head(f"Location: {self.chance.choice(places)}", "Content-Length: 0", status=self.chance.randint(300, 308))

    def _odd(self, body: bytes) -> bytes | None:
        raws = (
            b"\r\n" + http_answer(body, Connection="close"),
            b"HTTP/1.1 100 Continue\r\n\r\n" * 5 + http_answer(body, Connection="close"),
            b"HTTP/2 200\r\n\r\n" + body,
            b"ICY 200 OK\r\n\r\n",
            b"\x16\x03\x01\x02\x00",
            body,
            b"HTTP/1.1 200 OK\r\n" + b"Set-Cookie: a=b; Domain=evil.example; \xff\r\n" * 90 + b"Content-Length: 0\r\n\r\n",
            b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",
            b"HTTP/1.1 200 OK\r\n folded\r\n: x\r\nno colon\r\nContent-Length: 2\r\n\r\n{}",
            None,
        )
        return self.chance.choice(raws)


def answering(truth: Truth, hostility: Hostility, framing: Framing, request: bytes) -> bytes | None:
    head, _, body = request.partition(b"\r\n\r\n")
    method, path, _ = head.partition(b"\r\n")[0].decode().split(" ", 2)
    if path != BATCH:
        content = hostility.body(truth.raw(method, path))
    else:
        asked = json.loads(body)["rest_requests"]
        packed = [(each["id"], base64.b64encode(hostility.body(truth.raw("GET", each["url"]))).decode()) for each in asked]
        content = hostility.envelope([{"id": key, "status_code": 200, "body": text} for key, text in packed])
    return framing(content) if hostility.strikes() else http_answer(content, Connection="close")


@pytest.mark.parametrize("lot", range(4))
def test_games_on_sockets(server: Loopback, truth: Truth, lot: int) -> None:
    ended = {"problem": 0, "snapshot": 0}
    for seed in range(lot * GAMES // 4, (lot + 1) * GAMES // 4):
        chance = random.Random(seed)
        hostility, framing = Hostility(chance), Framing(chance)
        server.answers = lambda request, h=hostility, f=framing: answering(truth, h, f, request)  # type: ignore[misc]
        http = Http(simulated=frozenset({server.origin}))
        instance = Instance(UserAndPassword(http.client(server.origin), truth.user, PASSWORD), lambda: NOW)
        started = time.monotonic()
        said = ""
        try:
            snapshot, _ = instance.read(truth.target)
            assert isinstance(snapshot, Snapshot)
            ended["snapshot"] += 1
            assert instance.write(truth.step).value == truth.step.after
        except Problem as problem:
            ended["problem"] += 1
            said = f"{problem!r} {problem.facts}"
        http.close()
        assert PASSWORD not in said
        assert time.monotonic() - started < 60, f"seed {seed}"
    assert min(ended.values()) > 10, ended


# -- bombs, floods and drips ---------------------------------------------------------------------------------------------


def packed_zeros(megabytes: int, layers: int = 1) -> bytes:
    packer, piece = zlib.compressobj(9, zlib.DEFLATED, 31), bytes(1024 * 1024)
    raw = b"".join([packer.compress(piece) for _ in range(megabytes)]) + packer.flush()
    for _ in range(layers - 1):
        raw = gzip.compress(raw, 9)
    return raw


@pytest.mark.parametrize(("coding", "layers"), [("gzip", 1), ("gzip, gzip", 2), ("gzip, gzip, gzip", 3)])
def test_a_bomb_is_not_unpacked(server: Loopback, coding: str, layers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "WHOLE_S", 60.0)
    bomb = packed_zeros(300, layers)
    assert len(bomb) < 400_000
    server.answers = lambda _: http_answer(bomb, Connection="close", Content_Encoding=coding)
    http = Http(simulated=frozenset({server.origin}))
    tracemalloc.start()
    try:
        with pytest.raises(BadAnswer, match="larger than 32 MB"):
            http.client(server.origin).send("GET", "/", headers={})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        http.close()
    assert peak < 100 * 1024 * 1024, f"{peak / 1024 / 1024:.0f} MB"


def test_ten_megabytes_are_read_and_a_flood_is_not(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "WHOLE_S", 60.0)
    monkeypatch.setattr(transport, "READ_S", 20.0)
    large = b'{"result": "' + b"x" * 10_000_000 + b'"}'
    http = Http(simulated=frozenset({server.origin}))
    client = http.client(server.origin)
    server.answers = lambda _: http_answer(large, Connection="close")
    assert len(client.send("GET", "/", headers={}).body) == len(large)
    server.answers = lambda _: b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + large * 4  # no length: until it closes
    with pytest.raises(BadAnswer, match="larger than 32 MB"):
        client.send("GET", "/", headers={})
    http.close()


@pytest.mark.parametrize("size", ["-1", "-2", "-" + "F" * 24, "F" * 24])
def test_a_chunk_of_an_impossible_size_is_named(server: Loopback, size: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "WHOLE_S", 60.0)
    monkeypatch.setattr(transport, "READ_S", 20.0)
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    server.answers = lambda _: head + f"{size}\r\n".encode() + b" " * 64 * 1024 * 1024
    http = Http(simulated=frozenset({server.origin}))
    tracemalloc.start()
    try:
        with pytest.raises((BadAnswer, Unreachable)):
            http.client(server.origin).send("GET", "/", headers={})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        http.close()
    assert peak < 250 * 1024 * 1024, f"{peak / 1024 / 1024:.0f} MB"  # the far side's own 64 MB twice among them


def test_redirects_without_end_are_not_followed(server: Loopback, truth: Truth) -> None:
    server.answers = lambda _: http_answer(b"", 302, Location=f"{server.origin}/again", Connection="close")
    http = Http(simulated=frozenset({server.origin}))
    instance = Instance(UserAndPassword(http.client(server.origin), truth.user, PASSWORD), lambda: NOW)
    with pytest.raises(Problem):
        instance.read(truth.target)
    assert len(server.requests) < 5
    http.close()


def test_every_answer_dripping_ends_in_a_problem(server: Loopback, truth: Truth) -> None:
    def drip(connection: object) -> None:
        import socket

        assert isinstance(connection, socket.socket)
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(100):
            connection.sendall(b" ")
            time.sleep(0.1)

    server.instead = drip
    http = Http(simulated=frozenset({server.origin}))
    instance = Instance(UserAndPassword(http.client(server.origin), truth.user, PASSWORD), lambda: NOW)
    started = time.monotonic()
    with pytest.raises(Unreachable, match="no answer in time"):
        instance.read(truth.target)
    assert time.monotonic() - started < 5
    http.close()
