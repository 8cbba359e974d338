"""The server underneath: loopback only, connections kept, cookies and parameters read."""

from __future__ import annotations

import http.client
import socket
from contextlib import closing, contextmanager
from email.message import Message
from typing import TYPE_CHECKING

import pytest

from exoalias.simulator.entra_http import Answer, LoopbackServer, Request, read_request

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def _serving(seen: list[Request], notes: list[tuple[str, str, int]]) -> Iterator[LoopbackServer]:
    def handle(request: Request) -> Answer:
        seen.append(request)
        return Answer(200, b"body", "text/plain", (("X-More", "1"),))

    server = LoopbackServer(handle, lambda *note: notes.append(note))
    server.start()
    try:
        yield server
    finally:
        server.stop()


def test_requests_are_read_answered_and_noted_on_one_connection() -> None:
    seen: list[Request] = []
    notes: list[tuple[str, str, int]] = []
    with _serving(seen, notes) as server, closing(http.client.HTTPConnection("localhost", server.port)) as connection:
        connection.request("GET", "/a?x=1&y=%20z", headers={"Cookie": "a=1; b=2", "Authorization": "Basic eA=="})
        answer = connection.getresponse()
        assert (answer.read(), answer.headers["X-More"], answer.version) == (b"body", "1", 11)
        first = connection.sock
        connection.request("POST", "/b", "p=1&p=2&q=%C3%BC", {"Content-Type": "application/x-www-form-urlencoded"})
        connection.getresponse().read()
        connection.request("HEAD", "/c")
        assert connection.getresponse().read() == b""
        assert connection.sock is first
    assert (dict(seen[0].query), dict(seen[0].cookies), seen[0].authorization) == (
        {"x": "1", "y": " z"},
        {"a": "1", "b": "2"},
        "Basic eA==",
    )
    assert (dict(seen[1].form), seen[1].repeated, seen[1].parameters) == ({"p": "1", "q": "ü"}, "p", seen[1].form)
    assert [note[:2] for note in notes] == [("GET", "/a?x=1&y=%20z"), ("POST", "/b"), ("HEAD", "/c")]


def test_it_listens_on_loopback_alone() -> None:
    with _serving([], []) as server:
        families = {info[0]: info[4] for info in socket.getaddrinfo("localhost", server.port, type=socket.SOCK_STREAM)}
        assert socket.AF_INET in families
        for family, address in families.items():
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.connect(address)
        with socket.socket() as probe, pytest.raises(OSError, match="in use"):
            probe.bind(("127.0.0.1", server.port))
        with socket.socket() as probe:
            probe.bind(("127.0.0.2", server.port))  # free: it isn't bound to every address


def test_where_there_is_a_second_loopback_it_is_served_too() -> None:
    with _serving([], []) as server:
        for host in ("127.0.0.1", "::1"):
            if _can_bind(host):
                with closing(http.client.HTTPConnection(host, server.port, timeout=5)) as connection:
                    connection.request("GET", "/")
                    assert connection.getresponse().read() == b"body"


def _can_bind(host: str) -> bool:
    try:
        with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            return True
    except OSError:
        return False


def test_stopping_closes_kept_connections_and_the_port() -> None:
    with _serving([], []) as server:
        port = server.port
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/")
        connection.getresponse().read()
        server.stop()
        server.stop()
        assert connection.sock.recv(1) == b""
        connection.close()
        with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
            probe.connect(("127.0.0.1", port))
        with pytest.raises(RuntimeError):
            _ = server.port


def test_a_body_that_is_too_large_is_not_read() -> None:
    seen: list[Request] = []
    with _serving(seen, []) as server, closing(http.client.HTTPConnection("localhost", server.port)) as connection:
        connection.putrequest("POST", "/")
        connection.putheader("Content-Length", str(10**9))
        connection.endheaders()
        answer = connection.getresponse()
        assert answer.status == 413
        answer.read()
    assert seen == []


@pytest.mark.parametrize("cookie", ["", ";;", "a", 'a="', "=x"])
def test_odd_cookies_are_no_cookies(cookie: str) -> None:
    headers = Message()
    headers["Cookie"] = cookie
    assert not dict(read_request("GET", "/", headers, b"").cookies).get("ESTSAUTH")


def test_only_forms_are_read_as_forms() -> None:
    headers = Message()
    headers["Content-Type"] = "application/json"
    assert dict(read_request("POST", "/?a=", headers, b"b=1").form) == {}
    assert dict(read_request("POST", "/?a=", headers, b"b=1").query) == {"a": ""}
