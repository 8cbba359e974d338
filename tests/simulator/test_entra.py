"""The simulated sign-in as a whole: its addresses, its record, its delays, its start and end."""

from __future__ import annotations

import threading
import time
from http.client import HTTPException
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
    except (OSError, ValueError, HTTPException):
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
