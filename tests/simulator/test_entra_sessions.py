"""Cookies, and the people behind them."""

from __future__ import annotations

from exoalias.simulator.entra_sessions import Sessions, Visit
from exoalias.simulator.scenario import draw

PEOPLE = draw(3).people


def _jar(visit: Visit) -> dict[str, str]:
    pairs = (cookie.partition(";")[0].partition("=") for cookie in visit.set_cookies)
    return {name: value for name, _, value in pairs if value}


def test_a_new_browser_gets_a_name_but_no_session() -> None:
    visit = Sessions().visit({})
    assert (visit.session, visit.known_browser, visit.brought_session_cookie) == (None, False, False)
    assert list(_jar(visit)) == ["fpc"]


def test_one_session_holds_several_people() -> None:
    sessions = Sessions()
    visit = sessions.visit({})
    for key in ("admin", "delegated"):
        sessions.sign_in(visit, PEOPLE[key], 1.0)
    again = sessions.visit(_jar(visit))
    assert [account.person.key for account in again.signed_in()] == ["admin", "delegated"]
    assert again.brought_session_cookie
    assert again.browser == visit.browser
    assert again.set_cookies == []


def test_session_cookies_are_out_of_reach_of_scripts() -> None:
    sessions = Sessions()
    visit = sessions.visit({})
    sessions.sign_in(visit, PEOPLE["admin"], 1.0)
    sessions.stay(visit)
    secret = [cookie for cookie in visit.set_cookies if cookie.startswith(("ESTSAUTH=", "ESTSAUTHPERSISTENT="))]
    assert len(secret) == 2
    assert all("; HttpOnly" in cookie for cookie in secret)
    assert ["Max-Age" in cookie for cookie in secret] == [False, True]


def test_an_invented_cookie_opens_nothing_but_is_seen() -> None:
    visit = Sessions().visit({"ESTSAUTH": "invented"})
    assert (visit.session, visit.brought_session_cookie) == (None, True)


def test_signing_out_keeps_people_in_mind() -> None:
    sessions = Sessions()
    visit = sessions.visit({})
    sessions.sign_in(visit, PEOPLE["admin"], 1.0)
    sessions.sign_out(visit)
    assert visit.signed_in() == []
    assert [account.person.key for account in visit.accounts()] == ["admin"]


def test_staying_without_a_session_is_nothing() -> None:
    sessions = Sessions()
    visit = sessions.visit({"fpc": "x"})
    sessions.stay(visit)
    assert visit.set_cookies == []
