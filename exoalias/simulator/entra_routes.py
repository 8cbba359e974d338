"""The addresses of the simulated sign-in and what answers at each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from exoalias.simulator import entra_documents, entra_pages
from exoalias.simulator.entra_authorize import read_ask
from exoalias.simulator.entra_directory import Refused
from exoalias.simulator.entra_http import Answer
from exoalias.simulator.entra_saml import read_saml_ask
from exoalias.simulator.entra_token_endpoint import json_answer, refusal_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.simulator.entra_answers import Answers
    from exoalias.simulator.entra_authorize import Ask
    from exoalias.simulator.entra_directory import Directory
    from exoalias.simulator.entra_flow import SignIns
    from exoalias.simulator.entra_http import Request
    from exoalias.simulator.entra_sessions import Sessions, Visit
    from exoalias.simulator.entra_token_endpoint import TokenEndpoint
    from exoalias.simulator.entra_tokens import SigningKey
    from exoalias.simulator.record import Record
    from exoalias.simulator.scenario import Cast

    Route = Callable[[Request, str], Answer]  # the request, and the tenant named in its path

TOKEN_PATHS = ("oauth2/v2.0/token", "oauth2/token")


@dataclass(frozen=True, slots=True)
class Parts:
    """What the routes work with. *clock* gives seconds since the epoch."""

    cast: Cast
    record: Record
    clock: Callable[[], float]
    origin: str
    directory: Directory
    sessions: Sessions
    sign_ins: SignIns
    answers: Answers
    tokens: TokenEndpoint
    key: SigningKey
    at_trouble: str = ""  # what the person does at an error that ends on a page: a script, or nothing


class Routes:
    """Answers requests by their path. Not locked: its owner sees to that."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._routes: dict[str, Route] = {
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

    def answer(self, request: Request) -> Answer:
        """The answer at /{tenant}/{rest of the path}; 404 where there is nothing."""
        tenant, _, rest = request.path.lstrip("/").partition("/")
        route = self._routes.get(rest)
        if route is None:
            return Answer(404)
        try:
            return route(request, tenant)
        except Refused as refused:
            return self._trouble(refused, request)

    def _trouble(self, refused: Refused, request: Request) -> Answer:
        details = {
            "Request Id": str(uuid.uuid4()),
            "Correlation Id": request.parameters.get("client-request-id", "") or str(uuid.uuid4()),
            "Timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        }
        return entra_pages.trouble(refused.code, refused.text, details, refused.status, script=self._parts.at_trouble)

    def _authorize(self, request: Request, tenant: str) -> Answer:
        return self._begin(request, lambda: read_ask(request, self._parts.directory, tenant, v1=False))

    def _authorize_v1(self, request: Request, tenant: str) -> Answer:
        return self._begin(request, lambda: read_ask(request, self._parts.directory, tenant, v1=True))

    def _saml(self, request: Request, tenant: str) -> Answer:
        deflated = request.method != "POST"
        return self._begin(request, lambda: read_saml_ask(request.parameters, self._parts.directory, tenant, deflated=deflated))

    def _begin(self, request: Request, read: Callable[[], Ask]) -> Answer:
        """Log what arrived, also when it is refused, and answer it."""
        visit = self._parts.sessions.visit(request.cookies)
        given = request.parameters
        client_id = given.get("client_id", "") or (self._parts.cast.saml_entity_id if "SAMLRequest" in given else "")
        self._parts.record.authorize(
            client_id,
            prompt=given.get("prompt", ""),
            login_hint=given.get("login_hint", ""),
            cookies_seen=visit.brought_session_cookie,
        )
        return _with_cookies(self._parts.sign_ins.begin(read(), visit, self._parts.answers), visit)

    def _login(self, request: Request, tenant: str) -> Answer:
        self._parts.directory.tenant(tenant)
        visit = self._parts.sessions.visit(request.cookies)
        if not visit.known_browser:
            raise Refused("AADSTS90100", "Your browser is currently set to block cookies. You need to allow cookies.")
        return _with_cookies(self._parts.sign_ins.post(request.form, visit, self._parts.answers, self._parts.clock()), visit)

    def _logout(self, request: Request, _tenant: str) -> Answer:
        visit = self._parts.sessions.visit(request.cookies)
        self._parts.sessions.sign_out(visit)
        return _with_cookies(entra_pages.message("You signed out of your account", "Close all browser windows."), visit)

    def _token(self, request: Request, tenant: str) -> Answer:
        return self._parts.tokens.answer(request, tenant, self._parts.clock(), version="2.0")

    def _token_v1(self, request: Request, tenant: str) -> Answer:
        return self._parts.tokens.answer(request, tenant, self._parts.clock(), version="1.0")

    # -- documents ----------------------------------------------------------------------------------------------------

    def _configuration(self, _request: Request, tenant: str) -> Answer:
        try:
            return json_answer(
                200, entra_documents.openid_configuration(self._parts.origin, self._parts.directory.tenant(tenant))
            )
        except Refused as refused:
            refused.error = "invalid_tenant"
            return refusal_json(refused)

    def _keys(self, _request: Request, _tenant: str) -> Answer:
        return json_answer(200, {"keys": [self._parts.key.jwk()]})

    def _instances(self, _request: Request, _tenant: str) -> Answer:
        return json_answer(200, entra_documents.instance_discovery(self._parts.origin, self._parts.cast.tenant))


def _with_cookies(answer: Answer, visit: Visit) -> Answer:
    return answer.with_headers(*(("Set-Cookie", cookie) for cookie in visit.set_cookies))
