"""The documents a client library reads first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from exoalias.simulator.entra_documents import instance_discovery, issuer, openid_configuration
from exoalias.simulator.scenario import draw
from tests.simulator.signing_in import Simulation, simulation

if TYPE_CHECKING:
    from collections.abc import Iterator

CAST = draw(3)


@pytest.fixture(scope="module")
def sim() -> Iterator[Simulation]:
    with simulation() as running:
        yield running


def test_what_a_library_calls_is_https_and_what_a_browser_opens_is_as_served() -> None:
    document = openid_configuration("http://localhost:5", CAST.tenant)
    called = ("token_endpoint", "jwks_uri", "issuer")
    assert all(str(document[name]).startswith(f"https://localhost:5/{CAST.tenant.id}/") for name in called)
    assert str(document["authorization_endpoint"]).startswith(f"http://localhost:5/{CAST.tenant.id}/")
    assert document["issuer"] == issuer("http://localhost:5", CAST.tenant)


def test_instance_discovery_leads_to_the_configuration() -> None:
    document = instance_discovery("http://localhost:5", CAST.tenant)
    assert str(document["tenant_discovery_endpoint"]).endswith(f"{CAST.tenant.id}/v2.0/.well-known/openid-configuration")


@pytest.mark.parametrize("path", ["v2.0/.well-known/openid-configuration", ".well-known/openid-configuration"])
def test_the_domain_of_a_user_name_tells_the_tenant(sim: Simulation, path: str) -> None:
    page = sim.browser().open(f"/{sim.cast.tenant.domain}/{path}")
    assert page.status == 200
    assert f"/{sim.cast.tenant.id}/" in json.loads(page.text)["issuer"]


def test_an_unknown_tenant_is_said_in_json(sim: Simulation) -> None:
    page = sim.browser().open("/nowhere.example/v2.0/.well-known/openid-configuration")
    assert (page.status, json.loads(page.text)["error"]) == (400, "invalid_tenant")


def test_the_keys_are_served(sim: Simulation) -> None:
    for path in (f"/{sim.cast.tenant.id}/discovery/v2.0/keys", "/common/discovery/keys"):
        (key,) = json.loads(sim.browser().open(path).text)["keys"]
        assert (key["kty"], key["alg"]) == ("RSA", "RS256")
