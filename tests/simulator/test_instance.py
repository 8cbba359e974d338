"""The simulated instance as a whole: its pages, what it records, and that it shuts."""

from __future__ import annotations

import pytest

from tests.simulator.running import Browser, Rest, get_token, running


def test_home_leads_to_the_forms_and_these_to_the_related_link() -> None:
    with running(instance_sign_in="nothing") as simulator, Browser() as browser:
        home = browser.log_in(simulator, browser.open(simulator.instance.origin + "/navpage.do"))
        sys_id = simulator.cast.sys_id("MS Graph 1")
        assert f"/oauth_2_0_credentials.do?sys_id={sys_id}" in home.text
        form = browser.open(f"{simulator.instance.origin}/oauth_2_0_credentials.do?sys_id={sys_id}")
        assert simulator.cast.profile_name in form.text
        assert "tokens are not available" in form.text
        assert f"oauth_requestor={sys_id}&oauth_provider_profile={simulator.cast.sys_id('profile')}" in form.text
        get_token(simulator, browser)
        assert "Refresh token is available and will expire at" in browser.open(form.url).text


def test_an_expired_refresh_token_is_said_to_be_so() -> None:
    with running("old-token", instance_sign_in="nothing") as simulator, Browser() as browser:
        for row in simulator.instance.store.rows("oauth_credential"):
            row["expires"] = "2020-01-01 00:00:00"
        browser.log_in(simulator, browser.open(simulator.instance.origin + "/login.do"))
        form = browser.open(f"{simulator.instance.origin}/oauth_2_0_credentials.do?sys_id={simulator.cast.sys_id('MS Graph 1')}")
        assert "OAuth Refresh token is expired" in form.text


@pytest.mark.parametrize(("path", "status"), [("/favicon.ico", 404), ("/nothing.do", 200), ("/nothing", 404)])
def test_pages_that_are_not_there(path: str, status: int) -> None:
    with running() as simulator, Browser() as browser:
        assert browser.open(simulator.instance.origin + path).status == status  # /nothing.do asks for a sign-in first
        browser.log_in(simulator, browser.open(simulator.instance.origin + "/login.do"))
        assert browser.open(simulator.instance.origin + path).status == 404
        missing = browser.open(simulator.instance.origin + "/oauth_2_0_credentials.do?sys_id=0")
        assert "Record not found" in missing.text


def test_every_request_is_recorded_without_its_secrets() -> None:
    with running() as simulator, Browser() as browser, Rest(simulator) as rest:
        rest.rows("sys_scope", fields="name")
        get_token(simulator, browser)
        rows = [row for row in simulator.record.as_dict()["requests"] if row["side"] == "instance"]
        paths = [str(row["path"]) for row in rows]
        assert (rows[0]["method"], paths[0], rows[0]["status"]) == ("GET", "/api/now/table/sys_scope?sysparm_fields=name", 200)
        assert next(path for path in paths if path.startswith("/oauth_redirect.do")).startswith(
            "/oauth_redirect.do?code=…&state=…"
        )
        assert simulator.cast.admin.password not in str(simulator.record.as_dict())
