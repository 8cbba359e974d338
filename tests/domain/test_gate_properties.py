"""What holds of the gate whatever happens: any order of plausible and hostile events, checked by a witness of its own.

The witness knows nothing of the gate's state. Each code here says whose it is, so that it can tell a wrong one from afar.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exoalias.domain.authorize import prompted, take_apart
from exoalias.domain.gate import AskFirstUse, DisposeB, Fail, OpinionCame, Release, Terms
from exoalias.domain.happenings import (
    Answer,
    Appeared,
    BrowserGone,
    Closed,
    LetPass,
    Lost,
    Moved,
    Open,
    Opened,
    Paused,
    Show,
    Tick,
    Which,
    Wished,
)
from exoalias.domain.identity import Opinion, Unreadable
from exoalias.domain.target import HomeAccount, Pin, Tier
from tests.domain.gate_story import (
    AUTHORIZE,
    CLIENT,
    ELSEWHERE,
    HOST,
    INITIATOR,
    OTHER_CLIENT,
    REDIRECT,
    RIGHT,
    TENANT,
    TERMS,
    UPN,
    WRONG,
    Story,
    answer_url,
    authorize_url,
    client_info,
    expecting,
)

if TYPE_CHECKING:
    from exoalias.domain.gate import Decision, Happening

PEOPLE = (HomeAccount(RIGHT, TENANT), HomeAccount(WRONG, TENANT), HomeAccount(RIGHT, ELSEWHERE), HomeAccount(WRONG, ELSEWHERE))
HELD_URL = authorize_url()


def b_url() -> str:
    address = take_apart(HELD_URL)
    assert address is not None
    return prompted(address, UPN)


B_URL = b_url()

# -- who may be released under which terms -------------------------------------------------------------------------------------

_AT = datetime(2026, 11, 1, tzinfo=UTC)
KNOWN = {
    "entered": TERMS,
    "pinned": expecting(object_id="", pin=Pin(PEOPLE[0], Tier.ENTERED, _AT, "1")),
    "pinned, first use trusted": expecting(object_id="", pin=Pin(PEOPLE[0], Tier.ENTERED, _AT, "1"), trust_first_use=True),
    "second opinion and entered": replace(TERMS, second_opinion=True),
}
UNKNOWN = {
    "nobody known": expecting(object_id=""),
    "nobody known, may not ask": replace(expecting(object_id=""), interactive=False),
    "nobody known, second opinion": replace(expecting(object_id=""), second_opinion=True),
    "first use trusted": expecting(object_id="", trust_first_use=True),
}
BROKEN = {
    "the tenant not known": expecting(tenant_id=""),
    "pin and entry differ": expecting(pin=Pin(PEOPLE[1], Tier.ENTERED, _AT, "1")),
}


def _without_ours(url: str) -> str:
    return "&".join(p for p in url.split("&") if not p.startswith(("prompt=", "login_hint=", "client_info=")))


def _state(url: str) -> str:
    address = take_apart(url)
    return address.value("state") if address is not None else "unreadable"


def code_of(account: HomeAccount) -> str:
    return f"code-of.{account.object_id}.{account.tenant_id}"


# -- events --------------------------------------------------------------------------------------------------------------------


def _answer(account: HomeAccount, **changes: str | None) -> str:
    told: dict[str, Any] = {"code": code_of(account), **changes}
    return answer_url(account.object_id, account.tenant_id, **told)


AUTHORIZES = [
    HELD_URL,
    B_URL,
    B_URL + "&sso_reload=true",
    HELD_URL + "&sso_reload=true",
    B_URL + "&prompt=none",
    B_URL.replace("prompt=login", "prompt=none"),
    authorize_url(state="2"),
    authorize_url(client_id=OTHER_CLIENT),
    authorize_url(client_id=OTHER_CLIENT, state="77"),
    authorize_url(redirect_uri=f"{HOST}/navpage.do"),
    authorize_url(redirect_uri=f"{HOST}/x/../oauth_redirect.do"),
    authorize_url(redirect_uri="https://evil.example/oauth_redirect.do"),
    authorize_url(client_id=None, CLIENT_ID=CLIENT),
    authorize_url(client_id="{" + CLIENT + "}"),
    authorize_url(extra=f"&client_id={OTHER_CLIENT}"),
    authorize_url(AUTHORIZE.replace(".com", ".com.evil.example")),
    authorize_url(AUTHORIZE.replace(TENANT, "common")),
    authorize_url(response_mode="form_post"),
    authorize_url(request_uri="urn:x"),
]
ANSWERS = [
    *(_answer(person) for person in PEOPLE),
    *(f"{REDIRECT}?code={code_of(person)}&state=1&session_state=ss" for person in PEOPLE),
    *(_answer(person, state=state) for person in PEOPLE[:2] for state in ("2", "77", "", None)),
    *(_answer(person, client_info=said) for person in PEOPLE[1:] for said in (None, "", "garbage")),
    _answer(PEOPLE[1]) + f"&client_info={client_info()}",
    _answer(PEOPLE[1]) + f"&code={code_of(PEOPLE[0])}",
    _answer(PEOPLE[1]).replace("oauth_redirect.do", "oauth_redirect.dox"),
    _answer(PEOPLE[1]).replace("https:", "http:"),
    answer_url(code=None, client_info=None, error="access_denied"),
    f"{REDIRECT}?code=code-of-another-client&state=77",
    REDIRECT,
]
OTHERS = [
    INITIATOR,
    INITIATOR + "&personal=true",
    f"{HOST}/oauth_initiator.do",
    "https://a@b/",
    "",
    "http://localhost:8123/?code=x",
]

_WINDOWS = st.sampled_from(
    [("WA", "CA"), ("WB", "CB"), ("WA2", "CA"), ("WB2", "CB"), ("", "CA"), ("", "CB"), ("WX", "CX"), ("WX", "")]
)
_FOLLOWS = st.sampled_from(["", "@init", "@held", "nobody"])
_METHODS = st.sampled_from(["GET"] * 7 + ["POST"])


@st.composite
def requests(draw: st.DrawFn) -> Paused:
    """A request with an address out of the lists, from anywhere."""
    url = draw(st.sampled_from(AUTHORIZES) | st.sampled_from(ANSWERS) | st.sampled_from(OTHERS))
    window, context = draw(_WINDOWS)
    return Paused("", url, draw(_METHODS), window, context, draw(_FOLLOWS))


_NAMES = st.sampled_from(["WA", "WB", "WA2", "WB2", "WX", ""])
_OPINIONS = st.sampled_from([*(Opinion(p, p.object_id, p.tenant_id, UPN) for p in PEOPLE), Unreadable("no answer")])
# What rarely ends a sign-in, and what mostly does.
PASSING = (
    st.builds(Appeared, _NAMES, st.sampled_from(["CA", "CB", "CX", ""]))
    | st.builds(Moved, _NAMES)
    | st.builds(Lost, st.sampled_from(["@held", "@stopped", "@init", "nobody"]))
    | st.builds(Tick, st.floats(0, 500))
    | st.builds(Wished, st.sampled_from(["agree", "agree", "continue", "?"]))
    | st.builds(OpinionCame, _OPINIONS)
    | st.builds(Closed, st.sampled_from(["WA", "WA2", "WB2", "WX"]))
)
HAPPENINGS = (
    PASSING
    | requests()
    | requests()
    | st.builds(Closed, _NAMES, st.sampled_from([False, False, False, True]))
    | st.builds(Tick, st.floats(0, 900))
    | st.builds(Wished, st.sampled_from(["agree", "disagree", "cancel"]))
    | st.builds(BrowserGone, st.just("killed"))
)


def _request(url: str, window: str, follows: str = "") -> Paused:
    return Paused("", url, "GET", window, "CA" if window == "WA" else "CB", follows)


_USERNAMES = st.sampled_from([UPN, "somebody@acme.example"])


@st.composite
def _turned(draw: st.DrawFn, good: Paused) -> Paused:
    """A request of the good course with one thing about it turned wrong."""
    wrong = [
        *[replace(good, url=good.url.replace("state=1", f"state={state}")) for state in ("2", "77", "10")],
        replace(good, url=good.url.replace("state=1", "State=1")),
        replace(good, url=good.url + "&state=1"),
        replace(good, url=good.url + f"&code={code_of(PEOPLE[1])}"),
        replace(good, url=good.url.replace("prompt=login", "prompt=none")),
        replace(good, url=good.url.replace("client_info=", "Client_Info=")),
        replace(good, method="POST"),
        replace(good, window=""),
        replace(good, context="CX"),
    ]
    return draw(st.sampled_from([turned for turned in wrong if turned != good]))


@st.composite
def courses(draw: st.DrawFn) -> list[Happening]:
    """The good course of somebody's sign-in, with anything in between, and a step of it left out now and then."""
    person = draw(st.sampled_from([PEOPLE[0], PEOPLE[0], PEOPLE[1], *PEOPLE]))
    turn = draw(st.sampled_from(["nothing", "nothing", "nothing", "first", "answer", "answer"]))
    good: list[Happening] = [
        Opened(Which.A, "WA", "CA"),
        _request(INITIATOR, "WA"),
        _request(HELD_URL, "WA", "@init"),
        Opened(Which.B, "WB", "CB"),
        draw(_turned(_request(B_URL, "WB"))) if turn == "first" else _request(B_URL, "WB"),
        draw(_turned(_request(_answer(person), "WB"))) if turn == "answer" else _request(_answer(person), "WB"),
        OpinionCame(Opinion(person, person.object_id, draw(st.sampled_from([person.tenant_id, TENANT])), draw(_USERNAMES))),
        Wished("agree"),
        _request(f"{REDIRECT}?code={code_of(person)}&state=1&session_state=ss", "WA", "@held"),
    ]
    course: list[Happening] = []
    for event in good:
        course += draw(st.lists(draw(st.sampled_from([PASSING, PASSING, PASSING, HAPPENINGS])), max_size=1))
        course += [event] if draw(st.integers(0, 39)) else []
    return course + draw(st.lists(HAPPENINGS, max_size=6))


# -- the witness ---------------------------------------------------------------------------------------------------------------


@dataclass
class Witness:
    """Watches events and decisions and objects; it has its own idea of who was asked about and agreed to."""

    terms: Terms
    urls: dict[str, Paused] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)  # requests nobody has answered yet
    named: dict[str, str] = field(default_factory=dict)  # @init, @held, @stopped
    asked: HomeAccount | None = None
    agreed: HomeAccount | None = None
    opinions: list[HomeAccount] = field(default_factory=list)
    sent: str = ""  # the address A was given
    ended: bool = False
    b_asked: bool = False

    def prepare(self, event: Happening) -> Happening:
        """Give a request a number of its own and resolve whom it follows."""
        match event:
            case Paused():
                event = replace(event, request=f"r{len(self.urls)}", follows=self.named.get(event.follows, event.follows))
                self.urls[event.request] = event
                self.open.add(event.request)
            case Lost(request):
                event = Lost(self.named.get(request, request))
                self.open.discard(event.request)
            case Wished("agree"):
                self.agreed = self.asked
            case OpinionCame(Opinion(account)):
                self.opinions.append(account)
            case _:
                pass
        return event

    def look(self, event: Happening, decisions: tuple[Decision, ...]) -> None:
        """Check what was decided about that event."""
        before = self.ended
        for decision in decisions:
            match decision:
                case LetPass(request):
                    self.passes(request, event)
                case Answer(request, url):
                    self.closes(request)
                    self.sends(url)
                case Open(which, url):
                    self.opens(which, url, event)
                case Show(request, _, problem):
                    self.closes(request)
                    assert problem is None or "code-of" not in problem.words + problem.remedy
                case AskFirstUse(account):
                    assert self.terms.interactive
                    self.asked, self.agreed = account, None
                case Release(account):
                    assert code_of(account) in self.sent
                    self.ended = True
                case Fail(problem):
                    assert not self.sent
                    assert "code-of" not in problem.words + problem.remedy
                    self.ended = True
                case _:
                    pass
        assert not (before and any(isinstance(d, Release | Fail | Answer | AskFirstUse | DisposeB) for d in decisions))
        if isinstance(event, Paused) and event.request in self.open:
            self.keeps(event)

    def keeps(self, event: Paused) -> None:
        """Not answered at once: only A's token request and B's answer may be kept."""
        if event.context == "CA":
            assert _without_ours(event.url).removesuffix("&sso_reload=true") in {HELD_URL, authorize_url(state="2")}
            assert "@held" not in self.named
            self.named["@held"] = event.request
        else:
            assert (event.context, event.method) == ("CB", "GET")
            assert event.url.startswith(f"{REDIRECT}?")
            assert "@held" in self.named
            self.named["@stopped"] = event.request

    def closes(self, request: str) -> None:
        assert request in self.open or request in self.urls
        assert request not in self.named.get("answered", "").split()
        self.named["answered"] = f"{self.named.get('answered', '')} {request}"
        self.open.discard(request)

    def passes(self, request: str, event: Happening) -> None:
        assert isinstance(event, Paused)
        assert event.request == request
        self.closes(request)
        if event.url.startswith(INITIATOR.partition("?")[0]):
            self.named["@init"] = request if event.url == INITIATOR else self.named.get("@init", "")
            assert not self.ended
            return
        if "code-of." in event.url:
            assert (event.url, event.context, event.method) == (self.sent, "CA", "GET")
            assert event.window
            self.sent += " "  # once
        if f"client_id={CLIENT}" in event.url and event.context == "CB":
            self.first_in_b(event.url)
        assert ".evil.example" not in event.url.partition("?")[0]
        assert not event.url.startswith(("http:", REDIRECT + "x"))

    def first_in_b(self, url: str) -> None:
        if "navpage" in url or "%2F.." in url:
            return  # the instance's own sign-in, with our client
        if not self.b_asked:
            assert url == self.named["@b"]
        self.b_asked = True

    def opens(self, which: Which, url: str, event: Happening) -> None:
        if which is Which.B:
            assert isinstance(event, Paused)
            assert url.count("prompt=") == url.count("prompt=login") == 1
            assert _without_ours(url) == _without_ours(event.url)
            assert "@b" not in self.named
            self.named["@b"] = url
        elif "code-of" in url:
            self.sends(url)
        else:
            assert url == INITIATOR

    def sends(self, url: str) -> None:
        """A code goes to the instance: the only moment that matters."""
        assert self.sent in {"", url}  # once more only where the first could not be carried
        assert "client_info" not in url
        assert url.startswith(f"{REDIRECT}?code=code-of.")
        (account,) = [person for person in PEOPLE if code_of(person) in url]
        self.sent = url
        assert account.tenant_id == self.terms.expected.tenant_id
        assert self.b_asked
        assert _state(url) == _state(self.named["@b"])
        if self.terms.second_opinion:
            assert account in self.opinions
        expected = self.terms.expected
        if expected.object_id or expected.pin:
            assert account == PEOPLE[0]
        elif self.terms.second_opinion or expected.trust_first_use:
            return  # any user of the tenant: named by the signed word, or trusted
        else:
            assert self.agreed == account

    def finally_(self, story: Story) -> None:
        """At the end nobody is left waiting, and there was one end at most."""
        assert len(story.of(Answer)) <= 1
        assert len(story.of(Release, Fail)) <= 1
        assert story.state.over == self.ended == bool(story.of(Release, Fail))
        assert all("code" not in word and "http" not in word for word in story.state.trace)
        kept = {self.named.get("@held", ""), self.named.get("@stopped", "")}
        if story.of(Fail):
            assert not self.open
            assert not self.sent
        elif story.of(Release):
            # B's answer goes with its window; A's request may have gone with its own.
            assert story.of(DisposeB) == [DisposeB()]
            assert self.open <= kept
        else:
            assert self.open <= kept


def tell(terms: Terms, course: list[Happening]) -> Story:
    """Let it all happen under the witness's eyes."""
    story, witness = Story(terms), Witness(terms)
    for raw in course:
        event = witness.prepare(raw)
        story >> event
        witness.look(event, story.last)
    witness.finally_(story)
    return story


GOOD: list[Happening] = [
    Opened(Which.A, "WA", "CA"),
    _request(INITIATOR, "WA"),
    _request(HELD_URL, "WA", "@init"),
    Opened(Which.B, "WB", "CB"),
    _request(B_URL, "WB"),
    _request(_answer(PEOPLE[0]), "WB"),
]


@settings(max_examples=4 * settings().max_examples)
@given(st.sampled_from([*KNOWN.values(), *UNKNOWN.values(), *BROKEN.values()]), courses())
@example(UNKNOWN["nobody known, second opinion"], [*GOOD, Wished("agree"), OpinionCame(Opinion(PEOPLE[1], WRONG, TENANT, UPN))])
@example(UNKNOWN["nobody known"], [*GOOD, Lost("@stopped"), Wished("agree"), _request(_answer(PEOPLE[1]), "WB"), Wished("agree")])
@example(TERMS, [*GOOD[:-1], _request(_answer(PEOPLE[0], state="2"), "WB")])
def test_whatever_happens_no_wrong_code_goes_to_the_instance(terms: Terms, course: list[Happening]) -> None:
    tell(terms, course)


@given(st.lists(HAPPENINGS, max_size=40))
def test_pure_noise(course: list[Happening]) -> None:
    story = tell(TERMS, [Opened(Which.A, "WA", "CA"), Opened(Which.B, "WB", "CB"), *course])
    assert story.state.over == bool(story.of(Fail, Release))


@pytest.mark.parametrize("terms", KNOWN.values(), ids=KNOWN.keys())
def test_the_good_course_ends_well_under_the_same_eyes(terms: Terms) -> None:
    story = tell(terms, [*GOOD, OpinionCame(Opinion(PEOPLE[0], RIGHT, TENANT, UPN))])
    assert len(story.of(Release)) == len(story.of(Answer)) == 1


@pytest.mark.parametrize("terms", BROKEN.values(), ids=BROKEN.keys())
def test_where_nobody_can_be_right_nothing_is_released(terms: Terms) -> None:
    assert not tell(terms, [*GOOD, Wished("agree")]).of(Release, Answer)
