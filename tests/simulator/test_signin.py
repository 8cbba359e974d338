"""Signing in to the simulated instance with a browser."""

from __future__ import annotations

import base64
import time

import pytest

from exoalias.simulator.one_time_codes import code_at
from tests.simulator.running import Browser, initiator, running

HOME = "/navpage.do"


def test_asked_to_log_in_and_back_to_where_one_was_going() -> None:
    with running(instance_sign_in="local") as simulator, Browser() as browser:
        origin, sys_id = simulator.instance.origin, simulator.cast.sys_id("MS Graph 1")
        deep = f"{origin}/oauth_2_0_credentials.do?sys_id={sys_id}"
        page = browser.open(deep)
        assert page.url == origin + "/login.do"
        page = browser.log_in(simulator, page)
        assert page.url == deep
        assert "MS Graph 1" in page.text
        assert browser.open(origin + "/").url == origin + HOME
        assert simulator.record.as_dict()["sign_ins"][0]["how"] == "password"


def test_the_deep_link_can_be_lost() -> None:
    with running("deep-link-lost") as simulator, Browser() as browser:
        page = browser.log_in(simulator, browser.open(initiator(simulator)))
        assert page.url == simulator.instance.origin + HOME


@pytest.mark.parametrize("door", ["/login.do", "/side_door.do"])
@pytest.mark.parametrize("way", ["local", "saml", "oidc"])
def test_the_local_doors_are_always_open(way: str, door: str) -> None:
    with running(instance_sign_in=way) as simulator, Browser() as browser:
        page = browser.log_in(simulator, browser.open(simulator.instance.origin + door))
        assert page.url == simulator.instance.origin + HOME


@pytest.mark.parametrize(("user", "password"), [("", ""), ("admin", "x"), (None, "x"), ("x", None)])
def test_wrong_credentials(user: str | None, password: str | None) -> None:
    with running() as simulator, Browser() as browser:
        admin = simulator.cast.admin
        page = browser.open(simulator.instance.origin + "/login.do")
        page = browser.submit(
            page, user_name=user or admin.user_name, user_password=admin.password if password is None else password
        )
        assert "User name or password invalid" in page.text
        assert "user_password" in browser.open(simulator.instance.origin + HOME).fields


def test_a_form_of_another_session_is_refused() -> None:
    with running() as simulator, Browser() as browser, Browser() as other:
        admin, login = simulator.cast.admin, simulator.instance.origin + "/login.do"
        foreign = other.open(login).fields["sysparm_ck"]
        page = browser.open(login)
        page = browser.submit(page, user_name=admin.user_name, user_password=admin.password, sysparm_ck=foreign)
        assert "Your session has expired" in page.text


def test_signing_in_changes_the_session_and_signing_out_ends_it() -> None:
    with running() as simulator, Browser() as browser:
        page = browser.open(simulator.instance.origin + "/login.do")
        before = browser.http.cookies["JSESSIONID"]
        browser.log_in(simulator, page)
        assert browser.http.cookies["JSESSIONID"] != before
        browser.open(simulator.instance.origin + "/logout.do")
        assert "user_password" in browser.open(simulator.instance.origin + HOME).fields


@pytest.mark.parametrize(("way", "plays"), [("local", True), ("nothing", False), ("saml", False)])
def test_the_simulated_person_plays_in_local_scenarios_only(way: str, plays: bool) -> None:
    with running(instance_sign_in=way) as simulator, Browser() as browser:
        page = browser.open(simulator.instance.origin + "/login.do")
        assert (simulator.cast.admin.password in page.text) is plays


@pytest.mark.parametrize(("name", "how"), [("admin-sso-saml", "saml"), ("admin-sso-oidc", "oidc")])
def test_single_sign_on_and_back_to_where_one_was_going(name: str, how: str) -> None:
    with running(name) as simulator, Browser() as browser:
        deep = f"{simulator.instance.origin}/oauth_2_0_credentials.do?sys_id={simulator.cast.sys_id('MS Graph 2')}"
        page = browser.open(deep)
        assert page.url.startswith(simulator.microsoft.origin)
        page = browser.at_microsoft(simulator, page, simulator.cast.people["admin"])
        assert page.url == deep
        ins = [row for row in simulator.record.as_dict()["sign_ins"] if row["side"] == "instance"]
        assert [(row["who"], row["how"]) for row in ins] == [(simulator.cast.admin.user_name, how)]
        assert simulator.record.as_dict()["codes_delivered"] == []


@pytest.mark.parametrize("name", ["admin-sso-saml", "admin-sso-oidc"])
def test_a_microsoft_user_without_an_account_stays_outside(name: str) -> None:
    with running(name) as simulator, Browser() as browser:
        page = browser.open(simulator.instance.origin + HOME)
        page = browser.at_microsoft(simulator, page, simulator.cast.people["colleague"])
        assert "not found. Ensure that the user is present" in page.text
        assert "Welcome" not in browser.open(simulator.instance.origin + HOME).text


def test_a_forged_assertion_is_refused() -> None:
    with running("admin-sso-saml") as simulator, Browser() as browser:
        upn = simulator.cast.people["admin"].upn
        relay = browser.open(simulator.instance.origin + HOME).url.split("RelayState=")[1].split("&")[0]
        forged = f'<Assertion ID="_1"><NameID>{upn}</NameID></Assertion>'
        for text in (base64.b64encode(forged.encode()).decode(), "!!!", ""):
            page = browser.open(simulator.instance.origin + "/saml_acs.do", {"SAMLResponse": text, "RelayState": relay})
            assert "Welcome" not in page.text


@pytest.mark.parametrize("query", ["", "?code=x&state=y", "?error=access_denied&state=y"])
def test_an_openid_answer_nobody_asked_for_is_refused(query: str) -> None:
    with running("admin-sso-oidc") as simulator, Browser() as browser:
        page = browser.open(simulator.instance.origin + "/auth_redirect.do" + query)
        assert "did not sign you in" in page.text


def test_the_second_factor_stands_between_the_password_and_the_page() -> None:
    with running(faults={"instance_mfa": True}) as simulator, Browser() as browser:
        origin, seed = simulator.instance.origin, simulator.cast.keys.code_seed
        page = browser.log_in(simulator, browser.open(f"{origin}/navpage.do?nonce=1"))
        assert page.url == f"{origin}/validate_multifactor_auth_code.do"
        assert "user_password" in browser.open(f"{origin}/navpage.do?nonce=2").fields  # half signed in is not signed in
        page = browser.submit(browser.open(f"{origin}/validate_multifactor_auth_code.do"), txtResponse="000000")
        assert "Invalid verification code" in page.text
        page = browser.submit(page, txtResponse=code_at(seed, time.time()))
        assert page.url == f"{origin}/navpage.do?nonce=2"
        assert [row["how"] for row in simulator.record.as_dict()["sign_ins"]] == ["password and code"]


def test_nobody_is_asked_for_a_code_out_of_the_blue() -> None:
    with running(faults={"instance_mfa": True}) as simulator, Browser() as browser:
        page = browser.open(f"{simulator.instance.origin}/validate_multifactor_auth_code.do")
        assert page.url.endswith("/login.do")


def test_where_a_real_person_signs_in_the_page_does_not_know_the_code() -> None:
    with running("by-hand", faults={"instance_mfa": True}) as simulator, Browser() as browser:
        page = browser.log_in(simulator, browser.open(f"{simulator.instance.origin}/navpage.do"))
        assert page.url.endswith("/validate_multifactor_auth_code.do")
        assert "<script>" not in page.text


def test_where_single_sign_on_is_all_there_is_the_own_login_refuses_the_right_password() -> None:
    with running("sso-only") as simulator, Browser() as browser:
        page = browser.log_in(simulator, browser.open(f"{simulator.instance.origin}/login.do"))
        assert "User name or password invalid" in page.text
