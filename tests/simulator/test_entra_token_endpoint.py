"""Codes in, tokens out: the client's secret, PKCE, codes that count once, and what a library makes of it."""

from __future__ import annotations

import base64
import hashlib
import json
from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msal
import pytest
import requests
from requests.adapters import HTTPAdapter

from exoalias.simulator.scenario import Faults, Scenario
from tests.simulator.signing_in import OIDC_REDIRECT, STRICT_REDIRECT, Simulation, call_token, decoded, simulation

if TYPE_CHECKING:
    from collections.abc import Iterator

VERIFIER = "a" * 20 + "b" * 30
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def sim() -> Iterator[Simulation]:
    with simulation() as running:
        yield running


def _code(sim: Simulation, address: str, who: str = "delegated") -> str:
    browser = sim.browser()
    return browser.sign_in(browser.open(address), sim.cast.people[who]).answer["code"]


def _form(sim: Simulation, code: str, /, **changes: str) -> dict[str, str]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": sim.cast.strict.client_id,
        "client_secret": sim.cast.strict.secret,
        "redirect_uri": STRICT_REDIRECT,
    }
    return form | changes


def _refused(sim: Simulation, form: dict[str, str]) -> tuple[int, object, str]:
    status, answer = call_token(sim, form)
    assert "access_token" not in answer
    return status, answer["error"], str(answer["error_description"]).partition(":")[0]


def test_a_code_becomes_tokens_of_the_person_who_signed_in(sim: Simulation) -> None:
    code = _code(sim, sim.authorize(), "colleague")
    status, answer = call_token(sim, _form(sim, code, client_info="1"))
    assert status == 200
    assert (answer["token_type"], answer["expires_in"], answer["ext_expires_in"]) == ("Bearer", 3599, 3599)
    assert answer["scope"] == "Calendars.ReadWrite Calendars.ReadWrite.Shared"
    assert answer["refresh_token"]
    assert "id_token" not in answer
    owner = sim.entra.owner_of(str(answer["access_token"]))
    assert owner is sim.cast.people["colleague"]
    assert decoded(str(answer["client_info"]))["uid"] == owner.object_id
    assert sim.entra.owner_of("invented") is None


def test_without_offline_access_there_is_no_refresh_token(sim: Simulation) -> None:
    _, answer = call_token(sim, _form(sim, _code(sim, sim.authorize(scope="Calendars.ReadWrite"))))
    assert "refresh_token" not in answer
    assert "client_info" not in answer


def test_the_secret_may_come_in_the_basic_header(sim: Simulation) -> None:
    form = _form(sim, _code(sim, sim.authorize()))
    client, secret = form.pop("client_id"), form.pop("client_secret")
    assert call_token(sim, form, basic=f"{client}:{secret}")[0] == 200


@pytest.mark.parametrize("header", ["Basic !", "Basic /w=="])
def test_a_malformed_basic_header_is_refused(sim: Simulation, header: str) -> None:
    with closing(HTTPConnection("localhost", urlsplit(sim.entra.origin).port, timeout=10)) as connection:
        connection.request("POST", f"/{sim.cast.tenant.id}/oauth2/v2.0/token", headers={"Authorization": header})
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["error_codes"]) == (400, [900144])


def test_a_wrong_secret_is_refused_and_leaves_the_code_good(sim: Simulation) -> None:
    code = _code(sim, sim.authorize())
    assert _refused(sim, _form(sim, code, client_secret="wrong")) == (401, "invalid_client", "AADSTS7000215")
    assert _refused(sim, _form(sim, code, client_secret="")) == (401, "invalid_client", "AADSTS7000218")
    assert call_token(sim, _form(sim, code))[0] == 200


def test_a_code_counts_once(sim: Simulation) -> None:
    form = _form(sim, _code(sim, sim.authorize()))
    assert call_token(sim, form)[0] == 200
    assert _refused(sim, form) == (400, "invalid_grant", "AADSTS54005")


def test_a_code_is_good_for_ten_minutes(sim: Simulation) -> None:
    first, second = _code(sim, sim.authorize()), _code(sim, sim.authorize())
    sim.clock.now += 599
    assert call_token(sim, _form(sim, first))[0] == 200
    sim.clock.now += 1
    assert _refused(sim, _form(sim, second)) == (400, "invalid_grant", "AADSTS70008")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"redirect_uri": STRICT_REDIRECT + "/"}, (400, "invalid_grant", "AADSTS500112")),
        ({"code": "1.invented"}, (400, "invalid_grant", "AADSTS9002313")),
        ({"code": ""}, (400, "invalid_request", "AADSTS900144")),
        ({"client_id": ""}, (400, "invalid_request", "AADSTS900144")),
        ({"client_id": "invented"}, (400, "unauthorized_client", "AADSTS700016")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type", "AADSTS70003")),
        ({"code_verifier": VERIFIER}, (400, "invalid_grant", "AADSTS501481")),
    ],
)
def test_what_does_not_fit_is_refused(sim: Simulation, changes: dict[str, str], expected: tuple[int, str, str]) -> None:
    assert _refused(sim, _form(sim, _code(sim, sim.authorize()), **changes)) == expected


def test_a_code_belongs_to_the_client_that_asked(sim: Simulation) -> None:
    form = _form(sim, _code(sim, sim.authorize()), client_id=sim.cast.oidc.client_id, client_secret=sim.cast.oidc.secret)
    assert _refused(sim, form) == (400, "invalid_grant", "AADSTS70000")


def test_another_tenant_knows_no_such_client(sim: Simulation) -> None:
    status, answer = call_token(sim, _form(sim, _code(sim, sim.authorize())), tenant=sim.cast.other_tenant.id)
    assert (status, answer["error_codes"]) == (400, [700016])


@pytest.mark.parametrize(("method", "challenge"), [("S256", CHALLENGE), ("plain", VERIFIER)])
def test_pkce_is_checked_for_a_confidential_client_too(sim: Simulation, method: str, challenge: str) -> None:
    code = _code(sim, sim.authorize(code_challenge=challenge, code_challenge_method=method))
    assert _refused(sim, _form(sim, code)) == (400, "invalid_grant", "AADSTS501481")
    assert _refused(sim, _form(sim, code, code_verifier=VERIFIER + "x")) == (400, "invalid_grant", "AADSTS501481")
    assert call_token(sim, _form(sim, code, code_verifier=VERIFIER))[0] == 200


def test_a_public_client_needs_pkce_and_shows_no_secret(sim: Simulation) -> None:
    public = {"client_id": sim.cast.public.client_id, "redirect_uri": "http://localhost:5123"}
    bare = _form(sim, _code(sim, sim.for_public()), **public)
    assert _refused(sim, bare) == (401, "invalid_client", "AADSTS700025")
    del bare["client_secret"]
    assert _refused(sim, bare) == (400, "invalid_request", "AADSTS9002325")
    good = _form(sim, _code(sim, sim.for_public(code_challenge=CHALLENGE, code_challenge_method="S256")), **public)
    del good["client_secret"]
    assert call_token(sim, good | {"code_verifier": VERIFIER})[0] == 200


def test_a_refresh_token_gives_tokens_of_the_same_person_again(sim: Simulation) -> None:
    _, first = call_token(sim, _form(sim, _code(sim, sim.authorize())))
    form = _form(sim, "", grant_type="refresh_token", refresh_token=str(first["refresh_token"]))
    for _ in range(2):
        status, answer = call_token(sim, form)
        owner = sim.entra.owner_of(str(answer["access_token"]))
        assert (status, owner) == (200, sim.cast.people["delegated"])
    assert _refused(sim, form | {"refresh_token": "invented"}) == (400, "invalid_grant", "AADSTS9002313")


def test_the_oidc_client_learns_who_signed_in(sim: Simulation) -> None:
    code = _code(sim, sim.for_oidc(nonce="n-1"), "admin")
    oidc = {"client_id": sim.cast.oidc.client_id, "client_secret": sim.cast.oidc.secret, "redirect_uri": OIDC_REDIRECT}
    _, answer = call_token(sim, _form(sim, code, **oidc))
    claims, admin = decoded(str(answer["id_token"]).split(".")[1]), sim.cast.people["admin"]
    assert (claims["preferred_username"], claims["oid"], claims["tid"]) == (admin.upn, admin.object_id, sim.cast.tenant.id)
    assert (claims["nonce"], claims["aud"]) == ("n-1", sim.cast.oidc.client_id)


def test_the_fault_refuses_the_right_secret_of_the_strict_registry_alone() -> None:
    with simulation(Scenario("t", "", 5, 0, faults=Faults(exchange_fails=True))) as sim:
        assert _refused(sim, _form(sim, _code(sim, sim.authorize()))) == (401, "invalid_client", "AADSTS7000215")
        oidc = {"client_id": sim.cast.oidc.client_id, "client_secret": sim.cast.oidc.secret, "redirect_uri": OIDC_REDIRECT}
        assert call_token(sim, _form(sim, _code(sim, sim.for_oidc()), **oidc))[0] == 200


# -- through MSAL -------------------------------------------------------------------------------------------------------


class _PlainHttp(HTTPAdapter):
    """MSAL accepts https authorities only; this sends what is meant for the simulator in plain http."""

    def send(self, request: requests.PreparedRequest, *args: object, **kwargs: object) -> requests.Response:
        request.url = (request.url or "").replace("https://", "http://", 1)
        return super().send(request, *args, **kwargs)  # type: ignore[arg-type]  # passed on as they come


@pytest.fixture
def session(sim: Simulation) -> Iterator[requests.Session]:
    with requests.Session() as opened:
        opened.trust_env = False
        opened.mount(_https(sim), _PlainHttp())
        yield opened


def _https(sim: Simulation) -> str:
    return sim.entra.origin.replace("http://", "https://")


def _path(address: str) -> str:
    split = urlsplit(address)
    return f"{split.path}?{split.query}"


# A redirect by query is what the second opinion stops in the browser; MSAL would rather have form_post, and says so.
_QUERY = pytest.mark.filterwarnings("ignore:response_mode=:UserWarning")


@_QUERY
def test_msal_gets_tokens_as_a_confidential_client(sim: Simulation, session: requests.Session) -> None:
    app = msal.ConfidentialClientApplication(
        sim.cast.strict.client_id,
        client_credential=sim.cast.strict.secret,
        authority=f"{_https(sim)}/{sim.cast.tenant.id}",
        instance_discovery=False,
        http_client=session,
    )
    flow = app.initiate_auth_code_flow(["Calendars.ReadWrite"], redirect_uri=STRICT_REDIRECT)
    browser = sim.browser()
    answer = browser.sign_in(browser.open(_path(flow["auth_uri"])), sim.cast.people["delegated"]).answer
    result = app.acquire_token_by_auth_code_flow(flow, answer)
    assert result["id_token_claims"]["oid"] == sim.cast.people["delegated"].object_id
    assert sim.entra.owner_of(result["access_token"]) is sim.cast.people["delegated"]
    assert app.acquire_token_silent(["Calendars.ReadWrite"], app.get_accounts()[0])["access_token"]


@_QUERY
@pytest.mark.parametrize("who", ["delegated", "guest", "namesake"])
def test_msal_as_a_second_opinion_learns_silently_who_signed_in(sim: Simulation, session: requests.Session, who: str) -> None:
    """Public client, PKCE, prompt=none, in the browser where somebody has just signed in for the strict registry."""
    browser, person = sim.browser(), sim.cast.people[who]
    first = browser.sign_in(browser.open(sim.authorize(prompt="login", client_info="1")), person).answer
    app = msal.PublicClientApplication(
        sim.cast.public.client_id,
        authority=f"{_https(sim)}/{sim.cast.tenant.id}",
        instance_discovery=f"{_https(sim)}/common/discovery/instance",
        http_client=session,
    )
    flow = app.initiate_auth_code_flow(["User.Read"], redirect_uri="http://localhost:4711", prompt="none")
    answer = browser.open(_path(flow["auth_uri"])).answer
    result = app.acquire_token_by_auth_code_flow(flow, answer)
    claims = result["id_token_claims"]
    assert claims["preferred_username"] == person.upn
    assert (claims["oid"], claims["tid"]) == (person.guest_object_id or person.object_id, sim.cast.tenant.id)
    assert decoded(answer["client_info"]) == {"uid": person.object_id, "utid": person.home.id}
    assert answer["client_info"] == first["client_info"] == result["client_info"]
