"""HTTP for very many origins from one thread: each has a port of its own on loopback, none has a thread of its own."""

from __future__ import annotations

import heapq
import itertools
import selectors
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from exoalias.simulator.wire import Answer, Request

if TYPE_CHECKING:
    from collections.abc import Callable

_LARGEST_HEAD = 1 << 16  # bytes
_CHUNK = 1 << 16
_BACKLOG = 64


@dataclass(slots=True)
class Counts:
    """What one origin has seen. ``connections`` are open now, ``most_connections`` were at the same time."""

    requests: int = 0
    connections: int = 0
    most_connections: int = 0


@dataclass(slots=True)
class Site:
    """One origin: what it answers and how late. With ``silent`` it takes requests and never answers."""

    handle: Callable[[Request], Answer]
    latency_s: float
    silent: bool
    counts: Counts
    port: int = 0


@dataclass(slots=True, eq=False)
class _Connection:
    """One client's connection: what came and is not yet read, what is to leave, and whether a request is being answered."""

    socket: socket.socket
    site: Site
    came: bytearray = field(default_factory=bytearray)
    leaves: bytearray = field(default_factory=bytearray)
    busy: bool = False
    open: bool = True


@dataclass(slots=True, order=True)
class _Late:
    """An answer that is sent when it is due, and worked out before that: the work lies within the latency, as an instance's."""

    due: float
    number: int
    connection: _Connection = field(compare=False)
    request: Request = field(compare=False)
    answer: bytes | None = field(default=None, compare=False)

    def ready(self) -> bytes:
        """The answer, worked out once."""
        if self.answer is None:
            self.answer = _bytes(self.connection.site.handle(self.request))
        return self.answer


class ManyServer:
    """Serves every site on a free port of 127.0.0.1 until closed."""

    def __init__(self, sites: list[Site]) -> None:
        self._sites = sites
        self._selector = selectors.DefaultSelector()
        self._bell, self._listener = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="simulated-instances", daemon=True)
        self._late: list[_Late] = []  # a heap
        self._to_work_out: deque[_Late] = deque()
        self._numbers = itertools.count()
        self._ended = False
        self._under_way = 0
        self.most_under_way = 0  # requests being answered at the same time, over all sites

    def start(self) -> None:
        """Begin to answer; afterwards every site knows its port."""
        self._selector.register(self._listener, selectors.EVENT_READ, None)
        for site in self._sites:
            listening = socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG)
            listening.settimeout(0)
            site.port = listening.getsockname()[1]
            self._selector.register(listening, selectors.EVENT_READ, site)
        self._thread.start()

    def close(self) -> None:
        """Stop answering and hang up."""
        self._ended = True
        self._bell.send(b"!")
        if self._thread.is_alive():
            self._thread.join(10)
        else:
            self._close_sockets()
        self._bell.close()
        self._listener.close()

    def _close_sockets(self) -> None:
        """Hang up on everybody; the bell's other end stays, because who closes us may ring it at this very moment."""
        for key in list((self._selector.get_map() or {}).values()):
            if isinstance(key.fileobj, socket.socket) and key.fileobj is not self._listener:
                key.fileobj.close()
        self._selector.close()

    # -- in the thread --

    def _run(self) -> None:
        try:
            while not self._ended:
                self._turn()
        finally:  # a mistake in an answer must not leave clients waiting for one
            self._close_sockets()

    def _turn(self) -> None:
        wait = max(0.0, self._late[0].due - time.monotonic()) if self._late else None
        if self._to_work_out:
            wait = 0.0
        for key, events in self._selector.select(wait):
            if isinstance(key.data, Site) and isinstance(key.fileobj, socket.socket):
                self._accept(key.fileobj, key.data)
            elif isinstance(key.data, _Connection):
                self._serve(key.data, events)
        now = time.monotonic()
        while self._late and self._late[0].due <= now:
            self._answer(heapq.heappop(self._late))
        if self._to_work_out:  # one, and then what has come meanwhile is read: its latency begins
            self._to_work_out.popleft().ready()

    def _accept(self, listening: socket.socket, site: Site) -> None:
        try:
            client, _ = listening.accept()
        except OSError:
            return  # gone before it was let in
        client.settimeout(0)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        counts = site.counts
        counts.connections += 1
        counts.most_connections = max(counts.most_connections, counts.connections)
        self._selector.register(client, selectors.EVENT_READ, _Connection(client, site))

    def _serve(self, connection: _Connection, events: int) -> None:
        try:
            if events & selectors.EVENT_WRITE:
                self._send(connection)
            if events & selectors.EVENT_READ:
                chunk = connection.socket.recv(_CHUNK)
                connection.came += chunk
                if not chunk:
                    self._hang_up(connection)
                    return
            self._take(connection)
        except BlockingIOError:
            return
        except (OSError, ValueError):  # the client went away, or it does not speak HTTP
            self._hang_up(connection)

    def _take(self, connection: _Connection) -> None:
        """Begin with the next request, if it is there and none is being answered; ValueError if it is none."""
        if connection.busy or (request := _next_request(connection.came)) is None:
            return
        connection.busy = True
        connection.site.counts.requests += 1
        self._under_way += 1
        self.most_under_way = max(self.most_under_way, self._under_way)
        if not connection.site.silent:
            late = _Late(time.monotonic() + connection.site.latency_s, next(self._numbers), connection, request)
            heapq.heappush(self._late, late)
            self._to_work_out.append(late)

    def _answer(self, late: _Late) -> None:
        connection = late.connection
        if not connection.open:
            return
        connection.busy = False
        self._under_way -= 1
        connection.leaves += late.ready()
        try:
            self._send(connection)
            self._take(connection)
        except BlockingIOError:
            self._selector.modify(connection.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, connection)
        except (OSError, ValueError):
            self._hang_up(connection)

    def _send(self, connection: _Connection) -> None:
        while connection.leaves:
            del connection.leaves[: connection.socket.send(connection.leaves)]
        self._selector.modify(connection.socket, selectors.EVENT_READ, connection)

    def _hang_up(self, connection: _Connection) -> None:
        if connection.open:
            connection.open = False
            self._under_way -= connection.busy
            connection.site.counts.connections -= 1
            self._selector.unregister(connection.socket)
            connection.socket.close()


def _next_request(came: bytearray) -> Request | None:
    """Take the next whole request off what came; None if it is not whole yet, ValueError if it will never be."""
    end = came.find(b"\r\n\r\n")
    if end < 0:
        if len(came) > _LARGEST_HEAD:
            raise ValueError("the head of a request is too long")
        return None
    first, *lines = came[:end].decode("latin-1").split("\r\n")
    method, target, _version = first.split(" ", 2)
    named = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in named}
    whole = end + 4 + int(headers.get("content-length") or 0)
    if len(came) < whole:
        return None
    body = bytes(came[end + 4 : whole])
    del came[:whole]
    return Request(method, target, headers, body)


def _bytes(answer: Answer) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}", "Server: ServiceNow"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    if answer.status != HTTPStatus.NO_CONTENT:
        lines += [f"Content-Type: {answer.content_type}", f"Content-Length: {len(answer.body)}"]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    return head + (b"" if answer.status == HTTPStatus.NO_CONTENT else answer.body)
