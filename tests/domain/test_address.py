"""What people paste, and the origin it means."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exoalias.domain import address
from exoalias.domain.problems import BadAddress

ACME = "https://acme.service-now.com"


@pytest.mark.parametrize(
    "text",
    [
        "acme",
        "  ACME \n",
        "acme.service-now.com",
        "acme.service-now.com.",
        "HTTPS://Acme.Service-Now.COM/",
        "https://acme.service-now.com:443",
        "https://acme.service-now.com/nav_to.do?uri=%2Fhome.do%3Fx%3Da@b",
        "https://acme.service-now.com/now/nav/ui/classic/params/target/oauth_2_0_credentials_list.do#ü",
        "https://acme.service-now.com?x=1",
        "<https://acme.service-now.com/>",
        '"acme.service-now.com"',
        "acme/login.do",
        "//acme.service-now.com/login.do",
        "\u200bacme.service-now.com\ufeff",
        "\ufeff \u201chttps://acme.service-now.com/nav_to.do\u201d\u200b\n",
        "\u201eacme\u201c",
        "'https://acme.service-now.com'",
        "`acme`",
        "https://acme.service-now.com/?to=https://user:pass@evil.example",
        "https://acme.service-now.com/now/nav/ui/classic/params/target/%24pa_dashboard.do%3Fsysparm_x%3D\u200b",
        "HTTPS://ACME.SERVICE-NOW.COM./NAV_TO.DO",
    ],
)
def test_whatever_is_pasted_gives_the_origin(text: str) -> None:
    assert address.parse(text) == ACME


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("it.acme.example", "https://it.acme.example"),
        ("servicenow.acme.example:8443/x", "https://servicenow.acme.example:8443"),
        ("service-now.acme.example", "https://service-now.acme.example"),
        ("https://10.1.2.3", "https://10.1.2.3"),
        ("https://[2001:DB8::1]:8443/", "https://[2001:db8::1]:8443"),
        ("https://localhost:8443", "https://localhost:8443"),
        ("acme.servicenowservices.com", "https://acme.servicenowservices.com"),
        ("https://ACME.ServiceNowServices.com/nav_to.do?uri=x", "https://acme.servicenowservices.com"),
        ("it.acme.co.uk", "https://it.acme.co.uk"),
        ("service.novartis.example", "https://service.novartis.example"),
        ("services.example", "https://services.example"),
        ("https://acme.service-now.com:08443", "https://acme.service-now.com:8443"),
    ],
)
def test_other_hosts_than_servicenows_are_kept(text: str, origin: str) -> None:
    assert address.parse(text) == origin


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing"),
        ("   ", "nothing"),
        ("http://acme.service-now.com", "plain http"),
        ("ftp://acme.service-now.com", "ftp"),
        ("https:/acme.service-now.com", "cut off"),
        ("https://https://acme.service-now.com", "begins twice"),
        ("https://admin:pa55@acme.service-now.com", "user name"),
        ("https://acme.service-now.com@evil.example", "user name"),
        ("https://acme.service-now.com\\@evil.example", "blanks or signs"),
        ("acme.service-now.com\x00.evil.example", "control"),
        ("ac\tme.service-now.com", "control"),
        ("ac me.service-now.com", "blanks"),
        ("аcme.service-now.com", "letters outside"),  # a Cyrillic а
        ("acme。service-now.com", "letters outside"),
        ("\uff41cme.service-now.com", "letters outside"),
        ("xn--cme-7cd.service-now.com", "letters outside"),
        ("acme.service-now.com.evil.example", "resembles"),
        ("acme-service-now.com", "resembles"),
        ("acme.service-n0w.com", "resembles"),
        ("acme.servlce-now.com", "resembles"),
        ("acme.service-now.co", "resembles"),
        ("acme.service-now.co.uk", "resembles service-now"),
        ("acme.sevice-now.com", "resembles service-now"),
        ("acme.services-now.com", "resembles service-now"),
        ("acme.service-how.com", "resembles service-now"),
        ("acme.servicenow.net", "resembles"),
        ("acme-servicenow.com", "resembles"),
        ("acme.service-novv.com", "resembles"),
        ("acme.servicenowservices.co", "resembles servicenowservices"),
        ("acme.servicenowservices.com.evil.example", "resembles servicenowservices"),
        ("acme.service-now-services.com", "resembles"),
        ("acme.servicenowservlces.com", "resembles servicenowservices"),
        ("servicenowservices.com", "lacks the instance"),
        ("acme.servicenow.com", "no instance is there"),
        ("www.servicenow.com", "no instance is there"),
        ("acme.servicenowservices.com@evil.example", "user name"),
        ("acme.servicen\u043ewservices.com", "letters outside"),
        ("xn--servicenwservices-0kk.com", "xn--"),
        ("ac\u200bme.service-now.com", "can't be seen"),
        ("acme.service-now.com\u202e@moc.elpmaxe", "can't be seen"),
        ("acme.service-\nnow.com", "several lines"),
        ("https://acme.service-now.com\nhttps://other.service-now.com", "several lines"),
        ("acme.service-now.com\x85.evil", "control"),
        ("view-source:https://acme.service-now.com", "no host"),
        ("javascript:alert(1)", "no host"),
        ("service-now.com", "lacks the instance"),
        ("www.service-now.com", "lacks the instance"),
        ("https://acme.service-now.com:0", "port"),
        ("https://acme.service-now.com:", "port"),
        ("https://acme.service-now.com:99999", "port"),
        ("acme:8443", "domain"),
        ("12345", "number alone"),
        ("https://1.2.3", "not a possible address"),
        ("https://0x7f000001", "number|address"),
        ("https://[::g]", "no host"),
        ("https://[1:2]", "not a possible address"),
        ("https:///path", "no host"),
        ("-acme.service-now.com", "host name"),
        ("a..b.example", "host name"),
        ("a%2eb.example", "blanks or signs"),
        ("a" * 64 + ".example", "host name"),
    ],
)
def test_what_could_go_to_the_wrong_place_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(BadAddress) as refused:
        address.parse(text)
    assert re.search(why, refused.value.facts["why"])


def test_a_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(BadAddress) as refused:
        address.parse("https://admin:pa55word@acme.service-now.com")
    assert "pa55word" not in refused.value.words


def test_plain_http_is_for_a_simulated_loopback_alone() -> None:
    assert address.parse("http://127.0.0.1:8080/x", allow_loopback_http=True) == "http://127.0.0.1:8080"
    assert address.parse("http://localhost:80", allow_loopback_http=True) == "http://localhost"
    assert address.parse("http://[::1]:8080", allow_loopback_http=True) == "http://[::1]:8080"
    for text in ("http://127.0.0.1:8080", "http://localhost:8080"):
        with pytest.raises(BadAddress):
            address.parse(text)
    for text in ("http://127.0.0.1.evil.example", "http://localhost.evil.example", "http://10.0.0.1:80", "http://acme"):
        with pytest.raises(BadAddress):
            address.parse(text, allow_loopback_http=True)


@given(st.one_of(st.text(max_size=60), st.from_regex(r"(https?://)?[a-zA-Z0-9.:@/\\\[\]-]{0,40}", fullmatch=True)))
def test_any_text_gives_a_clean_origin_or_a_reason(text: str) -> None:
    try:
        origin = address.parse(text)
    except BadAddress:
        return
    assert re.fullmatch(r"https://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:[1-9][0-9]{0,4})?", origin)
    assert address.parse(origin) == origin
    assert address.parse(origin + "/nav_to.do?uri=x") == origin
