"""For the tests of the simulated instance: both sides running, a REST client and a browser without a window."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin

import requests

from exoalias.simulator.one_time_codes import code_at
from exoalias.simulator.scenario import scenario
from exoalias.simulator.serve import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exoalias.simulator.scenario import Person

MAX_HOPS = 12


@contextmanager
def running(
    name: str = "happy", *, seed: int = 5, faults: dict[str, Any] | None = None, **changes: object
) -> Iterator[Simulator]:
    """A started simulator; *faults* are added to the scenario's own."""
    story = scenario(name, **changes)
    simulator = Simulator(replace(story, faults=replace(story.faults, **(faults or {}))), seed)
    simulator.start()
    try:
        yield simulator
    finally:
        simulator.stop()


class Rest:
    """The REST user with Basic authentication."""

    def __init__(self, simulator: Simulator, password: str = "") -> None:
        self.base = simulator.instance.origin
        self.http = requests.Session()
        self.http.trust_env = False
        admin = simulator.cast.admin
        self.http.auth = (admin.user_name, password or admin.password)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def call(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        json: object = None,
        data: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> requests.Response:
        """Any request."""
        return self.http.request(method, self.base + path, params=params, json=json, data=data, headers=headers, timeout=10)

    def rows(self, table: str, query: str | None = None, **parameters: str) -> list[dict[str, Any]]:
        """The result of a list."""
        named = {f"sysparm_{name}": value for name, value in parameters.items()}
        if query is not None:
            named["sysparm_query"] = query
        answer = self.call("GET", f"/api/now/table/{table}", params=named)
        answer.raise_for_status()
        return list(answer.json()["result"])

    def patch(self, table: str, sys_id: str, **values: object) -> dict[str, Any]:
        """The record after a PATCH, references as plain sys_ids."""
        plain = {"sysparm_exclude_reference_link": "true"}
        answer = self.call("PATCH", f"/api/now/table/{table}/{sys_id}", json=values, params=plain)
        answer.raise_for_status()
        return dict(answer.json()["result"])


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.buttons: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = given.get("action", "")
        if tag == "input":
            self.fields[given.get("name", "")] = given.get("value", "")
        if tag == "button":
            self.buttons.add(given.get("value", ""))


@dataclass(frozen=True, slots=True)
class Page:
    """Where the browser is, and what is there."""

    url: str
    status: int
    text: str
    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    buttons: frozenset[str] = frozenset()


class Browser:
    """Follows redirects and posts forms, with a cookie jar; runs no scripts."""

    def __init__(self) -> None:
        self.http = requests.Session()
        self.http.trust_env = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def open(self, url: str, data: dict[str, str] | None = None, *, until: str = "") -> Page:
        """GET (or POST *data*) and go where the redirects lead; stop before an address that starts with *until*."""
        for _ in range(MAX_HOPS):
            answer = self.http.request("POST" if data else "GET", url, data=data, allow_redirects=False, timeout=10)
            if answer.status_code not in {302, 303}:
                forms = _Forms()
                forms.feed(answer.text)
                return Page(url, answer.status_code, unescape(answer.text), forms.action, forms.fields, frozenset(forms.buttons))
            url, data = urljoin(url, answer.headers["Location"]), None
            if until and url.startswith(until):
                return Page(url, answer.status_code, "")
        raise AssertionError(f"more than {MAX_HOPS} redirects, last to {url}")

    def submit(self, page: Page, *, until: str = "", **fields: str) -> Page:
        """Post the page's form with these fields filled in."""
        return self.open(urljoin(page.url, page.action), page.fields | fields, until=until)

    def log_in(self, simulator: Simulator, page: Page, *, until: str = "") -> Page:
        """Fill in the instance's own login form."""
        admin = simulator.cast.admin
        return self.submit(page, until=until, user_name=admin.user_name, user_password=admin.password)

    def at_microsoft(self, simulator: Simulator, page: Page, person: Person, *, until: str = "") -> Page:
        """Do whatever Microsoft's pages ask of this person, until they send the browser back."""
        for _ in range(MAX_HOPS):
            if not page.url.startswith(simulator.microsoft.origin) or not page.action:
                return page
            typed: dict[str, str] = {}
            if "username" in page.fields:
                typed = {"username": person.upn, "action": "next"}
            elif "password" in page.fields:
                typed = {"password": person.password, "action": "signin"}
            elif page.buttons & {"accept", "yes"}:
                typed = {"action": "accept" if "accept" in page.buttons else "yes"}
            page = self.submit(page, until=until, **typed)
        raise AssertionError("Microsoft's pages come to no end")


def initiator(simulator: Simulator, credential: str = "MS Graph 1", **changes: str) -> str:
    """The address of Get OAuth Token for one of the planned credentials."""
    given = {
        "oauth_requestor_context": "oauth_2_0_credentials",
        "oauth_requestor": simulator.cast.sys_id(credential),
        "oauth_provider_profile": simulator.cast.sys_id("profile"),
        "response_type": "code",
    } | changes
    return f"{simulator.instance.origin}/oauth_initiator.do?" + "&".join(f"{name}={value}" for name, value in given.items())


def get_token(
    simulator: Simulator, browser: Browser, person: str = "delegated", credential: str = "MS Graph 1", *, until: str = ""
) -> Page:
    """The whole way by hand: sign in to the instance if asked, then to Microsoft as *person*; where it ends."""
    page = browser.open(initiator(simulator, credential))
    if "user_password" in page.fields:
        page = browser.log_in(simulator, page)
    if "txtResponse" in page.fields:
        page = browser.submit(page, txtResponse=code_at(simulator.cast.keys.code_seed, time.time()))
    if simulator.scenario.instance_sign_in in {"saml", "oidc"}:
        page = browser.at_microsoft(simulator, page, simulator.cast.people["admin"])
    return browser.at_microsoft(simulator, page, simulator.cast.people[person], until=until)
