"""The public pages the rules rest on. Their names stand here once; a rule names the page, a person can open it."""

from __future__ import annotations

from exoalias.domain.checklist import Source
from exoalias.domain.words import say

_DOCS = "https://www.servicenow.com/docs/r/"
_SYNC = _DOCS + "employee-service-management/workplace-calendar-synchronization/"
_LEARN = "https://learn.microsoft.com/en-us/"


def _kb(number: str, about: str) -> Source:
    return Source(
        say("{number} ({about})", number=number, about=about),
        f"https://support.servicenow.com/kb?id=kb_article_view&sysparm_article={number}",
    )


# -- ServiceNow: Workplace Calendar Synchronization ----------------------------------------------------------------------

STRICT_ALIAS = Source(
    "Configure strict mode Connection and Credential alias for Microsoft Exchange Online",
    _SYNC + "configure-strict-mode-connection-and-credential-alias-for-msex.html",
)
SPOKE_STRICT = Source(
    "Create connection with Microsoft Exchange Online Spoke in strict mode",
    _SYNC + "create-connection-with-msspoke-strict-mode.html",
)
SPOKE = Source("Create a connection with Microsoft Exchange Online spoke", _SYNC + "create-connection-with-msspoke.html")
CONNECTIONS = Source(
    "Configure Connection and credential alias for Microsoft Exchange Online using the default credentials and connections",
    _SYNC + "create-connection-and-credential-alias-for-msexchange-.html",
)
STRICT_REGISTRY = Source(
    "Setup strict mode OAuth connectivity with Microsoft Exchange Online",
    _SYNC + "setup-strict-mode-oauth-connectivity-with-msex.html",
)
AZURE = Source(
    "Configure Microsoft Azure",
    _SYNC + "auth-mxex-with-azure-strict-mode.html",
)
ROOM_DELEGATES = Source(
    "Create a strict mode configuration in Microsoft Exchange Online",
    _SYNC + "strict-mode-configuration-in-msex.html",
)
OWN_ALIAS = Source(
    "Create your own credential and connection alias for strict mode",
    _SYNC + "create-own-credential-and-connection-alias-for-strict-mode.html",
)
PROVIDER = Source(
    "Configure Microsoft Exchange Online calendar provider in strict mode",
    _SYNC + "configure-msex-strict-mode-calendar-providers.html",
)
SEVERAL_USERS = Source(
    "Create single or multiple calendar providers with Microsoft Exchange Online",
    _SYNC + "create-multiple-connection-same-provider.html",
)
TROUBLESHOOTING = Source(
    "Resolving connection setup issues in Workplace Calendar Synchronization",
    _SYNC + "troubleshooting-workplace-calendar-synchronization.html",
)
SCAN_FINDINGS = Source("Instance scan findings", _SYNC + "sacn-finding-messages.html")
SCAN_RUN = Source(
    "Run Instance scan to check Microsoft Exchange Online synchronization configuration",
    _SYNC + "run-instance-scan-on-your-workplace-cal-sync-configs.html",
)
SYNC_CONDITIONS = Source(
    "Synchronization - Prerequisites and implementation",
    _SYNC + "synchronization-troubleshooting-and-conditions.html",
)
SYNC_PROPERTIES = Source(
    "Properties installed with Workplace Calendar Synchronization",
    _SYNC + "properties-installed-with-workplace-calendar-syncn.html",
)
SYNC_MODE = Source(
    "Create a personal authentication mode connection with Microsoft Exchange Online",
    _SYNC + "personal-auth-mode-connection-with-msex.html",
)

# -- ServiceNow: the platform --------------------------------------------------------------------------------------------

INITIAL_TOKEN = Source(
    "Generate Personal Auth Initiator URL", _DOCS + "platform-security/authentication/generate-initial-token.html"
)
REST_API = Source("REST APIs", _DOCS + "api-reference/rest-api-explorer/c_RESTAPI.html")
CLONING = Source(
    "Cloning guidelines for DevOps Change Velocity", _DOCS + "it-service-management/devops-change-velocity/devops-cloning.html"
)

CLONE_PRESERVERS = Source(
    "Preserving data from target instances during clones", _DOCS + "platform-administration/data-preservation.html"
)
CLONE_CONFIGURATION = Source(
    "Instance Clone: exclusions, preservers and cleanup scripts", _DOCS + "platform-administration/clone-configurations-tab.html"
)
SCAN_API = Source("CICD API: instance scan", _DOCS + "api-reference/rest-apis/cicd-api.html")


GLIDE_OAUTH_CLIENT = Source(
    "GlideOAuthClient - Scoped, Global", _DOCS + "api-reference/server-api-reference/c_GlideOAuthClient.html"
)

KB_TOKEN_LIFE = _kb("KB0791140", "lifetimes of third-party OAuth tokens")
KB_REFRESH_EXPIRY = _kb("KB2132135", "refresh token lifespan and Extend Refresh Token Expiry")
KB_PROFILE_SCOPE = _kb("KB0866332", "AADSTS90014, scope missing on the OAuth entity profile")
KB_WRONG_ACCOUNT = _kb("KB2071947", "the wrong Microsoft account authorized")
KB_PRIVATE_WINDOW = _kb("KB0816072", "get the token in a private window")
KB_PASSWORD_RESET = _kb("KB1295058", "tokens after a password reset")


# -- Microsoft -----------------------------------------------------------------------------------------------------------

AUTH_CODE_FLOW = Source(
    "Microsoft identity platform and OAuth 2.0 authorization code flow",
    _LEARN + "entra/identity-platform/v2-oauth2-auth-code-flow",
)
NATIONAL_CLOUDS = Source("National clouds", _LEARN + "entra/identity-platform/authentication-national-cloud")
GRAPH_CLOUDS = Source("Microsoft Graph national cloud deployments", _LEARN + "graph/deployments")
REFRESH_TOKENS = Source("Refresh tokens in the Microsoft identity platform", _LEARN + "entra/identity-platform/refresh-tokens")
ORGANIZER_NAME = Source(
    "Calendar shows the organizer's name instead of the subject",
    _LEARN + "exchange/troubleshoot/client-connectivity/calendar-shows-organizer-name",
)
SET_CALENDAR_PROCESSING = Source("Set-CalendarProcessing", _LEARN + "powershell/module/exchangepowershell/set-calendarprocessing")
ACCESS_TOKENS = Source("Access tokens in the Microsoft identity platform", _LEARN + "entra/identity-platform/access-tokens")
