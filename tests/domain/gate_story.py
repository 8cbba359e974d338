"""A sign-in told as a conversation: ``story >> event << decisions``, with the invented tenant, users and addresses of it."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from exoalias.domain.authorize import Planned
from exoalias.domain.gate import Terms, begin, step
from exoalias.domain.happenings import Opened, Paused, Which
from exoalias.domain.identity import Expectation
from exoalias.domain.records import SysId
from exoalias.domain.target import REQUIRED_SCOPES

if TYPE_CHECKING:
    from exoalias.domain.gate import Decision, Happening, State

HOST = "https://acme.service-now.com"
REDIRECT = f"{HOST}/oauth_redirect.do"
MICROSOFT = "https://login.microsoftonline.com"
TENANT = "7e000000-0000-4000-8000-00000000aaaa"
ELSEWHERE = "7e000000-0000-4000-8000-00000000bbbb"
CLIENT = "c11e0000-0000-4000-8000-00000000aaaa"
OTHER_CLIENT = "c11e0000-0000-4000-8000-00000000bbbb"
RIGHT = "0b1ec700-0000-4000-8000-00000000aaaa"
WRONG = "0b1ec700-0000-4000-8000-00000000bbbb"
UPN = "svc-calendar@acme.example"
AUTHORIZE = f"{MICROSOFT}/{TENANT}/oauth2/v2.0/authorize"
CREDENTIAL = SysId("c0" * 16)
PROFILE = SysId("f0" * 16)
INITIATOR = (
    f"{HOST}/oauth_initiator.do?oauth_requestor_context=oauth_2_0_credentials&oauth_requestor={CREDENTIAL}"
    f"&oauth_provider_profile={PROFILE}&response_type=code"
)
STATE = "1"  # ServiceNow's can be that small

PLANNED = Planned(AUTHORIZE, CLIENT, REDIRECT, REQUIRED_SCOPES)
EXPECTED = Expectation("acme", "MS Graph 1", UPN, TENANT, object_id=RIGHT)
TERMS = Terms(CREDENTIAL, "MS Graph 1", PROFILE, INITIATOR, PLANNED, EXPECTED)
_REQUEST = {
    "response_type": "code",
    "redirect_uri": REDIRECT,
    "client_id": CLIENT,
    "scope": " ".join(REQUIRED_SCOPES),
    "state": STATE,
}


def expecting(**changes: object) -> Terms:
    """The terms with another expectation: ``expecting(object_id="", pin=None)``."""
    return replace(TERMS, expected=replace(EXPECTED, **changes))  # type: ignore[arg-type]  # the names are Expectation's


def query(parameters: dict[str, str | None]) -> str:
    """A query string; a parameter that is None is left out."""
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items() if value is not None)


def authorize_url(base: str = AUTHORIZE, extra: str = "", **changes: str | None) -> str:
    """The instance's authorize request, with *changes* (None leaves one out) and *extra* appended as it is."""
    return f"{base}?{query({**_REQUEST, **changes})}{extra}"


def encoded(said: object) -> str:
    """A value as Microsoft packs client_info: base64url of JSON, without padding."""
    return base64.urlsafe_b64encode(json.dumps(said, ensure_ascii=False).encode()).decode().rstrip("=")


def client_info(uid: object = RIGHT, utid: object = TENANT) -> str:
    """client_info that names this account."""
    return encoded({"uid": uid, "utid": utid})


def released(code: str = "code-of-right", state: str = STATE) -> str:
    """What A is sent on with: the answer without client_info."""
    return f"{REDIRECT}?code={code}&state={state}&session_state=ss"


def answer_url(uid: str = RIGHT, utid: str = TENANT, *, extra: str = "", base: str = REDIRECT, **changes: str | None) -> str:
    """Microsoft's answer for that account; its code says whose it is."""
    code = "code-of-right" if (uid, utid) == (RIGHT, TENANT) else "code-of-wrong"
    told = {"code": code, "client_info": client_info(uid, utid), "state": STATE, "session_state": "ss"}
    return f"{base}?{query({**told, **changes})}{extra}"


def in_a(request: str, url: str, *, method: str = "GET", window: str = "WA", follows: str = "") -> Paused:
    """A request of window A."""
    return Paused(request, url, method, window, "CA", follows)


def in_b(request: str, url: str, *, method: str = "GET", window: str = "WB", follows: str = "") -> Paused:
    """A request of window B."""
    return Paused(request, url, method, window, "CB", follows)


class Story:
    """One sign-in. ``story >> event`` lets something happen; ``story << decisions`` says what was to be decided about it."""

    def __init__(self, terms: Terms = TERMS) -> None:
        self.terms = terms
        self.state: State
        self.state, self.last = begin(terms)
        self.decided: list[Decision] = list(self.last)

    def __rshift__(self, event: Happening) -> Story:
        self.state, self.last = step(self.terms, self.state, event)
        self.decided += self.last
        return self

    def __lshift__(self, expected: Decision | tuple[Decision, ...]) -> Story:
        assert self.last == (expected if isinstance(expected, tuple) else (expected,))
        return self

    def of(self, *kinds: type) -> list[Decision]:
        """All decisions of these kinds so far."""
        return [decision for decision in self.decided if isinstance(decision, kinds)]

    # -- as far as everything goes well --

    def started(self) -> Story:
        """A is open and asked our initiator address."""
        return self >> Opened(Which.A, "WA", "CA") >> in_a("init", INITIATOR)

    def held(self) -> Story:
        """A's authorize request is held, B is open but has not asked yet."""
        return self.started() >> in_a("auth", authorize_url(), follows="init") >> Opened(Which.B, "WB", "CB")

    def prompted(self) -> Story:
        """B has asked Microsoft to prompt."""
        self.held()
        return self >> in_b("first", self.held_b_url())

    def held_b_url(self) -> str:
        """The address B was opened with."""
        return self.state.b_url

    def answered(self, uid: str = RIGHT, utid: str = TENANT) -> Story:
        """Microsoft answered for that account."""
        return self.prompted() >> in_b("back", answer_url(uid, utid))
