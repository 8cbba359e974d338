"""Who a REST request comes from: every way in that an instance knows, each of which a fault can close.

A password, a bearer token, an API key (header ``x-sn-apikey``), a client certificate, or the session of a browser. Whoever
is refused is told the same in each case (documentation pages "REST API error messages", "Basic authentication",
"Configure API key - Token-based authentication", "Authorization code grant workflow").
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exoalias.simulator import pages
from exoalias.simulator.access import Caller, error
from exoalias.simulator.one_time_codes import DIGITS
from exoalias.simulator.wire import Answer, Request, redirect

if TYPE_CHECKING:
    from exoalias.simulator.cast import Cast
    from exoalias.simulator.faults import Faults
    from exoalias.simulator.oauth_grants import Grants
    from exoalias.simulator.one_time_codes import OneTimeCodes
    from exoalias.simulator.sessions import Session, Sessions

COOKIE = "JSESSIONID"


@dataclass(slots=True)
class Admitted:
    """Somebody who may come in: by which way, and what to put on the answer for them."""

    caller: Caller
    way: str
    session: Session | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)


def not_signed_in() -> Answer:
    """The one answer to a wrong password, a dead token and nobody at all."""
    refused = error(401, "User Not Authenticated", "Required to provide Auth information")
    refused.headers.append(("WWW-Authenticate", 'BASIC realm="Service-now"'))
    return refused


class Callers:
    """Tells who is calling."""

    def __init__(self, cast: Cast, faults: Faults, sessions: Sessions, grants: Grants, codes: OneTimeCodes) -> None:
        self._cast = cast
        self._faults = faults
        self._sessions = sessions
        self._grants = grants
        self._codes = codes
        self._lock = threading.Lock()
        self._died = False
        self._admin = Caller(cast.admin.user_name, cast.admin.sys_id, cast.admin.roles)

    def who(self, request: Request) -> Admitted | Answer:
        """The caller, or the refusal. What a request shows first counts: a wrong key is not helped by a good cookie."""
        kind, _, credentials = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "basic":
            return self._by_password(request, credentials)
        if kind.lower() == "bearer":
            way = self._grants.way_of(credentials)
            return self._let(way) if way else not_signed_in()
        if kind:
            return not_signed_in()
        if key := request.headers.get("x-sn-apikey"):
            right = hmac.compare_digest(key.encode(), self._cast.keys.api_key.encode())
            return self._let("api-key") if right else not_signed_in()
        if request.certificate:
            return self._let("certificate")
        return self._by_session(request)

    def _let(self, way: str) -> Admitted | Answer:
        return not_signed_in() if way in self._faults.closed else Admitted(self._admin, way)

    # -- password --

    def _by_password(self, request: Request, credentials: str) -> Admitted | Answer:
        if self._faults.basic_auth_gate or "password" in self._faults.closed:
            return not_signed_in()
        user, password = _pair(credentials)
        if user != self._cast.admin.user_name:
            return not_signed_in()
        if not self._faults.wants_code:
            return self._let("password") if password == self._cast.admin.password else not_signed_in()
        # A code is good for one time, so it is the session of the first answer that goes on.
        session = self._sessions.of(request)
        if session is not None and session.user is not None:
            return Admitted(self._admin, "password", session)
        password, code = password[:-DIGITS], password[-DIGITS:]
        if password != self._cast.admin.password or not self._codes.spend(code):
            return not_signed_in()
        opened = Answer(200)
        session = self._sessions.open(opened, self._cast.admin, pages=False)
        return Admitted(self._admin, "password", session, opened.headers)

    # -- session --

    def _by_session(self, request: Request) -> Admitted | Answer:
        session = self._sessions.of(request)
        if session is not None and self._dies(session):
            self._sessions.close(session)
            session = None
        if session is None or session.user is None:
            return self._dead() if COOKIE in request.cookies else not_signed_in()
        token = request.headers.get("x-usertoken", "")
        if "browser" in self._faults.closed:
            return not_signed_in()
        if request.method != "GET" and not hmac.compare_digest(token.encode(), session.ck.encode()):
            return _token_refused(session.ck, logged_in=True)
        admitted = Admitted(self._admin, "session", session)
        every = self._faults.ck_rotates_every
        if every and session.calls % every == 0:
            admitted.headers.append(("X-UserToken-Response", self._sessions.renew(session)))
        return admitted

    def _dies(self, session: Session) -> bool:
        """Count the request; true for the one at which the fault takes the session away."""
        with self._lock:
            session.calls += 1
            limit = self._faults.session_dies_after
            if not limit or self._died or session.calls <= limit:
                return False
            self._died = True
            return True

    def _dead(self) -> Answer:
        how = self._faults.session_dies_as
        if how == "302":
            return redirect("/login.do")
        if how == "302-logout":
            return redirect("/logout_success.do")
        # Whoever tries again with the token told here is told the same: it is that of a session nobody has signed in to.
        return pages.login("") if how == "html" else _token_refused(secrets.token_hex(36), logged_in=False)


def _token_refused(ck: str, *, logged_in: bool) -> Answer:
    """As pages of the platform expect it: 401, with the user token to try once more with (as seen in their scripts)."""
    refused = not_signed_in()
    refused.headers += [("X-UserToken-Response", ck), ("X-Is-Logged-In", str(logged_in).lower())]
    return refused


def _pair(credentials: str) -> tuple[str, str]:
    try:
        user, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password
