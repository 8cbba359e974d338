"""User and password: the session kept, refusals told apart, the password shown to nobody."""

from __future__ import annotations

import base64
import copy
import pickle
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.access import UserAndPassword, is_signed_out, judged
from exoalias.adapters.http import Answer, Http
from exoalias.adapters.secret import Secret
from exoalias.domain.problems import BadAnswer, Hibernating, OutcomeUnknown, SignInRefused, Unreachable
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
        yield UserAndPassword(http, server.origin, "admin", PASSWORD)
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
    secret = Secret(PASSWORD)
    assert PASSWORD not in f"{secret!r} {secret} {[secret]}"
    assert secret.reveal() == PASSWORD
    for leak in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError, match="not written down"):
            leak(secret)
    with loopback(lambda _: http_answer(REFUSED, 401)) as server, access_to(server) as access:
        with pytest.raises(SignInRefused) as met:
            access.send("GET", "/a")
        pair = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
        seen = f"{met.value!r} {met.value.facts} {met.value.remedy} {vars(access)}"
        assert PASSWORD not in seen
        assert pair not in seen


JSON_TYPE = {"content-type": "application/json"}
HTML_TYPE = {"content-type": "text/html"}


@pytest.mark.parametrize(
    ("status", "headers", "body", "dead"),
    [
        (401, JSON_TYPE, REFUSED, True),
        (401, HTML_TYPE, PAGE, True),
        (302, {"location": "/login.do"}, b"", True),
        (302, {"location": "https://acme.service-now.com/logout_success.do?x=1"}, b"", True),
        (303, {"location": "/Login_Redirect.do?sysparm_stack=no"}, b"", True),
        (302, {"location": "https://elsewhere.example/"}, b"", False),
        (302, {"location": "https://[broken/login.do"}, b"", False),
        (302, {}, b"", False),
        (200, HTML_TYPE, PAGE, True),
        (200, HTML_TYPE, b"  ", False),
        (200, HTML_TYPE, b"<html>Instance Hibernating page</html>", False),
        (200, JSON_TYPE, b"{}", False),
        (204, {}, b"", False),
        (403, HTML_TYPE, PAGE, False),
        (503, HTML_TYPE, PAGE, False),
    ],
)
def test_every_sign_of_a_dead_session_is_known(status: int, headers: dict[str, str], body: bytes, dead: bool) -> None:
    assert is_signed_out(Answer(status, "acme", headers, body)) is dead


def test_a_refusal_is_explained_by_the_way_that_met_it() -> None:
    def refused(answer: Answer) -> SignInRefused:
        return SignInRefused(host=answer.host, user="somebody", detail="no")

    with pytest.raises(SignInRefused, match="somebody"):
        judged(Answer(401, "acme", {}, b""), changes=False, refused=refused)
    good = Answer(200, "acme", JSON_TYPE, b"{}")
    assert judged(good, changes=True, refused=refused) is good
