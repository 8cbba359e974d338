"""The token endpoint: codes and refresh tokens in, tokens out.

Source: learn.microsoft.com, *OAuth 2.0 authorization code flow* (redeem a code, error response).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from exoalias.simulator.entra_directory import Client, Directory, Refused
from exoalias.simulator.entra_http import Answer, Request
from exoalias.simulator.entra_tokens import Grant, Grants, SigningKey, check_verifier, client_info, id_claims

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.simulator.scenario import Faults, Tenant


def json_answer(status: int, document: object) -> Answer:
    """A JSON document that nobody may keep."""
    headers = (("Cache-Control", "no-store, no-cache"), ("Pragma", "no-cache"))
    return Answer(status, json.dumps(document).encode(), "application/json; charset=utf-8", headers)


def refusal_json(refused: Refused) -> Answer:
    """The refusal as the token endpoint words it."""
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}"
    trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
    text = f"{refused.code}: {refused.text} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {now}"
    number = int(refused.code.removeprefix("AADSTS"))
    document = {
        "error": refused.error,
        "error_description": text,
        "error_codes": [number],
        "timestamp": now,
        "trace_id": trace,
        "correlation_id": correlation,
    }
    return json_answer(refused.status, document)


class TokenEndpoint:
    """Exchanges grants for tokens. Not locked: its owner sees to that."""

    def __init__(
        self, directory: Directory, grants: Grants, key: SigningKey, faults: Faults, issuer: Callable[[Tenant], str]
    ) -> None:
        self._directory, self._grants, self._key, self._faults, self._issuer = directory, grants, key, faults, issuer

    def answer(self, request: Request, tenant_name: str, now: float, *, version: str) -> Answer:
        """Tokens as JSON, or the refusal as JSON."""
        try:
            return json_answer(200, self._exchange(request, tenant_name, now, version))
        except Refused as refused:
            return refusal_json(refused)

    def _exchange(self, request: Request, tenant_name: str, now: float, version: str) -> dict[str, object]:
        tenant = self._directory.tenant(tenant_name)
        client_id, secret = _credentials(request)
        client = self._directory.client(client_id, tenant)
        self._authenticate(client, secret)
        kind = request.form.get("grant_type", "")
        if kind == "authorization_code":
            grant = self._redeem(request, client, now)
        elif kind == "refresh_token":
            grant = self._grants.refresh(request.form.get("refresh_token", ""))
            _belongs(grant, client)
        else:
            raise Refused("AADSTS70003", f"The app requested an unsupported grant type '{kind}'.", error="unsupported_grant_type")
        answer = self._grants.issue_tokens(grant)
        if "openid" in grant.scopes:
            answer["id_token"] = self._key.sign(id_claims(grant, self._issuer(tenant), now, version=version))
        if request.form.get("client_info") == "1":
            answer["client_info"] = client_info(grant.person)
        return answer

    def _authenticate(self, client: Client, secret: str) -> None:
        """A confidential client shows its secret, a public one has none."""
        if client.purpose == "strict" and self._faults.exchange_fails:
            raise _wrong_secret(client)
        if client.public:
            if secret:
                text = "Client is public so neither 'client_assertion' nor 'client_secret' should be presented."
                raise Refused("AADSTS700025", text, error="invalid_client", status=401)
            return
        if not secret:
            text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
            raise Refused("AADSTS7000218", text, error="invalid_client", status=401)
        if not hmac.compare_digest(secret.encode(), client.secret.encode()):
            raise _wrong_secret(client)

    def _redeem(self, request: Request, client: Client, now: float) -> Grant:
        code = request.form.get("code", "")
        if not code:
            raise Refused("AADSTS900144", "The request body must contain the following parameter: 'code'.")
        grant = self._grants.code(code, now)
        _belongs(grant, client)
        if request.form.get("redirect_uri", "") != grant.redirect_uri:
            text = "The reply address does not match the reply address provided when requesting the authorization code."
            raise Refused("AADSTS500112", text, error="invalid_grant")
        if client.public and not grant.challenge:
            text = "Proof Key for Code Exchange is required for authorization code redemption by a public client."
            raise Refused("AADSTS9002325", text)
        check_verifier(grant, request.form.get("code_verifier", ""))
        self._grants.use_up(code)
        return grant


def _belongs(grant: Grant, client: Client) -> None:
    """A client has one tenant, so this ties the grant to the tenant as well."""
    if grant.client_id != client.id:
        text = "The code or refresh token was issued to another application."
        raise Refused("AADSTS70000", text, error="invalid_grant")


def _wrong_secret(client: Client) -> Refused:
    text = (
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the"
        f" client secret ID, for a secret added to app '{client.id}'."
    )
    return Refused("AADSTS7000215", text, error="invalid_client", status=401)


def _credentials(request: Request) -> tuple[str, str]:
    """Client id and secret, from the Basic header (RFC 6749 2.3.1) or the body."""
    scheme, _, encoded = request.authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            decoded = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise Refused("AADSTS900144", "The Authorization header is malformed.") from None
        client_id, _, secret = decoded.partition(":")
        return unquote_plus(client_id), unquote_plus(secret)
    client_id = request.form.get("client_id", "")
    if not client_id:
        raise Refused("AADSTS900144", "The request body must contain the following parameter: 'client_id'.")
    return client_id, request.form.get("client_secret", "")
