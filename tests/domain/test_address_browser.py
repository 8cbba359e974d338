"""Whatever is pasted: never another host than a browser would go to, and never an error but BadAddress."""

from __future__ import annotations

import random
import re
from ipaddress import IPv6Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exoalias.domain.address import parse
from exoalias.domain.problems import BadAddress
from tests.domain.browser_reading import goes_to

PIECES = (
    "https://", "http://", "HTTPS://", "https:", "https:/", "https:\\\\", "//", "ftp://", "javascript:", "data:", "view-source:",
    "acme", "ACME", "acme-dev", "acme.service-now.com", "acme.servicenowservices.com", "service-now.com", "it.acme.example",
    "evil.example", "localhost", "127.0.0.1", "0x7f.1", "017700000001", "2130706433", "1.2.3", "[::1]", "[2001:DB8::1]", "[::g]",
    "xn--cme-7cd", "аcme", "acmé", "ａcme", "。", "．", "\u202e", "\u200b", "\u00ad", "\ufeff", "\u2028",
    ".", "..", ":", ":443", ":8443", ":0", ":99999", ":080", "@", "user@", "admin:pa55@", "%40", "%2e", "%2F", "%00", "%5C",
    "/", "\\", "?", "#", "/nav_to.do?uri=%2Fhome.do", "/now/nav/ui/classic/params/target/x.do", "?x=https://evil.example",
    ";", ",",
    "|", "^", "_", "-", "--", "*", "!", "~",
    " ", "\t", "\n", "\r\n", "\x00", "\x7f", "\x85", "'", '"', "“", "”", "<", ">", "(", ")", "`",
    "a" * 64, "a." * 130, "😀", "\ud800",
)  # fmt: skip
# What is taken off at both ends: nobody's address begins or ends with it.
AROUND = ("", " ", "\n", "\u00a0", *"<>\"'`“”„‘’‚«»‹›", *"\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202c")


def check(core: str, around: tuple[str, str] = ("", "")) -> bool:
    """Whether it was taken; an assertion says where a browser would go instead."""
    try:
        origin = parse(around[0] + core + around[1])
    except BadAddress as problem:
        refused = problem
    else:
        return _leads_where_a_browser_goes(core, origin)
    assert refused.words.isprintable()
    assert len(refused.words) < 400
    return False


def _leads_where_a_browser_goes(core: str, origin: str) -> bool:
    match = re.fullmatch(r"https://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::([1-9][0-9]{0,4}))?", origin)
    assert match
    shape = core.strip()
    whole = (
        shape if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", shape) else f"https:{shape}" if shape[:2] == "//" else f"https://{shape}"
    )
    there = goes_to(whole)
    assert there is not None, f"a browser refuses {core!r}; taken as {origin}"
    scheme, host, port = there
    assert scheme == "https"
    taken = match[1]
    if "." not in host.removesuffix(".") and host.removesuffix(".") != "localhost" and not host.startswith("["):
        assert taken == f"{host.removesuffix('.')}.service-now.com"
    elif host.startswith("["):
        assert IPv6Address(taken[1:-1]) == IPv6Address(host[1:-1])
    else:
        assert taken == host.removesuffix("."), core
    assert int(match[2] or 443) == port
    return True


@pytest.mark.parametrize("seed", range(4))
def test_never_another_host_than_a_browser_goes_to(seed: int) -> None:
    chance = random.Random(seed)
    taken = 0
    for _ in range(15_000):
        core = _peeled("".join(chance.choices(PIECES, k=chance.randint(1, 6))))
        wrapping = (chance.choice(AROUND), chance.choice(AROUND))
        taken += check(core, wrapping)
    assert taken > 500  # the generator makes usable addresses too


def _peeled(text: str) -> str:
    """Without what is taken off at both ends."""
    while text[:1] and (text[0] in AROUND or text[0].isspace()):
        text = text[1:]
    while text[-1:] and (text[-1] in AROUND or text[-1].isspace()):
        text = text[:-1]
    return text


@pytest.mark.parametrize("seed", range(2))
def test_one_letter_changed_anywhere(seed: int) -> None:
    chance = random.Random(1000 + seed)
    letters = [chr(c) for c in (*range(0x80), 0x85, 0xA0, 0xAD, 0x200B, 0x202E, 0x2028, 0x3002, 0xFF0E, 0xFF41, 0x430)]
    for _ in range(10_000):
        text = chance.choice(
            ["https://acme.service-now.com/nav_to.do", "acme.servicenowservices.com:8443", "https://[::1]:8443/x"]
        )
        place = chance.randint(0, len(text))
        changed = text[:place] + chance.choice(letters) + text[place + chance.randint(0, 1) :]
        check(_peeled(changed))


@settings(max_examples=400)
@given(st.text(max_size=40))
def test_any_text(text: str) -> None:
    check(_peeled(text))


@settings(max_examples=300)
@given(st.from_regex(r"(https?:)?/{0,3}[a-zA-Z0-9.:@/\\\[\]%?#-]{0,40}", fullmatch=True))
def test_any_text_of_an_addresses_letters(text: str) -> None:
    check(text)


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("https://acme.service-now.com/x", ("https", "acme.service-now.com", 443)),
        ("https:\\\\evil.example\\@acme.service-now.com", ("https", "evil.example", 443)),
        ("https://acme.service-now.com\\@evil.example", ("https", "acme.service-now.com", 443)),
        ("https://acme.service-now.com@evil.example:8443/", ("https", "evil.example", 8443)),
        ("ht\ntps://ac\tme.example", ("https", "acme.example", 443)),
        ("https://0x7f.1", ("https", "127.0.0.1", 443)),
        ("https://017700000001", ("https", "127.0.0.1", 443)),
        ("https:///acme.example", ("https", "acme.example", 443)),
        ("https://a%2eb.example", ("https", "a.b.example", 443)),
        ("https://a b", None),
        ("javascript:alert(1)", None),
        ("https://1.2.3.4.5", None),
    ],
)
def test_the_reading_is_a_browsers(text: str, there: tuple[str, str, int] | None) -> None:
    assert goes_to(text) == there
