"""For the tests of the sign-in browser: a tiny server on loopback, and processes and sockets looked at from outside."""

from __future__ import annotations

import contextlib
import http.server
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the server got it."""

    method: str
    path: str
    cookie: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answers."""

    status: int = 200
    body: str = "<!doctype html><title>a page</title>hello"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Site:
    """A site on loopback. ``pages`` maps paths (without query) to answers; everything asked is kept in ``asked``."""

    port: int
    pages: dict[str, Reply] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    @property
    def origin(self) -> str:
        """As one of two hosts: cookies ignore ports."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def elsewhere(self) -> str:
        """The same server as another host."""
        return f"http://localhost:{self.port}"

    def requests_for(self, path: str) -> list[Asked]:
        """What was asked of one path."""
        return [a for a in self.asked if a.path.partition("?")[0] == path]


@contextmanager
def site(**pages: Reply) -> Iterator[Site]:
    """A running site; keyword arguments are paths without their slash."""
    made = Site(0, {f"/{name}": reply for name, reply in pages.items()})

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            return

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            made.asked.append(Asked(self.command, self.path, self.headers.get("Cookie", ""), body))
            reply = made.pages.get(self.path.partition("?")[0], Reply())
            content = reply.body.encode()
            self.send_response(reply.status)
            for name, value in ({"Content-Type": "text/html"} | reply.headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            self.do_GET()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def until(true: Callable[[], bool], what: str, seconds: float = 10.0) -> None:
    """Wait until it is so, or AssertionError with *what*."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def below(pid: int) -> set[int]:
    """The process and all its descendants that are alive (zombies are not)."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if state not in {"Z", "X"}:
                parents[int(entry.name)] = int(parent)
    found = {pid} & parents.keys()
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def using(profile: Path) -> set[int]:
    """Live processes whose command line names the profile, whoever their parent is by now."""
    found = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            named = str(profile).encode() in (entry / "cmdline").read_bytes()
            alive = (entry / "stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
        except OSError:
            continue
        if named and alive:
            found.add(int(entry.name))
    return found


_LISTENS = {"tcp": "0A", "tcp6": "0A", "udp": "07", "udp6": "07"}  # TCP_LISTEN; a UDP socket that is bound, not connected


def listening(pids: set[int]) -> list[str]:
    """Listening TCP and bound UDP sockets of these processes."""
    inodes = {}
    for kind, state in _LISTENS.items():
        for line in Path(f"/proc/net/{kind}").read_text().splitlines()[1:]:
            part = line.split()
            if part[3] == state:
                inodes[f"socket:[{part[9]}]"] = f"{kind} {part[1]}"
    links = [(pid, link) for pid in pids for link in _links(pid)]
    return [f"{pid}: {inodes[link]}" for pid, link in links if link in inodes]


def _links(pid: int) -> list[str]:
    """What the process has open; a descriptor that was closed while looking is left out, no more."""
    found: list[str] = []
    with contextlib.suppress(OSError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                found.append(str(link.readlink()))
    return found


def descriptors() -> set[str]:
    """This process's open descriptors and what they are."""
    found = set()
    for link in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # the listing's own
            found.add(f"{link.name} {link.readlink()}")
    return found
