"""HTTP on loopback: keep-alive, cookies, queries, and an end that ends."""

from __future__ import annotations

import http.client
import socket
import ssl
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import requests

from exoalias.simulator.wire import Answer, LoopbackServer, Request, Tls, html, json_answer, redirect
from tests.simulator.certificates import make_authority, make_certificate, make_client_certificate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.simulator.certificates import Pem


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


# -- https --


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Pem:
    """An authority nobody knows."""
    return make_authority(tmp_path_factory.mktemp("authority"))


@contextmanager
def over_tls(tmp_path: Path, authority: Pem, **options: str) -> Iterator[LoopbackServer]:
    """A server with a certificate of that authority, which says whom the client's certificate names."""
    pem = make_certificate(tmp_path / "server", authority)
    tls = Tls(str(pem.cert), str(pem.key), **options)
    server = LoopbackServer(lambda request: json_answer({"certificate": request.certificate}), tls)
    server.start()
    try:
        yield server
    finally:
        server.close()


def fetch(url: str, **options: Any) -> str:  # noqa: ANN401 - what requests takes
    """Whom the server took us for."""
    with requests.Session() as http:
        http.trust_env = False
        return str(http.get(url, timeout=10, **options).json()["certificate"])


def test_over_tls_the_certificate_has_to_be_known(tmp_path: Path, authority: Pem) -> None:
    with over_tls(tmp_path, authority, host="localhost") as server:
        assert server.origin.startswith("https://localhost:")
        assert fetch(server.origin, verify=str(authority.cert)) == ""
        with pytest.raises(requests.exceptions.SSLError):
            fetch(server.origin)
        with pytest.raises(requests.exceptions.ConnectionError):
            fetch(server.origin.replace("https", "http"))
        assert fetch(server.origin, verify=str(authority.cert)) == ""  # and goes on after all that


def test_a_client_is_known_by_a_certificate_of_the_right_authority(tmp_path: Path, authority: Pem) -> None:
    with over_tls(tmp_path, authority, client_ca=str(authority.cert)) as server:
        trusted = {"verify": str(authority.cert)}
        assert fetch(server.origin, **trusted) == ""
        mine = make_client_certificate(tmp_path / "client", authority)
        assert fetch(server.origin, cert=str(mine.both), **trusted) == "integration admin"
        stranger = make_client_certificate(tmp_path / "stranger", make_authority(tmp_path / "other", "Elsewhere"))
        with pytest.raises(requests.exceptions.ConnectionError):
            fetch(server.origin, cert=str(stranger.both), **trusted)


def test_a_client_that_never_greets_keeps_nobody_waiting(tmp_path: Path, authority: Pem) -> None:
    with over_tls(tmp_path, authority) as server, socket.create_connection(("127.0.0.1", server.server_address[1])):
        assert fetch(server.origin, verify=str(authority.cert)) == ""


def test_an_encrypted_key_opens_with_its_passphrase_only(tmp_path: Path, authority: Pem) -> None:
    mine = make_client_certificate(tmp_path, authority, passphrase="open sesame")
    context = ssl.create_default_context()
    with pytest.raises(ssl.SSLError):
        context.load_cert_chain(mine.both, password="wrong")
    context.load_cert_chain(mine.both, password="open sesame")


# -- unkind bodies --


def test_a_length_that_is_not_kept_and_a_body_that_drips() -> None:
    answers = iter([Answer(200, b"half", promised=8), Answer(200, b"drip", pause_s=0.01)])
    server = LoopbackServer(lambda _request: next(answers))
    server.start()
    try:
        with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
            requests.get(server.origin, timeout=5)
        assert requests.get(server.origin, timeout=5).text == "drip"
    finally:
        server.close()


def test_a_dripping_answer_does_not_keep_the_server_from_ending() -> None:
    server = LoopbackServer(lambda _request: Answer(200, b"drip" * 1000, pause_s=0.5))
    server.start()
    with requests.get(server.origin, timeout=5, stream=True):
        server.close()
    assert server.ended.is_set()
