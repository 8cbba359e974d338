"""A simulated Microsoft sign-in on loopback: authorize, token, SAML and sign-out addresses, and its pages.

It answers the way the documentation says Microsoft Entra does, the dangerous default included: with one person signed in
and no ``prompt``, that person's code is given out and nobody is asked. It is served as ``localhost`` while the simulated
instance is served as 127.0.0.1, since cookies know hosts but no ports.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from exoalias.simulator import entra_documents, entra_pages
from exoalias.simulator.entra_answers import Answers
from exoalias.simulator.entra_authorize import Ask, read_ask
from exoalias.simulator.entra_directory import Directory, Refused
from exoalias.simulator.entra_flow import SignIns
from exoalias.simulator.entra_http import Answer, LoopbackServer, Request
from exoalias.simulator.entra_saml import Assertions, read_saml_ask
from exoalias.simulator.entra_sessions import Sessions, Visit
from exoalias.simulator.entra_token_endpoint import TokenEndpoint, json_answer, refusal_json
from exoalias.simulator.entra_tokens import Grants, SigningKey

if TYPE_CHECKING:
    from exoalias.simulator.record import Record
    from exoalias.simulator.scenario import Cast, Person, Scenario

_Route = Callable[[Request, str], Answer]  # the request, and the tenant named in its path


class Entra:
    """The simulated Microsoft sign-in of one cast and scenario. *clock* gives seconds since the epoch."""

    def __init__(self, cast: Cast, scenario: Scenario, record: Record, *, clock: Callable[[], float] = time.time) -> None:
        self._cast, self._scenario, self._record, self._clock = cast, scenario, record, clock
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._directory = Directory(cast)
        self._sessions, self._grants, self._key = Sessions(), Grants(), SigningKey()
        self._sign_ins = SignIns(cast, scenario, self._directory, self._sessions, record)
        self._server = LoopbackServer(self._answer, self._note)
        self._routes: dict[str, _Route] = {
            "oauth2/v2.0/authorize": self._authorize,
            "oauth2/authorize": self._authorize_v1,
            "oauth2/v2.0/token": self._token,
            "oauth2/token": self._token_v1,
            "saml2": self._saml,
            "login": self._login,
            "oauth2/v2.0/logout": self._logout,
            "oauth2/logout": self._logout,
            "v2.0/.well-known/openid-configuration": self._configuration,
            ".well-known/openid-configuration": self._configuration,
            "discovery/v2.0/keys": self._keys,
            "discovery/keys": self._keys,
            "discovery/instance": self._instances,
        }

    # -- for whoever starts it ----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Serve on a free port of loopback; OSError if there is none."""
        self._stopping.clear()
        self._server.start()
        self._assertions = Assertions(self.origin)
        self._answers = Answers(self._scenario, self._record, self._grants, self._assertions, self._clock)
        faults = self._scenario.faults
        self._tokens = TokenEndpoint(
            self._directory, self._grants, self._key, faults, lambda tenant: entra_documents.issuer(self.origin, tenant)
        )

    def stop(self) -> None:
        """Stop serving; answers held back by a fault are released."""
        self._stopping.set()
        self._server.stop()

    @property
    def origin(self) -> str:
        """``http://localhost:PORT``; RuntimeError before ``start``."""
        return f"http://localhost:{self._server.port}"

    def allow_redirects(self, instance_origin: str) -> None:
        """Register the instance's redirect addresses: /oauth_redirect.do, /auth_redirect.do and /saml_acs.do."""
        with self._lock:
            self._directory.allow_redirects(instance_origin)

    def owner_of(self, access_token: str) -> Person | None:
        """Whose access token it is; None if it isn't one of ours."""
        with self._lock:
            return self._grants.owner_of(access_token)

    def owner_of_code(self, code: str) -> Person | None:
        """Whose authorization code it is, used up or not; None if it isn't one of ours."""
        with self._lock:
            return self._grants.owner_of_code(code)

    def saml_assertion_valid(self, assertion_id: str) -> bool:
        """Was the assertion of that id given out here within the last five minutes?"""
        with self._lock:
            return self._assertions.valid(assertion_id)

    # -- requests -----------------------------------------------------------------------------------------------------

    def _note(self, method: str, target: str, status: int) -> None:
        self._record.request("microsoft", method, target, status)

    def _answer(self, request: Request) -> Answer:
        """Find the route; every answer is as late as the scenario says."""
        self._stopping.wait(self._scenario.faults.latency_s)
        tenant, _, rest = request.path.lstrip("/").partition("/")
        route = self._routes.get(rest)
        if route is None:
            return Answer(404)
        if route in (self._token, self._token_v1):
            self._wait_for_exchange(request)
        with self._lock:
            try:
                return route(request, tenant)
            except Refused as refused:
                return self._trouble(refused, request)

    def _wait_for_exchange(self, request: Request) -> None:
        """The fault that makes the instance wait for its tokens."""
        if self._cast.public.client_id not in request.form.values():
            self._stopping.wait(self._scenario.faults.exchange_s)

    def _trouble(self, refused: Refused, request: Request) -> Answer:
        details = {
            "Request Id": str(uuid.uuid4()),
            "Correlation Id": request.parameters.get("client-request-id", "") or str(uuid.uuid4()),
            "Timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        }
        return entra_pages.trouble(refused.code, refused.text, details, refused.status)

    def _authorize(self, request: Request, tenant: str) -> Answer:
        return self._begin(request, lambda: read_ask(request, self._directory, tenant, v1=False))

    def _authorize_v1(self, request: Request, tenant: str) -> Answer:
        return self._begin(request, lambda: read_ask(request, self._directory, tenant, v1=True))

    def _saml(self, request: Request, tenant: str) -> Answer:
        deflated = request.method != "POST"
        return self._begin(request, lambda: read_saml_ask(request.parameters, self._directory, tenant, deflated=deflated))

    def _begin(self, request: Request, read: Callable[[], Ask]) -> Answer:
        """Log what arrived, also when it is refused, and answer it."""
        visit = self._sessions.visit(request.cookies)
        given = request.parameters
        client_id = given.get("client_id", "") or (self._cast.saml_entity_id if "SAMLRequest" in given else "")
        self._record.authorize(
            client_id,
            prompt=given.get("prompt", ""),
            login_hint=given.get("login_hint", ""),
            cookies_seen=visit.brought_session_cookie,
        )
        return _with_cookies(self._sign_ins.begin(read(), visit, self._answers), visit)

    def _login(self, request: Request, tenant: str) -> Answer:
        self._directory.tenant(tenant)
        visit = self._sessions.visit(request.cookies)
        if not visit.known_browser:
            raise Refused("AADSTS90100", "Your browser is currently set to block cookies. You need to allow cookies.")
        return _with_cookies(self._sign_ins.post(request.form, visit, self._answers, self._clock()), visit)

    def _logout(self, request: Request, _tenant: str) -> Answer:
        visit = self._sessions.visit(request.cookies)
        self._sessions.sign_out(visit)
        return _with_cookies(entra_pages.message("You signed out of your account", "Close all browser windows."), visit)

    def _token(self, request: Request, tenant: str) -> Answer:
        return self._tokens.answer(request, tenant, self._clock(), version="2.0")

    def _token_v1(self, request: Request, tenant: str) -> Answer:
        return self._tokens.answer(request, tenant, self._clock(), version="1.0")

    # -- documents ----------------------------------------------------------------------------------------------------

    def _configuration(self, _request: Request, tenant: str) -> Answer:
        try:
            return json_answer(200, entra_documents.openid_configuration(self.origin, self._directory.tenant(tenant)))
        except Refused as refused:
            refused.error = "invalid_tenant"
            return refusal_json(refused)

    def _keys(self, _request: Request, _tenant: str) -> Answer:
        return json_answer(200, {"keys": [self._key.jwk()]})

    def _instances(self, _request: Request, _tenant: str) -> Answer:
        return json_answer(200, entra_documents.instance_discovery(self.origin, self._cast.tenant))


def _with_cookies(answer: Answer, visit: Visit) -> Answer:
    return answer.with_headers(*(("Set-Cookie", cookie) for cookie in visit.set_cookies))
