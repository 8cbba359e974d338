"""A server that answers whatever bytes a test wants, on loopback."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Answers = Callable[[bytes], bytes | None]


class Loopback:
    """Each connection is read for one request at a time; ``answers`` gives raw bytes, or None to hang up."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.instead: Callable[[socket.socket], None] | None = None  # takes over whole connections
        self.requests: list[bytes] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ending = False
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self.origin = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def stop(self) -> None:
        """Close everything and wait for the threads."""
        self._ending = True
        with socket.create_connection(self._listener.getsockname()):
            self._accepting.join(5)
        self._listener.close()
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._ending:
                connection.close()
                return
            self.connections += 1
            self._open.add(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                if self.instead is not None:
                    self.instead(connection)
                    return
                while request := read_request(connection):
                    self.requests.append(request)
                    raw = self.answers(request)
                    if raw is None:
                        break
                    connection.sendall(raw)
                    if b"onnection: close" in raw:
                        break
            except OSError:
                return
            finally:
                self._open.discard(connection)


def read_request(connection: socket.socket) -> bytes:
    """One whole request, body included; nothing where the other side hangs up."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (piece := connection.recv(65536)):
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        if not (piece := connection.recv(65536)):
            return b""
        body += piece
    return head + b"\r\n\r\n" + body


@contextmanager
def loopback(answers: Answers) -> Iterator[Loopback]:
    """A running server."""
    server = Loopback(answers)
    try:
        yield server
    finally:
        server.stop()


def http_answer(body: bytes = b'{"result": []}', status: int = 200, kind: str = "application/json", **headers: str) -> bytes:
    """A whole HTTP answer."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
