"""The instance's HTTP: requests and answers as values, and a threaded server on loopback."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from dataclasses import dataclass, field
from functools import cached_property
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_IDLE_S = 120.0  # an idle kept-alive connection is closed after this
_GREETING_S = 10.0  # a TLS handshake may take so long


@dataclass(frozen=True)
class Request:
    """One HTTP request; header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    certificate: str = ""  # common name of the client certificate the server has verified

    @cached_property
    def path(self) -> str:
        return urlsplit(self.target).path

    @cached_property
    def query(self) -> dict[str, str]:
        """The query parameters; of a repeated one the first."""
        return dict(reversed(parse_qsl(urlsplit(self.target).query, keep_blank_values=True)))

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of a form-encoded body."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @cached_property
    def cookies(self) -> dict[str, str]:
        try:
            return {name: morsel.value for name, morsel in SimpleCookie(self.headers.get("cookie", "")).items()}
        except CookieError:
            return {}


@dataclass(slots=True)
class Answer:
    """One HTTP answer."""

    status: int
    body: bytes = b""
    content_type: str = "text/html;charset=UTF-8"
    headers: list[tuple[str, str]] = field(default_factory=list)
    note: str = ""  # for the record: by which way a REST request came in
    promised: int | None = None  # the length announced, where it isn't that of the body
    pause_s: float = 0.0  # the body leaves byte by byte, with such a pause after each


@dataclass(frozen=True, slots=True)
class Tls:
    """Serve https with this certificate; whoever shows a certificate of *client_ca* is known by it. All are PEM files."""

    cert: str
    key: str
    client_ca: str = ""
    host: str = "127.0.0.1"  # how the origin is written: the certificate must be for it

    def context(self) -> ssl.SSLContext:
        """The server's side; OSError and ssl.SSLError for files that won't do."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        if self.client_ca:
            context.load_verify_locations(self.client_ca)
            context.verify_mode = ssl.CERT_OPTIONAL
        return context


def html(text: str, status: int = 200) -> Answer:
    """A page, never kept by the browser."""
    return Answer(status, text.encode(), headers=[("Cache-Control", "no-cache, no-store")])


def json_answer(value: object, status: int = 200, headers: list[tuple[str, str]] | None = None) -> Answer:
    """A JSON document."""
    return Answer(status, json.dumps(value, ensure_ascii=False).encode(), "application/json;charset=UTF-8", headers or [])


def redirect(location: str) -> Answer:
    """302 to another address."""
    return Answer(302, headers=[("Location", location), ("Cache-Control", "no-cache, no-store")])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "ServiceNow"
    sys_version = "simulated"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave in one segment
    timeout = _IDLE_S
    server: LoopbackServer

    def setup(self) -> None:
        # Here and not where connections are accepted: a client that is slow to greet keeps nobody else waiting.
        if isinstance(self.request, ssl.SSLSocket):
            self.request.settimeout(_GREETING_S)
            self.request.do_handshake()
        super().setup()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.handle(Request(self.command, self.path, headers, body, _common_name(self.request)))
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body) if answer.promised is None else answer.promised))
        self.end_headers()
        if self.command != "HEAD" and answer.status != 204:
            self._send_body(answer)
        self.wfile.flush()

    def _send_body(self, answer: Answer) -> None:
        self.close_connection = self.close_connection or answer.promised is not None
        if not answer.pause_s:
            self.wfile.write(answer.body)
            return
        for place in range(len(answer.body)):
            self.wfile.write(answer.body[place : place + 1])
            self.wfile.flush()
            if self.server.ended.wait(answer.pause_s):
                return

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def do_PATCH(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Nothing: the simulator keeps its own record."""


def _common_name(connection: object) -> str:
    """Whom a verified client certificate names, "" where there is none."""
    shown = connection.getpeercert() if isinstance(connection, ssl.SSLSocket) else None
    subject = (shown or {}).get("subject", ())
    return next((str(pair[1]) for part in subject for pair in part if pair[0] == "commonName"), "")


class LoopbackServer(ThreadingHTTPServer):
    """Serves *handle* on a free port of 127.0.0.1, over TLS if told so; `close` ends the connections that are still open, too."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, handle: Callable[[Request], Answer], tls: Tls | None = None) -> None:
        self.handle = handle
        self.ended = threading.Event()
        self._tls = tls
        self._context = tls.context() if tls else None
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), name="simulated-instance", daemon=True)

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{'https' if self._tls else 'http'}://{self._tls.host if self._tls else '127.0.0.1'}:{self.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self.ended.set()
        if self._thread.is_alive():
            self.shutdown()
        self.server_close()
        with self._open_lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the other end was faster
        if self._thread.is_alive():
            self._thread.join(5)

    def get_request(self) -> tuple[socket.socket, object]:
        connection, address = super().get_request()
        if self._context:
            connection = self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        if isinstance(request, socket.socket):
            with self._open_lock:
                self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        if isinstance(request, socket.socket):
            with self._open_lock:
                self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """A client that went away is its own business; anything else is a bug and is shown."""
        import sys

        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError | ssl.SSLError):
            super().handle_error(request, client_address)
