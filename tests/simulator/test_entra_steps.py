"""What the buttons of the sign-in pages do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from exoalias.simulator.scenario import Turn, draw
from tests.simulator.signing_in import Simulation, simulation

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def sim() -> Iterator[Simulation]:
    with simulation() as running:
        yield running


@pytest.mark.parametrize(("typed", "error"), [("nobody@nowhere.example", "This username may be"), ("  ", "Enter a valid")])
def test_an_unknown_user_name_is_said_on_the_page(sim: Simulation, typed: str, error: str) -> None:
    browser = sim.browser()
    page = browser.press(browser.open(sim.authorize()), "next", username=typed)
    assert page.error.startswith(error)
    assert page.inputs == {"username": typed.strip()}


def test_a_mail_address_is_no_user_name(sim: Simulation) -> None:
    browser, person = sim.browser(), sim.cast.people["delegated"]
    assert person.mail != person.upn
    assert browser.press(browser.open(sim.authorize()), "next", username=person.mail).error


def test_a_wrong_password_is_said_on_the_page_and_signs_nobody_in(sim: Simulation) -> None:
    browser, person = sim.browser(), sim.cast.people["delegated"]
    page = browser.press(browser.open(sim.authorize()), "next", username=person.upn)
    page = browser.press(page, "signin", password=sim.cast.people["admin"].password)
    assert page.error.startswith("Your account or password is incorrect")
    assert page.script == ""
    assert not sim.log("sign_ins")
    page = browser.press(page, "signin", password=person.password)
    assert page.buttons == ["accept", "cancel"]


def test_back_on_the_password_page_returns_to_the_user_name(sim: Simulation) -> None:
    browser, person = sim.browser(), sim.cast.people["delegated"]
    page = browser.press(browser.open(sim.authorize()), "next", username=person.upn)
    assert browser.press(page, "back").inputs == {"username": person.upn}


def test_back_on_the_first_page_is_told_to_the_application(sim: Simulation) -> None:
    browser = sim.browser()
    answer = browser.press(browser.open(sim.authorize()), "back").answer
    assert (answer["error"], answer["error_subcode"], answer["state"]) == ("access_denied", "cancel", "3141592653")


def test_back_on_the_picker_is_told_to_the_application(sim: Simulation) -> None:
    browser = sim.browser()
    browser.sign_in(browser.open(sim.authorize()), sim.cast.people["delegated"])
    assert browser.press(browser.open(sim.authorize(prompt="select_account")), "back").answer["error_subcode"] == "cancel"


def test_refused_consent_is_told_to_the_application_and_asked_again_next_time(sim: Simulation) -> None:
    browser, person = sim.browser(), sim.cast.people["delegated"]
    for _ in range(2):
        page = browser.give_password(browser.open(sim.authorize(prompt="login")), person)
        assert page.buttons == ["accept", "cancel"]
        answer = browser.press(page, "cancel").answer
        assert answer["error"] == "access_denied"
        assert answer["error_description"].startswith("AADSTS65004")
        assert "error_subcode" not in answer


def test_a_person_who_is_to_refuse_consent_is_asked_even_if_they_gave_it_before() -> None:
    with simulation(turns=(Turn(), Turn(does="refuse_consent"))) as sim:
        first, second, person = sim.browser(), sim.browser(), sim.cast.people["delegated"]
        first.sign_in(first.open(sim.authorize()), person)
        page = second.give_password(second.open(sim.authorize()), person)
        assert page.buttons == ["accept", "cancel"]
        assert "at('cancel')" in page.script


def test_a_person_unknown_in_the_tenant_is_refused() -> None:
    cast = draw(7)
    stranger = replace(cast.people["namesake"], guest_object_id="")
    with simulation(cast=replace(cast, people=cast.people | {"namesake": stranger})) as sim:
        browser = sim.browser()
        assert browser.give_password(browser.open(sim.authorize()), stranger).error.startswith("AADSTS50020")
        assert "ESTSAUTH" not in browser.jar


@pytest.mark.parametrize(("button", "persistent"), [("yes", True), ("no", False)])
def test_staying_signed_in_makes_the_cookie_last(sim: Simulation, button: str, persistent: bool) -> None:
    browser, person = sim.browser(), sim.cast.people["delegated"]
    page = browser.press(browser.give_password(browser.open(sim.authorize()), person), "accept")
    assert "ESTSAUTH" in browser.jar
    browser.press(page, button)
    assert ("ESTSAUTHPERSISTENT" in browser.jar) == persistent
    browser.jar.pop("ESTSAUTH")  # what closing the browser does
    assert (browser.open(sim.authorize()).status == 302) == persistent
