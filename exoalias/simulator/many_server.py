"""HTTP for very many origins from one thread: each has a port of its own on loopback, none has a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from exoalias.simulator.wire import Answer, Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_HEAD_BYTES = 1 << 16
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


class ManyServer:
    """Serves every site on a free port of 127.0.0.1 until closed."""

    def __init__(self, sites: list[Site]) -> None:
        self._sites = sites
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="simulated-instances", daemon=True)
        self._under_way = 0
        self.most_under_way = 0  # requests being answered at the same time, over all sites

    def start(self) -> None:
        """Begin to answer; afterwards every site knows its port."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(30)

    def close(self) -> None:
        """Stop answering and hang up."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    # -- in the loop --

    async def _listen(self) -> None:
        self._servers = []
        for site in self._sites:
            server = await asyncio.start_server(self._serving(site), "127.0.0.1", 0, limit=_HEAD_BYTES, backlog=_BACKLOG)
            site.port = server.sockets[0].getsockname()[1]
            self._servers.append(server)

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        mine = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in mine:
            task.cancel()
        await asyncio.gather(*mine, return_exceptions=True)

    def _serving(self, site: Site) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            counts = site.counts
            counts.connections += 1
            counts.most_connections = max(counts.most_connections, counts.connections)
            try:
                while request := await _read(reader):
                    await self._answer(site, request, writer)
            except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
                return  # the client went away, or the server ends
            finally:
                counts.connections -= 1
                writer.close()

        return serve

    async def _answer(self, site: Site, request: Request, writer: asyncio.StreamWriter) -> None:
        site.counts.requests += 1
        self._under_way += 1
        self.most_under_way = max(self.most_under_way, self._under_way)
        try:
            if site.silent:
                await asyncio.Event().wait()
            await asyncio.sleep(site.latency_s)
            writer.write(_bytes(site.handle(request)))
            await writer.drain()
        finally:
            self._under_way -= 1


async def _read(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection, or None at its end."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _version = first.split(" ", 2)
    named = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in named}
    return Request(method, target, headers, await reader.readexactly(int(headers.get("content-length") or 0)))


def _bytes(answer: Answer) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}", "Server: ServiceNow"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    if answer.status != HTTPStatus.NO_CONTENT:
        lines += [f"Content-Type: {answer.content_type}", f"Content-Length: {len(answer.body)}"]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    return head + (b"" if answer.status == HTTPStatus.NO_CONTENT else answer.body)
