"""The metadata documents that clients read before they sign anybody in: OpenID configuration, keys, known clouds.

Source: learn.microsoft.com, *OpenID Connect on the Microsoft identity platform* (fetch the OpenID configuration document).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from exoalias.simulator.scenario import Tenant


def issuer(origin: str, tenant: Tenant) -> str:
    """The issuer of the tenant's ID tokens. https, like every issuer, though nothing here speaks TLS."""
    return f"{_https(origin)}/{tenant.id}/v2.0"


def openid_configuration(origin: str, tenant: Tenant) -> dict[str, object]:
    """The tenant's OpenID configuration.

    Addresses that a browser opens are http, as served. Those a client library calls are https, because MSAL accepts no
    others: a client that knows it talks to the simulator maps them to http.
    """
    back = f"{_https(origin)}/{tenant.id}"
    return {
        "token_endpoint": f"{back}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "jwks_uri": f"{back}/discovery/v2.0/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": issuer(origin, tenant),
        "request_uri_parameter_supported": False,
        "authorization_endpoint": f"{origin}/{tenant.id}/oauth2/v2.0/authorize",
        "end_session_endpoint": f"{origin}/{tenant.id}/oauth2/v2.0/logout",
        "tenant_region_scope": "EU",
    }


def instance_discovery(origin: str, tenant: Tenant) -> dict[str, object]:
    """The answer of /common/discovery/instance: one cloud, this one."""
    host = urlsplit(origin).netloc
    return {
        "tenant_discovery_endpoint": f"{_https(origin)}/{tenant.id}/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    }


def _https(origin: str) -> str:
    return origin.replace("http://", "https://", 1)
