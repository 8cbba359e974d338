"""SAML: the instance's request in, a form that posts the assertion out."""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest

from exoalias.simulator.scenario import Scenario
from tests.simulator.signing_in import SAML_ACS, STRICT_REDIRECT, Page, Simulation, simulation

if TYPE_CHECKING:
    from collections.abc import Iterator

A = "{urn:oasis:names:tc:SAML:2.0:assertion}"
P = "{urn:oasis:names:tc:SAML:2.0:protocol}"


@pytest.fixture
def sim() -> Iterator[Simulation]:
    with simulation(Scenario("t", "", 0, 0, instance_sign_in="saml")) as running:
        yield running


def _request(sim: Simulation, *, acs: str = SAML_ACS, issuer: str = "", extra: str = "") -> str:
    address = f' AssertionConsumerServiceURL="{acs}"' if acs else ""
    return (
        f'<samlp:AuthnRequest xmlns:samlp="{P[1:-1]}" xmlns:saml="{A[1:-1]}" ID="_req1" Version="2.0"{address}{extra}>'
        f"<saml:Issuer>{issuer or sim.cast.saml_entity_id}</saml:Issuer></samlp:AuthnRequest>"
    )


def _address(sim: Simulation, xml: str, relay: str | None = "goto") -> str:
    squeezed = zlib.compressobj(wbits=-15)
    packed = base64.b64encode(squeezed.compress(xml.encode()) + squeezed.flush()).decode()
    query = {"SAMLRequest": packed} | ({} if relay is None else {"RelayState": relay})
    return f"/{sim.cast.tenant.id}/saml2?" + urlencode(query)


def _response(page: Page) -> ET.Element:
    return ET.fromstring(base64.b64decode(page.hidden["SAMLResponse"]))  # noqa: S314 - the simulator's own


def test_a_sign_in_ends_in_a_form_with_the_assertion(sim: Simulation) -> None:
    browser, admin = sim.browser(), sim.cast.people["admin"]
    first = browser.open(_address(sim, _request(sim)))
    assert admin.upn in first.script
    page = browser.sign_in(first, admin)
    assert (page.status, page.action, page.hidden["RelayState"]) == (200, SAML_ACS, "goto")
    root = _response(page)
    assert root.get("InResponseTo") == "_req1"
    assert root.findtext(f".//{A}NameID") == admin.upn
    assert root.findtext(f".//{A}Audience") == sim.cast.saml_entity_id
    assert next(root.iter(f"{P}StatusCode")).get("Value", "").endswith(":Success")
    assertion = root.find(f"{A}Assertion")
    assert assertion is not None
    assert sim.entra.saml_assertion_valid(assertion.get("ID", ""))
    assert not sim.entra.saml_assertion_valid("_invented")


def test_who_is_signed_in_is_not_asked_and_the_trap_is_set(sim: Simulation) -> None:
    browser, admin = sim.browser(), sim.cast.people["admin"]
    browser.sign_in(browser.open(_address(sim, _request(sim))), admin)
    assert _response(browser.open(_address(sim, _request(sim)))).findtext(f".//{A}NameID") == admin.upn
    page = browser.open(sim.authorize())
    assert page.location.startswith(f"{STRICT_REDIRECT}?code=")
    owner = sim.entra.owner_of_code(page.answer["code"])
    assert owner is admin


def test_force_authn_asks_again(sim: Simulation) -> None:
    browser = sim.browser()
    browser.sign_in(browser.open(_address(sim, _request(sim))), sim.cast.people["admin"])
    assert "username" in browser.open(_address(sim, _request(sim, extra=' ForceAuthn="true"'))).inputs


def test_the_registered_address_is_used_when_none_is_named(sim: Simulation) -> None:
    browser = sim.browser()
    page = browser.sign_in(browser.open(_address(sim, _request(sim, acs=""), relay=None)), sim.cast.people["admin"])
    assert (page.action, list(page.hidden)) == (SAML_ACS, ["SAMLResponse"])


def test_pressing_back_gives_a_response_without_an_assertion(sim: Simulation) -> None:
    browser = sim.browser()
    root = _response(browser.press(browser.open(_address(sim, _request(sim))), "back"))
    assert next(root.iter(f"{P}StatusCode")).get("Value", "").endswith(":Responder")
    assert root.find(f"{A}Assertion") is None


def test_the_post_binding_is_not_deflated(sim: Simulation) -> None:
    packed = base64.b64encode(_request(sim).encode()).decode()
    assert "username" in sim.browser().send(f"/{sim.cast.tenant.id}/saml2", SAMLRequest=packed).inputs


def test_wrong_requests_meet_a_page(sim: Simulation) -> None:
    evil = '<!DOCTYPE x [<!ENTITY a "b">]>' + _request(sim)
    cases = {
        _address(sim, _request(sim, acs="http://elsewhere.example/")): "AADSTS50011",
        _address(sim, _request(sim, issuer="somebody")): "AADSTS700016",
        _address(sim, _request(sim, issuer=sim.cast.strict.client_id)): "AADSTS700016",
        _address(sim, "<Other/>"): "AADSTS75005",
        _address(sim, "no XML"): "AADSTS750054",
        _address(sim, evil): "AADSTS750054",
        _address(sim, " " * 10_000_000 + _request(sim)): "AADSTS750054",
        f"/{sim.cast.tenant.id}/saml2?SAMLRequest=%25%25": "AADSTS750054",
        f"/{sim.cast.tenant.id}/saml2": "AADSTS750054",
    }
    for address, code in cases.items():
        page = sim.browser().open(address)
        assert (page.status, page.error.partition(":")[0]) == (400, code)
