"""Reading authorize requests: what is refused, on a page and never by a redirect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.simulator.signing_in import STRICT_REDIRECT, Simulation, simulation

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def sim() -> Iterator[Simulation]:
    with simulation() as running:
        yield running


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_id": "11111111-1111-4111-8111-111111111111"}, "AADSTS700016"),
        ({"client_id": None}, "AADSTS900144"),
        ({"redirect_uri": None}, "AADSTS900971"),
        ({"redirect_uri": STRICT_REDIRECT + "/"}, "AADSTS50011"),
        ({"redirect_uri": STRICT_REDIRECT + "?x=1"}, "AADSTS50011"),
        ({"redirect_uri": STRICT_REDIRECT.upper()}, "AADSTS50011"),
        ({"redirect_uri": "http://localhost:1"}, "AADSTS50011"),
        ({"response_type": None}, "AADSTS900144"),
        ({"response_type": "token"}, "AADSTS700054"),
        ({"response_mode": "web_message"}, "AADSTS70007"),
        ({"prompt": "create"}, "AADSTS90023"),
        ({"prompt": "login consent"}, "AADSTS90023"),
        ({"scope": None}, "AADSTS90014"),
        ({"scope": " "}, "AADSTS90014"),
        ({"code_challenge": "short", "code_challenge_method": "S256"}, "AADSTS501491"),
        ({"code_challenge": "a" * 43, "code_challenge_method": "S512"}, "AADSTS501491"),
        ({"tenant": "common"}, "AADSTS50194"),
        ({"tenant": "nowhere.example"}, "AADSTS90002"),
        ({"tenant": "%3Ctenant_id%3E"}, "AADSTS90002"),
    ],
)
def test_a_wrong_request_meets_a_page(sim: Simulation, changes: dict[str, str | None], code: str) -> None:
    page = sim.browser().open(sim.authorize(**changes))
    assert (page.status, page.location, page.error.partition(":")[0]) == (400, "", code)
    assert not page.inputs


def test_a_repeated_parameter_meets_a_page(sim: Simulation) -> None:
    page = sim.browser().open(sim.authorize() + "&redirect_uri=https%3A%2F%2Felsewhere.example")
    assert page.error.startswith("AADSTS9000411: The request is not properly formatted. The parameter 'redirect_uri'")


def test_the_registration_lives_in_one_tenant(sim: Simulation) -> None:
    assert sim.browser().open(sim.authorize(tenant=sim.cast.other_tenant.id)).error.startswith("AADSTS700016")


def test_the_saml_application_is_no_oauth_client(sim: Simulation) -> None:
    assert sim.browser().open(sim.authorize(client_id=sim.cast.saml_entity_id)).error.startswith("AADSTS700016")


def test_the_tenant_may_be_named_by_its_domain(sim: Simulation) -> None:
    assert sim.browser().open(sim.authorize(tenant=sim.cast.tenant.domain.upper())).status == 200


def test_what_is_shown_of_a_request_is_escaped(sim: Simulation) -> None:
    page = sim.browser().open(sim.authorize(client_id="<script>alert(1)</script>"))
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text


def test_the_older_address_needs_no_scope(sim: Simulation) -> None:
    page = sim.browser().open(sim.authorize(path="oauth2/authorize", scope=None, resource="https://graph.microsoft.com"))
    assert "username" in page.inputs


def test_the_request_may_be_posted(sim: Simulation) -> None:
    address, _, query = sim.authorize().partition("?")
    form = dict(part.split("=") for part in query.split("&"))
    page = sim.browser().send(address, **{name: value.replace("%3A", ":").replace("%2F", "/") for name, value in form.items()})
    assert "username" in page.inputs


def test_unknown_parameters_are_ignored(sim: Simulation) -> None:
    assert "username" in sim.browser().open(sim.authorize(whatever="1", amr_values="x")).inputs
