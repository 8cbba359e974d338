"""Requests in, answers out: the small HTTP server under the simulated Microsoft sign-in.

Bound to loopback only. ``localhost`` may mean 127.0.0.1 or ::1, so both are served on one port where the machine has both.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from email.message import Message

_LARGEST_BODY = 1 << 20  # bytes; a sign-in form is a few hundred


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, read and decoded. ``repeated`` names a parameter that was given twice, or is empty."""

    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    cookies: Mapping[str, str]
    authorization: str = ""
    repeated: str = ""
    target: str = ""  # path and query, as they came

    @property
    def parameters(self) -> Mapping[str, str]:
        """The form of a POST, the query of anything else."""
        return self.form if self.method == "POST" else self.query


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; ``headers`` come on top of content type and length."""

    status: int
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()

    def with_headers(self, *more: tuple[str, str]) -> Answer:
        """The same answer with headers added."""
        return Answer(self.status, self.body, self.content_type, (*self.headers, *more))


Handle = Callable[[Request], Answer]
Note = Callable[[str, str, int], None]  # method, path with query, status


@dataclass(slots=True)
class _Listener:
    """What the handlers of one listening socket share."""

    handle: Handle
    note: Note
    open_sockets: set[socket.socket] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


class _Handler(BaseHTTPRequestHandler):
    """Reads a request, has it answered, keeps the connection."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "SimulatedSignIn/1", ""
    disable_nagle_algorithm = True
    timeout = 60  # seconds an idle connection is kept
    listener: _Listener

    def setup(self) -> None:
        super().setup()
        with self.listener.lock:
            self.listener.open_sockets.add(self.connection)

    def finish(self) -> None:
        with self.listener.lock:
            self.listener.open_sockets.discard(self.connection)
        super().finish()

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True  # the browser went away in the middle: its own affair

    def do_GET(self) -> None:
        self._serve(b"")

    def do_HEAD(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > _LARGEST_BODY:
            self.close_connection = True
            self._send(Answer(413))
            return
        self._serve(self.rfile.read(int(length)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing: the record is kept elsewhere, without secrets."""

    def _serve(self, body: bytes) -> None:
        self._send(self.listener.handle(read_request(self.command, self.path, self.headers, body)))

    def _send(self, answer: Answer) -> None:
        self.listener.note(self.command, self.path, answer.status)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)


def read_request(method: str, target: str, headers: Message, body: bytes) -> Request:
    """Decode a request. Parameters that are repeated keep their first value and are named."""
    split = urlsplit(target)
    query, twice = _parameters(split.query)
    form: dict[str, str] = {}
    if headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
        form, twice_in_form = _parameters(body.decode("utf-8", "replace"))
        twice = twice or twice_in_form
    return Request(
        method=method,
        path=split.path,
        query=query,
        form=form,
        cookies=_cookies(headers.get("Cookie", "")),
        authorization=headers.get("Authorization", ""),
        repeated=twice,
        target=target,
    )


def _parameters(encoded: str) -> tuple[dict[str, str], str]:
    first: dict[str, str] = {}
    twice = ""
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        if name in first:
            twice = twice or name
        first.setdefault(name, value)
    return first, twice


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that closes its connection is no error; anything else is shown as the standard library does."""
        import sys

        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _ServerV6(_Server):
    address_family = socket.AF_INET6


class LoopbackServer:
    """Serves ``handle`` on 127.0.0.1 and, where there is one, on ::1, both on the same free port."""

    def __init__(self, handle: Handle, note: Note) -> None:
        self._listener = _Listener(handle, note)
        self._servers: list[_Server] = []

    @property
    def port(self) -> int:
        """The port in use; RuntimeError before ``start``."""
        if not self._servers:
            raise RuntimeError("the simulated sign-in has not been started")
        return int(self._servers[0].server_address[1])

    def start(self) -> None:
        """Bind and serve in threads of its own; OSError if loopback can't be bound."""
        handler = type("Handler", (_Handler,), {"listener": self._listener})
        self._servers = _bind(handler)
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.02,), name="simulated-sign-in", daemon=True).start()

    def stop(self) -> None:
        """Stop serving and close every connection; may be called twice."""
        servers, self._servers = self._servers, []
        for server in servers:
            server.shutdown()
            server.server_close()
        with self._listener.lock:
            for connection in self._listener.open_sockets:
                _hang_up(connection)


def _bind(handler: type[_Handler]) -> list[_Server]:
    """One server per loopback family. A port taken on ::1 by somebody else means: try another one."""
    for _ in range(20):
        first = _Server(("127.0.0.1", 0), handler)
        if not _has_ipv6_loopback():
            return [first]
        try:
            return [first, _ServerV6(("::1", first.server_address[1]), handler)]
        except OSError:
            first.server_close()
    raise OSError("no port is free on both 127.0.0.1 and ::1")


def _has_ipv6_loopback() -> bool:
    if not socket.has_ipv6:
        return False
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def _hang_up(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it may be gone already
        connection.shutdown(socket.SHUT_RDWR)
