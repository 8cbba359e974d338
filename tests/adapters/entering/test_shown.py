"""Ways in by something shown with each request: an API key, a client certificate."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.entering.shown import ApiKey, ClientCertificate
from exoalias.adapters.keeping.secret import Secret
from exoalias.adapters.network.http import Http
from exoalias.domain.problems import Hibernating, Unreachable, WayRefused
from tests.adapters.loopback import Loopback, http_answer, loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "now_a1b2c3KEY"
ME = b'{"result": {"user_name": "robot"}}'
REFUSED = b'{"error":{"message":"User Not Authenticated","detail":null},"status":"failure"}'


@contextmanager
def by_key(server: Loopback) -> Iterator[ApiKey]:
    http = Http(simulated=frozenset({server.origin}))
    try:
        yield ApiKey(http.client(server.origin), Secret(KEY))
    finally:
        http.close()


def test_the_key_is_sent_in_its_own_header_and_no_other() -> None:
    with loopback(lambda _: http_answer(ME)) as server, by_key(server) as access:
        assert access.user == ""
        access.meet()
        access.send("PATCH", "/b", body={"x": 1})
        assert (access.user, access.origin) == ("robot", server.origin)
        assert all(f"x-sn-apikey: {KEY}".encode() in request for request in server.requests)
        assert not any(b"authorization" in request.lower() for request in server.requests)


def test_a_certificate_is_shown_by_the_connection_alone() -> None:
    with loopback(lambda _: http_answer(ME)) as server:
        http = Http(simulated=frozenset({server.origin}))
        access = ClientCertificate(http.client(server.origin))
        access.meet()
        assert access.user == "robot"
        assert not any(word in server.requests[0].lower() for word in (b"authorization", b"apikey", b"cookie"))
        http.close()


def test_a_refusal_names_the_way_and_its_remedy() -> None:
    with loopback(lambda _: http_answer(REFUSED, 401)) as server, by_key(server) as access:
        with pytest.raises(WayRefused, match="API key") as met:
            access.send("GET", "/a")
        assert "authentication profile" in met.value.remedy
        assert met.value.exit_code == 5
        assert KEY not in f"{met.value!r} {met.value.facts} {met.value.remedy} {vars(access)}"
        assert len(server.requests) == 1
        with pytest.raises(WayRefused):
            access.meet()


def test_an_old_session_alone_may_have_been_the_reason() -> None:
    def answers(request: bytes) -> bytes:
        if request.startswith(b"GET /first"):
            return http_answer(Set_Cookie="JSESSIONID=old; Path=/")
        return http_answer(REFUSED, 401) if b"JSESSIONID=old" in request else http_answer()

    with loopback(answers) as server, by_key(server) as access:
        access.send("GET", "/first")
        assert access.send("GET", "/second").status == 200


def test_an_instance_that_does_not_say_who_we_are_lets_us_in_all_the_same() -> None:
    with loopback(lambda _: http_answer(b"<html>", 404, "text/html")) as server, by_key(server) as access:
        access.meet()
        assert access.user == ""


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (http_answer(b"<html>Instance Hibernating page", 200, "text/html"), Hibernating),
        (http_answer(b"<html>", 502, "text/html"), Unreachable),
    ],
)
def test_meeting_an_instance_that_is_not_there_says_so(raw: bytes, problem: type[Exception]) -> None:
    with loopback(lambda _: raw) as server, by_key(server) as access, pytest.raises(problem):
        access.meet()
