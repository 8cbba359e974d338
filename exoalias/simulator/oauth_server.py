"""The instance as an authorization server: ``oauth_auth.do`` and ``oauth_token.do``.

Documentation pages "Authorization code grant workflow", "OAuth authorization code grant flow" (the page with Allow and
Deny), "Client credentials grant workflow", "OAuth API request parameters". Texts and statuses of refusals at the token
address differ between releases: here from seed to seed, where more than one has been seen.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
import threading
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus, urlencode

from exoalias.simulator import pages
from exoalias.simulator.oauth_grants import Grants, Wish
from exoalias.simulator.wire import Answer, Request, json_answer, redirect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.simulator.record import Record
    from exoalias.simulator.scenario import Cast, Registration, Scenario
    from exoalias.simulator.sessions import Session

_DESK = re.compile(r"http://localhost(:\d{1,5})?/[^#]*")


class OAuthServer:
    """Asks the person, gives codes, and gives tokens for them."""

    def __init__(self, cast: Cast, scenario: Scenario, grants: Grants, record: Record) -> None:
        self._cast = cast
        self._scenario = scenario
        self._faults = scenario.faults
        self._grants = grants
        self._record = record
        self._lock = threading.Lock()
        self._asked: dict[str, Wish] = {}  # by the id on the page with Allow and Deny
        self._says_invalid_grant = cast.stream("oauth_token.do").random() < 0.5

    # -- the page --

    def authorize(self, request: Request, session: Session) -> Answer:
        """GET and POST of /oauth_auth.do by somebody signed in."""
        return self._decide(request) if request.method == "POST" else self._ask(request, session)

    def _ask(self, request: Request, session: Session) -> Answer:
        query = request.query
        client = self._client(query.get("client_id", ""))
        if client is None or "oauth" in self._faults.closed:
            return pages.message("OAuth", "Invalid client_id")  # inferred: nobody is sent to an address that nobody registered
        wish = Wish(client.client_id, query.get("redirect_uri", ""), query.get("state", ""), query.get("code_challenge", ""))
        if not _registered(client, wish.redirect_uri):
            return pages.message("OAuth", "Invalid redirect_uri")  # inferred, as above
        if not wish.state:
            return pages.message("OAuth", "Missing State parameter in request.")
        if query.get("response_type") != "code":
            return _back(wish, error="unsupported_response_type")
        hashed = bool(wish.challenge) and query.get("code_challenge_method") == "S256"
        if not hashed and (wish.challenge or not client.secret):
            return _back(wish, error="invalid_request", error_description="PKCE with S256 is required")
        asked = secrets.token_hex(16)
        with self._lock:
            self._asked[asked] = wish
        plays = None if self._scenario.instance_sign_in == "nothing" else self._scenario.consent
        return pages.consent(asked, client.client_id, session.ck, played=plays)

    def _decide(self, request: Request) -> Answer:
        with self._lock:
            wish = self._asked.pop(request.form.get("asked", ""), None)
        if wish is None:
            return pages.message("OAuth", "The request is no longer valid.")
        if request.form.get("consent") != "allow":
            return _back(wish, error="access_denied")
        return _back(wish, code=self._grants.code_for(wish))

    # -- the token address --

    def token(self, request: Request) -> Answer:
        """POST of /oauth_token.do."""
        if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return _denied()  # the documentation speaks of an unspecified error
        form = request.form
        client = self._authenticated(request, form)
        if client is None:
            return json_answer({"error": "invalid_client", "error_description": "access_denied"}, 401)
        kind = form.get("grant_type")
        if kind == "authorization_code":
            return self._for_code(form, client)
        if kind == "refresh_token" and "oauth" not in self._faults.closed:
            tokens = self._grants.refreshed(form.get("refresh_token", ""), client.client_id)
            return _no_store(json_answer(tokens)) if tokens else self._bad_grant()
        if kind == "client_credentials" and client.secret and "client-credentials" not in self._faults.closed:
            self._record.sign_in("instance", self._cast.admin.user_name, how="client_credentials", client_id=client.client_id)
            return _no_store(json_answer(self._grants.tokens(client.client_id, "client-credentials", refreshable=False)))
        return _denied()  # a grant type that is switched off, and the password's

    def _for_code(self, form: Mapping[str, str], client: Registration) -> Answer:
        code, verifier = form.get("code", ""), form.get("code_verifier", "")
        right = self._grants.take_code(code, client.client_id, form.get("redirect_uri", ""), verifier)
        if not right or "oauth" in self._faults.closed:
            return self._bad_grant()
        self._record.sign_in("instance", self._cast.admin.user_name, how="oauth", client_id=client.client_id)
        refreshable = not (self._faults.no_refresh_token and not client.secret)
        return _no_store(json_answer(self._grants.tokens(client.client_id, "oauth", refreshable=refreshable)))

    # -- parts --

    def _client(self, client_id: str) -> Registration | None:
        keys = self._cast.keys
        return next((c for c in (keys.public, keys.confidential) if client_id and c.client_id == client_id), None)

    def _authenticated(self, request: Request, form: Mapping[str, str]) -> Registration | None:
        """The client, if it proves who it is: by its secret in the form or in a Basic header, or without one if public."""
        client_id, secret = _basic(request.headers.get("authorization", "")) or (
            form.get("client_id", ""),
            form.get("client_secret", ""),
        )
        client = self._client(client_id)
        if client is None or not hmac.compare_digest(client.secret.encode(), secret.encode()):
            return None
        return client

    def _bad_grant(self) -> Answer:
        return json_answer({"error": "invalid_grant"}, 400) if self._says_invalid_grant else _denied()


def _registered(client: Registration, address: str) -> bool:
    return address in client.redirect_uris or (not client.secret and _DESK.fullmatch(address) is not None)


def _back(wish: Wish, **answer: str) -> Answer:
    joint = "&" if "?" in wish.redirect_uri else "?"
    return redirect(wish.redirect_uri + joint + urlencode(answer | {"state": wish.state}))


def _denied() -> Answer:
    return json_answer({"error": "server_error", "error_description": "access_denied"}, 401)


def _no_store(answer: Answer) -> Answer:
    answer.headers += [("Cache-Control", "no-store"), ("Pragma", "no-cache")]
    return answer


def _basic(authorization: str) -> tuple[str, str] | None:
    kind, _, credentials = authorization.partition(" ")
    try:
        client, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (unquote_plus(client), unquote_plus(secret)) if kind.lower() == "basic" else None
