"""Every way in to REST: what opens it, what does not, and how sessions end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
import requests

from exoalias.simulator.one_time_codes import code_at
from exoalias.simulator.scenario import Faults, scenario
from exoalias.simulator.serve import Simulator
from exoalias.simulator.wire import Tls
from tests.simulator.certificates import make_authority, make_certificate, make_client_certificate
from tests.simulator.running import Browser, running

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "/api/now/table/oauth_2_0_credentials"
REFUSED = {"error": {"message": "User Not Authenticated", "detail": "Required to provide Auth information"}, "status": "failure"}


def ask(simulator: Simulator, **options: Any) -> requests.Response:  # noqa: ANN401 - what requests takes
    """One request without a memory of earlier ones."""
    with requests.Session() as http:
        http.trust_env = False
        return http.get(f"{simulator.instance.origin}{TABLE}?sysparm_limit=1", timeout=10, allow_redirects=False, **options)


def signed_in(simulator: Simulator, browser: Browser) -> str:
    """Sign in by the login page; gives the user token from the page."""
    page = browser.log_in(simulator, browser.open(f"{simulator.instance.origin}/navpage.do?nonce=1"))
    assert page.url.endswith("/navpage.do?nonce=1")
    return page.text.partition('window.g_ck = "')[2].partition('"')[0]


def ways(simulator: Simulator) -> list[str]:
    """By which ways REST requests were let in, in order."""
    return [str(row["note"]) for row in simulator.record.as_dict()["requests"] if row["note"]]


# -- keys --


def test_the_api_key_is_a_way_in_of_its_own() -> None:
    with running() as simulator:
        key = simulator.cast.keys.api_key
        assert ask(simulator, headers={"x-sn-apikey": key}).status_code == 200
        refused = ask(simulator, headers={"x-sn-apikey": key[:-1]})
        assert (refused.status_code, refused.json()) == (401, REFUSED)
        assert ways(simulator) == ["api-key"]


def test_a_bearer_token_is_a_way_in_of_its_own() -> None:
    with running() as simulator:
        given = simulator.instance.grants.tokens("client", "oauth", refreshable=False)
        assert ask(simulator, headers={"Authorization": f"Bearer {given['access_token']}"}).status_code == 200
        assert ask(simulator, headers={"Authorization": "Bearer nonsense"}).json() == REFUSED
        assert ask(simulator, headers={"Authorization": "Digest nonsense"}).status_code == 401
        assert ways(simulator) == ["oauth"]


def test_a_wrong_password_is_not_helped_by_a_good_session() -> None:
    with running() as simulator, Browser() as browser:
        signed_in(simulator, browser)
        wrong = browser.http.get(simulator.instance.origin + TABLE, auth=(simulator.cast.admin.user_name, "wrong"), timeout=10)
        assert wrong.json() == REFUSED


@pytest.mark.parametrize("closed", ["password", "api-key", "oauth", "browser"])
def test_each_way_can_be_closed_alone(closed: str) -> None:
    with running(faults={"closed": (closed,)}) as simulator, Browser() as browser:
        token = simulator.instance.grants.tokens("client", "oauth", refreshable=False)["access_token"]
        admin = simulator.cast.admin
        signed_in(simulator, browser)
        answers = {
            "password": ask(simulator, auth=(admin.user_name, admin.password)),
            "api-key": ask(simulator, headers={"x-sn-apikey": simulator.cast.keys.api_key}),
            "oauth": ask(simulator, headers={"Authorization": f"Bearer {token}"}),
            "browser": browser.http.get(simulator.instance.origin + TABLE, timeout=10),
        }
        assert [way for way, answer in answers.items() if answer.status_code != 200] == [closed]


def test_a_client_certificate_is_a_way_in_of_its_own(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    server, client = make_certificate(tmp_path, authority), make_client_certificate(tmp_path, authority)
    tls = Tls(str(server.cert), str(server.key), str(authority.cert))
    for faults, status in ((Faults(basic_auth_gate=True), 200), (Faults(closed=("certificate",)), 401)):
        simulator = Simulator(scenario("happy", faults=faults), 5, tls=tls)
        simulator.start()
        try:
            assert simulator.announcement()["instance"] == simulator.instance.origin
            assert ask(simulator, verify=str(authority.cert)).status_code == 401
            assert ask(simulator, verify=str(authority.cert), cert=str(client.both)).status_code == status
        finally:
            simulator.stop()


# -- password and code --


def test_the_code_follows_the_password_and_is_good_for_one_sign_in() -> None:
    with running(faults={"wants_code": True}) as simulator:
        admin, seed = simulator.cast.admin, simulator.cast.keys.code_seed
        auth = (admin.user_name, admin.password + code_at(seed, time.time()))
        assert ask(simulator, auth=(admin.user_name, admin.password)).json() == REFUSED
        assert ask(simulator, auth=(admin.user_name, admin.password + "000000")).json() == REFUSED
        with requests.Session() as http:
            http.trust_env = False
            assert http.get(simulator.instance.origin + TABLE, auth=auth, timeout=10).status_code == 200
            # The same words again are taken only with the session they opened …
            assert ask(simulator, auth=auth).json() == REFUSED
            address = f"{simulator.instance.origin}{TABLE}/{simulator.cast.sys_id('MS Graph 1')}"
            assert http.patch(address, auth=auth, json={"order": "200"}, timeout=10).status_code == 200
            # … and that session opens no page.
            page = http.get(f"{simulator.instance.origin}/navpage.do", timeout=10)
            assert page.url.endswith("/login.do")


# -- session --


def test_a_session_reads_and_writes_with_its_user_token_only() -> None:
    with running() as simulator, Browser() as browser:
        token = signed_in(simulator, browser)
        origin, admin = simulator.instance.origin, simulator.cast.admin
        who = browser.http.get(f"{origin}/api/now/ui/user/current_user", timeout=10).json()["result"]
        assert (who["user_name"], who["user_sys_id"]) == (admin.user_name, admin.sys_id)
        address = f"{origin}{TABLE}/{simulator.cast.sys_id('MS Graph 1')}"
        for headers, status in (({}, 401), ({"X-UserToken": "wrong"}, 401), ({"X-UserToken": token}, 200)):
            assert browser.http.patch(address, json={"order": "200"}, headers=headers, timeout=10).status_code == status
        assert ways(simulator) == ["session", "session"]


def test_a_user_token_that_changes_is_told_and_the_old_one_refused() -> None:
    with running(faults={"ck_rotates_every": 2}) as simulator, Browser() as browser:
        old = signed_in(simulator, browser)
        address = f"{simulator.instance.origin}{TABLE}/{simulator.cast.sys_id('MS Graph 1')}"
        first, second = (browser.http.get(address, timeout=10) for _ in range(2))
        assert "X-UserToken-Response" not in first.headers
        new = second.headers["X-UserToken-Response"]
        assert browser.http.patch(address, json={"order": "9"}, headers={"X-UserToken": old}, timeout=10).status_code == 401
        assert browser.http.patch(address, json={"order": "9"}, headers={"X-UserToken": new}, timeout=10).status_code == 200


def test_a_refused_user_token_is_told_the_right_one_while_the_session_lives() -> None:
    with running() as simulator, Browser() as browser:
        token = signed_in(simulator, browser)
        address = f"{simulator.instance.origin}{TABLE}/{simulator.cast.sys_id('MS Graph 1')}"
        refused = browser.http.patch(address, json={"order": "9"}, timeout=10)
        assert (refused.headers["X-UserToken-Response"], refused.headers["X-Is-Logged-In"]) == (token, "true")
        simulator.instance.sessions.drop_all()
        dead = browser.http.patch(address, json={"order": "9"}, headers={"X-UserToken": token}, timeout=10)
        assert (dead.status_code, dead.headers["X-Is-Logged-In"]) == (401, "false")
        told = dead.headers["X-UserToken-Response"]
        assert browser.http.patch(address, json={"order": "9"}, headers={"X-UserToken": told}, timeout=10).status_code == 401


def answer_of_the_dead(answer: requests.Response) -> str:
    """How a dead session showed itself."""
    if answer.status_code == 302:
        return answer.headers["Location"]
    if answer.headers["Content-Type"].startswith("text/html"):
        assert "sysverb_login" in answer.text
        return f"{answer.status_code} html"
    assert answer.json() == REFUSED
    return f"{answer.status_code} json"


@pytest.mark.parametrize(
    ("how", "seen"), [("302", "/login.do"), ("302-logout", "/logout_success.do"), ("html", "200 html"), ("401", "401 json")]
)
def test_a_session_dies_once_in_each_of_the_known_ways(how: str, seen: str) -> None:
    with running(faults={"session_dies_after": 2, "session_dies_as": how}) as simulator, Browser() as browser:

        def call() -> requests.Response:
            return browser.http.get(simulator.instance.origin + TABLE, timeout=10, allow_redirects=False)

        signed_in(simulator, browser)
        assert [call().status_code for _ in range(2)] == [200, 200]
        assert [answer_of_the_dead(call()) for _ in range(2)] == [seen, seen]
        signed_in(simulator, browser)
        assert [call().status_code for _ in range(5)] == [200] * 5


def test_without_any_cookie_nobody_is_sent_to_a_page() -> None:
    with running(faults={"session_dies_after": 1, "session_dies_as": "302"}) as simulator:
        assert ask(simulator).json() == REFUSED
