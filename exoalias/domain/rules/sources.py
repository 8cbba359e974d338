"""The public pages the rules rest on. Their names stand here once; a rule names the page, a person can open it."""

from __future__ import annotations

from exoalias.domain.checklist import Source

_DOCS = "https://www.servicenow.com/docs/r/"
_SYNC = _DOCS + "employee-service-management/workplace-calendar-synchronization/"
_LEARN = "https://learn.microsoft.com/en-us/"


def _kb(number: str, title: str) -> Source:
    return Source(f"{number}: {title}", f"https://support.servicenow.com/kb?id=kb_article_view&sysparm_article={number}")


# -- ServiceNow: Workplace Calendar Synchronization ----------------------------------------------------------------------

STRICT_ALIAS = Source(
    "Configure strict mode Connection and Credential alias for Microsoft Exchange Online",
    _SYNC + "configure-strict-mode-connection-and-credential-alias-for-msex.html",
)
SPOKE_STRICT = Source(
    "Create a connection with Microsoft Exchange Online spoke for strict mode",
    _SYNC + "create-connection-with-msspoke-strict-mode.html",
)
SPOKE_CONNECTION = Source(
    "Create a connection with Microsoft Exchange Online spoke",
    _SYNC + "create-connection-and-credential-alias-for-msexchange-.html",
)
STRICT_REGISTRY = Source(
    "Setup strict mode OAuth connectivity with Microsoft Exchange Online",
    _SYNC + "setup-strict-mode-oauth-connectivity-with-msex.html",
)
AZURE = Source(
    "Authenticate Microsoft Exchange Online with Azure for strict mode",
    _SYNC + "auth-mxex-with-azure-strict-mode.html",
)
ROOM_DELEGATES = Source(
    "Strict mode configuration in Microsoft Exchange Online",
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
    "Create multiple connections for the same provider",
    _SYNC + "create-multiple-connection-same-provider.html",
)
TROUBLESHOOTING = Source(
    "Troubleshooting Workplace Calendar Synchronization",
    _SYNC + "troubleshooting-workplace-calendar-synchronization.html",
)
SCAN_FINDINGS = Source("Instance scan finding messages", _SYNC + "sacn-finding-messages.html")
SCAN_RUN = Source(
    "Run an instance scan on your Workplace Calendar Synchronization configurations",
    _SYNC + "run-instance-scan-on-your-workplace-cal-sync-configs.html",
)
SYNC_CONDITIONS = Source(
    "Synchronization troubleshooting and conditions",
    _SYNC + "synchronization-troubleshooting-and-conditions.html",
)
SYNC_MODE = Source(
    "Personal authentication mode connection with Microsoft Exchange Online",
    _SYNC + "personal-auth-mode-connection-with-msex.html",
)

# -- ServiceNow: the platform --------------------------------------------------------------------------------------------

INITIAL_TOKEN = Source("Generate the initial token", _DOCS + "platform-security/authentication/generate-initial-token.html")
REST_API = Source("REST APIs", _DOCS + "api-reference/rest-api-explorer/c_RESTAPI.html")
TABLE_API = Source("Table API", _DOCS + "api-reference/rest-apis/c_TableAPI.html")
CLONING = Source("DevOps cloning", _DOCS + "it-service-management/devops-change-velocity/devops-cloning.html")

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
SET_CALENDAR_PROCESSING = Source("Set-CalendarProcessing", _LEARN + "powershell/module/exchangepowershell/set-calendarprocessing")
