"""The steps of a sign-in without control, and what is said of what it left."""

from __future__ import annotations

from exoalias.domain.by_hand import WARNING, Step, sign_out_url, steps, stored_words
from tests.domain.gate_story import AUTHORIZE, HOST, INITIATOR, MICROSOFT, TENANT, UPN


def test_the_steps_in_order() -> None:
    listed = steps(HOST, AUTHORIZE, INITIATOR, UPN)
    assert [step.address for step in listed] == [
        "",
        f"{HOST}/navpage.do",
        f"{MICROSOFT}/{TENANT}/oauth2/v2.0/logout",
        INITIATOR,
        "",
    ]
    assert UPN in listed[3].words
    assert all(step.words.endswith(".") for step in listed)
    assert listed[0] == Step(listed[0].words)


def test_the_admin_is_signed_out_of_microsoft_before_the_token_is_asked_for() -> None:
    """Without prompt=login Microsoft would take whoever single sign-on has just signed in."""
    addresses = [step.address for step in steps(HOST, AUTHORIZE, INITIATOR, UPN)]
    assert addresses.index(sign_out_url(AUTHORIZE)) < addresses.index(INITIATOR)


def test_a_registry_of_version_1() -> None:
    assert sign_out_url(f"{MICROSOFT}/{TENANT}/oauth2/authorize") == f"{MICROSOFT}/{TENANT}/oauth2/v2.0/logout"


def test_what_is_said_of_it() -> None:
    assert "not prevented" in WARNING
    said = stored_words((("MS Graph 1", True, "ada"), ("MS Graph 2", True, ""), ("MS Graph 3", False, "")))
    assert said == (
        "MS Graph 1: a new token is stored, fetched in ServiceNow by ada. MS Graph 2: a new token is stored. "
        "MS Graph 3: what the instance stored can't be read."
    )
    assert "hold" not in said
