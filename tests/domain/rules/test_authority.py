"""Authorization and token addresses, taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exoalias.domain.rules.authority import read_authority
from exoalias.domain.target import CLOUDS
from tests.domain.build import TENANT

HOST = "https://login.microsoftonline.com"
GOOD = f"{HOST}/{TENANT}/oauth2/v2.0/authorize"


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.upper().replace("HTTPS", "https"),
        GOOD.replace(".com/", ".com:443/"),
        GOOD.replace("login.microsoftonline.com", "login.microsoftonline.us"),
        GOOD.replace(TENANT, "juniperhall.example"),
        GOOD.replace(TENANT, "common"),
    ],
)
def test_well_formed(text: str) -> None:
    authority = read_authority(text, "authorize", CLOUDS)
    assert authority.faults == ()
    assert authority.cloud is not None
    assert authority.tenant


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (" \t", "empty"),
        (f"{GOOD} >", "misprint"),
        (f"{GOOD}>", "ends in “>”"),
        (f" {GOOD}", "blank"),
        (f"{GOOD}\n", "blank"),
        (GOOD.replace(TENANT, "<tenant_id>"), "<tenant_id>"),
        (GOOD.replace("v2.0/", ""), "v1"),
        (GOOD.replace("v2.0", "v3.0"), "its path"),
        (f"{GOOD}/", "its path"),
        (GOOD.replace("oauth2/", "oauth2//"), "its path"),
        (GOOD.replace("authorize", "token"), "its path"),
        (HOST, "its path"),
        (f"{GOOD}#x", "fragment"),
        (GOOD.replace("https", "http"), "known cloud"),
        (GOOD.replace(".com/", ".com.evil.example/"), "known cloud"),
        (GOOD.replace("login.", "login."[:-1] + "\u2024"), "known cloud"),
        (GOOD.replace("https://", "https://x@"), "known cloud"),
        (GOOD.replace(".com/", ".com:444/"), "known cloud"),
        ("https:///x", "no host"),
        ("login.microsoftonline.com/x", "not an https address"),
        ("https:/x", "not an https address"),
    ],
)
def test_faults(text: str, words: str) -> None:
    assert words in "; ".join(read_authority(text, "authorize", CLOUDS).faults)


def test_the_documentations_own_misprint_is_still_understood() -> None:
    authority = read_authority(f"{HOST}/{TENANT}/oauth2/v2.0/token >", "token", CLOUDS)
    assert authority.tenant_guid == TENANT
    assert authority.faults == ("it ends in “ >”, a misprint of the setup page",)
    both = read_authority(f"{HOST}/<tenant_id>/oauth2/v2.0/token >", "token", CLOUDS)
    assert len(both.faults) == 2
    assert both.tenant == ""


def test_query_is_told_apart() -> None:
    assert read_authority(f"{GOOD}?a=b", "authorize", CLOUDS).query
    assert not read_authority(GOOD, "authorize", CLOUDS).query


@given(st.text(max_size=60), st.sampled_from(["", HOST, GOOD]))
def test_any_text_is_taken(text: str, before: str) -> None:
    authority = read_authority(before + text, "authorize", CLOUDS)
    if not authority.faults:
        assert authority.cloud is not None
        assert authority.tenant


def test_a_closed_cloud_is_named_as_closed() -> None:
    read = read_authority("https://login.microsoftonline.de/common/oauth2/v2.0/authorize", "authorize", CLOUDS)
    assert read.cloud is None
    assert read.faults == (
        "login.microsoftonline.de was the sign-in host of Microsoft Cloud Germany, which was closed on 29 October 2021",
    )
