"""Get OAuth Token: from ``oauth_initiator.do`` to Microsoft and back to ``oauth_redirect.do``.

Like the real thing it takes whatever code comes back with the right state: it does not know, and does not ask, which
Microsoft account the code belongs to (documentation pages "Generate an initial OAuth token", "OAuth authorization code
flow: State parameter").
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from exoalias.simulator import pages
from exoalias.simulator.microsoft import Microsoft, TokenRefusedError, redeem
from exoalias.simulator.sessions import PendingToken, Session, Sessions
from exoalias.simulator.tables import Row, Store, stamp
from exoalias.simulator.wire import Answer, Request, redirect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.simulator.record import Record
    from exoalias.simulator.scenario import Cast, Faults


class TokenFlow:
    """Both ends of the flow on the instance."""

    def __init__(
        self, store: Store, cast: Cast, faults: Faults, sessions: Sessions, microsoft: Microsoft, record: Record
    ) -> None:
        self._store = store
        self._cast = cast
        self._faults = faults
        self._sessions = sessions
        self._microsoft = microsoft
        self._record = record
        self._lock = threading.Lock()
        self._delivered: set[str] = set()
        self._died = False
        self._replaces_rows = cast.stream("token rows").random() < 0.5  # the other half updates the rows it has

    # -- out --

    def initiate(self, request: Request, session: Session) -> Answer:
        """GET of /oauth_initiator.do by somebody signed in."""
        query = request.query
        credential = self._store.get("oauth_2_0_credentials", query.get("oauth_requestor", ""))
        profile = self._store.get("oauth_entity_profile", query.get("oauth_provider_profile", ""))
        known = query.get("oauth_requestor_context") == "oauth_2_0_credentials" and query.get("response_type") == "code"
        registry = self._store.get("oauth_entity", profile["oauth_entity"]) if profile else None
        if not (known and credential and profile and registry):
            return pages.token_failed("invalid_request", "Missing request parameter")
        if profile["grant_type"] != "authorization_code":
            return pages.token_failed("unsupported_grant_type", f"Grant type {profile['grant_type']} has no authorization page")
        verifier = secrets.token_urlsafe(48) if registry["use_pkce"] == "true" else ""
        state = str(secrets.randbits(31))  # small, like the real one: no proof of anything by itself
        session.flows[state] = PendingToken(credential["sys_id"], profile["sys_id"], verifier)
        joint = "&" if "?" in registry["auth_url"] else "?"
        return redirect(registry["auth_url"] + joint + urlencode(self._authorize(registry, profile, state, verifier)))

    def _authorize(self, registry: Row, profile: Row, state: str, verifier: str) -> dict[str, str]:
        fields = {
            "response_type": "code",
            "state": state,
            "redirect_uri": registry["redirect_url"],
            "client_id": registry["client_id"],
            "scope": " ".join(self._scopes(profile)),
        }
        if verifier:
            digest = hashlib.sha256(verifier.encode()).digest()
            fields["code_challenge"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            fields["code_challenge_method"] = registry["code_challenge_method"] or "S256"
        return fields

    def _scopes(self, profile: Row) -> list[str]:
        links = [
            row for row in self._store.rows("oauth_entity_profile_scope") if row["oauth_entity_profile"] == profile["sys_id"]
        ]
        entities = (self._store.get("oauth_entity_scope", row["oauth_entity_scope"]) for row in links)
        return sorted(entity["oauth_entity_scope"] for entity in entities if entity)

    # -- back --

    def note_code(self, request: Request) -> None:
        """Remember whose code reached this instance, whatever becomes of it; each code once."""
        code = request.query.get("code", "") or request.form.get("code", "")
        with self._lock:
            if not code or code in self._delivered:
                return
            self._delivered.add(code)
        owner = self._microsoft.owner_of_code(code)
        self._record.code_delivered(owner.key if owner else "")

    def come_back(self, request: Request, session: Session) -> Answer:
        """GET of /oauth_redirect.do; parameters it does not know are passed over."""
        query = request.query
        if "state" not in query:
            return pages.token_failed("invalid_request", "Missing State parameter in request.")
        pending = session.flows.pop(query["state"], None)
        if pending is None:
            return pages.token_failed("invalid_request", "The State parameter in the request is not valid.")
        if "error" in query or "code" not in query:
            error = query.get("error", "invalid_request")
            return pages.token_failed(
                error, query.get("error_description", "Missing request parameter"), query.get("error_uri", "")
            )
        try:
            self._exchange(query["code"], pending, session)
        except TokenRefusedError as refused:
            return pages.token_failed(refused.error, refused.description)
        if self._faults.session_dies_after_token and not self._died:
            self._died = True
            self._sessions.drop_all()
        return pages.token_stored()

    def _exchange(self, code: str, pending: PendingToken, session: Session) -> None:
        profile = self._store.get("oauth_entity_profile", pending.profile)
        registry = self._store.get("oauth_entity", profile["oauth_entity"]) if profile else None
        credential = self._store.get("oauth_2_0_credentials", pending.credential)
        if registry is None or credential is None:
            raise TokenRefusedError("invalid_request", "The registry or the credential is gone")
        client = (registry["client_id"], self._secret(registry))
        fields = {"code": code, "redirect_uri": registry["redirect_url"], "client_id": client[0]}
        in_header = registry["send_client_credentials_as"] == "basic_auth_header"
        if not in_header:
            fields["client_secret"] = client[1]
        if pending.verifier:
            fields["code_verifier"] = pending.verifier
        tokens = redeem(registry["token_url"], fields, client if in_header else None)
        owner = self._microsoft.owner_of(str(tokens["access_token"]))
        user = session.user.user_name if session.user else ""
        with self._store.lock:
            self._keep(tokens, pending, registry, user)
        identity = (owner.key, owner.upn, owner.object_id, owner.home.id) if owner else ("", "", "", "")
        self._record.token_stored(credential["sys_id"], credential["name"], *identity)

    def _secret(self, registry: Row) -> str:
        """The client secret: in no table, where REST could read it."""
        return self._cast.strict.secret if registry["client_id"] == self._cast.strict.client_id else ""

    def _keep(self, tokens: Mapping[str, object], pending: PendingToken, registry: Row, user: str) -> None:
        wanted = {"requestor_id": pending.credential, "oauth_entity_profile": pending.profile}
        requestor = self._store.find("oauth_requestor_profile", **wanted)
        if requestor is None:
            requestor = self._store.insert(
                "oauth_requestor_profile", wanted | {"requestor_context": "oauth_2_0_credentials"}, by=user
            )
        now = datetime.now(UTC)
        lifetimes = {"access_token": _seconds(tokens.get("expires_in"), 1800)}
        if "refresh_token" in tokens:
            lifetimes["refresh_token"] = _seconds(registry["refresh_token_lifespan"], 8_640_000)
        for kind, seconds in lifetimes.items():
            values = {
                "type": kind,
                "oauth_requestor_profile": requestor["sys_id"],
                "peer": registry["sys_id"],
                "expires": stamp(now + timedelta(seconds=seconds)),
                "scopes": str(tokens.get("scope", "")),
                "token": f"{{encrypted}}{secrets.token_hex(32)}",
                "user": self._cast.admin.sys_id,
            }
            old = self._store.find("oauth_credential", type=kind, oauth_requestor_profile=requestor["sys_id"])
            if old and not self._replaces_rows:
                self._store.update(old, values, by=user)
                continue
            if old:
                self._store.delete(old)
            self._store.insert("oauth_credential", values, by=user)


def _seconds(value: object, default: int) -> int:
    text = str(value or "")
    return int(text) if text.isdecimal() else default
