"""Who is signed in to Microsoft in which browser: the cookies, and the people behind them.

One session can hold several people, as the real one does. A browser without cookies has no session: that is what a fresh
context of a browser looks like from here.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.simulator.scenario import Person

SESSION_COOKIES = ("ESTSAUTH", "ESTSAUTHPERSISTENT", "ESTSAUTHLIGHT")
BROWSER_COOKIE = "fpc"  # names the browser, signs nobody in
_PERSISTENT_SECONDS = 90 * 24 * 3600  # "stay signed in" keeps the session cookie for 90 days


@dataclass(slots=True)
class Account:
    """A person in a session. After signing out they are remembered, but have to give the password again."""

    person: Person
    auth_time: float
    signed_in: bool = True


@dataclass(slots=True)
class Session:
    """The people signed in with one browser's cookies, in the order they came."""

    id: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    state: str = field(default_factory=lambda: str(uuid.uuid4()))  # session_state of the answers
    accounts: dict[str, Account] = field(default_factory=dict)
    persistent: bool = False

    def signed_in(self) -> list[Account]:
        """Those who need no password now."""
        return [account for account in self.accounts.values() if account.signed_in]


@dataclass(slots=True)
class Visit:
    """One request seen as a visit of a browser: which browser, which session, which cookies it brought and is given."""

    browser: str
    session: Session | None
    known_browser: bool
    brought_session_cookie: bool
    set_cookies: list[str] = field(default_factory=list)

    def signed_in(self) -> list[Account]:
        """Who is signed in in this browser."""
        return self.session.signed_in() if self.session else []

    def accounts(self) -> list[Account]:
        """Who is or was signed in in this browser."""
        return list(self.session.accounts.values()) if self.session else []


class Sessions:
    """All sessions. Not locked: its owner sees to that."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}

    def visit(self, cookies: Mapping[str, str]) -> Visit:
        """Recognise the browser and its session by the cookies it sent."""
        ids = [cookies[name] for name in SESSION_COOKIES if name in cookies]
        session = next((self._sessions[i] for i in ids if i in self._sessions), None)
        browser = cookies.get(BROWSER_COOKIE, "")
        visit = Visit(browser or secrets.token_urlsafe(16), session, bool(browser), bool(ids))
        if not browser:
            visit.set_cookies.append(f"{BROWSER_COOKIE}={visit.browser}; Path=/; HttpOnly; SameSite=Lax")
        return visit

    def sign_in(self, visit: Visit, person: Person, now: float) -> Account:
        """Add the person to the browser's session, opening one if there is none."""
        if visit.session is None:
            visit.session = Session()
            self._sessions[visit.session.id] = visit.session
        account = Account(person, now)
        visit.session.accounts[person.key] = account
        visit.set_cookies += [
            f"ESTSAUTH={visit.session.id}; Path=/; HttpOnly; SameSite=Lax",
            f"ESTSAUTHLIGHT={visit.session.state}; Path=/; SameSite=Lax",
        ]
        return account

    def stay(self, visit: Visit) -> None:
        """Make the session outlive the browser."""
        if visit.session is not None:
            visit.session.persistent = True
            value = f"ESTSAUTHPERSISTENT={visit.session.id}; Max-Age={_PERSISTENT_SECONDS}"
            visit.set_cookies.append(f"{value}; Path=/; HttpOnly; SameSite=Lax")

    def sign_out(self, visit: Visit) -> None:
        """Sign everybody out; the session remembers them for the account picker."""
        for account in visit.accounts():
            account.signed_in = False
        visit.set_cookies += [f"{name}=; Path=/; Max-Age=0" for name in ("ESTSAUTHPERSISTENT", "ESTSAUTHLIGHT")]
