"""Access tokens: had when needed, before they end, and once after a refusal."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.entering.bearer import EARLY_S, Bearer, Granted
from exoalias.adapters.keeping.secret import Secret
from exoalias.adapters.network.http import Http
from exoalias.domain.problems import AnotherUser, WayRefused
from exoalias.domain.ways import Way
from tests.adapters.loopback import Loopback, http_answer, loopback

if TYPE_CHECKING:
    from collections.abc import Iterator


class Mint:
    """Gives token-1, token-2 … for so many seconds each; the clock is moved by hand."""

    def __init__(self, lasts_s: float = 1800) -> None:
        self.lasts_s = lasts_s
        self.given = 0
        self.now = 0.0

    def __call__(self) -> Granted:
        self.given += 1
        return Granted(Secret(f"token-{self.given}"), self.lasts_s)

    def clock(self) -> float:
        return self.now


@contextmanager
def bearing(server: Loopback, mint: Mint) -> Iterator[Bearer]:
    http = Http(simulated=frozenset({server.origin}))
    try:
        yield Bearer(http.client(server.origin), Way.CLIENT_CREDENTIALS, mint, mint.clock)
    finally:
        http.close()


def tokens(server: Loopback) -> list[str]:
    lines = [line for request in server.requests for line in request.decode().split("\r\n")]
    return [line.removeprefix("Authorization: Bearer ") for line in lines if line.startswith("Authorization:")]


def test_one_token_serves_until_shortly_before_its_end() -> None:
    mint = Mint()
    with loopback(lambda _: http_answer()) as server, bearing(server, mint) as access:
        for moment in (0, 10, 1800 - EARLY_S - 1, 1800 - EARLY_S):
            mint.now = moment
            access.send("GET", "/a")
        assert tokens(server) == ["token-1"] * 3 + ["token-2"]


def test_a_token_that_hardly_lasts_is_used_nevertheless() -> None:
    mint = Mint(lasts_s=20)
    with loopback(lambda _: http_answer()) as server, bearing(server, mint) as access:
        for moment in (0, 9, 11):
            mint.now = moment
            access.send("GET", "/a")
        assert tokens(server) == ["token-1", "token-1", "token-2"]


def test_a_refused_token_is_had_anew_once() -> None:
    mint = Mint()
    with (
        loopback(lambda request: http_answer(b"{}", 401) if b"token-1" in request else http_answer()) as server,
        bearing(server, mint) as access,
    ):
        assert access.send("PATCH", "/a", body={}).status == 200
        assert tokens(server) == ["token-1", "token-2"]


def test_an_instance_that_refuses_every_token_is_left_alone() -> None:
    mint = Mint()
    with loopback(lambda _: http_answer(b"{}", 401)) as server, bearing(server, mint) as access:
        with pytest.raises(WayRefused, match="OAuth client credentials") as met:
            access.send("GET", "/a")
        assert tokens(server) == ["token-1", "token-2"]
        assert "token-" not in f"{met.value!r} {met.value.facts} {vars(access)}"


def test_many_at_once_share_one_new_token() -> None:
    mint = Mint()
    with (
        loopback(lambda request: http_answer(b"{}", 401) if b"token-1" in request else http_answer()) as server,
        bearing(server, mint) as access,
    ):
        statuses: list[int] = []
        threads = [threading.Thread(target=lambda: statuses.append(access.send("GET", "/a").status)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert statuses == [200] * 6
        assert mint.given == 2


def test_the_session_of_an_old_token_is_not_carried_on() -> None:
    mint = Mint()
    with (
        loopback(lambda _: http_answer(Set_Cookie=f"JSESSIONID=s{mint.given}; Path=/")) as server,
        bearing(server, mint) as access,
    ):
        access.send("GET", "/a")
        mint.now = 5000
        access.send("GET", "/a")
        assert b"Cookie:" not in server.requests[1]


def test_a_new_token_for_somebody_else_is_not_used() -> None:
    """Whoever signs in for the next token may be another person than the one who began."""
    names = ["ada"]

    def answers(request: bytes) -> bytes:
        if b"current_user" in request:
            return http_answer(f'{{"result": {{"user_name": "{names[-1]}"}}}}'.encode())
        return http_answer()

    mint = Mint()
    with loopback(answers) as server, bearing(server, mint) as access:
        access.meet()
        access.send("GET", "/a")
        names.append("eve")
        mint.now = 1800
        with pytest.raises(AnotherUser, match="eve is signed in"):
            access.send("PATCH", "/a", body={})
        assert not [request for request in server.requests if request.startswith(b"PATCH")]
        names.append("ADA")
        assert access.send("PATCH", "/a", body={}).status == 200


def test_forgetting_drops_the_token() -> None:
    mint = Mint()
    with loopback(lambda _: http_answer()) as server, bearing(server, mint) as access:
        access.send("GET", "/a")
        access.forget()
        access.send("GET", "/a")
        assert tokens(server) == ["token-1", "token-2"]
