"""The instance's own OAuth endpoint: the page, the ways back, and the token address."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests

from tests.simulator.chromium import Chromium
from tests.simulator.running import Browser, Page, running

if TYPE_CHECKING:
    from pathlib import Path

    from exoalias.simulator.serve import Simulator

DESK = "http://localhost:8410/exoalias"
VERIFIER = "verifier-" * 6
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
CREDENTIALS = {"grant_type": "client_credentials"}
DENIED = {"error": "server_error", "error_description": "access_denied"}


def address(simulator: Simulator, **changes: str | None) -> str:
    """The authorize address of the public client; None leaves a parameter out."""
    given: dict[str, str | None] = {
        "response_type": "code",
        "client_id": simulator.cast.keys.public.client_id,
        "redirect_uri": DESK,
        "state": "xyz",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    given |= changes
    told = {name: value for name, value in given.items() if value is not None}
    return f"{simulator.instance.origin}/oauth_auth.do?{urlencode(told)}"


def answer_in(page: Page) -> dict[str, str]:
    """What the redirect carries back."""
    return dict(parse_qsl(urlsplit(page.url).query))


def asked(simulator: Simulator, browser: Browser, **changes: str | None) -> Page:
    """Signed in, at the page with Allow and Deny or wherever it leads."""
    wanted = address(simulator, **changes)
    page = browser.open(wanted, until="http://localhost")
    if "user_password" in page.fields:
        page = browser.log_in(simulator, page, until="http://localhost")
    return page


def decided(simulator: Simulator, browser: Browser, consent: str = "allow", **changes: str | None) -> dict[str, str]:
    """The answer after the person pressed a button."""
    page = asked(simulator, browser, **changes)
    assert page.buttons == {"allow", "deny"}
    return answer_in(browser.submit(page, consent=consent, until="http://localhost"))


def token(simulator: Simulator, form: dict[str, str], *, basic: bool = False) -> tuple[int, dict[str, Any]]:
    """POST to the token address; with *basic* the confidential client says who it is in a header."""
    client = simulator.cast.keys.confidential
    with requests.Session() as http:
        http.trust_env = False
        answer = http.post(
            f"{simulator.instance.origin}/oauth_token.do",
            data=form,
            auth=(client.client_id, client.secret) if basic else None,
            timeout=10,
        )
        return answer.status_code, answer.json()


def redeem(simulator: Simulator, code: str, **changes: str) -> tuple[int, dict[str, Any]]:
    """Exchange a code as the public client."""
    told = {"client_id": simulator.cast.keys.public.client_id, "redirect_uri": DESK, "code_verifier": VERIFIER} | changes
    return token(simulator, {"grant_type": "authorization_code", "code": code} | told)


def bearer(simulator: Simulator, access_token: object) -> int:
    """The status of a REST request with that token."""
    with requests.Session() as http:
        http.trust_env = False
        headers = {"Authorization": f"Bearer {access_token}"}
        return http.get(f"{simulator.instance.origin}/api/now/table/sys_scope", headers=headers, timeout=10).status_code


def test_the_whole_way_ends_with_a_token_that_lets_in() -> None:
    with running() as simulator, Browser() as browser:
        back = decided(simulator, browser)
        assert back["state"] == "xyz"
        status, tokens = redeem(simulator, back["code"])
        assert (status, tokens["token_type"], tokens["expires_in"]) == (200, "Bearer", 1799)
        assert bearer(simulator, tokens["access_token"]) == 200
        client = simulator.cast.keys.public.client_id
        status, again = token(
            simulator, {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": client}
        )
        assert (status, bearer(simulator, again["access_token"])) == (200, 200)
        assert redeem(simulator, back["code"])[0] in {400, 401}  # a code is good once
        signed = [row for row in simulator.record.as_dict()["sign_ins"] if row["how"] == "oauth"]
        assert [row["client_id"] for row in signed] == [client]
        assert back["code"] not in str(simulator.record.as_dict())


def test_any_port_of_this_machine_is_the_public_clients() -> None:
    with running() as simulator, Browser() as browser:
        other = "http://localhost:51234/callback?x=1"
        back = decided(simulator, browser, redirect_uri=other)
        assert redeem(simulator, back["code"], redirect_uri=other)[0] == 200


def test_a_refusal_comes_back_with_the_state() -> None:
    with running() as simulator, Browser() as browser:
        assert decided(simulator, browser, "deny") == {"error": "access_denied", "state": "xyz"}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"client_id": "nobody"}, "Invalid client_id"),
        ({"redirect_uri": "https://elsewhere.example/"}, "Invalid redirect_uri"),
        ({"redirect_uri": "http://localhost.elsewhere.example/"}, "Invalid redirect_uri"),
        ({"state": None}, "Missing State parameter in request."),
    ],
)
def test_nobody_is_sent_where_nobody_registered(changes: dict[str, str | None], says: str) -> None:
    with running() as simulator, Browser() as browser:
        assert says in asked(simulator, browser, **changes).text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_what_cannot_be_done_is_told_at_the_clients_address(changes: dict[str, str | None], error: str) -> None:
    with running() as simulator, Browser() as browser:
        assert answer_in(asked(simulator, browser, **changes))["error"] == error


def test_a_page_is_good_for_one_decision() -> None:
    with running() as simulator, Browser() as browser:
        page = asked(simulator, browser)
        browser.submit(page, consent="allow", until="http://localhost")
        assert "no longer valid" in browser.submit(page, consent="allow", until="http://localhost").text


@pytest.mark.parametrize(("seed", "answer"), [(6, (401, DENIED)), (5, (400, {"error": "invalid_grant"}))])
def test_a_wrong_grant_is_refused_as_releases_do(seed: int, answer: tuple[int, dict[str, str]]) -> None:
    with running(seed=seed) as simulator:
        assert redeem(simulator, "nonsense") == answer
        client = simulator.cast.keys.public.client_id
        assert token(simulator, {"grant_type": "refresh_token", "refresh_token": "nonsense", "client_id": client}) == answer


def test_client_credentials_are_for_the_client_with_a_secret() -> None:
    with running() as simulator:
        keys = simulator.cast.keys
        named = {"client_id": keys.confidential.client_id, "client_secret": keys.confidential.secret}
        status, tokens = token(simulator, CREDENTIALS | named)
        assert (status, "refresh_token" in tokens, bearer(simulator, tokens["access_token"])) == (200, False, 200)
        assert token(simulator, CREDENTIALS, basic=True)[0] == 200
        wrong = token(simulator, CREDENTIALS | named | {"client_secret": "wrong"})
        assert (wrong[0], wrong[1]["error"]) == (401, "invalid_client")
        assert token(simulator, CREDENTIALS | {"client_id": keys.public.client_id}) == (401, DENIED)


def test_a_password_is_no_grant() -> None:
    with running() as simulator:
        keys, admin = simulator.cast.keys, simulator.cast.admin
        named = {"client_id": keys.confidential.client_id, "client_secret": keys.confidential.secret}
        person = {"username": admin.user_name, "password": admin.password}
        assert token(simulator, {"grant_type": "password"} | named | person) == (401, DENIED)


def test_json_is_not_what_the_token_address_reads() -> None:
    with running() as simulator, requests.Session() as http:
        answer = http.post(f"{simulator.instance.origin}/oauth_token.do", json={"grant_type": "client_credentials"}, timeout=10)
        assert (answer.status_code, answer.json()) == (401, DENIED)


def test_closed_ways_give_nothing() -> None:
    with running(faults={"closed": ("oauth", "client-credentials")}) as simulator, Browser() as browser:
        assert "Invalid client_id" in asked(simulator, browser).text
        keys = simulator.cast.keys
        named = {"client_id": keys.confidential.client_id, "client_secret": keys.confidential.secret}
        assert token(simulator, CREDENTIALS | named) == (401, DENIED)


def test_tokens_that_live_shortly_and_clients_without_refresh() -> None:
    with running(faults={"access_token_s": 0.2, "no_refresh_token": True}) as simulator, Browser() as browser:
        status, tokens = redeem(simulator, decided(simulator, browser)["code"])
        assert (status, "refresh_token" in tokens) == (200, False)
        for _ in range(100):
            if bearer(simulator, tokens["access_token"]) == 401:
                return
            time.sleep(0.02)
        raise AssertionError("the token outlives itself")


@pytest.mark.browser
@pytest.mark.parametrize(("consent", "expected"), [("allow", "code="), ("deny", "error=access_denied")])
def test_in_a_browser_the_person_signs_in_and_answers_by_themselves(tmp_path: Path, consent: str, expected: str) -> None:
    with running(consent=consent, faults={"instance_mfa": True}) as simulator:
        chromium = Chromium(tmp_path / "profile")
        try:
            window = chromium.open(address(simulator), chromium.context())
            assert f"?{expected}" in chromium.wait_for(window, DESK)
        finally:
            chromium.close()
