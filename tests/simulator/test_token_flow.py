"""Get OAuth Token on the simulated instance, from the initiator to the stored token."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from exoalias.simulator.scenario import Turn
from tests.simulator.running import Browser, Page, get_token, initiator, running

if TYPE_CHECKING:
    from exoalias.simulator.serve import Simulator
    from exoalias.simulator.tables import Row

SUCCESS = "OAuth token flow completed successfully"
FAILURE = "OAuth flow failed. Verify the configurations and try again. Error detail:"


def stored(simulator: Simulator, credential: str = "MS Graph 1") -> dict[str, Row]:
    """The tokens of a credential by type."""
    store = simulator.instance.store
    requestor = store.find("oauth_requestor_profile", requestor_id=simulator.cast.sys_id(credential)) or {"sys_id": "none"}
    return {row["type"]: row for row in store.rows("oauth_credential") if row["oauth_requestor_profile"] == requestor["sys_id"]}


def signed_in(simulator: Simulator, browser: Browser) -> None:
    """Sign in to the instance by its own door."""
    browser.log_in(simulator, browser.open(simulator.instance.origin + "/side_door.do"))


def callback(simulator: Simulator) -> str:
    """The address Microsoft sends people back to."""
    return simulator.instance.origin + "/oauth_redirect.do"


# -- out ----------------------------------------------------------------------------------------------------------------


def test_the_authorize_request_is_the_documented_one() -> None:
    with running() as simulator, Browser() as browser:
        signed_in(simulator, browser)
        address = urlsplit(browser.open(initiator(simulator), until=simulator.microsoft.origin).url)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        assert f"{address.scheme}://{address.netloc}" == simulator.microsoft.origin
        assert address.path == f"/{simulator.cast.tenant.id}/oauth2/v2.0/authorize"
        assert query["client_id"] == simulator.cast.strict.client_id
        assert query["redirect_uri"] == callback(simulator)
        assert query["response_type"] == "code"
        assert {scope.rpartition("/")[2] for scope in query["scope"].split()} == {
            "Calendars.ReadWrite",
            "Calendars.ReadWrite.Shared",
            "offline_access",
        }
        assert {"prompt", "login_hint", "client_info", "nonce"} & set(query) == set()


def test_pkce_is_sent_where_the_registry_wants_it() -> None:
    seen = set()
    for seed in range(8):
        with running(seed=seed) as simulator, Browser() as browser:
            signed_in(simulator, browser)
            registry = simulator.instance.store.get("oauth_entity", simulator.cast.sys_id("registry"))
            assert registry
            query = parse_qs(urlsplit(browser.open(initiator(simulator), until=simulator.microsoft.origin).url).query)
            assert ("code_challenge" in query) is (registry["use_pkce"] == "true")
            seen.add((registry["use_pkce"], registry["send_client_credentials_as"]))
            assert SUCCESS in get_token(simulator, browser).text
    assert len(seen) >= 3


@pytest.mark.parametrize(
    "changes",
    [
        {"oauth_requestor": "0" * 32},
        {"oauth_provider_profile": "0" * 32},
        {"oauth_requestor_context": "other"},
        {"response_type": "token"},
    ],
)
def test_an_initiator_that_makes_no_sense(changes: dict[str, str]) -> None:
    with running() as simulator, Browser() as browser:
        signed_in(simulator, browser)
        page = browser.open(initiator(simulator, **changes))
        assert f"{FAILURE}invalid_request, Missing request parameter" in page.text
        assert simulator.record.as_dict()["authorize"] == []


def test_a_profile_of_another_grant_type_has_no_authorization_page() -> None:
    with running("wrong-grant") as simulator, Browser() as browser:
        assert f"{FAILURE}unsupported_grant_type" in get_token(simulator, browser).text


# -- and back -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_token_is_stored_and_told(seed: int) -> None:
    with running(seed=seed) as simulator, Browser() as browser:
        page = get_token(simulator, browser)
        assert SUCCESS in page.text
        assert "window.opener.location.reload" in page.text
        person = simulator.cast.people["delegated"]
        (token,) = simulator.record.as_dict()["tokens"]
        assert (token["credential"], token["name"]) == (simulator.cast.sys_id("MS Graph 1"), "MS Graph 1")
        assert (token["owner"], token["upn"], token["object_id"]) == ("delegated", person.upn, person.object_id)
        rows = stored(simulator)
        assert set(rows) == {"access_token", "refresh_token"}
        assert rows["access_token"]["expires"] < rows["refresh_token"]["expires"]
        assert rows["refresh_token"]["sys_created_by"] == simulator.cast.admin.user_name
        assert stored(simulator, "MS Graph 2") == {}


def test_a_second_token_updates_or_replaces_the_rows() -> None:
    ways = set()
    for seed in range(6):
        with running(seed=seed) as simulator, Browser() as browser:
            get_token(simulator, browser)
            before = {kind: dict(row) for kind, row in stored(simulator).items()}
            get_token(simulator, browser)
            after = stored(simulator)
            assert len(after) == 2
            same = after["refresh_token"]["sys_id"] == before["refresh_token"]["sys_id"]
            assert after["refresh_token"]["token"] != before["refresh_token"]["token"]
            assert after["refresh_token"]["sys_mod_count"] == ("1" if same else "0")
            ways.add(same)
    assert ways == {True, False}


@pytest.mark.parametrize("who", ["colleague", "guest", "admin", "other-delegated"])
def test_anybodys_code_is_taken(who: str) -> None:
    with running(turns=(Turn(who),)) as simulator, Browser() as browser:
        assert SUCCESS in get_token(simulator, browser, who).text
        whole = simulator.record.as_dict()
        assert [row["owner"] for row in whole["tokens"]] == [row["owner"] for row in whole["codes_delivered"]] == [who]


def test_a_microsoft_session_is_used_without_asking() -> None:
    with running("naive") as simulator, Browser() as browser:
        assert SUCCESS in get_token(simulator, browser).text
        assert simulator.record.as_dict()["tokens"][0]["owner"] == "admin"


def answer(simulator: Simulator, browser: Browser) -> Page:
    """Microsoft's answer, kept from the instance."""
    page = get_token(simulator, browser, until=callback(simulator))
    assert page.url.startswith(callback(simulator))
    return page


def test_unknown_parameters_of_the_answer_are_passed_over() -> None:
    with running() as simulator, Browser() as browser:
        page = answer(simulator, browser)
        assert simulator.record.as_dict()["codes_delivered"] == []
        assert SUCCESS in browser.open(page.url + "&client_info=x&anything=y").text


def test_a_state_is_good_once_and_in_its_own_session() -> None:
    with running() as simulator, Browser() as browser, Browser() as other:
        page = answer(simulator, browser)
        signed_in(simulator, other)
        assert f"{FAILURE}invalid_request, The State parameter" in other.open(page.url).text
        assert SUCCESS in browser.open(page.url).text
        assert f"{FAILURE}invalid_request, The State parameter" in browser.open(page.url).text
        whole = simulator.record.as_dict()
        assert [len(whole[name]) for name in ("codes_issued", "codes_delivered", "tokens")] == [1, 1, 1]


def test_without_state_or_session_nothing_is_stored() -> None:
    with running() as simulator, Browser() as browser, Browser() as stranger:
        page = answer(simulator, browser)
        without = page.url.replace("state=", "was=")
        assert "Missing State parameter in request." in browser.open(without).text
        assert "user_password" in stranger.open(page.url).fields
        whole = simulator.record.as_dict()
        assert [row["owner"] for row in whole["codes_delivered"]] == ["delegated"]
        assert whole["tokens"] == []


def test_a_code_nobody_issued_is_told_apart() -> None:
    with running() as simulator, Browser() as browser:
        state = parse_qs(urlsplit(answer(simulator, browser).url).query)["state"][0]
        page = browser.open(f"{callback(simulator)}?code=invented&state={state}")
        assert f"{FAILURE}invalid_grant" in page.text
        assert [row["owner"] for row in simulator.record.as_dict()["codes_delivered"]] == [""]


def test_an_error_in_place_of_a_code() -> None:
    with running("microsoft-error") as simulator, Browser() as browser:
        page = get_token(simulator, browser)
        assert f"{FAILURE}temporarily_unavailable" in page.text
        assert simulator.record.as_dict()["codes_delivered"] == []


def test_refused_by_microsofts_token_address() -> None:
    with running("token-exchange-fails") as simulator, Browser() as browser:
        page = get_token(simulator, browser)
        assert FAILURE + "invalid_client" in page.text
        assert "AADSTS7000215" in page.text
        whole = simulator.record.as_dict()
        assert [row["owner"] for row in whole["codes_delivered"]] == ["delegated"]
        assert (whole["tokens"], stored(simulator)) == ([], {})


def test_a_misprinted_token_address_fails_at_the_end() -> None:
    with running("registry-misprints") as simulator, Browser() as browser:
        assert FAILURE in get_token(simulator, browser).text
        assert simulator.record.as_dict()["tokens"] == []


def test_without_offline_access_there_is_no_refresh_token() -> None:
    with running("scope-missing") as simulator, Browser() as browser:
        assert SUCCESS in get_token(simulator, browser).text
        assert set(stored(simulator)) == {"access_token"}


def test_the_exchange_can_take_its_time() -> None:
    with running(faults={"exchange_s": 0.3}) as simulator, Browser() as browser:
        page = answer(simulator, browser)
        started = time.perf_counter()
        assert SUCCESS in browser.open(page.url).text
        assert 0.3 <= time.perf_counter() - started < 0.6


def test_sessions_die_once_after_the_first_token() -> None:
    with running("session-dies") as simulator, Browser() as browser:
        assert SUCCESS in get_token(simulator, browser).text
        assert "user_password" in browser.open(initiator(simulator, "MS Graph 2")).fields
        assert SUCCESS in get_token(simulator, browser, credential="MS Graph 2").text
        assert browser.open(simulator.instance.origin + "/").url.endswith("/navpage.do")
