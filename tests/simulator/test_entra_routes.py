"""The addresses of the simulated sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.simulator.signing_in import STRICT_REDIRECT, Simulation, simulation

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def sim() -> Iterator[Simulation]:
    with simulation() as running:
        yield running


def test_unknown_addresses_are_not_found(sim: Simulation) -> None:
    for path in ("/", "/favicon.ico", f"/{sim.cast.tenant.id}/oauth2/v3.0/authorize", "//oauth2/v2.0/authorize/"):
        assert sim.browser().open(path).status == 404


def test_every_authorize_request_is_on_record_with_what_it_brought(sim: Simulation) -> None:
    browser, person = sim.browser(), sim.cast.people["delegated"]
    browser.sign_in(browser.open(sim.authorize(prompt="login", login_hint=person.upn)), person)
    browser.open(sim.authorize())
    browser.open(sim.authorize(client_id="unknown"))
    rows = [(r["client_id"], r["prompt"], r["login_hint"], r["cookies_seen"]) for r in sim.log("authorize")]
    strict = sim.cast.strict.client_id
    assert rows == [(strict, "login", person.upn, False), (strict, "", "", True), ("unknown", "", "", True)]


def test_the_older_addresses_give_claims_of_version_one(sim: Simulation) -> None:
    browser, person = sim.browser(), sim.cast.people["delegated"]
    page = browser.sign_in(browser.open(sim.authorize(path="oauth2/authorize", scope=None)), person)
    form = {
        "grant_type": "authorization_code",
        "code": page.answer["code"],
        "redirect_uri": STRICT_REDIRECT,
        "client_id": sim.cast.strict.client_id,
        "client_secret": sim.cast.strict.secret,
    }
    token = browser.send(f"/{sim.cast.tenant.id}/oauth2/token", **form)
    assert token.status == 200
    assert '"id_token"' in token.text


def test_an_error_page_has_ids_to_report(sim: Simulation) -> None:
    page = sim.browser().open(sim.authorize(client_id="unknown") + "&client-request-id=abc-123")
    assert "abc-123" in page.text
    assert "Timestamp" in page.text


def test_signing_out_leaves_nobody_signed_in(sim: Simulation) -> None:
    browser = sim.browser()
    browser.sign_in(browser.open(sim.authorize()), sim.cast.people["delegated"])
    assert "signed out" in browser.open("/common/oauth2/v2.0/logout").text
    assert browser.open(sim.for_public(prompt="none")).answer["error"] == "login_required"
