"""Redirect addresses that can be stopped in the browser, and those that must not get into its closed list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exoalias.adapters.browser.session import ClosedList
from exoalias.adapters.keeping.entries import REDIRECT_URL
from exoalias.domain.redirect import as_browsers_write, redirect_flaw
from exoalias.domain.target import CLOUDS

INSTANCE = "https://acme.service-now.com"
MICROSOFT = frozenset(origin for cloud in CLOUDS for origin in cloud.sign_in_origins)


@pytest.mark.parametrize(
    "url",
    [
        REDIRECT_URL,
        "http://localhost:8410",
        "http://127.0.0.1:9/",
        "http://[::1]:8410/x",
        "https://tool.example.com/back",
        "https://tool.example.com:8443/a.b/c_d/",
        "https://other.service-now.com/x",
    ],
)
def test_these_can_be_stopped(url: str) -> None:
    assert redirect_flaw(url, INSTANCE, MICROSOFT) == ""


FLAWED = {
    "http://tool.example.com/x": "https address",
    "ftp://localhost/x": "https address",
    "": "https address",
    "localhost:8410/x": "https address",
    "https://": "plain",
    "https://tool.example.com/x?y": "query",
    "https://tool.example.com/x?": "query",
    "https://tool.example.com/x#y": "query",
    "https://tool.example.com/x#": "query",
    "https://Tool.example.com/x": "plain",
    "https://tool.example.com:443/x": "plain",
    "http://localhost:80/x": "plain",
    "https://tool.example.com:0443/x": "plain",
    "https://*.example.com/x": "plain",
    "https://tool.example.com/*": "plain",
    "https://tool.example.com/a%20b": "plain",
    "https://tool.example.com/a/../b": "plain",
    "https://tool.example.com/./b": "plain",
    "https://tool.example.com//b": "plain",
    "https://user@tool.example.com/b": "plain",
    "https://tool.example.com\\b": "plain",
    "https://tool.example.com/b ": "plain",
    "https://tööl.example.com/b": "plain",
    "https://tool.example.com:99999/b": "read",
    "https://[::1/b": "read",
    f"{INSTANCE}/navpage.do": "instance",
    INSTANCE: "instance",
    "https://login.microsoftonline.com/common/oauth2/nativeclient": "Microsoft",
    "https://login.microsoftonline.us/x": "Microsoft",
}


@pytest.mark.parametrize("url", FLAWED)
def test_these_must_not_be(url: str) -> None:
    assert FLAWED[url] in redirect_flaw(url, INSTANCE, MICROSOFT)


def test_a_host_alone_gets_the_slash_a_browser_gives_it() -> None:
    assert as_browsers_write("http://localhost:8410") == "http://localhost:8410/"
    assert as_browsers_write(REDIRECT_URL) == REDIRECT_URL


@given(st.text(alphabet="htps:/[]*?.%#@\\ abA01-_~", max_size=30).map(lambda rest: f"https://{rest}"))
def test_whatever_is_let_through_the_closed_list_takes(url: str) -> None:
    if not redirect_flaw(url, INSTANCE, MICROSOFT):
        patterns = ClosedList(INSTANCE, redirect=as_browsers_write(url)).patterns()
        assert [p["urlPattern"] for p in patterns][-1] == f"{as_browsers_write(url)}?*"
        assert "*" not in url
