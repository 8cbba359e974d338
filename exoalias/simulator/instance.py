"""A ServiceNow instance on loopback: REST, the login, and Get OAuth Token.

Written from public documentation, not from the program under test. Start it, read `Instance.origin`, stop it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from exoalias.simulator import pages
from exoalias.simulator.callers import Callers
from exoalias.simulator.clones import Clone
from exoalias.simulator.oauth_grants import Grants
from exoalias.simulator.oauth_server import OAuthServer
from exoalias.simulator.one_time_codes import OneTimeCodes
from exoalias.simulator.picker import Picker
from exoalias.simulator.records import PLANNED, build
from exoalias.simulator.rest import Apis, Rest
from exoalias.simulator.scan import Scan
from exoalias.simulator.scan_findings import Findings
from exoalias.simulator.sessions import Session, Sessions
from exoalias.simulator.signin import HOME, SECOND_FACTOR, SignIn
from exoalias.simulator.table_api import TableApi
from exoalias.simulator.tables import Row, stamp
from exoalias.simulator.token_flow import TokenFlow
from exoalias.simulator.wire import Answer, LoopbackServer, Request, html, redirect
from exoalias.simulator.writer import Addresses

if TYPE_CHECKING:
    from exoalias.simulator.microsoft import Microsoft
    from exoalias.simulator.record import Record
    from exoalias.simulator.scenario import Cast, Scenario
    from exoalias.simulator.wire import Tls

_Open = Callable[[Request], Answer]
_SignedIn = Callable[[Request, Session], Answer]
_REMEDY = "Verify the OAuth configuration and click the 'Get OAuth Token' link below to request a new token."


class Instance:
    """One simulated instance. *microsoft* must have its origin already."""

    def __init__(self, cast: Cast, scenario: Scenario, record: Record, microsoft: Microsoft, tls: Tls | None = None) -> None:
        self._cast = cast
        self._faults = scenario.faults
        self._record = record
        self._server = LoopbackServer(self._handle, tls)
        self.origin = self._server.origin
        addresses = self._addresses = Addresses(self.origin, microsoft.origin, cast.tenant.id)
        self.store = build(cast, scenario, addresses)
        self.sessions = Sessions()
        planned = frozenset(cast.sys_id(name) for name in PLANNED)
        tables = TableApi(self.store, record, self._faults, self.origin, planned)
        self.grants = Grants(self._faults.access_token_s, rotates=self._faults.refresh_rotates)
        callers = Callers(cast, self._faults, self.sessions, self.grants, OneTimeCodes(cast.keys.code_seed))
        scan = Scan(self.store, self._faults, record, self.origin, Findings(self.store, addresses))
        self._rest = Rest(self.store, cast, self._faults, record, callers, Apis(tables, Picker(self.store, cast, record), scan))
        self._sign_in = SignIn(cast, scenario, self.sessions, microsoft, addresses, record)
        oauth = OAuthServer(cast, scenario, self.grants, record)
        self._flow = TokenFlow(self.store, cast, self._faults, self.sessions, microsoft, record)
        self._open: dict[tuple[str, str], _Open] = {
            ("GET", "/login.do"): self._sign_in.login_page,
            ("GET", "/side_door.do"): self._sign_in.login_page,
            ("POST", "/login.do"): self._sign_in.login,
            ("GET", SECOND_FACTOR): self._sign_in.second_factor,
            ("POST", SECOND_FACTOR): self._sign_in.second_factor,
            ("GET", "/logout.do"): self._sign_in.logout,
            ("GET", "/logout_success.do"): self._sign_in.logged_out,
            ("POST", "/oauth_token.do"): oauth.token,
            ("POST", "/saml_acs.do"): self._sign_in.saml_answer,
            ("GET", "/auth_redirect.do"): self._sign_in.oidc_answer,
        }
        self._signed_in: dict[str, _SignedIn] = {
            "/": lambda _request, _session: redirect(HOME),
            HOME: self._home,
            "/oauth_2_0_credentials.do": self._credential,
            "/oauth_auth.do": oauth.authorize,
            "/oauth_initiator.do": self._flow.initiate,
            "/oauth_redirect.do": self._flow.come_back,
        }

    def start(self) -> None:
        """Begin to answer."""
        self._server.start()

    def stop(self) -> None:
        """Stop answering and hang up."""
        self._server.close()

    def clone(self, *kinds: str) -> None:
        """Another instance's records come over this one's, and everybody has to sign in again; KeyError for an unknown kind."""
        Clone(self.store, self._cast, self._addresses).apply(*kinds)
        self.sessions.drop_all()

    # -- requests --

    def _handle(self, request: Request) -> Answer:
        time.sleep(self._faults.latency_s)
        answer = html(pages.HIBERNATING) if self._faults.hibernating else self._route(request)
        self._record.request("instance", request.method, request.target, answer.status, note=answer.note)
        return answer

    def _route(self, request: Request) -> Answer:
        if request.path.startswith("/api/"):
            return self._rest.handle(request)
        if open_page := self._open.get((request.method, request.path)):
            return open_page(request)
        if request.path == "/oauth_redirect.do":
            self._flow.note_code(request)
        page = self._signed_in.get(request.path)
        if page is None and not request.path.endswith(".do"):
            return pages.message("Page not found", "The page you are looking for could not be found.", 404)
        session = self.sessions.of(request)
        if session is None or session.user is None or not session.pages:
            return self._sign_in.ask(request)
        if page is None:
            return pages.message("Page not found", "The page you are looking for could not be found.", 404, ck=session.ck)
        return page(request, session)

    # -- pages of somebody signed in --

    def _home(self, _request: Request, session: Session) -> Answer:
        user = session.user or self._cast.admin
        named = [row for row in self.store.rows("oauth_2_0_credentials") if row["name"].startswith("MS Graph")]
        return pages.home(user, session.ck, sorted(named, key=lambda row: row["name"]))

    def _credential(self, request: Request, session: Session) -> Answer:
        row = self.store.get("oauth_2_0_credentials", request.query.get("sys_id", ""))
        if row is None:
            return pages.message("Record not found", "Record not found")
        profile = self.store.get("oauth_entity_profile", row["oauth_entity_profile"])
        return pages.credential(row, profile["name"] if profile else "", self._banner(row), session.ck)

    def _banner(self, credential: Row) -> str:
        """The form's word on the token (texts of the platform's own credential form)."""
        wanted = {"requestor_id": credential["sys_id"], "oauth_entity_profile": credential["oauth_entity_profile"]}
        requestor = self.store.find("oauth_requestor_profile", **wanted)
        token = (
            self.store.find("oauth_credential", type="refresh_token", oauth_requestor_profile=requestor["sys_id"])
            if requestor
            else None
        )
        if token is None:
            return f"OAuth Access or Refresh tokens are not available. {_REMEDY}"
        if token["expires"] < stamp(datetime.now(UTC)):
            return f"OAuth Refresh token is expired. {_REMEDY}"
        return f"OAuth Refresh token is available and will expire at {token['expires']}."
