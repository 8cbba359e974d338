"""Which page, or which code at once, an authorize request meets: every prompt mode, with nobody, one or several signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.simulator.scenario import Faults, Person, Scenario, Turn
from tests.simulator.signing_in import STRICT_REDIRECT, Browser, Simulation, decoded, simulation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.simulator.signing_in import Page


@pytest.fixture
def sim() -> Iterator[Simulation]:
    with simulation() as running:
        yield running


def _with_signed_in(sim: Simulation, *keys: str) -> Browser:
    """A browser in which these people are signed in to Microsoft, consent for the strict registry given."""
    browser = sim.browser()
    for key in keys:
        browser.sign_in(browser.open(sim.authorize(prompt="login")), sim.cast.people[key])
    return browser


def _owner(sim: Simulation, page: Page) -> str:
    owner = sim.entra.owner_of_code(page.answer.get("code", ""))
    return owner.key if owner else ""


def _person(sim: Simulation, key: str = "delegated") -> Person:
    return sim.cast.people[key]


# -- the trap -----------------------------------------------------------------------------------------------------------


def test_the_sole_signed_in_user_gets_a_code_without_being_asked(sim: Simulation) -> None:
    browser = _with_signed_in(sim, "admin")
    page = browser.open(sim.authorize())
    assert page.status == 302
    assert page.location.startswith(f"{STRICT_REDIRECT}?code=")
    assert _owner(sim, page) == "admin"


def test_the_admins_own_sign_in_to_the_instance_is_enough_for_the_trap(sim: Simulation) -> None:
    browser = sim.browser()
    browser.sign_in(browser.open(sim.for_oidc()), _person(sim, "admin"))
    assert _owner(sim, browser.open(sim.authorize())) == "admin"


def test_somebody_who_has_not_consented_is_asked_for_that_alone(sim: Simulation) -> None:
    browser = sim.browser()
    browser.sign_in(browser.open(sim.for_oidc()), _person(sim, "colleague"))
    page = browser.open(sim.authorize())
    assert page.buttons == ["accept", "cancel"]
    assert _owner(sim, browser.press(page, "accept")) == "colleague"


def test_another_browser_knows_nothing_of_it(sim: Simulation) -> None:
    _with_signed_in(sim, "admin")
    assert "username" in sim.browser().open(sim.authorize()).inputs


# -- nobody, several ----------------------------------------------------------------------------------------------------


def test_nobody_signed_in_meets_the_sign_in_page_in_steps(sim: Simulation) -> None:
    browser, person = sim.browser(), _person(sim)
    page = browser.open(sim.authorize(client_info="1"))
    assert (page.status, list(page.inputs), page.buttons) == (200, ["username"], ["next", "back"])
    page = browser.press(page, "next", username=person.upn.upper())
    assert (list(page.inputs), page.buttons) == (["password"], ["signin", "back"])
    page = browser.press(page, "signin", password=person.password)
    assert page.buttons == ["accept", "cancel"]
    assert "Calendars.ReadWrite.Shared" in page.text
    page = browser.press(page, "accept")
    assert page.buttons == ["yes", "no"]
    page = browser.press(page, "no")
    assert page.status == 302
    assert page.answer["state"] == "3141592653"
    assert decoded(page.answer["client_info"]) == {"uid": person.object_id, "utid": person.home.id}
    assert _owner(sim, page) == "delegated"


def test_consent_is_asked_for_once(sim: Simulation) -> None:
    _with_signed_in(sim, "delegated")
    browser = sim.browser()
    page = browser.give_password(browser.open(sim.authorize()), _person(sim))
    assert page.buttons == ["yes", "no"]


def test_several_signed_in_meet_the_picker_and_picking_needs_no_password(sim: Simulation) -> None:
    browser = _with_signed_in(sim, "admin", "delegated")
    page = browser.open(sim.authorize())
    assert page.accounts == ["admin", "delegated", ""]
    assert _owner(sim, browser.press(page, account="delegated")) == "delegated"


def test_the_picker_takes_nobody_who_is_not_in_this_browser(sim: Simulation) -> None:
    browser = _with_signed_in(sim, "admin", "delegated")
    page = browser.press(browser.open(sim.authorize()), account="colleague")
    assert list(page.inputs) == ["username"]


def test_another_account_can_be_used_from_the_picker(sim: Simulation) -> None:
    browser = _with_signed_in(sim, "admin", "delegated")
    page = browser.press(browser.open(sim.authorize()), account="")
    assert _owner(sim, browser.sign_in(page, _person(sim, "colleague"))) == "colleague"


# -- prompts ------------------------------------------------------------------------------------------------------------


def test_prompt_login_always_asks_for_credentials(sim: Simulation) -> None:
    browser = _with_signed_in(sim, "admin")
    page = browser.open(sim.authorize(prompt="login", login_hint=_person(sim).upn))
    assert page.inputs == {"username": _person(sim).upn}


def test_the_hint_is_only_a_hint(sim: Simulation) -> None:
    browser = sim.browser()
    page = browser.open(sim.authorize(prompt="login", login_hint=_person(sim).upn))
    assert _owner(sim, browser.sign_in(page, _person(sim, "colleague"))) == "colleague"


def test_a_hint_picks_one_of_several_who_are_signed_in(sim: Simulation) -> None:
    browser = _with_signed_in(sim, "admin", "delegated")
    assert _owner(sim, browser.open(sim.authorize(login_hint=_person(sim).upn))) == "delegated"


def test_a_hint_for_somebody_else_asks_them(sim: Simulation) -> None:
    browser = _with_signed_in(sim, "admin")
    assert browser.open(sim.authorize(login_hint=_person(sim).upn)).inputs == {"username": _person(sim).upn}


def test_select_account_shows_even_a_sole_user(sim: Simulation) -> None:
    browser = _with_signed_in(sim, "delegated")
    page = browser.open(sim.authorize(prompt="select_account"))
    assert page.accounts == ["delegated", ""]
    assert _owner(sim, browser.press(page, account="delegated")) == "delegated"


def test_select_account_without_anybody_is_the_sign_in_page(sim: Simulation) -> None:
    assert "username" in sim.browser().open(sim.authorize(prompt="select_account")).inputs


def test_somebody_signed_out_is_remembered_but_needs_the_password(sim: Simulation) -> None:
    browser = _with_signed_in(sim, "delegated")
    browser.open("/common/oauth2/v2.0/logout")
    assert "username" in browser.open(sim.authorize()).inputs
    page = browser.press(browser.open(sim.authorize(prompt="select_account")), account="delegated")
    assert list(page.inputs) == ["password"]


def test_prompt_consent_asks_again_but_not_for_the_password(sim: Simulation) -> None:
    browser = _with_signed_in(sim, "delegated")
    page = browser.open(sim.authorize(prompt="consent"))
    assert page.buttons == ["accept", "cancel"]
    assert _owner(sim, browser.press(page, "accept")) == "delegated"


def test_prompt_consent_asks_after_the_password_too(sim: Simulation) -> None:
    _with_signed_in(sim, "delegated")
    browser = sim.browser()
    page = browser.give_password(browser.open(sim.authorize(prompt="consent")), _person(sim))
    assert page.buttons == ["accept", "cancel"]


@pytest.mark.parametrize(
    ("signed_in", "error", "code"),
    [((), "login_required", "AADSTS50058"), (("admin", "delegated"), "interaction_required", "AADSTS16000")],
)
def test_prompt_none_says_why_it_cannot(sim: Simulation, signed_in: tuple[str, ...], error: str, code: str) -> None:
    page = _with_signed_in(sim, *signed_in).open(sim.for_public(prompt="none"))
    assert page.answer["error"] == error
    assert page.answer["error_description"].startswith(code)
    assert page.answer["state"] == "3141592653"
    assert "code" not in page.answer


def test_prompt_none_is_silent_for_one_or_for_the_hinted_one(sim: Simulation) -> None:
    browser = _with_signed_in(sim, "delegated")
    assert _owner(sim, browser.open(sim.for_public(prompt="none"))) == "delegated"
    browser.sign_in(browser.open(sim.authorize(prompt="login")), _person(sim, "admin"))
    assert _owner(sim, browser.open(sim.for_public(prompt="none", login_hint=_person(sim).upn))) == "delegated"


def test_prompt_none_never_asks_for_consent(sim: Simulation) -> None:
    browser = sim.browser()
    browser.sign_in(browser.open(sim.for_oidc()), _person(sim, "colleague"))
    page = browser.open(sim.authorize(prompt="none"))
    assert (page.answer["error"], page.answer["error_description"][:11]) == ("interaction_required", "AADSTS65001")


# -- forms that aren't the page's own -----------------------------------------------------------------------------------


def test_a_form_counts_once(sim: Simulation) -> None:
    browser = sim.browser()
    page = browser.open(sim.authorize())
    first = browser.press(page, "next", username=_person(sim).upn)
    sim.clock.now += 5
    again = browser.press(page, "next", username=_person(sim).upn)
    assert (again.status, again.error[:12]) == (400, "AADSTS165000")
    assert list(first.inputs) == ["password"]


def test_a_double_click_is_one_press(sim: Simulation) -> None:
    browser = sim.browser()
    page = browser.press(browser.give_password(browser.open(sim.authorize()), _person(sim)), "accept")
    first, second = browser.press(page, "yes"), browser.press(page, "yes")
    assert first.location == second.location
    assert len(sim.log("codes_issued")) == 1


def test_a_form_of_another_browser_is_refused(sim: Simulation) -> None:
    page = sim.browser().open(sim.authorize())
    other = sim.browser()
    other.open(sim.authorize())
    assert other.press(page, "next", username=_person(sim).upn).error.startswith("AADSTS165000")


def test_a_browser_without_cookies_is_told_so(sim: Simulation) -> None:
    page = sim.browser().open(sim.authorize())
    assert sim.browser().press(page, "next", username=_person(sim).upn).error.startswith("AADSTS90100")


def test_an_invented_form_is_refused(sim: Simulation) -> None:
    browser = sim.browser()
    page = browser.open(sim.authorize())
    page.hidden["flowToken"] = ""
    assert browser.press(page, "next", username=_person(sim).upn).status == 400


# -- faults -------------------------------------------------------------------------------------------------------------


def test_microsoft_error_comes_back_at_once_and_to_the_strict_registry_alone() -> None:
    story = Scenario("test", "", 5, 0, faults=Faults(microsoft_error="temporarily_unavailable"))
    with simulation(story) as sim:
        page = sim.browser().open(sim.authorize(prompt="login"))
        assert page.answer["error"] == "temporarily_unavailable"
        assert page.answer["error_description"].startswith("AADSTS90033")
        assert page.answer["state"] == "3141592653"
        assert sim.browser().open(sim.for_oidc()).status == 200


def test_sso_reload_happens_once_and_takes_no_turn() -> None:
    story = Scenario("test", "", 0, 2, turns=(Turn("colleague"), Turn("delegated")), faults=Faults(sso_reload=True))
    with simulation(story) as sim:
        browser = sim.browser()
        address = sim.authorize(prompt="login")
        first = browser.open(address)
        assert not first.inputs
        assert f"{address}&sso_reload=true" in first.script.replace("\\u0026", "&")
        second = browser.open(f"{address}&sso_reload=true")
        assert sim.cast.people["colleague"].upn in second.script
        assert "username" in sim.browser().open(sim.for_oidc()).inputs


# -- turns --------------------------------------------------------------------------------------------------------------


def test_each_sign_in_takes_the_next_turn_and_the_last_one_repeats() -> None:
    with simulation(turns=(Turn("colleague"), Turn("delegated"))) as sim:
        seen = [sim.browser().open(sim.authorize(prompt="login", state=str(n))).script for n in range(3)]
        people = sim.cast.people
        assert [people["colleague"].upn in s for s in seen] == [True, False, False]
        assert [people["delegated"].upn in s for s in seen] == [False, True, True]


def test_a_reloaded_page_belongs_to_the_same_sign_in() -> None:
    with simulation(turns=(Turn("colleague"), Turn("delegated"))) as sim:
        browser = sim.browser()
        first, again = (browser.open(sim.authorize(prompt="login")).script for _ in range(2))
        assert first == again


def test_a_silent_code_takes_no_turn() -> None:
    with simulation(turns=(Turn("colleague"), Turn("delegated"))) as sim:
        browser = sim.browser()
        browser.sign_in(browser.open(sim.for_oidc()), sim.cast.people["admin"])
        assert browser.open(sim.authorize()).status == 302
        assert sim.cast.people["colleague"].upn in browser.open(sim.authorize(prompt="login")).script


def test_the_instances_own_sign_in_is_played_by_the_admin() -> None:
    with simulation(Scenario("test", "", 0, 0, instance_sign_in="oidc")) as sim:
        assert sim.cast.people["admin"].upn in sim.browser().open(sim.for_oidc()).script
    with simulation(Scenario("test", "", 0, 0, instance_sign_in="nothing", turns=(Turn(does="nothing"),))) as sim:
        for address in (sim.for_oidc(), sim.authorize()):
            page = sim.browser().open(address)
            assert "<script" not in page.text
            assert "script-src 'none'" in page.headers["content-security-policy"]


def test_the_operating_systems_account_answers_unasked_as_often_as_it_is_told_to() -> None:
    """Whatever is asked for; afterwards people are asked again, as in a private window."""
    with simulation(Scenario("x", "", 0, 0, faults=Faults(os_account="admin", os_account_times=2))) as sim:
        for _ in range(2):
            assert _owner(sim, sim.browser().open(sim.authorize(prompt="login"))) == "admin"
        assert _owner(sim, sim.browser().open(sim.authorize(prompt="login"))) == ""


def test_the_operating_systems_account_answers_always_unless_told_otherwise() -> None:
    with simulation(Scenario("x", "", 0, 0, faults=Faults(os_account="admin"))) as sim:
        for _ in range(3):
            assert _owner(sim, sim.browser().open(sim.authorize(prompt="login"))) == "admin"
