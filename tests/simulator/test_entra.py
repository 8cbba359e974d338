"""The simulated sign-in as a whole: its addresses, its record, its delays, its start and end."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from exoalias.simulator.entra import Entra
from exoalias.simulator.record import Record
from exoalias.simulator.scenario import Faults, Scenario, draw, scenario
from tests.simulator.signing_in import STRICT_REDIRECT, Simulation, call_token, simulation

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def sim() -> Iterator[Simulation]:
    with simulation() as running:
        yield running


def test_it_has_no_address_before_it_is_started() -> None:
    with pytest.raises(RuntimeError):
        _ = Entra(draw(1), scenario("happy"), Record()).origin


def test_it_is_served_as_localhost(sim: Simulation) -> None:
    assert sim.entra.origin.startswith("http://localhost:")


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


def test_every_request_is_on_record_without_secrets(sim: Simulation) -> None:
    browser, person = sim.browser(), sim.cast.people["delegated"]
    answer = browser.sign_in(browser.open(sim.authorize()), person).answer
    form = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": STRICT_REDIRECT}
    _, tokens = call_token(sim, form | {"client_id": sim.cast.strict.client_id, "client_secret": sim.cast.strict.secret})
    rows = sim.log("requests")
    assert [(row["side"], row["method"], row["status"]) for row in rows] == [
        ("microsoft", "GET", 200),
        *[("microsoft", "POST", 200)] * 3,
        ("microsoft", "POST", 302),
        ("microsoft", "POST", 200),
    ]
    whole = str(sim.record.as_dict())
    for secret in (person.password, answer["code"], sim.cast.strict.secret, tokens["access_token"], tokens["refresh_token"]):
        assert str(secret) not in whole


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


def test_answers_are_as_late_as_the_scenario_says() -> None:
    with simulation(Scenario("t", "", 0, 0, faults=Faults(latency_s=0.2))) as sim:
        before = time.monotonic()
        sim.browser().open(sim.authorize())
        assert time.monotonic() - before >= 0.2


def test_a_slow_exchange_holds_up_the_instance_and_nobody_else() -> None:
    with simulation(Scenario("t", "", 0, 0, faults=Faults(exchange_s=0.4))) as sim:
        slow = threading.Thread(target=call_token, args=(sim, {"client_id": sim.cast.strict.client_id}))
        before = time.monotonic()
        slow.start()
        sim.browser().open(sim.authorize())
        call_token(sim, {"client_id": sim.cast.public.client_id})
        others = time.monotonic() - before
        slow.join()
        assert others < 0.4 <= time.monotonic() - before


def test_stopping_does_not_wait_for_late_answers() -> None:
    with simulation(Scenario("t", "", 0, 0, faults=Faults(exchange_s=30))) as sim:
        asked = threading.Thread(target=_ask_quietly, args=(sim,))
        asked.start()
        time.sleep(0.1)
        before = time.monotonic()
        sim.entra.stop()
        asked.join(5)
        assert not asked.is_alive()
        assert time.monotonic() - before < 2


def _ask_quietly(sim: Simulation) -> None:
    try:
        call_token(sim, {"client_id": sim.cast.strict.client_id})
    except (OSError, ValueError):
        return  # cut off: what this test wants


def test_many_browsers_at_once_each_get_their_own_code(sim: Simulation) -> None:
    owners: list[str] = []

    def one(key: str) -> None:
        browser = sim.browser()
        answer = browser.sign_in(browser.open(sim.authorize(prompt="login", state=key)), sim.cast.people[key]).answer
        owner = sim.entra.owner_of_code(answer["code"])
        owners.append(owner.key if owner and answer["state"] == key else "")

    threads = [threading.Thread(target=one, args=(key,)) for key in sim.cast.people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(owners) == sorted(sim.cast.people)
