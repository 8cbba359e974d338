"""The answer to the application: its fields, its response modes, client_info."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest

from exoalias.simulator.scenario import Faults, Scenario
from tests.simulator.signing_in import STRICT_REDIRECT, Page, Simulation, decoded, simulation

if TYPE_CHECKING:
    from collections.abc import Iterator

STATE = "a b&c=d/ü+%25#"


@pytest.fixture
def sim() -> Iterator[Simulation]:
    with simulation() as running:
        yield running


def _answered(sim: Simulation, address: str, who: str = "delegated") -> Page:
    browser = sim.browser()
    return browser.sign_in(browser.open(address), sim.cast.people[who])


def test_by_query_unless_told_otherwise_with_the_state_verbatim(sim: Simulation) -> None:
    page = _answered(sim, sim.authorize(state=STATE))
    assert page.status == 302
    assert page.location.startswith(f"{STRICT_REDIRECT}?code=")
    assert page.answer["state"] == STATE
    assert f"&state={quote(STATE, safe='')}&" in page.location
    assert sorted(page.answer) == ["code", "session_state", "state"]
    assert page.headers["cache-control"] == "no-store, no-cache"


def test_without_a_state_there_is_none(sim: Simulation) -> None:
    assert "state" not in _answered(sim, sim.authorize(state=None)).answer


def test_by_fragment(sim: Simulation) -> None:
    split = urlsplit(_answered(sim, sim.authorize(response_mode="fragment")).location)
    assert split.query == ""
    assert split.fragment.startswith("code=")


def test_by_a_form_that_posts_itself(sim: Simulation) -> None:
    page = _answered(sim, sim.authorize(response_mode="form_post", state=STATE, client_info="1"))
    assert (page.status, page.location, page.action) == (200, "", STRICT_REDIRECT)
    assert page.hidden["state"] == STATE
    assert sorted(page.hidden) == ["client_info", "code", "session_state", "state"]
    assert ".submit()" in page.script


@pytest.mark.parametrize("who", ["delegated", "guest", "namesake"])
def test_client_info_names_the_home_tenant_and_comes_only_if_asked_for(sim: Simulation, who: str) -> None:
    person = sim.cast.people[who]
    assert "client_info" not in _answered(sim, sim.authorize(client_info="0"), who).answer
    answer = _answered(sim, sim.authorize(client_info="1"), who).answer
    assert decoded(answer["client_info"]) == {"uid": person.object_id, "utid": person.home.id}


def test_the_fault_keeps_client_info_back() -> None:
    with simulation(Scenario("t", "", 1, 0, faults=Faults(no_client_info=True))) as sim:
        assert "client_info" not in _answered(sim, sim.authorize(client_info="1")).answer


def test_the_session_is_named_the_same_each_time(sim: Simulation) -> None:
    browser = sim.browser()
    first = browser.sign_in(browser.open(sim.authorize()), sim.cast.people["delegated"]).answer
    second = browser.open(sim.authorize()).answer
    assert first["session_state"] == second["session_state"]
    assert first["code"] != second["code"]


def test_each_code_is_on_record_with_its_owner(sim: Simulation) -> None:
    _answered(sim, sim.authorize(), "colleague")
    (row,) = sim.log("codes_issued")
    assert (row["owner"], row["client_id"]) == ("colleague", sim.cast.strict.client_id)
