"""A proxy on loopback that takes CONNECT, and may want Basic credentials."""

from __future__ import annotations

import base64
import re
import select
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.adapters.loopback import loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.adapters.loopback import Loopback


class ConnectProxy:
    """Lets through to loopback ports whatever the name: ``https://acme.example:PORT`` leads to 127.0.0.1:PORT."""

    def __init__(self, server: Loopback, user: str = "", password: str = "") -> None:
        self.address = server.origin
        self.host = server.origin.partition("://")[2]
        self.heads: list[str] = []  # of every request
        self.wanted = (user, password)
        server.instead = self._serve

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
        for ready in select.select([one, other], [], [], 5)[0]:
            piece = ready.recv(65536)
            if not piece:
                return
            (other if ready is one else one).sendall(piece)


@contextmanager
def connect_proxy(user: str = "", password: str = "") -> Iterator[ConnectProxy]:
    """A running proxy."""
    with loopback(lambda _: None) as server:
        yield ConnectProxy(server, user, password)
