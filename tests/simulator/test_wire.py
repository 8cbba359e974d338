"""HTTP on loopback: keep-alive, cookies, queries, and an end that ends."""

from __future__ import annotations

import http.client
import socket
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from exoalias.simulator.wire import Answer, LoopbackServer, Request, html, json_answer, redirect

if TYPE_CHECKING:
    from collections.abc import Iterator


def echo(request: Request) -> Answer:
    """Say back what came; a 204 for /nothing."""
    if request.path == "/nothing":
        return Answer(204)
    if request.path == "/away":
        return redirect("/there")
    return json_answer({"method": request.method, "query": request.query, "form": request.form, "cookies": request.cookies})


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    """A started server."""
    server = LoopbackServer(echo)
    server.start()
    yield server
    server.close()


def connection(server: LoopbackServer) -> closing[http.client.HTTPConnection]:
    """A client's connection."""
    return closing(http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=5))


def test_a_connection_is_kept_over_every_kind_of_answer(server: LoopbackServer) -> None:
    with connection(server) as client:
        client.connect()
        first = client.sock
        for method, path, status in (
            ("GET", "/a?x=1&x=2&y=", 200),
            ("POST", "/nothing", 204),
            ("HEAD", "/a", 200),
            ("PATCH", "/away", 302),
        ):
            client.request(method, path, body=b"" if method == "GET" else b"f=%C3%A4", headers={"Cookie": 'a=1; b="2"'})
            answer = client.getresponse()
            body = answer.read()
            assert answer.status == status
            assert client.sock is first
            if path.startswith("/a?"):
                assert body == b'{"method": "GET", "query": {"y": "", "x": "1"}, "form": {}, "cookies": {"a": "1", "b": "2"}}'


def test_it_listens_on_this_machine_only(server: LoopbackServer) -> None:
    assert server.server_address[0] == "127.0.0.1"
    assert server.origin.startswith("http://127.0.0.1:")


def test_closing_hangs_up_on_idle_clients(server: LoopbackServer) -> None:
    with connection(server) as client:
        client.request("GET", "/a")
        client.getresponse().read()
        server.close()
        assert client.sock is not None
        assert client.sock.recv(1) == b""
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", server.server_address[1]), 1):
        pass


def test_a_server_never_started_can_be_closed() -> None:
    LoopbackServer(echo).close()


def test_broken_cookies_are_no_cookies() -> None:
    assert Request("GET", "/", {"cookie": "a b;;=;x=\x01"}).cookies == {}


def test_pages_are_not_kept() -> None:
    assert ("Cache-Control", "no-cache, no-store") in html("x").headers
