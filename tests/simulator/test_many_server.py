"""HTTP for many origins from one thread."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import requests

from exoalias.simulator.many_server import Counts, ManyServer, Site
from exoalias.simulator.wire import Answer, Request, json_answer

if TYPE_CHECKING:
    from collections.abc import Iterator


def echo(request: Request) -> Answer:
    """Say back what came."""
    if request.path == "/nothing":
        return Answer(204)
    return json_answer({"method": request.method, "query": request.query, "body": request.body.decode()}, headers=[("X-A", "b")])


@contextmanager
def serving(count: int = 1, latency_s: float = 0.0, *, silent: bool = False) -> Iterator[tuple[ManyServer, list[Site]]]:
    """A started server."""
    sites = [Site(echo, latency_s, silent, Counts()) for _ in range(count)]
    server = ManyServer(sites)
    server.start()
    try:
        yield server, sites
    finally:
        server.close()


def test_requests_and_answers_over_one_connection() -> None:
    with serving() as (_, (site,)), requests.Session() as http:
        http.trust_env = False
        url = f"http://127.0.0.1:{site.port}"
        answer = http.post(f"{url}/a?b=c", data="text", timeout=5)
        assert answer.json() == {"method": "POST", "query": {"b": "c"}, "body": "text"}
        assert answer.headers["X-A"] == "b"
        assert http.get(f"{url}/nothing", timeout=5).status_code == 204
        assert (site.counts.requests, site.counts.connections, site.counts.most_connections) == (2, 1, 1)


def test_all_are_late_at_the_same_time() -> None:
    with serving(40, 0.2) as (server, sites):
        began = time.monotonic()
        ports = [site.port for site in sites]
        threads = [threading.Thread(target=requests.get, args=(f"http://127.0.0.1:{p}",), kwargs={"timeout": 5}) for p in ports]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert time.monotonic() - began < 40 * 0.2 / 4
        assert server.most_under_way > 10
        assert len(set(ports)) == 40


def test_the_work_on_an_answer_lies_within_the_latency() -> None:
    """Answers that are due together are not late by the work on each other."""

    def laboured(request: Request) -> Answer:
        time.sleep(0.1)
        return echo(request)

    with serving(6, 0.9) as (_, sites):
        for site in sites:
            site.handle = laboured
        began = time.monotonic()
        ends = [socket.create_connection(("127.0.0.1", site.port), timeout=5) for site in sites]
        for end in ends:
            end.sendall(b"GET / HTTP/1.1\r\n\r\n")
        for end in ends:
            assert end.recv(12) == b"HTTP/1.1 200"
            end.close()
        assert 0.9 <= time.monotonic() - began < 1.3


def test_a_silent_one_takes_the_request_and_says_nothing() -> None:
    with serving(silent=True) as (_, (site,)):
        with pytest.raises(requests.ReadTimeout):
            requests.get(f"http://127.0.0.1:{site.port}", timeout=0.3)
        assert site.counts.requests == 1


def test_nonsense_ends_its_own_connection_only() -> None:
    with serving() as (_, (site,)):
        with socket.create_connection(("127.0.0.1", site.port), timeout=5) as rude:
            rude.sendall(b"x" * 100_000)
            assert rude.recv(10) == b""
        assert requests.get(f"http://127.0.0.1:{site.port}", timeout=5).status_code == 200


def test_after_the_end_nobody_answers() -> None:
    with serving() as (_, (site,)):
        pass
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{site.port}", timeout=1)
