"""HTTP: trust, proxies, time-outs, retries, and failures as Problems."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.machine.turns import Turn
from exoalias.adapters.network import http as http_module
from exoalias.adapters.network import transport
from exoalias.adapters.network.http import Http, parse_json
from exoalias.domain.problems import BadAnswer, NotTrusted, OutcomeUnknown, ProxyRefused, RateLimited, Unreachable
from tests.adapters.authority import Authority, https_origin
from tests.adapters.authority import tls_server as own_server
from tests.adapters.loopback import Loopback, http_answer, loopback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from exoalias.adapters.network.http import Client


@contextmanager
def client_of(server: Loopback) -> Iterator[Client]:
    http = Http(simulated=frozenset({server.origin}))
    try:
        yield http.client(server.origin)
    finally:
        http.close()


@pytest.mark.parametrize(
    ("origin", "domain"),
    [
        ("https://acme.service-now.com", "acme.service-now.com"),
        ("https://acme.example:8443", "acme.example"),
        ("https://intranet", "intranet.local"),
    ],
)
def test_a_session_taken_over_is_for_its_own_host_alone(origin: str, domain: str) -> None:
    http = Http()
    client = http.client(origin)
    client.take_cookies([("old", "1")])
    client.take_cookies([("JSESSIONID", "x"), ("route", "y")])
    assert [(each.name, each.domain, each.path) for each in client.cookies] == [
        ("JSESSIONID", domain, "/"),
        ("route", domain, "/"),
    ]
    http.close()


def test_importing_it_imports_neither_requests_nor_truststore() -> None:
    code = (
        "import sys, exoalias.adapters.instance.servicenow; "
        "print([m for m in ('requests', 'truststore', 'urllib3') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


# -- where it goes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "origin",
    [
        "http://10.0.0.1:80",
        "https://10.0.0.1:80",
        "ftp://127.0.0.1:80",
        "https://localhost",
        "http://127.0.0.1",
        "http://127.0.0.1.evil.example:80",
    ],
)
def test_a_simulated_origin_is_on_literal_loopback(origin: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        Http(simulated=frozenset({origin}))


def test_plain_http_reaches_nothing_but_the_simulated_origins() -> None:
    with loopback(lambda _: http_answer()) as server:
        for http in (Http(), Http(simulated=frozenset({"http://127.0.0.1:1"}))):
            with pytest.raises(Unreachable, match="address"):
                http.client(server.origin).send("GET", "/", headers={})
        assert server.requests == []


def test_https_to_a_simulated_host_and_port_goes_to_the_simulator() -> None:
    with loopback(lambda _: http_answer()) as server:
        http = Http(simulated=frozenset({server.origin}))
        answer = http.session().get(server.origin.replace("http:", "https:") + "/x")
        assert answer.status_code == 200
        http.close()


def test_a_redirect_is_not_followed() -> None:
    with loopback(lambda _: http_answer(b"", 302, Location="/elsewhere")) as server, client_of(server) as client:
        assert client.send("GET", "/", headers={}).status == 302
        assert len(server.requests) == 1


def test_a_netrc_gives_no_password_away(private_home: Path) -> None:
    (private_home / ".netrc").write_text("machine 127.0.0.1 login me password pa55\n")
    (private_home / ".netrc").chmod(0o600)
    with loopback(lambda _: http_answer()) as server, client_of(server) as client:
        client.send("GET", "/", headers={})
        assert b"uthorization" not in server.requests[0]


def test_the_environments_proxy_is_used_and_a_simulated_origin_goes_round_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with loopback(lambda _: http_answer(b"", 403, Connection="close")) as proxy, loopback(lambda _: http_answer()) as server:
        for name in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(name, proxy.origin)
        with client_of(server) as client:
            assert client.send("GET", "/", headers={}).status == 200
        assert proxy.requests == []
        http = Http()
        with pytest.raises(ProxyRefused, match="403"):
            http.client("https://acme.example").send("GET", "/secret-path", headers={})
        http.close()
        assert proxy.requests
        assert all(request.startswith(b"CONNECT acme.example:443") for request in proxy.requests)


# -- trust ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1 that nobody trusts."""
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    key = file.with_name("key.pem")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(file)]
    subprocess.run(command, check=True, capture_output=True)
    file.write_text(file.read_text() + key.read_text())
    return file


@contextmanager
def tls_server(certificate: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def greet(raw: socket.socket) -> None:
        with context.wrap_socket(raw, server_side=True) as connection:
            connection.recv(65536)
            connection.sendall(http_answer(Connection="close"))

    with loopback(lambda _: None) as server:
        server.instead = greet
        yield server.origin.replace("http:", "https:")


def test_an_untrusted_certificate_is_refused_even_with_a_bundle_in_the_environment(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(certificate))
    with tls_server(certificate) as origin:
        http = Http()
        with pytest.raises(NotTrusted, match="certificate"):
            http.client(origin).send("GET", "/", headers={})
        http.close()


def test_a_bundle_shipped_with_a_library_adds_no_trust(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(certificate))
    with tls_server(certificate) as origin:
        http = Http()
        with pytest.raises(NotTrusted):
            http.client(origin).send("GET", "/", headers={})
        http.close()


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_the_environment_does_not_move_the_systems_trust_store(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, str(certificate if name.endswith("FILE") else certificate.parent))
    with tls_server(certificate) as origin:
        http = Http()
        with pytest.raises(NotTrusted):
            http.client(origin).send("GET", "/", headers={})
        http.close()


def test_no_caller_can_turn_checking_off(certificate: Path) -> None:
    import requests

    with tls_server(certificate) as origin:
        http = Http()
        session = http.session()
        session.verify = False
        with pytest.raises(requests.exceptions.SSLError):
            session.get(origin, verify=False)
        http.close()


# -- waiting and trying again --------------------------------------------------------------------------------------------


def test_told_to_wait_it_waits_and_sends_again_a_write_too() -> None:
    answers = iter([http_answer(b"{}", 429, Retry_After="1"), http_answer(b"{}", 503, Retry_After="0"), http_answer()])
    with loopback(lambda _: next(answers)) as server, client_of(server) as client:
        started = time.monotonic()
        assert client.send("PATCH", "/", headers={}, body=b"{}").status == 200
        assert 1 <= time.monotonic() - started < 5
        assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("asked", "tries"), [("0", 3), ("3600", 1), ("99999999999999999999", 1), ("soon", 3), ("Wed, 21 Oct 2099 07:28:00 GMT", 1)]
)
def test_waiting_has_an_end(asked: str, tries: int) -> None:
    with loopback(lambda _: http_answer(b"{}", 429, Retry_After=asked)) as server, client_of(server) as client:
        with pytest.raises(RateLimited):
            client.send("GET", "/", headers={})
        assert len(server.requests) == tries


@pytest.mark.parametrize(
    ("reset", "least", "tries"),
    [("", 1, 2), ("past", 1, 2), ("soon", 1, 2), ("3", 1, 2), ("-5", 1, 2), ("x", 1, 2), ("later", 0, 1), ("9" * 40, 0, 1)],
)
def test_only_the_moment_of_the_reset_is_told(reset: str, least: float, tries: int) -> None:
    moments = {"past": -60, "soon": 2, "later": 3600}
    told = str(int(time.time()) + moments[reset]) if reset in moments else reset
    limited = http_answer(b"{}", 429, **({"X_RateLimit_Reset": told} if told else {}))
    answers = iter([limited, http_answer()])
    with loopback(lambda _: next(answers)) as server, client_of(server) as client:
        started = time.monotonic()
        if tries == 1:
            with pytest.raises(RateLimited) as met:
                client.send("GET", "/", headers={})
            assert int(met.value.facts["seconds"]) > 3000
        else:
            assert client.send("GET", "/", headers={}).status == 200
        assert least <= time.monotonic() - started < 5
        assert len(server.requests) == tries


@pytest.mark.parametrize("off", [-6 * 3600, 6 * 3600])
def test_a_moment_to_wait_for_is_reckoned_by_the_far_sides_clock(off: int) -> None:
    """Ours may be hours off: then it would be waited for hours, or not at all."""
    theirs = int(time.time()) + off
    limited = [
        http_answer(b"{}", 429, Retry_After=formatdate(theirs + 1, usegmt=True), Date=formatdate(theirs, usegmt=True)),
        http_answer(b"{}", 429, X_RateLimit_Reset=str(theirs + 1), Date=formatdate(theirs, usegmt=True)),
    ]
    answers = iter([*limited, http_answer()])
    with loopback(lambda _: next(answers)) as server, client_of(server) as client:
        started = time.monotonic()
        assert client.send("GET", "/", headers={}).status == 200
        assert 2 <= time.monotonic() - started < 5


def test_a_limited_batch_is_sent_again_and_a_failed_one_is_not() -> None:
    answers = iter([http_answer(b"{}", 429, Retry_After="0"), http_answer(b"{}", 503)])
    with loopback(lambda _: next(answers)) as server, client_of(server) as client:
        answer = client.send("POST", "/api/now/v1/batch", headers={}, body=b"{}", repeatable=True)
        assert answer.status == 503
        assert len(server.requests) == 2


def test_many_instances_agree_on_tls_side_by_side(tmp_path: Path) -> None:
    """A handshake that takes its time keeps nobody else waiting."""
    authority = Authority(tmp_path)
    with ThreadPoolExecutor(6) as pool, own_server(authority.issue("slow"), greet_after=0.5) as server:
        http = Http()
        started = time.monotonic()
        asks = [
            pool.submit(http.client(https_origin(server), ca_file=str(authority.file)).send, "GET", "/", headers={})
            for _ in range(6)
        ]
        assert [ask.result().status for ask in asks] == [200] * 6
        assert time.monotonic() - started < 2.5
        http.close()


def test_leaving_ends_the_waiting() -> None:
    with loopback(lambda _: http_answer(b"{}", 429, Retry_After="9")) as server:
        http = Http(simulated=frozenset({server.origin}))
        threading.Timer(0.2, http.close).start()
        started = time.monotonic()
        with pytest.raises(RateLimited):
            http.client(server.origin).send("GET", "/", headers={})
        assert time.monotonic() - started < 3


def test_a_past_date_means_now() -> None:
    past = datetime(2020, 1, 1, tzinfo=UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    answers = iter([http_answer(b"{}", 429, Retry_After=past), http_answer()])
    with loopback(lambda _: next(answers)) as server, client_of(server) as client:
        assert client.send("GET", "/", headers={}).status == 200


def test_a_broken_connection_is_tried_again_for_reads_and_never_for_writes() -> None:
    with loopback(lambda _: None) as server, client_of(server) as client:
        with pytest.raises(Unreachable, match="broke off"):
            client.send("GET", "/", headers={})
        assert len(server.requests) == 3
        with pytest.raises(OutcomeUnknown):
            client.send("PATCH", "/", headers={}, body=b"{}")
        assert len(server.requests) == 4
        with pytest.raises(Unreachable):
            client.send("POST", "/api/now/v1/batch", headers={}, body=b"{}", repeatable=True)
        assert len(server.requests) == 7


def test_nobody_there_and_no_such_name(free_port: int) -> None:
    http = Http(simulated=frozenset({f"http://127.0.0.1:{free_port}"}))
    with pytest.raises(Unreachable, match="no connection"):
        http.client(f"http://127.0.0.1:{free_port}").send("PATCH", "/", headers={}, body=b"{}")
    with pytest.raises(Unreachable, match="no connection"):
        http.client("https://no-such-instance.example").send("GET", "/a-path?with=content", headers={})
    http.close()


@pytest.mark.parametrize("drip", ["nothing", "headers", "body"])
def test_no_answer_takes_for_ever(drip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "READ_S", 0.5)
    monkeypatch.setattr(transport, "WHOLE_S", 1.0)
    start = {"nothing": b"", "headers": b"HTTP/1.1 200 OK\r\nX: ", "body": b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"}[
        drip
    ]
    done = threading.Event()

    def dripping(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(start)
        while not done.wait(0.1):
            connection.sendall(b"" if drip == "nothing" else b"x")

    with loopback(lambda _: None) as server, client_of(server) as client:
        server.instead = dripping
        started = time.monotonic()
        with pytest.raises(OutcomeUnknown, match="in time"):
            client.send("PATCH", "/", headers={}, body=b"")
        assert time.monotonic() - started < 4
        done.set()


def test_an_endless_body_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "MOST_BYTES", 100_000)
    with (
        loopback(lambda _: http_answer(b"x" * 200_000)) as server,
        client_of(server) as client,
        pytest.raises(BadAnswer, match="larger"),
    ):
        client.send("GET", "/", headers={})


def test_many_threads_share_one_client() -> None:
    def echo(request: bytes) -> bytes:
        return http_answer(request.split(b" ")[1])

    with loopback(echo) as server, client_of(server) as client, ThreadPoolExecutor(16) as pool:
        paths = [f"/{n}" for n in range(200)]
        assert list(pool.map(lambda path: client.send("GET", path, headers={}).body.decode(), paths)) == paths
        assert server.connections <= transport.MOST_CONNECTIONS


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b"\xff\xfe\x00", b'{"a": ' + b"9" * 10_000 + b"}", b"nope"])
def test_what_is_not_json_is_a_bad_answer(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        parse_json(body, "host")


def test_the_session_of_one_client_is_not_anothers() -> None:
    with loopback(lambda _: http_answer(Set_Cookie="JSESSIONID=abc; Path=/; HttpOnly")) as server:
        http = Http(simulated=frozenset({server.origin}))
        first, second = http.client(server.origin), http.client(server.origin)
        first.send("GET", "/", headers={})
        first.send("GET", "/", headers={})
        second.send("GET", "/", headers={})
        assert [b"JSESSIONID" in request for request in server.requests] == [False, True, False]
        http.close()


def test_problems_repeat_nothing_of_the_request() -> None:
    assert "no_proxy" not in os.environ
    with loopback(lambda _: None) as server, client_of(server) as client:
        with pytest.raises(Unreachable) as met:
            client.send("GET", "/api?sysparm_query=marker", headers={"Authorization": "Basic marker"})
        assert "marker" not in f"{met.value!r} {met.value.facts} {met.value.__cause__!r}"


@pytest.mark.parametrize("tls", [False, True])
def test_ctrl_c_while_connecting_leaves_no_socket(monkeypatch: pytest.MonkeyPatch, tls: bool) -> None:
    opened: list[socket.socket] = []
    connect = socket.socket.connect

    def interrupted(self: socket.socket, address: tuple[str, int]) -> None:
        connect(self, address)
        opened.append(self)
        raise KeyboardInterrupt

    with loopback(lambda _: http_answer()) as server:
        http = Http() if tls else Http(simulated=frozenset({server.origin}))
        client = http.client(server.origin.replace("http:", "https:") if tls else server.origin)
        with monkeypatch.context() as patch:
            patch.setattr(socket.socket, "connect", interrupted)
            with pytest.raises(KeyboardInterrupt):
                client.send("GET", "/", headers={})
        http.close()
    assert [end.fileno() for end in opened] == [-1]


def test_ctrl_c_while_tls_is_agreed_on_leaves_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[ssl.SSLSocket] = []

    def interrupted(self: ssl.SSLSocket, block: bool = False) -> None:
        made.append(self)
        raise KeyboardInterrupt

    monkeypatch.setattr(ssl.SSLSocket, "do_handshake", interrupted)
    with loopback(lambda _: http_answer()) as server:
        http = Http()
        with pytest.raises(KeyboardInterrupt):
            http.client(server.origin.replace("http:", "https:")).send("GET", "/", headers={})
        http.close()
    assert [end.fileno() for end in made] == [-1]


class Wire:
    """An answer under way: ``read1`` gives what the test says, and it is ``closed`` where all has come."""

    def __init__(self, read1: Callable[[], bytes], *, closed: bool = False) -> None:
        self.raw = self
        self.closed = closed
        self._read1 = read1

    def read1(self, _size: int, *, decode_content: bool) -> bytes:
        del decode_content
        return self._read1()


def test_half_a_piece_of_an_answer_holds_nobody_up() -> None:
    """What has come may be less than can be read, as half a record of TLS: others compute while the rest is waited for."""
    turn, computed = Turn(), threading.Event()

    def compute() -> None:
        with turn.taken():
            computed.set()

    half = Wire(lambda: b"whole" if computed.wait(5) else b"nobody else had a turn")
    other = threading.Thread(target=compute)
    with turn.taken():
        other.start()
        assert http_module._piece(half) == b"whole"  # type: ignore[arg-type]  # as much of an answer as is read
    other.join(10)


def test_the_end_of_an_answer_costs_no_turn() -> None:
    """Where nothing is to come any more, nothing is waited for: neither for the wire nor for everybody else's turn."""
    turn, waits, computed = Turn(), threading.Event(), threading.Event()

    def compute() -> None:
        waits.set()
        with turn.taken():
            computed.set()

    other = threading.Thread(target=compute)
    with turn.taken():
        other.start()
        assert waits.wait(5)
        assert http_module._piece(Wire(lambda: b"", closed=True)) == b""  # type: ignore[arg-type]  # as much of an answer as is read
        assert not computed.wait(0.1)
    other.join(10)
    assert computed.is_set()
