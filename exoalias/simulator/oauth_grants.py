"""What the instance's own OAuth endpoint has given out: codes, access tokens, refresh tokens. Safe from every thread."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

CODE_S = 60.0
REFRESH_S = 8_640_000.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client asked for at the authorize address."""

    client_id: str
    redirect_uri: str
    state: str
    challenge: str = ""  # of PKCE, S256; empty for a client with a secret that did without


@dataclass(frozen=True, slots=True)
class _Given:
    """Something given out: to which client, by which way it lets in, and until when (seconds since the epoch)."""

    client_id: str
    way: str
    until: float


class Grants:
    """Everything given out so far. *clock* gives seconds since the epoch."""

    def __init__(self, access_s: float, *, rotates: bool = False, clock: Callable[[], float] = time.time) -> None:
        self.access_s = access_s
        self._rotates = rotates
        self._clock = clock
        self._lock = threading.Lock()
        self._codes: dict[str, tuple[Wish, float]] = {}
        self._access: dict[str, _Given] = {}
        self._refresh: dict[str, _Given] = {}

    # -- codes --

    def code_for(self, wish: Wish) -> str:
        """A code, good for one time within 60 seconds."""
        code = secrets.token_urlsafe(48)
        with self._lock:
            self._codes[code] = (wish, self._clock() + CODE_S)
        return code

    def take_code(self, code: str, client_id: str, redirect_uri: str, verifier: str) -> bool:
        """Use the code up; true if it was given to that client, for that address, to whoever holds the verifier."""
        with self._lock:
            wish, until = self._codes.pop(code, (None, 0.0))
        if wish is None or self._clock() > until or (wish.client_id, wish.redirect_uri) != (client_id, redirect_uri):
            return False
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        return hmac.compare_digest(wish.challenge, digest) if wish.challenge else True

    # -- tokens --

    def tokens(self, client_id: str, way: str, *, refreshable: bool) -> dict[str, object]:
        """A fresh access token, with a refresh token if wanted, as the token address answers."""
        answer = self._fresh(client_id, way)
        if refreshable:
            answer["refresh_token"] = self._keep(self._refresh, client_id, way, REFRESH_S)
        return answer

    def refreshed(self, refresh_token: str, client_id: str) -> dict[str, object] | None:
        """Tokens for a refresh token of that client; None if it is unknown, over, or somebody else's."""
        with self._lock:
            given = self._refresh.get(refresh_token)
            if given is None or given.client_id != client_id or self._clock() > given.until:
                return None
            if self._rotates:
                del self._refresh[refresh_token]
        answer = self._fresh(client_id, given.way)
        kept = self._keep(self._refresh, client_id, given.way, REFRESH_S) if self._rotates else refresh_token
        return answer | {"refresh_token": kept}

    def way_of(self, access_token: str) -> str:
        """By which way a living access token lets in; empty for a dead or unknown one."""
        with self._lock:
            given = self._access.get(access_token)
        return given.way if given and self._clock() <= given.until else ""

    def revoke(self) -> None:
        """All tokens are gone, as when an admin takes them away."""
        with self._lock:
            self._access.clear()
            self._refresh.clear()

    def _fresh(self, client_id: str, way: str) -> dict[str, object]:
        token = self._keep(self._access, client_id, way, self.access_s)
        seconds = max(1, round(self.access_s) - 1)  # the platform says 1799 for 1800
        return {"access_token": token, "scope": "useraccount", "token_type": "Bearer", "expires_in": seconds}

    def _keep(self, where: dict[str, _Given], client_id: str, way: str, seconds: float) -> str:
        token = secrets.token_urlsafe(64)
        with self._lock:
            where[token] = _Given(client_id, way, self._clock() + seconds)
        return token
