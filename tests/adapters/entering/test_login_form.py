"""Signing in by the instance's login page: on the simulated instance, and on pages that want something else."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest

from exoalias.adapters.entering.login_form import NotByForm, SessionCookie, sign_in
from exoalias.adapters.keeping.secret import Secret
from exoalias.adapters.network.http import Http
from exoalias.domain.problems import Hibernating
from tests.adapters.loopback import http_answer, loopback
from tests.simulator.running import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exoalias.adapters.network.http import Client
    from exoalias.simulator.serve import Simulator

PASSWORD = "pä55&wörd€="
FORM = (
    b'<form><INPUT type=hidden value="a&amp;b" name="sysparm_ck"><input name="user_name">'
    b'<input type="password" name="user_password"></form>'
)
ADA = b'{"result": {"user_name": "Ada"}}'


@contextmanager
def client_of(origin: str) -> Iterator[Client]:
    http = Http(simulated=frozenset({origin}))
    try:
        yield http.client(origin)
    finally:
        http.close()


def on_simulator(simulator: Simulator, password: str = "") -> tuple[SessionCookie, ...] | NotByForm:
    admin = simulator.cast.admin
    with client_of(simulator.instance.origin) as client:
        return sign_in(client, admin.user_name, Secret(password or admin.password))


def test_the_simulated_admin_is_signed_in_and_the_session_opens_pages() -> None:
    with running("happy") as simulator:
        cookies = on_simulator(simulator)
        assert isinstance(cookies, tuple)
        held = {each.name: each for each in cookies}
        session = held["JSESSIONID"]
        assert (session.path, session.http_only, session.secure) == ("/", True, False)
        assert session.value.reveal() not in f"{cookies!r}"
        with client_of(simulator.instance.origin) as browser:
            browser.take_cookies([(each.name, each.value.reveal()) for each in cookies])
            page = browser.send("GET", "/navpage.do", headers={"Accept": "text/html"})
            assert (page.status, b"Welcome" in page.body) == (200, True)


@pytest.mark.parametrize(
    ("scenario", "changes", "why"),
    [
        ("happy", {"password": "wrong"}, "did not take"),
        ("instance-mfa", {}, "second factor"),
    ],
)
def test_whatever_else_the_simulated_instance_wants_stays_with_the_person(
    scenario: str, changes: dict[str, str], why: str
) -> None:
    with running(scenario) as simulator:
        said = on_simulator(simulator, **changes)
        assert isinstance(said, NotByForm)
        assert why in said.why


def by_form(answer: bytes, *, page: bytes = FORM, me: bytes = ADA, status: int = 200) -> Any:  # noqa: ANN401 - either kind of answer
    """What sign_in makes of a login page, of what the instance answers to it, and of whom it then says we are."""

    def answers(request: bytes) -> bytes:
        if request.startswith(b"GET /login.do"):
            return page if page.startswith(b"HTTP") else http_answer(page, 200, "text/html")
        return answer if request.startswith(b"POST /login.do") else http_answer(me, status)

    with loopback(answers) as server, client_of(server.origin) as client:
        said = sign_in(client, "ada", Secret(PASSWORD))
        return said, server


HOME = http_answer(b"", 302, "text/html", Location="/navpage.do", Set_Cookie="JSESSIONID=s; Path=/; Secure; HttpOnly")


def test_the_form_is_sent_as_a_browser_would() -> None:
    said, server = by_form(HOME)
    assert isinstance(said, tuple)
    head, _, body = server.requests[1].partition(b"\r\n\r\n")
    assert f"Origin: {server.origin}\r\nReferer: {server.origin}/login.do".encode() in head
    assert {key: values[0] for key, values in parse_qs(body.decode(), strict_parsing=True).items()} == {
        "user_name": "ada",
        "user_password": PASSWORD,
        "sys_action": "sysverb_login",
        "sysparm_ck": "a&b",
    }


def redirect(to: str) -> bytes:
    return http_answer(b"", 302, "text/html", Location=to)


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (redirect("https://idp.example/sso?SAMLRequest=x"), "single sign-on"),
        (redirect("http://[broken"), "single sign-on"),
        (redirect("/auth_redirect.do?x"), "another page"),
        (http_answer(b"<form><input name=user_name></form>", 200, "text/html"), "no user and password"),
        (http_answer(b"", 404, "text/html"), "can't be had (404)"),
    ],
)
def test_a_page_that_asks_for_no_password_gets_none(page: bytes, why: str) -> None:
    said, server = by_form(HOME, page=page)
    assert isinstance(said, NotByForm)
    assert why in said.why
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("answer", "me", "status", "why"),
    [
        (redirect("/validate_multifactor_auth_code.do"), ADA, 200, "second factor"),
        (http_answer(b'<form action="validate_multifactor_auth_code.do">', 200, "text/html"), ADA, 200, "second factor"),
        (redirect("/change_password.do"), ADA, 200, "new password"),
        (redirect("https://idp.example/"), ADA, 200, "single sign-on"),
        (http_answer(FORM, 200, "text/html"), b"{}", 401, "did not take"),
        (redirect("/login.do"), b"{}", 401, "did not take"),
        (HOME, b'{"result": {"user_name": "guest"}}', 200, "somebody else"),
        (http_answer(b"", 503, "text/html"), ADA, 200, "can't be had"),
    ],
)
def test_only_a_signed_in_session_counts(answer: bytes, me: bytes, status: int, why: str) -> None:
    said, server = by_form(answer, me=me, status=status)
    assert isinstance(said, NotByForm)
    assert why in said.why
    assert said.why.endswith(".")
    assert sum(PASSWORD[:3].encode() in request or b"user_password" in request for request in server.requests) == 1


def test_an_instance_that_does_not_say_who_is_signed_in_is_believed() -> None:
    said, _ = by_form(HOME, me=b"{}", status=404)
    assert isinstance(said, tuple)


def test_a_password_is_sent_once_though_no_answer_comes() -> None:
    def answers(request: bytes) -> bytes | None:
        return http_answer(FORM, 200, "text/html") if request.startswith(b"GET") else None

    with loopback(answers) as server, client_of(server.origin) as client:
        said = sign_in(client, "ada", Secret(PASSWORD))
        assert isinstance(said, NotByForm)
        assert len(server.requests) == 2


def test_a_sleeping_instance_is_named() -> None:
    page = http_answer(b"<html>Instance Hibernating page", 200, "text/html")
    with loopback(lambda _: page) as server, client_of(server.origin) as client, pytest.raises(Hibernating):
        sign_in(client, "ada", Secret(PASSWORD))
