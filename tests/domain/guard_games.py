"""Requests, answers and initiator addresses bent in every way at hand, and a judge of its own for what may become of each.

The judge is written from the rules alone: it reads addresses with its own few lines, as the most tolerant server would (any case,
parameters parted by semicolons too, odd characters in names overlooked), and lets through only what is the planned thing in each
reading. A game is drawn from its number: ``play(number, figures)`` plays the same one again.
"""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import quote

from exoalias.domain.gate import Fail, Release, step
from exoalias.domain.happenings import Answer, LetPass, Open, Opened, Paused, Show, Which
from exoalias.domain.target import REQUIRED_SCOPES
from tests.domain.gate_story import (
    AUTHORIZE,
    CLIENT,
    CREDENTIAL,
    ELSEWHERE,
    HOST,
    INITIATOR,
    MICROSOFT,
    OTHER_CLIENT,
    PROFILE,
    REDIRECT,
    RIGHT,
    STATE,
    TENANT,
    TERMS,
    UPN,
    WRONG,
    Story,
    authorize_url,
    client_info,
    in_a,
    in_b,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.domain.gate import State, Step

Parts = list[str]
DECIDING = ("client_id", "redirect_uri", "response_type", "response_mode", "request", "request_uri", "scope", "state")
OURS = ("prompt", "login_hint", "client_info")

# -- the judge -----------------------------------------------------------------------------------------------------------------


def decoded(raw: str) -> str | None:
    """What a server makes of one name or value; None where its bytes are no text."""
    data = re.sub(rb"%([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), raw.replace("+", " ").encode())
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def named(part: str) -> str:
    """A parameter's name, case overlooked; bytes that are no text are one odd character more."""
    high = "(?:%[89a-fA-F][0-9a-fA-F])+"
    readable = re.sub(high, lambda m: m[0] if decoded(m[0]) is not None else "?", part.partition("=")[0])
    return (decoded(readable) or "").lower()


def readings(query: str) -> list[dict[str, list[str | None]]]:
    """How tolerant servers could read a query: by ampersands, or semicolons too; names as they are, or cleaned of the odd."""
    found = []
    for between in ("&", "[&;]"):
        for clean in (False, True):
            said: dict[str, list[str | None]] = {}
            for part in re.split(between, query):
                name = re.sub("[^a-z0-9_]", "", named(part)) if clean else named(part)
                said.setdefault(name, []).append(decoded(part.partition("=")[2]))
            found.append(said)
    return found


def agreed(query: str) -> dict[str, str] | None:
    """The deciding values, where every reading finds the same ones, once each, under their plain names."""
    plain: dict[str, list[str | None]] = {}
    for part in query.split("&"):
        plain.setdefault(decoded(part.split("=")[0]) or "", []).append(decoded(part.partition("=")[2]))
    names = [named(part) for part in query.split("&")]
    if len(set(names)) < len(names):
        return None
    said: dict[str, str] = {}
    for name in DECIDING:
        values = plain.get(name, [])
        for reading in readings(query):
            found = reading.get(name, [])
            if len(found) != len(values) or (name != "state" and found != values):  # a state may be anything, in one piece
                return None
        if any(value is None for value in values) or len(values) > 1:
            return None
        if values:
            said[name] = values[0] or ""
    return said


def is_planned(url: str) -> bool:
    """Whether it is the one authorize request that was planned, whoever reads it."""
    found = re.fullmatch(r"(?i:(https://[a-z.]+))(/[!-~]*?)\?([!-~]*)", url)
    if not found or "#" in url or "\\" in url:
        return False
    if found[1].lower() != MICROSOFT or MICROSOFT + found[2] != AUTHORIZE:
        return False
    said = agreed(found[3])
    if said is None or not said.get("state") or "request" in said or "request_uri" in said:
        return False
    scopes = {re.sub("^https://graph.microsoft.com/", "", s.lower()) for s in said.get("scope", "").split(" ") if s}
    return (
        said.get("client_id", "").lower() == CLIENT
        and said.get("redirect_uri") == REDIRECT
        and said.get("response_type") == "code"
        and said.get("response_mode", "query") in {"query", ""}
        and scopes - {"openid", "profile", "email"} == {s.lower() for s in REQUIRED_SCOPES}
    )


def may_pass(url: str) -> bool:
    """Whether it may go on to Microsoft unheld: at Microsoft, and for another client, or for another page of this instance."""
    origin = re.match("[^/]*//[^/?#]*", url)
    if origin is None or origin[0].lower() != MICROSOFT or "#" in url or not re.fullmatch("[!-~]*", url):
        return False
    query = url.partition("?")[2]
    said: dict[str, list[str]] = {}
    for part in query.split("&"):
        said.setdefault(named(part), []).append(decoded(part.partition("=")[2]) or "")
    bare = CLIENT.replace("-", "")
    if not any(bare in re.sub("[^a-z0-9]", "", client.lower()) for client in said.get("client_id", [])):
        return True
    where = said.get("redirect_uri", [])
    here = len(where) == 1 and re.match(rf"{re.escape(HOST)}(/[!-~]*)?$", where[0].replace(HOST.upper(), HOST)) is not None
    return here and all(len(values) == 1 for values in said.values()) and not where[0].lower().startswith(REDIRECT)


def vouches(url: str) -> str:
    """The state whose answer may come to our redirect address after that request passed; "" where none may."""
    query = url.partition("?")[2]
    said = agreed(query) if "#" not in url and decoded(query) is not None else None
    if said is None or not said.get("client_id") or said.get("redirect_uri") != REDIRECT:
        return ""
    return said.get("state", "")


def is_right_answer(url: str) -> bool:
    """Whether Microsoft's answer is to the held request and names the delegated user."""
    head, _, query = url.partition("?")
    names = [named(part) for part in query.split("&")]
    if head.replace(HOST.upper(), HOST) != REDIRECT or not re.fullmatch("[!-~]*", query) or "#" in query or "\\" in query:
        return False
    if len(set(names)) < len(names):
        return False
    said = {decoded(part.split("=")[0]): decoded(part.partition("=")[2]) for part in query.split("&")}
    if said.get("state") != STATE or said.get("code", "") == "" or "error" in said:
        return False
    try:
        text = (said.get("client_info") or "?").rstrip("=")
        who = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        return bool((who["uid"].lower(), who["utid"].lower()) == (RIGHT, TENANT))
    except (ValueError, TypeError, KeyError, AttributeError):
        return False


def is_ours(url: str) -> bool:
    """Whether an initiator address starts the token request of this credential, through this profile, for everybody."""
    head, _, query = url.partition("?")
    names = [named(part) for part in query.split("&")]
    said = {decoded(part.split("=")[0]): decoded(part.partition("=")[2]) for part in query.split("&")}
    return (
        head.replace(HOST.upper(), HOST) == f"{HOST}/oauth_initiator.do"
        and len(set(names)) == len(names)
        and said.get("oauth_requestor_context") == "oauth_2_0_credentials"
        and said.get("oauth_requestor") == CREDENTIAL
        and said.get("oauth_provider_profile") == PROFILE
        and (said.get("personal") or "").lower() in {"", "false"}
    )


# -- what is bent ----------------------------------------------------------------------------------------------------------------

_CODES = ["%00", "%0d%0a", "%20", "%2e", "%e2%80%ae", "%ff", "%c0%af", "+", "%25", "%26", "%3B", ";", ".", "'", "~"]
_ORIGINS = [
    MICROSOFT.upper(),
    MICROSOFT.replace("https", "http"),
    MICROSOFT + ".",
    MICROSOFT + ":443",
    MICROSOFT + ":8443",
    MICROSOFT + ".evil.example",
    MICROSOFT.replace("online", "0nline"),
    MICROSOFT.replace("login.", "login-"),
    MICROSOFT.replace(".com", ".us"),
    MICROSOFT.replace("//", "//svc@"),
    MICROSOFT.replace("//", "//a:b@"),
    MICROSOFT.replace("//", "//evil.example\\@"),
    MICROSOFT.replace("//", "/"),
    MICROSOFT.replace("o", "\u043e", 1),
    "https://login.windows.net",
    "https://xn--mcrosoftonline-tkb.com",
    "https://[::1]",
    "https://",
]
_PATHS = [
    AUTHORIZE.replace(TENANT, other).removeprefix(MICROSOFT)
    for other in (
        ELSEWHERE,
        "common",
        "organizations",
        "consumers",
        TENANT.upper(),
        "acme.example",
        f"{TENANT}/x/..",
        f"./{TENANT}",
    )
] + [f"/{TENANT}/oauth2/authorize", f"/{TENANT}/oauth2/v2.0/authorize/", f"/{TENANT}/oauth2/v2.0/authorize;x=1", "/", ""]
_VALUES = {
    "client_id": [OTHER_CLIENT, CLIENT.upper(), f"{{{CLIENT}}}", CLIENT.replace("-", ""), f"{CLIENT};x", f"{CLIENT}\r\n", ""],
    "redirect_uri": [
        "https://acmeprod.service-now.com/oauth_redirect.do",
        f"{HOST}/navpage.do",
        f"{HOST}/x/../oauth_redirect.do",
        f"{HOST}.evil.example/oauth_redirect.do",
        REDIRECT.upper(),
        REDIRECT + "?x=1",
        REDIRECT + "#x",
        REDIRECT + "/",
        REDIRECT.replace("https", "http"),
        REDIRECT.replace("//", "//a@"),
        REDIRECT.replace("a", "\u0430"),
        "urn:ietf:wg:oauth:2.0:oob",
        "",
    ],
    "response_type": ["token", "code id_token", "CODE", "code ", "none", ""],
    "response_mode": ["query", "form_post", "fragment", "QUERY", "query.jwt", "web_message", ""],
    "scope": [
        " ".join((*REQUIRED_SCOPES, "Mail.Send")),
        " ".join(REQUIRED_SCOPES[1:]),
        " ".join(reversed(REQUIRED_SCOPES)).upper(),
        " ".join(f"https://graph.microsoft.com/{s}" for s in REQUIRED_SCOPES),
        " ".join(f"https://graph.microsoft.us/{s}" for s in REQUIRED_SCOPES),
        " ".join((*REQUIRED_SCOPES, "openid", "profile")),
        " ".join(REQUIRED_SCOPES).replace("s.", "\u017f."),
        " ".join(REQUIRED_SCOPES).replace("ffl", "\ufb04"),
        "https://graph.microsoft.com/.default",
        "",
    ],
    "state": ["2", "", "1 ", "\x00", "1;client_id=" + OTHER_CLIENT, "x" * 3_000],
    "request": ["e30.e30.", ""],
    "request_uri": ["urn:ietf:params:oauth:request_uri:x", ""],
    "prompt": ["none", "login", "consent", ""],
    "login_hint": ["admin@acme.example", UPN],
    "client_info": ["0", "1"],
    "code_challenge": ["x" * 43],
    "x-client-SKU": ["ServiceNow"],
}
_REDIRECTS = [
    REDIRECT + "x",
    REDIRECT + "/",
    REDIRECT + ";x=1",
    REDIRECT.replace("https", "http"),
    REDIRECT.replace("//", "//a@"),
    REDIRECT.replace(".com", ".com:443"),
    REDIRECT.replace(HOST, HOST.upper()),
    REDIRECT.replace("oauth", "OAUTH"),
    HOST + "/",
]
_CLIENT_INFOS = [
    client_info(WRONG),
    client_info(RIGHT, ELSEWHERE),
    client_info(RIGHT.upper()),
    client_info(None),
    client_info(RIGHT + " "),
    client_info() + "=",
    client_info()[:-3],
    client_info() + "." + client_info(),
    "e30",
    "",
]


def _changed(draw: Random, parts: Parts) -> None:
    name = draw.choice([*DECIDING, *_VALUES])
    parts[:] = [part for part in parts if named(part) != name]
    parts.insert(draw.randint(0, len(parts)), f"{name}={quote(draw.choice(_VALUES[name]), safe='')}")


def _left_out(draw: Random, parts: Parts) -> None:
    if parts:
        parts.pop(draw.randrange(len(parts)))


def _doubled(draw: Random, parts: Parts) -> None:
    if parts:
        name, _, value = draw.choice(parts).partition("=")
        name = draw.choice([name, name.upper(), name.title(), name.replace("_", "%5F"), name.replace("t", "%74"), f"{name}%20"])
        parts.insert(
            draw.randint(0, len(parts)), f"{name}={draw.choice([value, '2', quote(REDIRECT, safe=''), OTHER_CLIENT, ''])}"
        )


def _respelt(draw: Random, parts: Parts) -> None:
    if parts:
        at = draw.randrange(len(parts))
        name, between, value = parts[at].partition("=")
        letter = draw.choice(name or "x")
        odd = [
            name.upper(),
            name.capitalize(),
            name.replace(letter, f"%{ord(letter):02x}"),
            name + draw.choice(_CODES),
            f"%20{name}",
        ]
        parts[at] = draw.choice(odd) + between + value


def _rewritten(draw: Random, parts: Parts) -> None:
    """A value in another encoding: the same to any server, or one that is no text."""
    if parts:
        at = draw.randrange(len(parts))
        name, between, value = parts[at].partition("=")
        plain = decoded(value) or ""
        spots = [i for i, c in enumerate(plain) if c.isascii()]
        spot = draw.choice(spots or [0])
        coded = [quote(c, safe="") if i != spot else f"%{ord(c):02x}" for i, c in enumerate(plain)]
        odd = ["".join(coded), quote(value, safe=""), value.replace("%20", "+"), value.lower(), value + draw.choice(_CODES)]
        parts[at] = name + between + draw.choice(odd)


def _smuggled(draw: Random, parts: Parts) -> None:
    """A second parameter behind another separator, or in a part of its own without a name."""
    if parts:
        name = draw.choice(DECIDING)
        more = f"{name}={quote(draw.choice(_VALUES[name]), safe='')}"
        at = draw.randrange(len(parts))
        parts[at] += draw.choice([";", "%26", "%3B", "?", "#", "%23", "\t", "\\", "&&", "&=", "&"]) + more


def _shuffled(draw: Random, parts: Parts) -> None:
    draw.shuffle(parts)


_TURNS: list[Callable[[Random, Parts], None]] = [
    _changed,
    _changed,
    _left_out,
    _doubled,
    _respelt,
    _rewritten,
    _smuggled,
    _shuffled,
]


def bent_request(draw: Random) -> str:
    """An authorize request with nothing, something or several things about it bent."""
    asked = {
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "client_id": CLIENT,
        "scope": " ".join(REQUIRED_SCOPES),
        "state": STATE,
    }
    parts = [f"{name}={quote(value, safe='')}" for name, value in asked.items()]
    origin, path = MICROSOFT, AUTHORIZE.removeprefix(MICROSOFT)
    for _ in range(draw.choice([0, 1, 1, 1, 2, 2, 3])):
        draw.choice(_TURNS)(draw, parts)
    if draw.random() < 0.12:
        origin = draw.choice(_ORIGINS)
    if draw.random() < 0.08:
        path = draw.choice(_PATHS)
    return f"{origin}{path}?{'&'.join(parts)}" + (draw.choice(["#", "#x", "#state=2", " ", "\n"]) if draw.random() < 0.04 else "")


def bent_answer(draw: Random) -> str:
    """Microsoft's answer, bent."""
    told = {"code": f"code-{draw.randrange(10**6)}", "client_info": client_info(), "state": STATE, "session_state": "ss"}
    if draw.random() < 0.4:
        told["client_info"] = draw.choice(_CLIENT_INFOS)
    parts = [f"{name}={quote(value, safe='')}" for name, value in told.items()]
    for _ in range(draw.choice([0, 1, 1, 2])):
        turn = draw.choice([_left_out, _doubled, _respelt, _rewritten, _shuffled])
        turn(draw, parts)
    if draw.random() < 0.1:
        parts.append(draw.choice(["error=access_denied", "error=", "error_description=x", "iss=x", f"state={STATE}", "code="]))
    base = draw.choice(_REDIRECTS) if draw.random() < 0.1 else REDIRECT
    return f"{base}{draw.choice('#?' if draw.random() < 0.05 else '?')}{'&'.join(parts)}"


def bent_initiator(draw: Random) -> str:
    """The address that starts a token request, bent."""
    head, _, query = INITIATOR.partition("?")
    parts = query.split("&")
    for _ in range(draw.choice([0, 1, 1, 2])):
        turn = draw.choice([_left_out, _doubled, _respelt, _rewritten, _shuffled])
        turn(draw, parts)
    if draw.random() < 0.3:
        parts.append(
            draw.choice(["personal=true", "personal=false", "personal=", "personal=1", "Personal=true", "personal=TRUE", "x=1"])
        )
    if draw.random() < 0.2:
        at = draw.randrange(len(parts)) if parts else 0
        parts[at:at] = [draw.choice([f"oauth_requestor={'d0' * 16}", f"oauth_provider_profile={'d0' * 16}"])]
    head = draw.choice([head.upper(), head + "x", head.replace(HOST, HOST.upper())]) if draw.random() < 0.05 else head
    return f"{head}?{'&'.join(parts)}"


# -- games -----------------------------------------------------------------------------------------------------------------------

_STARTED = Story().started().state
_PROMPTED = Story().prompted().state


@dataclass
class Figures:
    """How many games were played, and how they ended."""

    games: int = 0
    endings: Counter[str] = field(default_factory=Counter)


def _without_ours(url: str) -> list[str]:
    return [part for part in url.partition("?")[2].split("&") if named(part) not in OURS]


def _ask(url: str) -> str:
    """What becomes of a request in A: held, passed, stopped or refused."""
    state, decisions = step(TERMS, _STARTED, in_a("x", url, follows="init"))
    for decision in decisions:
        match decision:
            case Open(Which.B, address):
                _prompts(url, address)
                return "held"
            case LetPass("x"):
                _passed(url, state)
                return "passed"
            case Fail(problem):
                assert problem.code == "unexpected-request"
                assert problem.facts["why"]
                assert problem.words.isprintable()
                return "refused"
    assert [type(decision) for decision in decisions] == [Show]
    return "stopped"


def _prompts(url: str, address: str) -> None:
    """B asks for what A asked for, byte for byte, and for the three we add, once each."""
    assert address.partition("?")[0] == AUTHORIZE
    assert _without_ours(address) == _without_ours(url)
    added = [part for part in address.partition("?")[2].split("&") if named(part) in OURS]
    assert added == ["prompt=login", f"login_hint={quote(UPN, safe='')}", "client_info=1"]


def _passed(url: str, state: State) -> None:
    """After what was none of ours passed, no answer comes to our address in A but the one it plainly vouched for."""
    for value in {STATE, "", "2", vouches(url)}:
        answered: Step = step(TERMS, state, in_a("y", f"{REDIRECT}?code=c&state={quote(value, safe='')}"))
        passes = answered[1] == (LetPass("y"),)
        assert passes == bool(value and value == vouches(url)), (url, value)


def play_request(draw: Random) -> str:
    """One authorize request in A."""
    url = bent_request(draw)
    became = _ask(url)
    assert (became == "held") == is_planned(url), (became, url)
    assert became != "passed" or may_pass(url), url
    return f"request {became}"


def play_answer(draw: Random) -> str:
    """One answer in B."""
    url = bent_answer(draw)
    kind = draw.random()
    event = in_b("x", url, method="POST") if kind < 0.03 else in_b("x", url, window="") if kind < 0.06 else in_b("x", url)
    _, decisions = step(TERMS, _PROMPTED, event)
    sent = [decision for decision in decisions if isinstance(decision, Answer)]
    right = is_right_answer(url) and event.method == "GET" and bool(event.window)
    assert bool(sent) == right == any(isinstance(decision, Release) for decision in decisions), url
    for decision in sent:
        kept = [part for part in url.partition("?")[2].split("&") if named(part) != "client_info"]
        assert decision.url == f"{REDIRECT}?{'&'.join(kept)}"
    assert not any(isinstance(decision, LetPass) for decision in decisions)
    return f"answer {'let through' if sent else 'kept back'}"


def play_initiator(draw: Random) -> str:
    """One initiator address, and the planned request after it."""
    url = bent_initiator(draw)
    window, context = draw.choice([("WA", "CA")] * 8 + [("", "CA"), ("WX", "CX"), ("WA", "")])
    event = Paused("i", url, draw.choice(["GET"] * 9 + ["POST"]), window, context)
    before, _ = step(TERMS, Story().state, Opened(Which.A, "WA", "CA"))
    state, decisions = step(TERMS, before, event)
    ours = is_ours(url) and (event.method, window, context) == ("GET", "WA", "CA")
    assert ("i" in state.initiators) == ours, url
    assert LetPass("i") in decisions or any(isinstance(decision, Show) for decision in decisions)
    _, after = step(TERMS, state, in_a("x", authorize_url(), follows="i"))
    assert any(isinstance(decision, Open) for decision in after) == ours, url
    return f"initiator {'ours' if ours else 'not ours'}"


PLAYS = (play_request, play_request, play_request, play_answer, play_answer, play_initiator)


def play(number: int, figures: Figures) -> None:
    """Play the game of that number."""
    draw = Random(number)
    figures.endings[PLAYS[number % len(PLAYS)](draw)] += 1
    figures.games += 1
