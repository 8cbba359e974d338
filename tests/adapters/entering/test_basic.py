"""User and password: the session kept, refusals told apart, the password shown to nobody."""

from __future__ import annotations

import base64
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.entering.basic import PasswordAndCode, UserAndPassword
from exoalias.adapters.keeping.secret import Secret
from exoalias.adapters.network.http import Http
from exoalias.domain.problems import BadAnswer, CodeRefused, Hibernating, OutcomeUnknown, SignInRefused, Unreachable, WouldPrompt
from tests.adapters.loopback import Loopback, http_answer, loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "pä55:wörd€"
REFUSED = b'{"error":{"message":"User Not Authenticated","detail":"Required to provide Auth information"},"status":"failure"}'
PAGE = b"<html><body>Sign in</body></html>"


@contextmanager
def access_to(server: Loopback) -> Iterator[UserAndPassword]:
    http = Http(simulated=frozenset({server.origin}))
    try:
        yield UserAndPassword(http.client(server.origin), "admin", PASSWORD)
    finally:
        http.close()


def test_user_and_password_are_sent_as_utf8_with_every_request() -> None:
    with loopback(lambda _: http_answer()) as server, access_to(server) as access:
        access.send("GET", "/a")
        access.send("PATCH", "/b", body={"x": "ü"})
        pair = b"Basic " + base64.b64encode(f"admin:{PASSWORD}".encode())
        assert all(pair in request for request in server.requests)
        assert b"Content-Type: application/json" in server.requests[1]
        assert (access.origin, access.user) == (server.origin, "admin")


def test_the_session_of_the_first_answer_is_kept() -> None:
    with loopback(lambda _: http_answer(Set_Cookie="JSESSIONID=abc; Path=/; HttpOnly")) as server, access_to(server) as access:
        access.send("GET", "/a")
        access.send("GET", "/b")
        assert [b"JSESSIONID=abc" in request for request in server.requests] == [False, True]


def test_a_dead_session_is_dropped_and_asked_once_more() -> None:
    def answers(request: bytes) -> bytes:
        if request.startswith(b"GET /first"):
            return http_answer(Set_Cookie="JSESSIONID=old; Path=/")
        return http_answer(REFUSED, 401) if b"JSESSIONID=old" in request else http_answer()

    with loopback(answers) as server, access_to(server) as access:
        access.send("GET", "/first")
        assert access.send("PATCH", "/second", body={}).status == 200
        assert len(server.requests) == 3


def test_a_refusal_is_not_repeated_where_there_was_no_session() -> None:
    with loopback(lambda _: http_answer(REFUSED, 401, Set_Cookie="JSESSIONID=x; Path=/")) as server, access_to(server) as access:
        for sent in (1, 2):
            with pytest.raises(SignInRefused, match="User Not Authenticated"):
                access.send("GET", "/a")
            assert len(server.requests) == sent


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"error": 5}', b'{"error": {"message": []}}', b'{"error": "invalid"}'])
def test_a_401_of_any_shape_is_a_refused_sign_in(body: bytes) -> None:
    with loopback(lambda _: http_answer(body, 401)) as server, access_to(server) as access, pytest.raises(SignInRefused):
        access.send("GET", "/a")


@pytest.mark.parametrize("status", [200, 503])
def test_a_sleeping_instance_is_known_by_its_page(status: int) -> None:
    page = b"<html><title>Instance Hibernating page</title></html>"
    with (
        loopback(lambda _: http_answer(page, status, "text/html")) as server,
        access_to(server) as access,
        pytest.raises(Hibernating),
    ):
        access.send("POST", "/api/now/v1/batch", body={}, repeatable=True)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (http_answer(PAGE, 200, "text/html"), BadAnswer),
        (http_answer(PAGE, 403, "text/html"), BadAnswer),
        (http_answer(b"", 302, Location="/login.do"), BadAnswer),
        (http_answer(PAGE, 502, "text/html"), Unreachable),
        (http_answer(PAGE, 503, "text/html"), Unreachable),
    ],
)
def test_what_is_not_the_api_is_no_answer(raw: bytes, problem: type[Exception]) -> None:
    with loopback(lambda _: raw) as server, access_to(server) as access, pytest.raises(problem):
        access.send("GET", "/a")


def test_a_gateways_error_after_a_write_leaves_its_outcome_open() -> None:
    with (
        loopback(lambda _: http_answer(PAGE, 504, "text/html")) as server,
        access_to(server) as access,
        pytest.raises(OutcomeUnknown),
    ):
        access.send("PATCH", "/a", body={})


def test_the_password_shows_itself_to_nobody() -> None:
    with loopback(lambda _: http_answer(REFUSED, 401)) as server, access_to(server) as access:
        with pytest.raises(SignInRefused) as met:
            access.send("GET", "/a")
        pair = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
        seen = f"{met.value!r} {met.value.facts} {met.value.remedy} {vars(access)}"
        assert PASSWORD not in seen
        assert pair not in seen


# -- with a one-time code ------------------------------------------------------------------------------------------------


class Authenticated:
    """An instance that takes each code once, and goes on in the session of its answer."""

    def __init__(self, *codes: str) -> None:
        self.good = list(codes)
        self.session = 0
        self.spent: list[str] = []
        self.lock = threading.Lock()

    def __call__(self, request: bytes) -> bytes:
        with self.lock:
            if self.session and b"JSESSIONID=s%d" % self.session in request:
                return http_answer()
            pair = next(line for line in request.split(b"\r\n") if line.startswith(b"Authorization: Basic "))
            user, _, secret = base64.b64decode(pair.split()[-1]).decode().partition(":")
            assert (user, secret.startswith(PASSWORD)) == ("admin", True)
            code = secret.removeprefix(PASSWORD)
            self.spent.append(code)
            if code not in self.good:
                return http_answer(REFUSED, 401)
            self.good.remove(code)
            self.session += 1
            return http_answer(Set_Cookie=f"JSESSIONID=s{self.session}; Path=/; HttpOnly")

    def end(self) -> None:
        """The session is gone."""
        self.session += 1


@contextmanager
def coded(server: Loopback, *codes: str) -> Iterator[PasswordAndCode]:
    typed = iter(codes)
    http = Http(simulated=frozenset({server.origin}))
    try:
        yield PasswordAndCode(http.client(server.origin), "admin", PASSWORD, lambda: Secret(next(typed)))
    finally:
        http.close()


def test_one_code_serves_many_requests() -> None:
    instance = Authenticated("111111")
    with loopback(instance) as server, coded(server, "111111") as access:
        for method in ("GET", "PATCH", "POST"):
            assert access.send(method, "/a", body=None if method == "GET" else {}).status == 200
        assert instance.spent == ["111111"]


def test_many_requests_at_once_ask_for_one_code() -> None:
    instance = Authenticated("111111", "222222")
    with loopback(instance) as server, coded(server, "111111", "222222") as access:

        def together() -> list[int]:
            statuses: list[int] = []
            threads = [threading.Thread(target=lambda: statuses.append(access.send("GET", "/a").status)) for _ in range(6)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(10)
            return statuses

        assert together() == [200] * 6
        assert instance.spent == ["111111"]
        instance.end()
        assert together() == [200] * 6
        assert instance.spent.count("222222") == 1  # whoever was still on the way with the first one may have come after it
        assert not instance.good


def test_when_the_session_dies_a_code_is_asked_for_once_more() -> None:
    instance = Authenticated("111111", "222222")
    with loopback(instance) as server, coded(server, "111111", "222222") as access:
        access.send("GET", "/a")
        instance.end()
        assert access.send("PATCH", "/b", body={}).status == 200
        assert not instance.good


def test_a_refused_code_is_said_and_not_asked_for_again_by_the_same_request() -> None:
    instance = Authenticated("111111")
    with loopback(instance) as server, coded(server, "999999", "111111") as access:
        with pytest.raises(CodeRefused, match="one-time code") as met:
            access.send("GET", "/a")
        assert instance.spent == ["999999"]
        assert "999999" not in f"{met.value!r} {met.value.facts}"
        assert access.send("GET", "/a").status == 200


def test_an_instance_that_keeps_no_session_is_asked_twice_at_most() -> None:
    def forgetful(request: bytes) -> bytes:
        return http_answer() if b"current_user" in request else http_answer(REFUSED, 401)

    with loopback(forgetful) as server, coded(server, "111111", "222222", "333333") as access:
        with pytest.raises(CodeRefused):
            access.send("GET", "/a")
        assert len(server.requests) == 4


def test_where_nobody_can_be_asked_nothing_is_sent() -> None:
    def nobody() -> Secret:
        raise WouldPrompt(what="A one-time code", how="…")

    with loopback(lambda _: http_answer()) as server:
        http = Http(simulated=frozenset({server.origin}))
        access = PasswordAndCode(http.client(server.origin), "admin", PASSWORD, nobody)
        for _ in range(2):
            with pytest.raises(WouldPrompt):
                access.send("GET", "/a")
        assert server.requests == []
        http.close()


def test_a_sleeping_instance_takes_no_code() -> None:
    page = http_answer(b"<html><title>Instance Hibernating page</title></html>", 200, "text/html")
    with loopback(lambda _: page) as server, coded(server, "111111") as access, pytest.raises(Hibernating):
        access.send("GET", "/a")
