"""What every request goes through: TLS that is agreed on in time, and what each host showed."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.network import transport
from exoalias.adapters.network.http import Http
from exoalias.adapters.network.proxies import Proxies
from exoalias.adapters.network.transport import Wire, make_session
from exoalias.domain.problems import Unreachable
from tests.adapters.authority import Authority, https_origin, tls_server
from tests.adapters.loopback import http_answer, loopback

if TYPE_CHECKING:
    import socket
    from pathlib import Path


def test_tls_that_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "AGREE_S", 1.0)
    done = threading.Event()

    def dripping(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"\x16\x03\x03\x40\x00")  # a handshake record that never becomes whole
        while not done.wait(0.1):
            connection.sendall(b"\x00")

    with loopback(lambda _: None) as server:
        server.instead = dripping
        http = Http()
        started = time.monotonic()
        with pytest.raises(Unreachable, match="no connection within"):  # nothing was sent, so nothing is in doubt
            http.client(https_origin(server)).send("PATCH", "/", headers={}, body=b"{}")
        assert time.monotonic() - started < 4
        done.set()
        http.close()


def test_what_a_host_showed_is_told_once_tls_stands(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    seen: list[tuple[str, bytes]] = []
    wire = Wire(frozenset(), Proxies("none"), lambda host, shown: seen.append((host, shown)), ca_file=str(authority.file))
    with tls_server(authority.issue("server")) as server:
        session = make_session(wire)
        assert session.get(https_origin(server)).status_code == 200
        session.close()
        untrusting = make_session(Wire(frozenset(), Proxies("none"), lambda host, shown: seen.append((host, shown))))
        with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
            untrusting.get(https_origin(server))
    assert [host for host, _ in seen] == ["127.0.0.1"]
    assert seen[0][1].startswith(b"\x30\x82")


def test_a_session_follows_no_redirect_and_takes_no_proxy_of_a_caller(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    moved = http_answer(b"", 302, Location="https://evil.example/\xff", Connection="close")
    with tls_server(authority.issue("server"), answer=moved) as server, loopback(lambda _: http_answer()) as proxy:
        session = make_session(Wire(frozenset(), Proxies("none"), lambda _host, _shown: None, ca_file=str(authority.file)))
        answer = session.get(https_origin(server), allow_redirects=True, proxies={"https": proxy.origin}, timeout=None)
        assert answer.status_code == 302
        assert proxy.requests == []
        session.close()
