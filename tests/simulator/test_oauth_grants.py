"""Codes and tokens of the instance's own OAuth endpoint: whose they are, and how long they live."""

from __future__ import annotations

import base64
import hashlib

import pytest

from exoalias.simulator.oauth_grants import CODE_S, REFRESH_S, Grants, Wish
from tests.simulator.signing_in import Clock

VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
WISH = Wish("desk", "http://localhost:8410/exoalias", "state", CHALLENGE)
RIGHT = ("desk", WISH.redirect_uri, VERIFIER)


@pytest.mark.parametrize(
    ("told", "good"),
    [
        (RIGHT, True),
        (("other", WISH.redirect_uri, VERIFIER), False),
        (("desk", "http://localhost:1/", VERIFIER), False),
        (("desk", WISH.redirect_uri, "w" * 43), False),
        (("desk", WISH.redirect_uri, ""), False),
    ],
)
def test_a_code_is_good_for_its_own_client_address_and_verifier(told: tuple[str, str, str], good: bool) -> None:
    grants = Grants(1800)
    assert grants.take_code(grants.code_for(WISH), *told) is good


def test_a_code_is_good_once_and_for_a_minute() -> None:
    clock = Clock()
    grants = Grants(1800, clock=clock)
    code = grants.code_for(WISH)
    assert grants.take_code(code, *RIGHT)
    assert not grants.take_code(code, *RIGHT)
    late = grants.code_for(WISH)
    clock.now += CODE_S + 1
    assert not grants.take_code(late, *RIGHT)


def test_tokens_live_as_long_as_they_say() -> None:
    clock = Clock()
    grants = Grants(1800, clock=clock)
    given = grants.tokens("desk", "oauth", refreshable=True)
    access, refresh = str(given["access_token"]), str(given["refresh_token"])
    assert (given["expires_in"], given["token_type"]) == (1799, "Bearer")
    assert grants.way_of(access) == "oauth"
    clock.now += 1801
    assert grants.way_of(access) == ""
    again = grants.refreshed(refresh, "desk")
    assert again is not None
    assert again["refresh_token"] == refresh
    assert grants.way_of(str(again["access_token"])) == "oauth"
    assert grants.refreshed(refresh, "other") is None
    clock.now += REFRESH_S
    assert grants.refreshed(refresh, "desk") is None


def test_a_refresh_token_that_rotates_is_good_once() -> None:
    grants = Grants(1800, rotates=True)
    first = str(grants.tokens("desk", "oauth", refreshable=True)["refresh_token"])
    again = grants.refreshed(first, "desk")
    assert again is not None
    second = str(again["refresh_token"])
    assert grants.refreshed(first, "desk") is None
    assert grants.refreshed(second, "desk") is not None


def test_what_is_revoked_is_gone() -> None:
    grants = Grants(1800)
    given = grants.tokens("desk", "oauth", refreshable=True)
    grants.revoke()
    assert grants.way_of(str(given["access_token"])) == ""
    assert grants.refreshed(str(given["refresh_token"]), "desk") is None
