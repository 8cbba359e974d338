"""The second opinion on who signed in: a signed ID token, asked for silently in the sign-in's own fresh jar.

``msal`` and ``jwt`` (which msal brings) are imported when the first opinion is asked for. The public client's redirect,
``http://localhost:PORT``, is stopped inside the browser: nothing listens there. The token answer lives in memory only, and
for this one question; it is never stored and never sent anywhere.
"""

from __future__ import annotations

import json
import secrets
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from exoalias.domain.authorize import take_apart
from exoalias.domain.identity import Opinion, Unreadable, is_guid, read_client_info
from exoalias.domain.problems import Problem
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.adapters.network.http import Http
    from exoalias.domain.target import HomeAccount

_LEEWAY_S = 300  # how far this machine's clock may be off
_PRIVATE_PORTS = (49_152, 65_535)


def tenant_id(http: Http, sign_in_origin: str, tenant: str) -> str:
    """The tenant's GUID: *tenant* itself, or what Microsoft's openid-configuration says of a domain name; "" where unknown.

    Source: learn.microsoft.com, "OpenID Connect on the Microsoft identity platform", the metadata document's issuer.
    """
    if is_guid(tenant):
        return tenant.lower()
    try:
        said = _metadata(http, sign_in_origin, tenant)
    except Problem:
        return ""
    for part in urlsplit(str(said.get("issuer", ""))).path.split("/"):
        if is_guid(part):
            return part.lower()
    return ""


def _metadata(http: Http, sign_in_origin: str, tenant: str) -> Mapping[str, Any]:
    path = f"/{tenant}/v2.0/.well-known/openid-configuration"
    said = http.client(sign_in_origin).send("GET", path, headers={"Accept": "application/json"}).json()
    return said if isinstance(said, dict) else {}


@dataclass(slots=True)
class SecondOpinion:
    """One question to Microsoft: who is signed in, in this jar? ``begin`` gives the address to open there."""

    http: Http
    sign_in_origin: str  # of the registry's authorize address
    tenant: str  # GUID
    client_id: str  # a public client of that tenant, with the redirect http://localhost
    redirect: str = field(init=False)
    _app: Any = field(init=False, default=None, repr=False)
    _flow: dict[str, Any] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        low, high = _PRIVATE_PORTS
        self.redirect = f"http://localhost:{low + secrets.randbelow(high - low)}"

    def begin(self) -> str:
        """The authorize address: PKCE, ``prompt=none``, no ``login_hint``, so that only one account can be meant."""
        import msal

        session, host = self.http.session(), urlsplit(self.sign_in_origin).netloc
        self._app = msal.PublicClientApplication(
            self.client_id,
            authority=f"https://{host}/{self.tenant}",
            http_client=session,
            instance_discovery=False,
            token_cache=msal.TokenCache(),
            exclude_scopes=["offline_access"],
        )
        with warnings.catch_warnings():  # msal recommends form_post; a redirect that is to be stopped must be a query
            warnings.simplefilter("ignore", UserWarning)
            self._flow = dict(self._app.initiate_auth_code_flow([], redirect_uri=self.redirect, prompt="none"))
        return self.sign_in_origin + str(self._flow.get("auth_uri", "")).partition(f"//{host}")[2]

    def finish(self, answer_url: str) -> Opinion | Unreadable:
        """Judge the answer that came to the redirect: exchange it, verify the ID token, read the account."""
        answer = take_apart(answer_url)
        if answer is None or answer.repeated:
            return Unreadable("its answer can't be read")
        parameters = {name: answer.value(name) for name in ("code", "state", "error", "error_description") if answer.value(name)}
        if "error" in parameters:
            return Unreadable(say("Microsoft answered {error}", error=parameters["error"]))
        try:
            said = self._app.acquire_token_by_auth_code_flow(self._flow, parameters)
        except (ValueError, RuntimeError, OSError) as refused:  # msal's checks (state; nonce, ID token); requests' errors
            return Unreadable(say("the exchange failed ({name})", name=type(refused).__name__))
        if "id_token" not in said:
            return Unreadable(say("Microsoft answered {error}", error=said.get("error", "without an ID token")))
        return self._verified(str(said["id_token"]), read_client_info((str(said.get("client_info", "")),)))

    def _verified(self, id_token: str, account: HomeAccount | Unreadable) -> Opinion | Unreadable:
        """The claims of a token whose signature, issuer, audience and expiry hold; msal has compared the nonce."""
        import jwt

        if isinstance(account, Unreadable):
            return account
        try:
            metadata = _metadata(self.http, self.sign_in_origin, self.tenant)
            claims = jwt.decode(
                id_token,
                self._key(metadata, str(jwt.get_unverified_header(id_token).get("kid", ""))),
                algorithms=["RS256"],
                audience=self.client_id,
                issuer=str(metadata.get("issuer", "")),
                leeway=_LEEWAY_S,
                options={"require": ["exp", "iat", "aud", "iss"]},
            )
        except (jwt.PyJWTError, Problem, ValueError) as refused:
            return Unreadable(say("the ID token does not hold ({name})", name=type(refused).__name__))
        oid, tid = str(claims.get("oid", "")).lower(), str(claims.get("tid", "")).lower()
        if not (is_guid(oid) and is_guid(tid)):
            return Unreadable("the ID token names no account")
        return Opinion(account, oid, tid, str(claims.get("preferred_username", "")))

    def _key(self, metadata: Mapping[str, Any], kid: str) -> Any:  # noqa: ANN401 - the library's own key type
        """The tenant's signing key of that id, from where its metadata says they are, on the same host."""
        import jwt

        where = urlsplit(str(metadata.get("jwks_uri", "")))
        if where.netloc != urlsplit(self.sign_in_origin).netloc:
            raise ValueError("the keys lie on another host")
        path = where.path + (f"?{where.query}" if where.query else "")
        said = self.http.client(self.sign_in_origin).send("GET", path, headers={"Accept": "application/json"}).json()
        keys = said.get("keys", []) if isinstance(said, dict) else []
        found = next((key for key in keys if isinstance(key, dict) and key.get("kid") == kid), None)
        if found is None:
            raise ValueError("no key of that id")
        return jwt.PyJWK.from_json(json.dumps(found), algorithm="RS256").key
