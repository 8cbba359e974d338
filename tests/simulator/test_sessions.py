"""Sessions of the simulated instance."""

from __future__ import annotations

from exoalias.simulator.sessions import Sessions
from exoalias.simulator.wire import Answer, Request


def test_a_session_is_its_cookie() -> None:
    sessions, answer = Sessions(), Answer(200)
    session = sessions.open(answer)
    cookies = [value for name, value in answer.headers if name == "Set-Cookie"]
    assert all(cookie.endswith("; Path=/; HttpOnly") for cookie in cookies)
    mine = Request("GET", "/", {"cookie": cookies[0].partition(";")[0]})
    assert sessions.of(mine) is session
    assert sessions.of(Request("GET", "/", {"cookie": "JSESSIONID=other"})) is None
    assert sessions.of(Request("GET", "/")) is None
    sessions.close(session)
    assert sessions.of(mine) is None


def test_all_can_be_dropped() -> None:
    sessions, answer = Sessions(), Answer(200)
    session = sessions.open(answer)
    sessions.drop_all()
    assert sessions.of(Request("GET", "/", {"cookie": f"JSESSIONID={session.id}"})) is None
    sessions.close(session)
