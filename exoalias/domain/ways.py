"""The ways in to an instance: what each is for, what it needs, what it keeps where. Forms and documents are made from it."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Way(Enum):
    """How this program is let in to an instance's REST interface; the value is what the settings file holds."""

    BROWSER = "browser"
    PASSWORD = "password"  # noqa: S105 - the name of a way, not a password
    API_KEY = "api-key"
    OAUTH = "oauth"
    CLIENT_CREDENTIALS = "client-credentials"
    CERTIFICATE = "certificate"


class Need(Enum):
    """Something a way has to be told. The value names the field of the settings; secrets are kept in the keyring instead."""

    USER = "user"
    CLIENT_ID = "client_id"
    REDIRECT = "redirect_url"
    CERTIFICATE = "certificate"
    PASSWORD = "password"  # noqa: S105 - the name of a field
    API_KEY = "api_key"
    CLIENT_SECRET = "client_secret"  # noqa: S105 - the name of a field
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a field

    @property
    def secret(self) -> bool:
        """Whether it belongs into the keyring."""
        return self in {Need.PASSWORD, Need.API_KEY, Need.CLIENT_SECRET, Need.PASSPHRASE}


class WayIn(NamedTuple):
    """One way in, in words."""

    way: Way
    title: str
    explains: str  # when to choose it, in a sentence or two
    keeps: str  # what is kept, and where
    refused: str  # what to do when the instance refuses it
    needs: tuple[Need, ...] = ()
    may_need: tuple[Need, ...] = ()
    source: str = ""  # the documentation page it rests on


WAYS: tuple[WayIn, ...] = (
    WayIn(
        Way.BROWSER,
        "Browser session",
        "You sign in to the instance in a browser window, with single sign-on and multi-factor authentication as usual. "
        "Nothing has to be set up on the instance, and the same window serves the sign-ins.",
        "The session of that instance alone, in memory; it is forgotten when it is locked or exoalias ends. Nothing is stored.",
        "Sign in again in the window. If the instance ends sessions quickly, ask its admin for a longer session timeout.",
        source="REST APIs: session-based requests carry the session's cookies and X-UserToken",
    ),
    WayIn(
        Way.PASSWORD,
        "User and password",
        "A user of the instance itself, with basic authentication. Many instances have closed this to people: a user made for "
        "integrations, or one with the role snc_basic_auth_api_access, may still pass.",
        "The password, in this computer's keyring.",
        "The instance answers a wrong password and closed basic authentication alike. Try the password on its login page "
        "(/login.do): if it is right there, choose the browser session instead.",
        needs=(Need.USER, Need.PASSWORD),
        source="Basic authentication (platform security), glide.authenticate.basic_auth.allowed_roles",
    ),
    WayIn(
        Way.API_KEY,
        "API key",
        "A REST API key that an admin of the instance made for a user; it needs an inbound authentication profile there.",
        "The key, in this computer's keyring.",
        "Check that the key is active and not expired, that its authentication profile covers the Table and Batch APIs, and that "
        "its user has the role admin.",
        needs=(Need.API_KEY,),
        source="API key and HMAC authentication: Inbound REST",
    ),
    WayIn(
        Way.OAUTH,
        "OAuth of the instance",
        "You sign in to the instance in a browser window; afterwards a refresh token lets exoalias in, where the endpoint gives "
        "one (the documentation has it for clients with a secret). It needs an OAuth API endpoint for external clients there.",
        "The refresh token, and the client's secret where it has one, in this computer's keyring; access tokens in memory.",
        "Sign in again. Check that client id, redirect address and PKCE of the OAuth API endpoint are as entered here.",
        needs=(Need.CLIENT_ID,),
        may_need=(Need.CLIENT_SECRET, Need.REDIRECT),
        source="Authorization code grant workflow; Create an endpoint for clients to access the instance",
    ),
    WayIn(
        Way.CLIENT_CREDENTIALS,
        "OAuth client credentials",
        "For schedulers and pipelines: a client of the instance that acts as one fixed user, without anybody signing in.",
        "The client's secret, in this computer's keyring; access tokens in memory.",
        "Check client id and secret, that the endpoint has an OAuth application user, and that "
        "glide.oauth.inbound.client.credential.grant_type.enabled is true.",
        needs=(Need.CLIENT_ID, Need.CLIENT_SECRET),
        source="OAuth client credentials grant for inbound requests",
    ),
    WayIn(
        Way.CERTIFICATE,
        "Client certificate",
        "A certificate the instance maps to a user (mutual authentication), from a PEM file on this computer.",
        "The passphrase of its key, in this computer's keyring; the certificate stays in its file.",
        "Check that the certificate is valid and trusted by the instance, and mapped to an active user there "
        "(System Security > Certificate Based Authentication).",
        needs=(Need.CERTIFICATE,),
        may_need=(Need.PASSPHRASE,),
        source="Certificate-based authentication: set up mutual authentication",
    ),
)


def way_in(way: Way) -> WayIn:
    """The words on that way."""
    return next(each for each in WAYS if each.way is way)
