"""What a setting takes, from a file, from a registry, or as it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exoalias.domain.setting import Unusable
from exoalias.domain.settings import SETTINGS, built_in, setting
from exoalias.domain.ways import Way

if TYPE_CHECKING:
    from exoalias.domain.setting import Setting


def read(name: str, raw: object) -> object:
    known = setting(name)
    assert known is not None
    return known.read(raw)


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("idle_minutes", 5, 5),
        ("idle_minutes", " 5 ", 5),
        ("idle_minutes", "+120", 120),
        ("keep_secrets", "No", False),
        ("keep_secrets", "on", True),
        ("keep_secrets", 0, False),  # REG_DWORD
        ("keep_secrets", 1, True),
        ("keep_secrets", False, False),
        ("ways", "oauth, Browser", (Way.BROWSER, Way.OAUTH)),
        ("ways", ["api-key"], (Way.API_KEY,)),
        ("ca_file", "/etc/ssl/own.pem", "/etc/ssl/own.pem"),
        ("ca_file", r"C:\Own\own.pem", r"C:\Own\own.pem"),
        ("ca_file", r"\\server\share\own.pem", r"\\server\share\own.pem"),
        ("ca_file", "~/own.pem", "~/own.pem"),
        ("ca_file", "", ""),
        ("ca_file", "System", ""),
        ("browser", "find", ""),
        ("proxy", "", ""),
        ("proxy", "system", ""),
        ("proxy", "NONE", "none"),
        ("proxy", "proxy.acme.example:8080", "proxy.acme.example:8080"),
        ("proxy", "https://proxy.acme.example:8080/", "https://proxy.acme.example:8080"),
        ("proxy", "[::1]:3128", "[::1]:3128"),
        ("appearance", "Dark", "dark"),
    ],
)
def test_what_is_taken(name: str, raw: object, value: object) -> None:
    assert read(name, raw) == value


REFUSED: dict[str, tuple[object, ...]] = {
    "idle_minutes": (0, 121, True, 5.0, "", "5 minutes", "１2", None, [5], "9" * 500),
    "keep_secrets": ("maybe", "", 2, 1.0, None, []),
    "ways": ("", [], "telepathy", ["browser", 3], "browser,,", {"browser": 1}, None),
    "ca_file": ("own.pem", "../own.pem", "~other/own.pem", "/a\nb", "/" + "x" * 2000, 7, None),
    "proxy": ("user:pw@proxy:1", "ftp://proxy", "proxy:99999", "proxy:0", "https://", "a b", "/x", "h/p", "h?q", 3128, None),
    "appearance": ("pink", "", 1, None),
}


@pytest.mark.parametrize(("name", "raw"), [(name, raw) for name, refused in REFUSED.items() for raw in refused])
def test_what_is_not_taken(name: str, raw: object) -> None:
    with pytest.raises(Unusable, match=r"can't be used: it takes ."):
        read(name, raw)


def test_a_refusal_repeats_no_password() -> None:
    with pytest.raises(Unusable) as refused:
        read("proxy", "https://me:hunter2@proxy:1")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("known", SETTINGS, ids=lambda known: known.name)
def test_what_is_shown_can_be_given_again(known: Setting) -> None:
    value = built_in(known)
    assert known.read(known.text(value)) == value
    assert known.read(known.plain(value)) == value


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(known=st.sampled_from(SETTINGS), raw=anything | st.from_regex(r"[a-z]{1,6}://[^ ]{0,20}|/[^ ]{0,9}|[0-9,.-]{1,9}"))
def test_whatever_is_given_is_taken_or_refused_and_what_is_taken_stays(known: Setting, raw: object) -> None:
    try:
        value = known.read(raw)
    except Unusable:
        return
    assert known.read(known.text(value)) == value
    assert known.read(known.plain(value)) == value
