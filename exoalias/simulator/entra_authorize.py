"""What an authorize request asks for: reading it, and refusing what Microsoft refuses.

Source: learn.microsoft.com, *Microsoft identity platform and OAuth 2.0 authorization code flow* (request parameters) and
*Microsoft Entra authentication and authorization error codes*. Whatever is wrong before the redirect address is known to be
right is said on a page, never by a redirect.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exoalias.simulator.entra_directory import Client, Directory, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.simulator.entra_http import Request
    from exoalias.simulator.scenario import Tenant

_PROMPTS = {"", "login", "select_account", "none", "consent"}
_MODES = {"", "query", "form_post", "fragment"}
_CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass(frozen=True, slots=True)
class Ask:
    """One wish to sign somebody in, by OAuth or (``saml_id`` not empty) by SAML.

    ``redirect_uri`` is where the answer goes, ``state`` (RelayState) travels along untouched.
    """

    tenant: Tenant
    client: Client
    redirect_uri: str
    state: str | None = None
    prompt: str = ""
    login_hint: str = ""
    response_mode: str = "query"
    scopes: tuple[str, ...] = ()
    nonce: str = ""
    challenge: str = ""
    challenge_method: str = ""
    wants_client_info: bool = False
    reloaded: bool = False
    address: str = ""  # path and query as they came, for a page that reloads itself
    saml_id: str = ""


def read_ask(request: Request, directory: Directory, tenant_name: str, *, v1: bool) -> Ask:
    """The ask of an authorize request; Refused with the code Microsoft would show."""
    given = request.parameters
    if request.repeated:
        raise Refused(
            "AADSTS9000411", f"The request is not properly formatted. The parameter '{request.repeated}' is duplicated."
        )
    tenant = directory.tenant(tenant_name)
    client = directory.client(_needed(given, "client_id"), tenant)
    _check_redirect(client, given.get("redirect_uri", ""))
    _check_words(given)
    scopes = tuple(dict.fromkeys(given.get("scope", "").split()))
    if not scopes and not v1:
        text = "The required field 'scope' is missing from the credential. Ensure that you have all the necessary parameters."
        raise Refused("AADSTS90014", text)
    challenge, method = _challenge(given)
    return Ask(
        tenant=tenant,
        client=client,
        redirect_uri=given["redirect_uri"],
        state=given.get("state"),
        prompt=given.get("prompt", ""),
        login_hint=given.get("login_hint", ""),
        response_mode=given.get("response_mode", "") or "query",
        scopes=scopes or ("openid",),
        nonce=given.get("nonce", ""),
        challenge=challenge,
        challenge_method=method,
        wants_client_info=given.get("client_info") == "1",
        reloaded=given.get("sso_reload", "").lower() == "true" or request.method == "POST",
        address=request.target,
    )


def _needed(given: Mapping[str, str], name: str) -> str:
    value = given.get(name, "")
    if not value:
        raise Refused("AADSTS900144", f"The request body must contain the following parameter: '{name}'.")
    return value


def _check_redirect(client: Client, redirect_uri: str) -> None:
    if client.purpose == "saml":
        raise Refused("AADSTS700016", f"Application with identifier '{client.id}' is not an OAuth application.")
    if not redirect_uri:
        raise Refused("AADSTS900971", "No reply address provided.")
    if not client.allows(redirect_uri):
        text = (
            f"The redirect URI '{redirect_uri}' specified in the request does not match the redirect URIs configured for the"
            f" application '{client.id}'. Make sure the redirect URI sent in the request matches one added to your application."
        )
        raise Refused("AADSTS50011", text)


def _check_words(given: Mapping[str, str]) -> None:
    """Parameters that take one of a few words."""
    kind = _needed(given, "response_type")
    if kind != "code":
        text = f"response_type '{kind}' is not enabled for the application."
        raise Refused("AADSTS700054", text, error="unsupported_response_type")
    if given.get("prompt", "") not in _PROMPTS:
        raise Refused("AADSTS90023", f"Unsupported 'prompt' value '{given['prompt']}'.")
    if given.get("response_mode", "") not in _MODES:
        text = f"'{given['response_mode']}' is not a supported value of 'response_mode' when requesting a token."
        raise Refused("AADSTS70007", text)


def _challenge(given: Mapping[str, str]) -> tuple[str, str]:
    """PKCE: the challenge and its method (``plain`` when none is named, RFC 7636 4.3)."""
    challenge = given.get("code_challenge", "")
    method = given.get("code_challenge_method", "plain") if challenge else ""
    if challenge and not (_CHALLENGE.fullmatch(challenge) and method in {"plain", "S256"}):
        raise Refused("AADSTS501491", "Invalid size or method of Code_Challenge parameter.")
    return challenge, method
