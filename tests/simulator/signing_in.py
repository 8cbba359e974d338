"""For the tests of the simulated Microsoft sign-in: a browser without a window, on real sockets."""

from __future__ import annotations

import base64
import http.client
import json
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from typing import cast as as_type
from urllib.parse import parse_qsl, urlencode, urlsplit

from exoalias.simulator.entra import Entra
from exoalias.simulator.record import Record
from exoalias.simulator.scenario import Cast, Scenario, Turn, draw

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from exoalias.simulator.scenario import Person

INSTANCE = "http://127.0.0.1:8099"
STRICT_REDIRECT = f"{INSTANCE}/oauth_redirect.do"
OIDC_REDIRECT = f"{INSTANCE}/auth_redirect.do"
SAML_ACS = f"{INSTANCE}/saml_acs.do"


class Clock:
    """Seconds since the epoch, moved by hand."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True, slots=True)
class Simulation:
    """A running sign-in with everything a test may ask it."""

    entra: Entra
    cast: Cast
    record: Record
    clock: Clock

    def log(self, name: str) -> list[dict[str, object]]:
        """One list of the record."""
        return self.record.as_dict()[name]

    def authorize(self, **changes: str | None) -> str:
        """An authorize address for the strict-mode registry; None leaves a parameter out."""
        given: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.cast.strict.client_id,
            "redirect_uri": STRICT_REDIRECT,
            "scope": "Calendars.ReadWrite Calendars.ReadWrite.Shared offline_access",
            "state": "3141592653",
        }
        tenant = changes.pop("tenant", None) or self.cast.tenant.id
        path = changes.pop("path", None) or "oauth2/v2.0/authorize"
        given |= changes
        return f"/{tenant}/{path}?" + urlencode({name: value for name, value in given.items() if value is not None})

    def for_public(self, **changes: str | None) -> str:
        """An authorize address for the public client."""
        return self.authorize(
            **{"client_id": self.cast.public.client_id, "redirect_uri": "http://localhost:5123", "scope": "openid profile"}
            | changes
        )

    def for_oidc(self, **changes: str | None) -> str:
        """An authorize address of the instance's own OpenID Connect sign-in."""
        return self.authorize(
            **{"client_id": self.cast.oidc.client_id, "redirect_uri": OIDC_REDIRECT, "scope": "openid profile email"} | changes
        )

    def browser(self) -> Browser:
        """A browser with an empty cookie jar."""
        return Browser(urlsplit(self.entra.origin).port or 0)


@contextmanager
def simulation(
    story: Scenario | None = None, *, turns: tuple[Turn, ...] = (Turn(),), cast: Cast | None = None
) -> Iterator[Simulation]:
    """A running sign-in for that story, with the strict, OIDC and SAML addresses of INSTANCE registered."""
    clock, record, people = Clock(), Record(), cast or draw(7)
    entra = Entra(people, story or Scenario("test", "A test.", 0, 0, turns=turns), record, clock=clock)
    entra.start()
    entra.allow_redirects(INSTANCE)
    try:
        yield Simulation(entra, people, record, clock)
    finally:
        entra.stop()


@dataclass
class Page(HTMLParser):
    """What a browser would show, as far as tests care."""

    status: int
    headers: Mapping[str, str]
    text: str
    cookies: list[str]
    url: str = ""
    hidden: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    action: str = ""
    script: str = ""
    error: str = ""
    _inside: str = ""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = given["action"]
        if tag == "input":
            (self.hidden if given.get("type") == "hidden" else self.inputs)[given["name"]] = given.get("value", "")
        if tag == "button" and given.get("name") == "account":
            self.accounts.append(given["value"])
        elif tag == "button" and "id" in given:
            self.buttons.append(given["id"])
        self._inside = "script" if tag == "script" else "error" if given.get("id") == "error" else ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.script += data
        if self._inside == "error":
            self.error += data

    @property
    def location(self) -> str:
        """Where a redirect leads; empty if it is none."""
        return self.headers.get("location", "")

    @property
    def answer(self) -> dict[str, str]:
        """The fields of the answer to the application, however they travel."""
        split = urlsplit(self.location)
        return dict(parse_qsl(split.query or split.fragment, keep_blank_values=True)) if self.location else self.hidden


class Browser:
    """Keeps cookies; presses buttons. Scripts don't run here."""

    def __init__(self, port: int) -> None:
        self.jar: dict[str, str] = {}
        self._port = port

    def open(self, address: str) -> Page:
        """GET an address of the sign-in."""
        return self._ask("GET", address, "")

    def press(self, page: Page, button: str = "", **typed: str) -> Page:
        """Fill in and send the form of a page."""
        action = {"action": button} if button else {}
        return self._ask("POST", page.action, urlencode(page.hidden | typed | action))

    def send(self, address: str, **form: str) -> Page:
        """POST a form that isn't on a page."""
        return self._ask("POST", address, urlencode(form))

    def give_password(self, page: Page, person: Person) -> Page:
        """From the user name page to the page after the password."""
        return self.press(self.press(page, "next", username=person.upn), "signin", password=person.password)

    def sign_in(self, page: Page, person: Person, stay: str = "yes") -> Page:
        """From the user name page to the redirect: password, consent if asked for, "stay signed in?"."""
        page = self.give_password(page, person)
        if "accept" in page.buttons:
            page = self.press(page, "accept")
        return self.press(page, stay) if stay in page.buttons else page

    def _ask(self, method: str, address: str, body: str) -> Page:
        headers = {"Cookie": "; ".join(f"{n}={v}" for n, v in self.jar.items())} if self.jar else {}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection("localhost", self._port, timeout=10)) as connection:
            connection.request(method, address, body or None, headers)
            response = connection.getresponse()
            text = response.read().decode()
        cookies = response.headers.get_all("Set-Cookie") or []
        for cookie in cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.jar[name] = value
            if "Max-Age=0" in cookie:
                del self.jar[name]
        return Page(response.status, {n.lower(): v for n, v in response.headers.items()}, text, cookies, address)


def call_token(
    simulation: Simulation, form: Mapping[str, str], *, basic: str = "", tenant: str = ""
) -> tuple[int, dict[str, object]]:
    """POST to the token endpoint: status and JSON."""
    port = urlsplit(simulation.entra.origin).port
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if basic:
        headers["Authorization"] = "Basic " + base64.b64encode(basic.encode()).decode()
    path = f"/{tenant or simulation.cast.tenant.id}/oauth2/v2.0/token"
    with closing(http.client.HTTPConnection("localhost", port, timeout=10)) as connection:
        connection.request("POST", path, urlencode(form), headers)
        response = connection.getresponse()
        return response.status, as_type("dict[str, object]", json.loads(response.read()))


def decoded(part: str) -> dict[str, object]:
    """JSON in unpadded base64url, as in client_info and JWTs."""
    raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    return as_type("dict[str, object]", json.loads(raw))
