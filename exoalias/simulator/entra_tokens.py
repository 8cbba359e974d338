"""Authorization codes, tokens and ID tokens of the simulated Microsoft sign-in.

Sources: learn.microsoft.com, *Microsoft identity platform and OAuth 2.0 authorization code flow* and *ID token claims
reference*; RFC 7636 (PKCE).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from exoalias.simulator.entra_directory import Refused, object_id_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from exoalias.simulator.scenario import Person, Tenant

CODE_LIFETIME = 600  # seconds; "Authorization codes are short lived, typically they expire after about 10 minutes"
TOKEN_LIFETIME = 3599  # seconds


def base64url(raw: bytes) -> str:
    """Base64 with the URL alphabet and without padding, as JWT and client_info use it."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def client_info(person: Person) -> str:
    """Who signed in: object id and tenant id of the *home* tenant, as MSAL reads them. Not signed."""
    return base64url(json.dumps({"uid": person.object_id, "utid": person.home.id}, separators=(",", ":")).encode())


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code (and later a refresh token) stands for. Times are seconds since the epoch."""

    person: Person
    tenant: Tenant
    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    nonce: str = ""
    challenge: str = ""
    challenge_method: str = ""
    auth_time: float = 0.0
    expires: float = 0.0


def check_verifier(grant: Grant, verifier: str) -> None:
    """Refuse a code whose PKCE verifier is missing or wrong (RFC 7636, 4.6)."""
    if not grant.challenge and not verifier:
        return
    hashed = base64url(hashlib.sha256(verifier.encode()).digest()) if grant.challenge_method == "S256" else verifier
    if not hmac.compare_digest(hashed.encode(), grant.challenge.encode()):
        text = "The Code_Verifier does not match the code_challenge supplied in the authorization request."
        raise Refused("AADSTS501481", text, error="invalid_grant")


class Grants:
    """Every code and token given out, for as long as the simulator runs. Not locked: its owner sees to that."""

    def __init__(self) -> None:
        self._codes: dict[str, Grant] = {}
        self._redeemed: set[str] = set()
        self._refresh: dict[str, Grant] = {}
        self._access: dict[str, Person] = {}

    def issue_code(self, grant: Grant, now: float) -> str:
        """A new code, good once and for ten minutes."""
        code = "1.A" + secrets.token_urlsafe(160)
        self._codes[code] = replace(grant, expires=now + CODE_LIFETIME)
        return code

    def code(self, code: str, now: float) -> Grant:
        """What the code stands for; Refused if it is unknown, used up or too old."""
        grant = self._codes.get(code)
        if grant is None:
            raise Refused("AADSTS9002313", "Invalid request. Request is malformed or invalid.", error="invalid_grant")
        if code in self._redeemed:
            text = "OAuth2 Authorization code was already redeemed, please retry with a new valid code."
            raise Refused("AADSTS54005", text, error="invalid_grant")
        if now >= grant.expires:
            text = "The provided authorization code or refresh token has expired due to inactivity."
            raise Refused("AADSTS70008", text, error="invalid_grant")
        return grant

    def use_up(self, code: str) -> None:
        """The code has been exchanged and is no longer good."""
        self._redeemed.add(code)

    def refresh(self, token: str) -> Grant:
        """What the refresh token stands for. Old ones stay good, as with Microsoft."""
        grant = self._refresh.get(token)
        if grant is None:
            raise Refused("AADSTS9002313", "Invalid request. Request is malformed or invalid.", error="invalid_grant")
        return grant

    def issue_tokens(self, grant: Grant) -> dict[str, object]:
        """The JSON of the token endpoint, without ID token."""
        access = "EwB" + secrets.token_urlsafe(240)
        self._access[access] = grant.person
        answer: dict[str, object] = {
            "token_type": "Bearer",
            "scope": " ".join(s for s in grant.scopes if s != "offline_access"),
            "expires_in": TOKEN_LIFETIME,
            "ext_expires_in": TOKEN_LIFETIME,
            "access_token": access,
        }
        if "offline_access" in grant.scopes:
            token = "1.R" + secrets.token_urlsafe(240)
            self._refresh[token] = grant
            answer["refresh_token"] = token
        return answer

    def owner_of(self, access_token: str) -> Person | None:
        """Whose access token it is."""
        return self._access.get(access_token)

    def owner_of_code(self, code: str) -> Person | None:
        """Whose code it is, used up or not."""
        grant = self._codes.get(code)
        return grant.person if grant else None


def id_claims(grant: Grant, issuer: str, now: float, *, version: str = "2.0") -> dict[str, object]:
    """The claims of an ID token; ``oid`` is the id in the tenant that was asked, so a guest's local one."""
    person, seconds = grant.person, int(now)
    oid = object_id_in(person, grant.tenant)
    claims: dict[str, object] = {
        "aud": grant.client_id,
        "iss": issuer,
        "iat": seconds,
        "nbf": seconds,
        "exp": seconds + TOKEN_LIFETIME,
        "auth_time": int(grant.auth_time),
        "name": person.display_name,
        "oid": oid,
        "preferred_username": person.upn,
        "sub": base64url(hashlib.sha256(f"{oid}/{grant.client_id}".encode()).digest()),
        "tid": grant.tenant.id,
        "ver": version,
    }
    if grant.nonce:
        claims["nonce"] = grant.nonce
    if "email" in grant.scopes:
        claims["email"] = person.mail
    if version == "1.0":
        claims |= {"upn": person.upn, "unique_name": person.upn}
    return claims


class SigningKey:
    """An RSA key made when first needed, its JSON Web Key, and RS256 signatures with it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: RSAPrivateKey | None = None
        self.id = secrets.token_urlsafe(20)

    def sign(self, claims: Mapping[str, object]) -> str:
        """The claims as a signed JWT."""
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        head = {"typ": "JWT", "alg": "RS256", "kid": self.id}
        text = ".".join(base64url(json.dumps(part, separators=(",", ":")).encode()) for part in (head, claims))
        return f"{text}.{base64url(self._private().sign(text.encode('ascii'), PKCS1v15(), SHA256()))}"

    def jwk(self) -> dict[str, str]:
        """The public half, as the key document shows it."""
        numbers = self._private().public_key().public_numbers()
        n = numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")
        e = numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8, "big")
        return {"kty": "RSA", "use": "sig", "kid": self.id, "alg": "RS256", "n": base64url(n), "e": base64url(e)}

    def _private(self) -> RSAPrivateKey:
        from cryptography.hazmat.primitives.asymmetric import rsa

        with self._lock:
            if self._key is None:
                self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            return self._key
