"""Reading, comparing and editing authorize addresses: the plain ones, and those made to be misread."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from exoalias.domain.authorize import (
    Address,
    Planned,
    carries,
    difference,
    foreign_state,
    is_foreign,
    prompted,
    same_scopes,
    shown,
    take_apart,
    why_unreadable,
    without_client_info,
)
from exoalias.domain.target import CLOUDS, GRAPH_URL, REQUIRED_SCOPES, Cloud
from tests.domain.gate_story import AUTHORIZE, CLIENT, ELSEWHERE, HOST, MICROSOFT, OTHER_CLIENT, PLANNED, REDIRECT, TENANT, UPN
from tests.domain.gate_story import answer_url as answer
from tests.domain.gate_story import authorize_url as asks


def read(url: str) -> Address:
    address = take_apart(url)
    assert address is not None
    return address


# -- taking apart ----------------------------------------------------------------------------------------------------------

NO_ADDRESS = {
    "nothing": "",
    "no scheme": "acme.service-now.com/oauth_redirect.do",
    "another scheme": "ftp://acme.service-now.com/",
    "a script": "javascript:alert(1)//https://acme.service-now.com",
    "a page in the address": "data:text/html,https://acme.service-now.com/",
    "a browser page": "about:blank",
    "no host": "https:///oauth_redirect.do",
    "only a port": "https://:443/oauth_redirect.do",
    "a user": "https://acme.service-now.com@evil.example/oauth_redirect.do",
    "a user and password": "https://a:b@acme.service-now.com/",
    "an empty user": "https://@acme.service-now.com/",
    "a bad port": "https://acme.service-now.com:99999/",
    "a port of letters": "https://acme.service-now.com:https/",
    "a broken bracket": "https://[::1/oauth_redirect.do",
    "a blank": "https://acme.service-now.com/ oauth_redirect.do",
    "a leading blank": " https://acme.service-now.com/",
    "a line end": "https://acme.service-now.com/\n",
    "a tab in the host": "https://acme.service\t-now.com/",
    "a NUL": "https://acme.service-now.com/\0",
    "DEL": "https://acme.service-now.com/\x7f",
    "a backslash": "https://evil.example\\@acme.service-now.com/",
    "a Cyrillic letter": "https://асme.service-now.com/",
    "a full-width dot": "https://acme。service-now.com/",
    "a zero-width blank": "https://acme\u200b.service-now.com/",
    "a fragment": "https://acme.service-now.com/oauth_redirect.do#code=1",
    "an empty fragment": "https://acme.service-now.com/oauth_redirect.do?code=1#",
}


@pytest.mark.parametrize("url", NO_ADDRESS.values(), ids=NO_ADDRESS.keys())
def test_what_is_no_plain_address(url: str) -> None:
    assert take_apart(url) is None


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://acme.service-now.com/\t", "it holds blanks, control characters or letters no address has"),
        ("https://a\u0441me.service-now.com/", "it holds blanks, control characters or letters no address has"),
        ("https://acme.service-now.com:x/", "its host or port is none"),
        ("javascript:alert(1)", "it names no host by https"),
        ("https:///x", "it names no host by https"),
        ("https://a@b/", "it carries a user name"),
        ("https://b/#x", "it carries a fragment"),
        ("http://localhost:8123/", ""),
    ],
)
def test_why_an_address_is_none(url: str, why: str) -> None:
    assert why_unreadable(url) == why


def test_a_plain_address_is_taken_apart() -> None:
    address = read("https://ACME.service-now.com:8443/A/b.do?x=1&y=a%20b+c&&z&x%32=3")
    assert address.origin == "https://acme.service-now.com:8443"
    assert address.path == "/A/b.do"
    assert address.parts == ("x=1", "y=a%20b+c", "", "z", "x%32=3")
    assert (address.value("x"), address.value("y"), address.value("z"), address.value("x2")) == ("1", "a b c", "", "3")
    assert (address.value("missing"), address.values("missing"), address.values("z")) == ("", (), ("",))


def test_an_address_without_a_query() -> None:
    assert read(REDIRECT).parts == ()
    assert read(REDIRECT).text() == REDIRECT
    assert read("http://localhost:8123/?").parts == ()


@pytest.mark.parametrize(
    ("query", "repeated"),
    [
        ("a=1&b=2", ()),
        ("a=1&a=1", ("a",)),
        ("a=1&A=2&b=1&B=1", ("a", "b")),
        ("d=1&d&c=1&c&b=1&b&a=1&a&e=1&e", ("a", "b", "c", "d", "e")),
        ("state=1&st%61te=2", ("state",)),
        ("a=1&a", ("a",)),
        ("a=1&&", ("",)),
    ],
)
def test_names_given_twice(query: str, repeated: tuple[str, ...]) -> None:
    assert read(f"{AUTHORIZE}?{query}").repeated == repeated


_PIECE = st.text("abAB=%2613+._~-/:;,*!'()@$?", max_size=12)
_QUERY = st.lists(_PIECE, min_size=1, max_size=8).map("&".join).filter(bool)


@given(_QUERY)
def test_what_was_taken_apart_goes_together_again_byte_for_byte(query: str) -> None:
    assert read(f"{AUTHORIZE}?{query}").text() == f"{AUTHORIZE}?{query}"


@given(st.text())
@example("https://[")
@example("https://[v1.x]:0/")
@example("http://a:b")
def test_taking_apart_never_raises(url: str) -> None:
    address = take_apart(url)
    assert address is None or address.origin.startswith(("https://", "http://"))


# -- whose request -----------------------------------------------------------------------------------------------------------

FOREIGN = {
    "another client": asks(client_id=OTHER_CLIENT),
    "no client at all": asks(client_id=None),
    "the instance's own OIDC sign-in, same client": asks(redirect_uri=f"{HOST}/navpage.do"),
    "the same, by SAML's page": asks(redirect_uri=f"{HOST}/saml_acs.do", response_mode="form_post"),
    "another client, and more twice": asks(client_id=OTHER_CLIENT, extra="&x=1&x=2"),
    "our client id somewhere else": asks(client_id=OTHER_CLIENT, nonce=CLIENT),
}
NOT_FOREIGN = {
    "the planned one": asks(),
    "client id in capitals": asks(client_id=CLIENT.upper()),
    "in braces": asks(client_id="{" + CLIENT + "}"),
    "without hyphens": asks(client_id=CLIENT.replace("-", "")),
    "with a blank before": asks(client_id=f" {CLIENT}"),
    "with a line end": asks(client_id=f"{CLIENT}\r\n"),
    "as an application id address": asks(client_id=f"api://{CLIENT}"),
    "name in capitals": asks(client_id=None, CLIENT_ID=CLIENT),
    "name encoded": asks(client_id=None, extra=f"&client%5Fid={CLIENT}"),
    "two clients, ours second": asks(client_id=OTHER_CLIENT, extra=f"&client_id={CLIENT}"),
    "two clients, ours in capitals": asks(client_id=OTHER_CLIENT, extra=f"&CLIENT_ID={CLIENT}"),
    "redirect to another host": asks(redirect_uri="https://acmeprod.service-now.com/oauth_redirect.do"),
    "redirect to a look-alike host": asks(redirect_uri="https://acme.service-now.com.evil.example/navpage.do"),
    "redirect to the host over http": asks(redirect_uri="http://acme.service-now.com/navpage.do"),
    "redirect to the host with a port": asks(redirect_uri="https://acme.service-now.com:8443/navpage.do"),
    "redirect with a user in it": asks(redirect_uri="https://acme.service-now.com@evil.example/navpage.do"),
    "redirect missing": asks(redirect_uri=None),
    "redirect that is no address": asks(redirect_uri="navpage.do"),
    "our path in capitals": asks(redirect_uri=f"{HOST}/OAUTH_REDIRECT.DO"),
    "our path and more": asks(redirect_uri=f"{HOST}/oauth_redirect.do;x=1"),
    "two redirects": asks(redirect_uri=f"{HOST}/navpage.do", extra=f"&redirect_uri={REDIRECT}"),
}


@pytest.mark.parametrize("url", FOREIGN.values(), ids=FOREIGN.keys())
def test_requests_for_another_purpose(url: str) -> None:
    assert is_foreign(read(url), PLANNED)


@pytest.mark.parametrize("url", NOT_FOREIGN.values(), ids=NOT_FOREIGN.keys())
def test_requests_that_name_our_client(url: str) -> None:
    assert not is_foreign(read(url), PLANNED)


def test_our_path_is_ours_however_the_plan_spells_it() -> None:
    shouted = replace(PLANNED, redirect_url=f"{HOST}/OAuth_Redirect.do")
    assert not is_foreign(read(asks()), shouted)
    assert is_foreign(read(asks(redirect_uri=f"{HOST}/navpage.do")), shouted)


def test_what_is_planned_has_its_cloud_and_its_address() -> None:
    assert Planned(AUTHORIZE, CLIENT, REDIRECT, ()).graph_urls == (GRAPH_URL,)
    assert replace(PLANNED, authorize_url="<tenant_id>").address == Address("", "", ())
    assert same_scopes(f"{GRAPH_URL}/Mail.Send", ("mail.send",)) == ""


def test_without_a_readable_redirect_of_our_own_nothing_of_our_client_is_foreign() -> None:
    assert not is_foreign(read(asks(redirect_uri=f"{HOST}/navpage.do")), replace(PLANNED, redirect_url="nowhere"))


VOUCHES = {
    "another client that answers here": (asks(client_id=OTHER_CLIENT, state="77"), "77"),
    "another client, no state": (asks(client_id=OTHER_CLIENT, state=None), ""),
    "another client that answers elsewhere": (asks(client_id=OTHER_CLIENT, redirect_uri=f"{HOST}/navpage.do"), ""),
    "our client that answers elsewhere": (asks(redirect_uri=f"{HOST}/navpage.do"), ""),
    "a path that becomes ours": (asks(redirect_uri=f"{HOST}/x/../oauth_redirect.do"), ""),
    "a path encoded": (asks(redirect_uri=f"{HOST}/%6Fauth_redirect.do"), ""),
    "a doubled slash": (asks(redirect_uri=f"{HOST}//oauth_redirect.do"), ""),
    "no client": (asks(client_id=None), ""),
    "an empty client": (asks(client_id=""), ""),
    "a name with a blank": (asks(client_id=None, extra=f"&client_id%20={CLIENT}"), ""),
    "two clients": (asks(client_id=OTHER_CLIENT, extra="&client_id=x"), ""),
    "a name in capitals": (asks(client_id=None, CLIENT_ID=OTHER_CLIENT), ""),
    "a state in capitals": (asks(client_id=OTHER_CLIENT, state=None, STATE="9"), ""),
    "a client that is no text": (asks(client_id=None, extra="&client_id=%ff"), ""),
    "a name that is no text": (asks(client_id=OTHER_CLIENT, extra="&x%c0%af=1"), ""),
    "an odd name beside": (asks(client_id=OTHER_CLIENT, extra="&request%20=x"), ""),
}


@pytest.mark.parametrize(("url", "state"), VOUCHES.values(), ids=VOUCHES.keys())
def test_which_foreign_requests_vouch_for_an_answer_here(url: str, state: str) -> None:
    assert foreign_state(read(url), PLANNED) == state


# -- differences ---------------------------------------------------------------------------------------------------------------

SAME = {
    "as planned": asks(),
    "query mode asked for": asks(response_mode="query"),
    "client id in capitals": asks(client_id=CLIENT.upper()),
    "host in capitals": asks(AUTHORIZE.replace("login", "LOGIN")),
    "scopes with Graph's prefix": asks(scope=" ".join(f"https://graph.microsoft.com/{s}" for s in REQUIRED_SCOPES)),
    "scopes in another order and case": asks(scope=" ".join(reversed(REQUIRED_SCOPES)).upper()),
    "scopes that only name the user": asks(scope=" ".join((*REQUIRED_SCOPES, "openid", "profile", "email"))),
    "blanks by plus": asks(scope=None, extra="&scope=" + "+".join(REQUIRED_SCOPES)),
    "a challenge": asks(code_challenge="x" * 43, code_challenge_method="S256"),
    "a prompt of its own": asks(prompt="none"),
    "Microsoft's own names in mixed case": asks(extra="&x-client-SKU=ServiceNow"),
    "a state with a semicolon": asks(state="1;2"),
}
DIFFERENT = {
    "another tenant": (asks(AUTHORIZE.replace(TENANT, ELSEWHERE)), "it goes to"),
    "common": (asks(AUTHORIZE.replace(TENANT, "common")), "it goes to"),
    "tenant in capitals": (asks(AUTHORIZE.replace(TENANT, TENANT.upper())), "it goes to"),
    "the old end point": (asks(AUTHORIZE.replace("/v2.0", "")), "it goes to"),
    "path not in its plain form": (asks(AUTHORIZE + "/"), "it goes to"),
    "a look-alike host": (asks(AUTHORIZE.replace("microsoftonline.com", "microsoftonline.com.evil.example")), "it goes to"),
    "a host within the name": (asks(AUTHORIZE.replace("login.", "login-")), "it goes to"),
    "a trailing dot": (asks(AUTHORIZE.replace(".com", ".com.")), "it goes to"),
    "punycode": (asks(AUTHORIZE.replace("microsoft", "xn--mcrosoft-tkb")), "it goes to"),
    "a port": (asks(AUTHORIZE.replace(".com", ".com:444")), "it goes to"),
    "no TLS": (asks(AUTHORIZE.replace("https", "http")), "it goes to"),
    "another cloud": (asks(AUTHORIZE.replace(".com", ".us")), "it goes to"),
    "another client": (asks(client_id=OTHER_CLIENT), "another client id"),
    "client in braces": (asks(client_id="{" + CLIENT + "}"), "another client id"),
    "the original of a clone": (
        asks(redirect_uri="https://acmeprod.service-now.com/oauth_redirect.do"),
        "its redirect address is",
    ),
    "redirect missing": (asks(redirect_uri=None), "its redirect address is missing"),
    "redirect by http": (asks(redirect_uri=REDIRECT.replace("https", "http")), "its redirect address is"),
    "redirect in capitals": (asks(redirect_uri=REDIRECT.upper()), "its redirect address is"),
    "redirect with a query": (asks(redirect_uri=REDIRECT + "?x=1"), "its redirect address is"),
    "redirect with a fragment": (asks(redirect_uri=REDIRECT + "#"), "its redirect address is"),
    "redirect encoded twice": (asks(redirect_uri=REDIRECT.replace("/", "%2F")), "its redirect address is"),
    "redirect that ends in a blank": (asks(redirect_uri=REDIRECT + " "), "its redirect address is"),
    "a token instead of a code": (asks(response_type="token"), "its response type is token"),
    "a code and a token": (asks(response_type="code id_token"), "its response type is code id_token"),
    "no response type": (asks(response_type=None), "its response type is missing"),
    "response type in capitals": (asks(response_type="CODE"), "its response type is CODE"),
    "answer by POST": (asks(response_mode="form_post"), "it wants its answer by form_post"),
    "answer by fragment": (asks(response_mode="fragment"), "it wants its answer by fragment"),
    "query mode in capitals": (asks(response_mode="QUERY"), "it wants its answer by QUERY"),
    "a request object": (asks(request="e30.e30."), "it carries request"),
    "an empty request object": (asks(request=""), "it carries request"),
    "a pushed request": (asks(request_uri="urn:ietf:params:oauth:request_uri:x"), "it carries request_uri"),
    "no state": (asks(state=None), "it carries no state"),
    "an empty state": (asks(state=""), "it carries no state"),
    "a scope missing": (asks(scope="Calendars.ReadWrite offline_access"), "scope lacks calendars.readwrite.shared"),
    "a scope more": (asks(scope=" ".join((*REQUIRED_SCOPES, "Mail.Send"))), "scope also asks for mail.send"),
    "the default scope": (asks(scope="https://graph.microsoft.com/.default"), "scope lacks"),
    "no scope": (asks(scope=None), "scope lacks"),
    "a scope of another resource": (asks(scope="https://evil.example/Calendars.ReadWrite offline_access"), "scope lacks"),
    "two states": (asks(extra="&state=2"), "state given more than once"),
    "two states by case": (asks(extra="&State=2"), "state given more than once"),
    "two clients": (asks(extra=f"&client_id={OTHER_CLIENT}"), "client_id given more than once"),
    "two redirects, the same": (asks(extra=f"&redirect_uri={REDIRECT}"), "redirect_uri given more than once"),
    "two scopes, one encoded": (asks(extra="&sc%6Fpe=Mail.Send"), "scope given more than once"),
    "answer by POST in capitals": (asks(RESPONSE_MODE="form_post"), "it spells RESPONSE_MODE in an unusual way"),
    "request object in capitals": (asks(Request="e30."), "it spells Request in an unusual way"),
    "pushed request in capitals": (asks(Request_Uri="urn:x"), "it spells Request_Uri in an unusual way"),
    "a redirect after a semicolon": (
        asks(state=None, extra="&state=1;redirect_uri=x"),
        "it spells redirect_uri in an unusual way",
    ),
    "a client behind a blank": (asks(extra=f"&client_id%20={OTHER_CLIENT}"), "it spells client_id  in an unusual way"),
    "a redirect with a dot": (asks(extra="&redirect.uri=x&redirect_uri.=x"), "it spells redirect_uri. in an unusual way"),
    "a scope with a NUL": (asks(extra="&scope%00=x"), "it spells scope  in an unusual way"),
    "a state that is no text": (asks(state=None, extra="&state=%ff"), "its state is no text"),
    "a scope with a ligature": (
        asks(scope=" ".join(REQUIRED_SCOPES).replace("ffl", "\ufb04")),
        "scope holds letters no scope has",
    ),
    "a scope with a long s": (asks(scope=" ".join(REQUIRED_SCOPES).replace("s", "\u017f")), "scope holds letters no scope has"),
    "scopes parted by line ends": (asks(scope="\r\n".join(REQUIRED_SCOPES)), "scope holds letters no scope has"),
}


@pytest.mark.parametrize("url", SAME.values(), ids=SAME.keys())
def test_requests_as_planned(url: str) -> None:
    assert difference(read(url), PLANNED) == ""


@pytest.mark.parametrize(("url", "said"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_requests_not_as_planned_and_how_that_is_said(url: str, said: str) -> None:
    assert difference(read(url), PLANNED).startswith(said)


EXACTLY = {
    "two names twice": (asks(extra="&state=2&scope=x"), "scope, state given more than once"),
    "two odd names": (asks(extra="&Request=1&REQUEST_URI=2"), "it spells Request, REQUEST_URI in an unusual way"),
    "elsewhere": (asks("https://evil.example/x"), f"it goes to https://evil.example/x instead of {AUTHORIZE}"),
    "another redirect": (
        asks(redirect_uri="https://x/\x1b[2J"),
        f"its redirect address is https://x/ [2J instead of {REDIRECT}",
    ),
    "no redirect": (asks(redirect_uri=None), f"its redirect address is missing instead of {REDIRECT}"),
    "another type": (asks(response_type="tok\x07en"), "its response type is tok en instead of code"),
    "another mode": (asks(response_mode="form\x07post"), "it wants its answer by form post"),
    "a long redirect": (
        asks(redirect_uri="https://x/" + "y" * 300),
        f"its redirect address is {('https://x/' + 'y' * 300)[:200]} instead of {REDIRECT}",
    ),
    "a long type": (asks(response_type="x" * 300), f"its response type is {'x' * 200} instead of code"),
    "a long mode": (asks(response_mode="x" * 300), f"it wants its answer by {'x' * 200}"),
    "more scopes": (asks(scope=" ".join((*REQUIRED_SCOPES, "b", "d", "a", "c"))), "scope also asks for a, b, c, d"),
}


@pytest.mark.parametrize(("url", "said"), EXACTLY.values(), ids=EXACTLY.keys())
def test_the_difference_word_for_word(url: str, said: str) -> None:
    assert difference(read(url), PLANNED) == said


def test_a_long_place_is_cut_and_cleaned_in_itself() -> None:
    said = difference(read(asks("https://evil.example/" + "y" * 500)), PLANNED)
    assert said == f"it goes to {('https://evil.example/' + 'y' * 500)[:200]} instead of {AUTHORIZE}"
    assert len(difference(read(asks(scope=" ".join(f"s{n}" for n in range(900)))), PLANNED)) == 600


def test_the_registrys_client_id_may_be_in_capitals() -> None:
    assert difference(read(asks()), replace(PLANNED, client_id=CLIENT.upper())) == ""


def test_a_registry_whose_address_is_none_fits_no_request() -> None:
    assert difference(read(asks()), replace(PLANNED, authorize_url="<tenant_id>")).startswith("it goes to")


def test_a_difference_is_said_in_words_that_harm_no_terminal() -> None:
    for url in (
        asks(redirect_uri="https://x/\x1b[2J\u202e" + "y" * 10_000),
        asks(scope="\x1b]0;x\x07" + " ".join(f"s{i}" for i in range(5_000))),
        asks(response_type="\x00\x9b"),
        asks(extra="&%1b[2J=1&%1b[2J=2"),
    ):
        said = difference(read(url), PLANNED)
        assert said
        assert said.isprintable()
        assert len(said) <= 600


def test_shown_keeps_letters_and_drops_what_steers() -> None:
    assert shown("Grüße\r\n\x1b[1m\u202e!") == "Grüße   [1m !"
    assert shown("abcdef", 3) == "abc"
    assert shown("x" * 300) == "x" * 200


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Calendars.ReadWrite Calendars.ReadWrite.Shared offline_access", ""),
        ("calendars.readwrite calendars.readwrite.shared OFFLINE_ACCESS openid", ""),
        ("", "lacks calendars.readwrite, calendars.readwrite.shared, offline_access"),
        ("Calendars.ReadWrite offline_access Mail.Send", "lacks calendars.readwrite.shared; also asks for mail.send"),
    ],
)
def test_scopes(asked: str, said: str) -> None:
    assert same_scopes(asked, REQUIRED_SCOPES) == said


@pytest.mark.parametrize("cloud", CLOUDS, ids=lambda c: c.name)
def test_scopes_may_name_the_graph_of_their_own_cloud_alone(cloud: Cloud) -> None:
    def asking(url: str) -> str:
        return f"{url}/Calendars.ReadWrite {url}/Calendars.ReadWrite.Shared offline_access"

    for url in cloud.graph_urls:
        assert same_scopes(asking(url), REQUIRED_SCOPES, cloud.graph_urls) == ""
        assert same_scopes("Calendars.ReadWrite", (f"{url}/calendars.readwrite",), cloud.graph_urls) == ""
    for other in CLOUDS:
        if other is not cloud:
            said = same_scopes(asking(other.graph_url), REQUIRED_SCOPES, cloud.graph_urls)
            assert "lacks calendars.readwrite, calendars.readwrite.shared" in said
            assert f"also asks for {other.graph_url}/calendars.readwrite" in said


# -- what B is opened with -----------------------------------------------------------------------------------------------------

_NAMES = st.sampled_from(
    ["prompt", "Prompt", "PROMPT", "pr%6Fmpt", "login_hint", "client_info", "Client_Info", "state", "x", "domain_hint"]
)
_PARTS = st.lists(st.tuples(_NAMES, st.text("abc%20+=.", max_size=6)).map("=".join), max_size=8)


def _kept(url: str) -> list[str]:
    ours = {"prompt", "login_hint", "client_info"}
    return [p for p in urlsplit(url).query.split("&") if p and parse_qsl(p, keep_blank_values=True)[0][0].lower() not in ours]


@given(_PARTS, st.emails())
def test_b_asks_to_prompt_exactly_once_and_keeps_the_rest_byte_for_byte(parts: list[str], upn: str) -> None:
    url = f"{AUTHORIZE}?{'&'.join(parts)}"
    asked = prompted(read(url), upn)
    pairs = [(name.lower(), value) for name, value in parse_qsl(urlsplit(asked).query, keep_blank_values=True)]
    assert [value for name, value in pairs if name == "prompt"] == ["login"]
    assert [value for name, value in pairs if name == "login_hint"] == [upn]
    assert [value for name, value in pairs if name == "client_info"] == ["1"]
    assert _kept(asked) == _kept(url)
    assert asked.partition("?")[0] == AUTHORIZE


def test_a_user_name_is_encoded_to_its_last_character() -> None:
    assert prompted(read(asks()), "a/b&c=d@acme.example").endswith("&login_hint=a%2Fb%26c%3Dd%40acme.example&client_info=1")


@given(st.text(min_size=1))
def test_no_user_name_adds_a_parameter_of_its_own(upn: str) -> None:
    assume(upn.encode("utf-8", "ignore").decode() == upn)
    asked = read(prompted(read(asks()), upn))
    assert asked.value("login_hint") == upn
    assert (len(asked.parts), asked.values("prompt"), asked.repeated) == (8, ("login",), ())


# -- the answer, and what may follow in B --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "onward"),
    [
        ("code=c&client_info=x&state=1&session_state=s", "?code=c&state=1&session_state=s"),
        ("client_info=x&code=%20c%2B&state=a+b", "?code=%20c%2B&state=a+b"),
        ("code=c&state=1&Client_Info=x", "?code=c&state=1"),
        ("code=c&state=1&client%5Finfo=x", "?code=c&state=1"),
        ("code=c&state=1", "?code=c&state=1"),
        ("client_info=x", ""),
    ],
)
def test_the_instance_never_sees_client_info(query: str, onward: str) -> None:
    assert without_client_info(read(f"{REDIRECT}?{query}")) == REDIRECT + onward


HELD = asks()
AGAIN = {
    "the same": HELD,
    "as B was opened": prompted(read(HELD), UPN),
    "reloaded by the page": prompted(read(HELD), UPN) + "&sso_reload=true",
    "without the prompt": HELD + "&sso_reload=true",
}
NOT_AGAIN = {
    "another state": asks(state="2"),
    "a parameter left out": asks(scope=None),
    "a parameter written otherwise": HELD.replace("code", "c%6Fde", 1),
    "two states": HELD + "&state=2",
    "another path": asks(AUTHORIZE.replace(TENANT, "common")),
    "another host": asks(AUTHORIZE.replace("online", "0nline")),
    "two prompts": HELD + "&prompt=login&PROMPT=none",
}


@pytest.mark.parametrize("url", AGAIN.values(), ids=AGAIN.keys())
def test_the_held_request_again(url: str) -> None:
    assert carries(read(url), read(HELD))


@pytest.mark.parametrize("url", NOT_AGAIN.values(), ids=NOT_AGAIN.keys())
def test_not_the_held_request(url: str) -> None:
    assert not carries(read(url), read(HELD))


def test_the_first_request_of_the_instance_may_have_had_a_prompt_of_its_own() -> None:
    for held in (asks(prompt="none"), asks(Prompt="none"), asks(extra="&LOGIN_HINT=x&client%5Finfo=0")):
        assert carries(read(prompted(read(held), UPN)), read(held))


def test_the_stand_ins_of_these_tests_are_as_they_should_be() -> None:
    assert read(asks()).origin == MICROSOFT
    assert read(answer()).value("client_info")
