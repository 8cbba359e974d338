"""The session of a person: taken over where somebody is signed in, carried in every request, its death noticed by each sign."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.entering.persons_session import PersonsSession
from exoalias.adapters.keeping.secret import Secret
from exoalias.adapters.network.http import Http
from exoalias.domain.problems import AnotherUser, Hibernating, NotSignedIn, OutcomeUnknown, SessionEnded, TokenNotFound
from tests.adapters.loopback import Loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

CK = "c0ffee" * 12
COOKIES = Secret("JSESSIONID=ALIVE; glide_user_route=glide.abc; BIGipServerpool_acme=1.2.0")
ROWS = "/api/now/table/sys_user"
JSON = "application/json;charset=UTF-8"


def said(status: int, body: str | bytes = "", kind: str = "text/html", **headers: str) -> bytes:
    """One answer, in bytes."""
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}", f"Content-Length: {len(raw)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + raw


@dataclass
class Far:
    """An instance with one living session; what it does with others is each test's choice."""

    alive: str = "ALIVE"
    token: str = CK
    page: str = "/navpage.do"
    who: bytes = field(default=b"")
    dead: bytes = field(default_factory=lambda: said(302, Location="/login.do"))
    rotate_to: str = ""
    nameless: bool = False  # it doesn't say who anybody is
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def __call__(self, request: bytes) -> bytes:
        head, _, _ = request.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        method, path, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        self.asked.append((method, path, headers))
        found = re.search(r"JSESSIONID=(\w+)", headers.get("cookie", ""))
        if found is None or found[1] != self.alive:
            return self.dead
        if not path.startswith("/api/"):
            return said(200, f"<script>window.g_ck = '{self.token}';</script>") if path == self.page else said(404, "no")
        if method != "GET" and headers.get("x-usertoken") != self.token:
            return said(401, "{}", JSON)
        if path.endswith("current_user") and self.who:
            return self.who
        if path.endswith("current_user"):
            return said(200, json.dumps({"result": {"user_name": "ada"}}), JSON)
        if self.nameless:
            return said(200, json.dumps({"result": []}), JSON)
        more = {"X_UserToken_Response": self.rotate_to} if self.rotate_to else {}
        return said(200, json.dumps({"result": [{"user_name": "ada"}]}), JSON, **more)

    @property
    def sent(self) -> list[str]:
        """What was asked of the API beside who is there."""
        return [f"{method} {path}" for method, path, _ in self.asked if path == ROWS]


@contextmanager
def session_on(far: Far, *cookies: Secret) -> Iterator[tuple[PersonsSession, list[int]]]:
    """A session on that instance; each renewal admits the next of *cookies*, and is counted."""
    server, http, renewed = Loopback(far), None, [0]

    def renew(session: PersonsSession) -> None:
        renewed[0] += 1
        if renewed[0] > len(cookies):
            raise NotSignedIn(instance="acme", why="nobody came.")
        if not session.admit(cookies[renewed[0] - 1]):
            raise NotSignedIn(instance="acme", why="the session is not signed in.")

    try:
        http = Http(simulated=frozenset({server.origin}))
        yield PersonsSession(http.client(server.origin), renew), renewed
    finally:
        if http is not None:
            http.close()
        server.stop()


def test_the_first_request_brings_the_person_and_goes_out_in_their_session() -> None:
    far = Far()
    with session_on(far, COOKIES) as (session, renewed):
        assert (session.user, session.times) == ("", 0)
        answer = session.send("GET", ROWS)
        assert answer.status == 200
        assert (session.user, session.times, renewed) == ("ada", 1, [1])
        session.send("POST", ROWS, body={"x": 1}, repeatable=True)
        assert renewed == [1]
    headers = far.asked[-1][2]
    assert headers["x-usertoken"] == CK
    assert "JSESSIONID=ALIVE" in headers["cookie"]
    assert "BIGipServerpool_acme=1.2.0" in headers["cookie"]
    assert "authorization" not in headers


def test_a_session_nobody_is_signed_in_to_is_not_admitted() -> None:
    for dead in (said(302, Location="/login.do"), said(401, "{}", JSON), said(200, "<html>Log in</html>")):
        with session_on(Far(dead=dead)) as (session, _):
            assert not session.admit(Secret("JSESSIONID=GUEST"))
            assert not session.admit(Secret(""))
            assert session.times == 0


def test_the_token_is_looked_for_on_several_pages_and_behind_redirects() -> None:
    with session_on(Far(page="/home.do")) as (session, _):
        assert session.admit(COOKIES)


def test_a_page_elsewhere_is_not_followed() -> None:
    far = Far()
    elsewhere = said(302, Location="http://localhost:1/navpage.do")

    def answers(request: bytes) -> bytes:
        return elsewhere if b" /api/" not in request.split(b"\r\n")[0] else far(request)

    server = Loopback(answers)
    http = Http(simulated=frozenset({server.origin}))
    try:
        with pytest.raises(TokenNotFound):
            PersonsSession(http.client(server.origin), lambda _session: None).admit(COOKIES)
    finally:
        http.close()
        server.stop()


def test_a_release_that_does_not_say_who_is_asked_otherwise() -> None:
    with session_on(Far(who=said(404, "{}", JSON))) as (session, _):
        assert session.admit(COOKIES)
        assert session.user == "ada"


def test_several_users_are_nobody() -> None:
    """A filter the instance drops answers with anybody: no name is taken from that."""
    both = said(200, json.dumps({"result": [{"user_name": "ada"}, {"user_name": "eve"}]}), JSON)
    far = Far(who=both)

    def answers(request: bytes) -> bytes:
        return both if b"getUserName" in request else far(request)

    server = Loopback(answers)
    http = Http(simulated=frozenset({server.origin}))
    try:
        session = PersonsSession(http.client(server.origin), lambda _session: None)
        assert session.admit(COOKIES)
        assert session.user == ""
    finally:
        http.close()
        server.stop()


def test_a_sleeping_instance_is_named() -> None:
    with (
        session_on(Far(alive="NOBODY", dead=said(200, "<html>Instance Hibernating page</html>"))) as (session, _),
        pytest.raises(Hibernating),
    ):
        session.admit(COOKIES)


DEATHS = {
    "a redirect to the login": said(302, Location="/login.do"),
    "a redirect to the goodbye": said(302, Location="https://acme.service-now.com/logout_success.do?x=1"),
    "a page instead of data": said(200, "<html><form action=login.do></form></html>"),
    "the login form": said(200, "<html><form action=login.do><input name=sys_action value=sysverb_login></form></html>"),
    "a 401": said(401, '{"error":{"message":"User Not Authenticated"}}', JSON),
}


@pytest.mark.parametrize("death", DEATHS)
def test_a_dead_session_is_renewed_once_and_the_request_repeated(death: str) -> None:
    far = Far(dead=DEATHS[death])
    with session_on(far, COOKIES, Secret("JSESSIONID=NEW")) as (session, renewed):
        session.send("GET", ROWS)
        far.alive = "NEW"
        assert session.send("GET", ROWS).status == 200
        assert (renewed, session.times) == ([2], 2)
        assert session.send("GET", ROWS).status == 200
        assert renewed == [2]


@pytest.mark.parametrize("death", [d for d in DEATHS if d != "a page instead of data"])
def test_a_write_that_was_refused_for_want_of_a_session_is_sent_again(death: str) -> None:
    far = Far(dead=DEATHS[death])
    with session_on(far, COOKIES, Secret("JSESSIONID=NEW")) as (session, _):
        session.send("GET", ROWS)
        far.alive = "NEW"
        assert session.send("PATCH", ROWS, body={"x": 1}).status == 200


def test_a_write_answered_by_a_page_may_have_been_done_and_is_not_sent_again() -> None:
    far = Far(dead=DEATHS["a page instead of data"])
    with session_on(far, COOKIES, Secret("JSESSIONID=NEW")) as (session, renewed):
        session.send("GET", ROWS)
        far.alive = "NEW"
        with pytest.raises(OutcomeUnknown):
            session.send("PATCH", ROWS, body={"x": 1})
        assert far.sent.count(f"PATCH {ROWS}") == 1
        assert renewed == [2], "it can be read what came of it"
        assert session.send("GET", ROWS).status == 200


def test_a_session_that_dies_at_once_again_is_given_up() -> None:
    far = Far()
    with session_on(far, COOKIES, Secret("JSESSIONID=NEW")) as (session, renewed):
        session.send("GET", ROWS)
        far.alive = "NEW"
        ended = far.dead

        def once_more(session: PersonsSession) -> None:
            renewed[0] += 1
            assert session.admit(Secret("JSESSIONID=NEW"))
            far.alive, far.dead = "NOBODY", ended

        session._renew = once_more
        with pytest.raises(SessionEnded):
            session.send("GET", ROWS)
        assert renewed == [2]


def test_a_person_who_declines_ends_the_request() -> None:
    with session_on(Far()) as (session, _), pytest.raises(NotSignedIn):
        session.send("GET", ROWS)


def test_a_new_user_token_is_taken_from_the_answer() -> None:
    far = Far(rotate_to="d00d" * 12)
    with session_on(far, COOKIES) as (session, renewed):
        session.send("GET", ROWS)
        far.token, far.rotate_to = "d00d" * 12, ""
        assert session.send("PATCH", ROWS, body={}).status == 200
        assert renewed == [1]


def test_forgetting_leaves_nothing_behind() -> None:
    far = Far()
    with session_on(far, COOKIES) as (session, _):
        session.send("GET", ROWS)
        session.forget()
        assert session.times == 0
        with pytest.raises(NotSignedIn):
            session.send("GET", ROWS)


def test_neither_cookie_nor_token_shows() -> None:
    with session_on(Far(), COOKIES) as (session, _):
        session.send("GET", ROWS)
        assert "ALIVE" not in f"{session!r}{vars(session)!r}"
        assert CK not in f"{session!r}{vars(session)!r}"


def as_user(name: str) -> bytes:
    return said(200, json.dumps({"result": {"user_name": name}}), JSON)


@pytest.mark.parametrize("name", ["eve", ""])
def test_what_one_person_began_is_not_gone_on_with_as_another(name: str) -> None:
    far = Far(who=as_user("ada"))
    with session_on(far, COOKIES, Secret("JSESSIONID=NEW"), Secret("JSESSIONID=NEW")) as (session, _):
        session.send("GET", ROWS)
        far.alive, far.who = "NEW", as_user(name) if name else said(403, "{}", JSON)
        if not name:
            far.nameless = True
        with pytest.raises(AnotherUser, match="ada was before"):
            session.send("PATCH", ROWS, body={"x": 1})
        assert f"PATCH {ROWS}" in far.sent[:2], "it was sent once, to the dead session"
        assert len([each for each in far.sent if each.startswith("PATCH")]) == 1
        assert session.user == "ada"
        far.who = as_user("ADA")
        assert session.send("PATCH", ROWS, body={"x": 1}).status == 200


def test_a_write_answered_by_a_page_stays_in_doubt_whatever_the_renewal_ends_with() -> None:
    far = Far(dead=DEATHS["a page instead of data"])
    with session_on(far, COOKIES) as (session, _):
        session.send("GET", ROWS)
        far.alive = "NEW"
        with pytest.raises(OutcomeUnknown):
            session.send("PATCH", ROWS, body={"x": 1})
        with pytest.raises(NotSignedIn):
            session.send("GET", ROWS)


def test_a_cookie_that_changes_with_every_answer_is_followed() -> None:
    """Ours is a jar of its own: what the browser holds stays as it is, and one name is never sent twice."""
    count = [0]
    far = Far()

    def answers(request: bytes) -> bytes:
        answer = far(request)
        if b" 200 X" in answer.split(b"\r\n")[0]:
            count[0] += 1
            far.alive = f"TURN{count[0]}"
            answer = answer.replace(b"\r\n", f"\r\nSet-Cookie: JSESSIONID={far.alive}; Path=/; HttpOnly\r\n".encode(), 1)
        return answer

    server = Loopback(answers)
    http = Http(simulated=frozenset({server.origin}))
    try:
        session = PersonsSession(http.client(server.origin), lambda _session: None)
        assert session.admit(COOKIES)
        for _ in range(3):
            assert session.send("GET", ROWS).status == 200
        assert all(headers.get("cookie", "").count("JSESSIONID") <= 1 for _, _, headers in far.asked)
    finally:
        http.close()
        server.stop()
