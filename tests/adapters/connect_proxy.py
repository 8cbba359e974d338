"""A proxy on loopback that takes CONNECT, and may want Basic credentials."""

from __future__ import annotations

import base64
import re
import select
import socket
import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.adapters.loopback import loopback

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.adapters.loopback import Loopback


class ConnectProxy:
    """Lets through to loopback ports whatever the name: ``https://acme.example:PORT`` leads to 127.0.0.1:PORT."""

    def __init__(self, server: Loopback, user: str = "", password: str = "", certificate: Path | None = None) -> None:
        self.address = server.origin if certificate is None else server.origin.replace("http:", "https:")
        self.host = server.origin.partition("://")[2]
        self.heads: list[str] = []  # of every request
        self.wanted = (user, password)
        self._certificate = certificate
        server.instead = self._greet

    def _greet(self, client: socket.socket) -> None:
        if self._certificate is None:
            self._serve(client)
            return
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._certificate)
        with context.wrap_socket(client, server_side=True) as safe:
            self._serve(safe)

    def _serve(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            if not (piece := client.recv(65536)):
                return
            head += piece
        text = head.decode("latin-1")
        self.heads.append(text)
        user, password = self.wanted
        pair = base64.b64encode(f"{user}:{password}".encode()).decode()
        if user and f"proxy-authorization: Basic {pair}\r\n".lower() not in text.lower():
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x\r\n\r\n")
            return
        match = re.match(r"CONNECT [^ ]*:([0-9]+) HTTP", text)
        if match is None:
            client.sendall(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", int(match[1]))) as far:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            _carry(client, far)


def _carry(one: socket.socket, other: socket.socket) -> None:
    """Bytes both ways until one side ends."""
    while True:
        unread = [end for end in (one, other) if isinstance(end, ssl.SSLSocket) and end.pending()]
        for ready in unread or select.select([one, other], [], [], 5)[0]:
            piece = ready.recv(65536)
            if not piece:
                return
            (other if ready is one else one).sendall(piece)


@contextmanager
def connect_proxy(user: str = "", password: str = "", certificate: Path | None = None) -> Iterator[ConnectProxy]:
    """A running proxy; with a certificate it is spoken to by https."""
    with loopback(lambda _: None) as server:
        yield ConnectProxy(server, user, password, certificate)
