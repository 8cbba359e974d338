"""The instance's own OAuth: its token address, the address where a person signs in, and what comes back from there.

ServiceNow docs: "Authorization code grant workflow" (PKCE with S256; ``state``; a refresh token for clients with a secret),
"Client credentials grant workflow", "OAuth API request parameters" (a form, in the body alone).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from exoalias.adapters.entering.access import judged
from exoalias.adapters.entering.bearer import Granted
from exoalias.adapters.keeping.secret import Secret
from exoalias.domain.problems import AnswerNotOurs, BadAnswer, OAuthRefused, OutcomeUnknown, SignInDeclined, Unreachable
from exoalias.domain.ways import Way, way_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exoalias.adapters.network.http import Answer, Client

SCOPE: Final = "useraccount"  # everything the user may do: what the platform gives where an endpoint has no scopes of its own
_TOKEN: Final = "/oauth_token.do"  # noqa: S105 - an address
_AUTHORIZE: Final = "/oauth_auth.do"
_LASTS_S: Final = 1800.0  # an access token's lifespan where the answer doesn't say (the platform's default)
_LONGEST_S: Final = 24 * 3600.0  # whatever the answer says


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    """``/oauth_token.do`` as one client of the instance. OAuthRefused, Unreachable, BadAnswer, Hibernating, …"""

    client: Client
    way: Way
    client_id: str
    client_secret: Secret | None = None

    def for_client(self) -> Granted:
        """A token for the client itself."""
        return self._granted({"grant_type": "client_credentials", "scope": SCOPE}, repeatable=True)

    def for_refresh(self, refresh: Secret) -> Granted:
        """A token for a refresh token, which may come back changed."""
        return self._granted({"grant_type": "refresh_token", "refresh_token": refresh.reveal()})

    def for_code(self, code: Secret, asked: Asked) -> Granted:
        """A token for the code of a person's sign-in. The verifier is good for this one time."""
        said = {"redirect_uri": asked.redirect_url, "state": asked.state, "code_verifier": asked.take_verifier()}
        return self._granted({"grant_type": "authorization_code", "code": code.reveal(), **said})

    def _granted(self, form: Mapping[str, str], *, repeatable: bool = False) -> Granted:
        whole = {**form, "client_id": self.client_id}
        if self.client_secret is not None:
            whole["client_secret"] = self.client_secret.reveal()
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": "exoalias",
        }
        self.client.forget_cookies()
        try:
            answer = self.client.send("POST", _TOKEN, headers=headers, body=urlencode(whole).encode(), repeatable=repeatable)
        except OutcomeUnknown as lost:
            raise Unreachable(host=self.client.host, why=lost.facts.get("why", "no answer")) from None
        return self._read(answer)

    def _read(self, answer: Answer) -> Granted:
        if not answer.is_json:
            judged(answer, changes=False, refused=self._refusal)
        said = answer.json()
        held = said if isinstance(said, dict) else {}
        access, refresh = held.get("access_token"), held.get("refresh_token")
        if answer.status >= 400 or "error" in held:
            raise self._refusal(answer)
        if not _is_token(access) or str(held.get("token_type", "Bearer")).lower() != "bearer":
            raise BadAnswer(host=answer.host, why="its token address gave no bearer token")
        return Granted(
            Secret(str(access)), _seconds(held.get("expires_in")), Secret(str(refresh)) if _is_token(refresh) else None
        )

    def _refusal(self, answer: Answer) -> OAuthRefused:
        words = way_in(self.way)
        return OAuthRefused(host=answer.host, way=words.title, error=_error_of(answer), how=words.refused)


@dataclass(slots=True)
class Asked:
    """One sign-in of a person at ``/oauth_auth.do``: what it was asked with, and so what its answer must match."""

    origin: str
    client_id: str
    redirect_url: str
    state: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    _verifier: Secret | None = field(default_factory=lambda: Secret(secrets.token_urlsafe(48)), repr=False)

    @property
    def url(self) -> str:
        """The address to open."""
        verifier = self._verifier
        if verifier is None:
            raise ValueError("this sign-in was used already")
        digest = hashlib.sha256(verifier.reveal().encode("ascii")).digest()
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_url,
            "scope": SCOPE,
            "state": self.state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii"),
            "code_challenge_method": "S256",
        }
        return f"{self.origin}{_AUTHORIZE}?{urlencode(query)}"

    def take_verifier(self) -> str:
        """What the challenge was made of, once."""
        verifier, self._verifier = self._verifier, None
        if verifier is None:
            raise ValueError("this sign-in was used already")
        return verifier.reveal()

    def code_in(self, address: str) -> Secret:
        """The code in the address the person was sent back to. AnswerNotOurs, SignInDeclined, OAuthRefused."""
        host = urlsplit(self.origin).netloc
        if not _same_place(address, self.redirect_url):
            raise AnswerNotOurs(host=host, why="it came to another address")
        query = parse_qs(urlsplit(address).query, keep_blank_values=True, max_num_fields=50)
        if not secrets.compare_digest("\n".join(query.get("state", [])).encode(), self.state.encode()):
            raise AnswerNotOurs(host=host, why="its state is not the one that was sent")
        if "error" in query:
            words = way_in(Way.OAUTH)
            if query["error"] == ["access_denied"]:
                raise SignInDeclined(host=host)
            raise OAuthRefused(host=host, way=words.title, error=_brief(*query["error"]), how=words.refused)
        codes = query.get("code", [])
        if len(codes) != 1 or not codes[0]:
            raise AnswerNotOurs(host=host, why="it holds no code, or several")
        return Secret(codes[0])


@dataclass(slots=True)
class PersonsGrant:
    """Tokens for a person: by the refresh token while that lives, else by having the person sign in.

    ``authorize`` opens an address and gives the one the person was sent back to, which nobody else has seen. ``keep`` is told
    of each new refresh token.
    """

    endpoint: TokenEndpoint
    redirect_url: str
    authorize: Callable[[str, str], str]
    refresh: Secret | None
    keep: Callable[[Secret], None]

    def __call__(self) -> Granted:
        """One token. What ``authorize``, the token address and ``keep`` raise."""
        granted = self._refreshed() or self._signed_in()
        if granted.refresh is not None and (self.refresh is None or granted.refresh.reveal() != self.refresh.reveal()):
            self.refresh = granted.refresh
            self.keep(granted.refresh)
        return granted

    def _refreshed(self) -> Granted | None:
        if self.refresh is None:
            return None
        try:
            return self.endpoint.for_refresh(self.refresh)
        except OAuthRefused as refused:
            if refused.facts["error"].startswith("invalid_client"):
                raise  # it is the client that is refused: signing in again would end the same
            self.refresh = None
            return None

    def _signed_in(self) -> Granted:
        asked = Asked(self.endpoint.client.origin, self.endpoint.client_id, self.redirect_url)
        return self.endpoint.for_code(asked.code_in(self.authorize(asked.url, self.redirect_url)), asked)


def _is_token(value: object) -> bool:
    """Whether it can be sent in a header."""
    return isinstance(value, str) and 0 < len(value) <= 16_384 and value.isascii() and value.isprintable() and " " not in value


def _seconds(value: object) -> float:
    text = str(value)[:12]
    if isinstance(value, bool) or not text.isascii() or not text.isdecimal() or int(text) <= 0:
        return _LASTS_S
    return min(float(text), _LONGEST_S)


def _same_place(address: str, redirect_url: str) -> bool:
    """Whether the address is the redirect address but for its query."""
    try:
        came, asked = urlsplit(address), urlsplit(redirect_url)
        return (came.scheme, came.netloc, came.path or "/") == (asked.scheme, asked.netloc, asked.path or "/")
    except ValueError:
        return False


def _error_of(answer: Answer) -> str:
    """The error's own words: "invalid_client access_denied"."""
    try:
        said = answer.json()
    except BadAnswer:
        said = None
    held = said if isinstance(said, dict) else {}
    words = [held[key] for key in ("error", "error_description") if isinstance(held.get(key), str)]
    return _brief(*words) or str(answer.status)


def _brief(*words: str) -> str:
    return " ".join("".join(c for c in word if c.isprintable())[:100] for word in words)
