"""What should be true."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from exoalias.domain.delegated import STRICT_ALIASES, STRICT_CREDENTIALS, DelegatedUser
from exoalias.domain.target import CLOSED_CLOUDS, CLOUDS, Cloud, HomeAccount, Pin, Target, Tier, bare_scope, clouds_at


def test_only_first_use_and_sign_ins_out_of_sight_prove_nothing() -> None:
    assert {tier for tier in Tier if not tier.proves} == {Tier.FIRST_USE, Tier.UNWATCHED}


@pytest.mark.parametrize(
    ("made_for", "user", "serves"),
    [
        ("a@acme.example", "a@acme.example", True),
        ("a@acme.example", "A@Acme.example", True),
        ("a@acme.example", "b@acme.example", False),
        ("a@acme.example", None, True),
        ("", "b@acme.example", True),  # pins of an older program don't say
    ],
)
def test_a_pin_serves_the_user_it_was_made_for(made_for: str, user: str | None, serves: bool) -> None:
    pin = Pin(HomeAccount("o", "t"), Tier.ENTERED, datetime(2026, 11, 1, tzinfo=UTC), "s", made_for)
    assert pin.serves(DelegatedUser(user) if user is not None else None) == serves


def test_redirect() -> None:
    assert Target("https://acme.service-now.com").redirect_url == "https://acme.service-now.com/oauth_redirect.do"


def test_defaults() -> None:
    assert tuple(STRICT_ALIASES) == STRICT_CREDENTIALS == Target("https://x").credential_names
    origins = [origin for cloud in CLOUDS for origin in cloud.sign_in_origins]
    assert len(set(origins)) == len(origins)
    assert all(origin.startswith("https://") and origin == origin.lower() and not origin.endswith("/") for origin in origins)


def test_no_address_belongs_to_two_clouds() -> None:
    clouds = (*CLOUDS, *CLOSED_CLOUDS)
    addresses = [address for cloud in clouds for address in (*cloud.sign_in_origins, *cloud.graph_urls)]
    assert len(set(addresses)) == len(addresses)
    assert all(address.startswith("https://") and address == address.lower().rstrip("/") for address in addresses)
    assert not {cloud.name for cloud in CLOUDS} & {cloud.name for cloud in CLOSED_CLOUDS}


@pytest.mark.parametrize(
    ("address", "cloud"),
    [
        ("https://login.microsoftonline.com/t/oauth2/v2.0/authorize", "Global"),
        ("LOGIN.microsoftonline.us/t", "US Government"),
        (" https://login.chinacloudapi.cn >", "China"),
        ("https://login.partner.microsoftonline.cn:443/t", "China"),
        ("https://login.sovcloud-identity.fr", "France (Bleu)"),
        ("https://login.sovcloud-identity.de/t", "Germany (Delos)"),
        ("https://login.microsoftonline.de/t", ""),
        ("https://login.microsoftonline.com.evil.example/t", ""),
        ("https://login.microsoftonline.com@evil.example/t", ""),
        ("https://evil.example/login.microsoftonline.com", ""),
        ("", ""),
    ],
)
def test_the_sign_in_host_tells_the_cloud(address: str, cloud: str) -> None:
    assert [c.name for c in CLOUDS if c.signs_in_at(address)] == ([cloud] if cloud else [])
    assert [c.name for c in clouds_at(address, CLOUDS)] == ([cloud] if cloud else [])


def test_of_two_clouds_of_one_name_each_has_its_own_addresses() -> None:
    """What was worked out of one is never given for the other, though their names alone are hashed."""
    one, other = (Cloud("Simulated", (f"http://127.0.0.1:{port}",), f"http://127.0.0.1:{port}/graph") for port in (1, 2))
    assert hash(one) == hash(other)
    assert one != other
    here = Cloud("Here", ("https://login.example",))
    there = Cloud("Here", ("https://other.example",))
    for cloud, address in ((here, "https://login.example/t"), (there, "https://other.example/t")) * 2:
        assert clouds_at(address, (cloud,)) == (cloud,)
        assert clouds_at(address, (there if cloud is here else here,)) == ()


@pytest.mark.parametrize("cloud", CLOUDS, ids=lambda c: c.name)
def test_a_scope_is_bare_or_of_its_own_clouds_graph(cloud: Cloud) -> None:
    assert cloud.bare(" Calendars.ReadWrite ") == "calendars.readwrite"
    for other in CLOUDS:
        for url in other.graph_urls:
            bare = cloud.bare(f"{url.upper()}/Calendars.ReadWrite")
            assert (bare == "calendars.readwrite") == (other is cloud)


def test_one_address_only_is_taken_off() -> None:
    twice = "https://graph.microsoft.com/https://graph.microsoft.com/x"
    assert bare_scope(twice, ("https://graph.microsoft.com",)) == "https://graph.microsoft.com/x"
    assert (
        bare_scope("https://graph.microsoft.com.evil/x", ("https://graph.microsoft.com",)) == "https://graph.microsoft.com.evil/x"
    )
