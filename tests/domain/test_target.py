"""What should be true."""

from __future__ import annotations

from exoalias.domain.target import CLOUDS, STRICT_ALIASES, STRICT_CREDENTIALS, Target, Tier


def test_only_first_use_proves_nothing() -> None:
    assert {tier for tier in Tier if not tier.proves} == {Tier.FIRST_USE}


def test_redirect() -> None:
    assert Target("https://acme.service-now.com").redirect_url == "https://acme.service-now.com/oauth_redirect.do"


def test_defaults() -> None:
    assert tuple(STRICT_ALIASES) == STRICT_CREDENTIALS == Target("https://x").credential_names
    origins = [origin for cloud in CLOUDS for origin in cloud.sign_in_origins]
    assert len(set(origins)) == len(origins)
    assert all(origin.startswith("https://") and origin == origin.lower() and not origin.endswith("/") for origin in origins)
