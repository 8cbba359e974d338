"""What the simulated instance knows of the Microsoft side: its addresses, and a real call to its token endpoint."""

from __future__ import annotations

import base64
import json
from http.client import HTTPException
from typing import TYPE_CHECKING, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import ProxyHandler, Request, build_opener

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.simulator.scenario import Person

_TIMEOUT_S = 20.0


class Microsoft(Protocol):
    """The simulated Microsoft, as far as the instance looks inside it; everything else goes over HTTP."""

    @property
    def origin(self) -> str: ...

    def allow_redirects(self, instance_origin: str) -> None: ...

    def owner_of(self, access_token: str) -> Person | None: ...

    def owner_of_code(self, code: str) -> Person | None: ...

    def saml_assertion_valid(self, assertion_id: str) -> bool: ...


class TokenRefusedError(Exception):
    """The token endpoint gave no token: OAuth's error and its description, or what went wrong on the way."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


def redeem(token_url: str, fields: Mapping[str, str], basic: tuple[str, str] | None = None) -> Mapping[str, object]:
    """Exchange an authorization code for tokens; raises TokenRefusedError."""
    body = urlencode({"grant_type": "authorization_code", **fields}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    if basic:
        pair = ":".join(quote(part, safe="") for part in basic)  # RFC 6749, 2.3.1: both are form-encoded first
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    if not token_url.startswith(("http://", "https://")):
        raise TokenRefusedError("invalid_request", "The token address is not valid")
    try:
        # Loopback only: a proxy from the environment must not come between.
        opener = build_opener(ProxyHandler({}))
        with opener.open(Request(token_url, body, headers), timeout=_TIMEOUT_S) as answer:  # noqa: S310 - http checked above
            document = json.load(answer)
    except HTTPError as refused:
        with refused:
            raise _refusal(refused.read()) from None
    except (URLError, HTTPException, ValueError, TimeoutError, ConnectionError) as problem:
        raise TokenRefusedError("server_error", f"Missing parameters: access_token ({type(problem).__name__})") from None
    if not isinstance(document, dict) or "access_token" not in document:
        raise TokenRefusedError("server_error", "Missing parameters: access_token")
    return document


def _refusal(body: bytes) -> TokenRefusedError:
    try:
        document = json.loads(body)
        return TokenRefusedError(str(document["error"]), str(document.get("error_description", "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        return TokenRefusedError("server_error", "Missing parameters: access_token")
