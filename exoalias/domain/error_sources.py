"""The public pages the explanations of errors rest on, beside those the rules name. Each stands here once."""

from __future__ import annotations

from exoalias.domain.checklist import Source
from exoalias.domain.words import say

_DOCS = "https://www.servicenow.com/docs/r/"
_LEARN = "https://learn.microsoft.com/en-us/"

STATE_PARAMETER = Source(
    "Authorization code flow state parameter requirement",
    _DOCS + "platform-security/authentication/oauth-auth-code-flow-state-parm.html",
)
TOKEN_PAGE = Source(
    "Determine and verify Microsoft 365 subscription information in your ServiceNow instance",
    _DOCS + "it-asset-management/software-asset-management/ver-o365-info.html",
)
KB_PARAMETER = Source(
    "KB0820012 (a parameter the OAuth provider misses)",
    "https://support.servicenow.com/kb?id=kb_article_view&sysparm_article=KB0820012",
)
COMMUNITY_NO_TOKEN = Source(
    "ServiceNow community: User Not Authenticated. Could not retrieve a new access token with the refresh token",
    "https://www.servicenow.com/community/servicenow-ai-platform-forum/user-not-authenticated-could-not-retrieve-a-new-access-token/td-p/3532967",
)
ERROR_CODES = Source(
    "Microsoft Entra authentication and authorization error codes", _LEARN + "entra/identity-platform/reference-error-codes"
)
CONDITIONAL_ACCESS_TROUBLE = Source(
    "Troubleshooting sign-in problems with Conditional Access",
    _LEARN + "entra/identity/conditional-access/troubleshoot-conditional-access",
)
CONDITIONAL_ACCESS_DEVICE = Source(
    "Conditional Access: conditions", _LEARN + "entra/identity/conditional-access/concept-conditional-access-conditions"
)
NO_MAILBOX = Source(
    "REST API is not yet supported for this mailbox error",
    _LEARN + "exchange/troubleshoot/user-and-shared-mailboxes/rest-api-is-not-yet-supported-for-this-mailbox-error",
)


def _aadsts(number: int, slug: str) -> Source:
    return Source(
        say("Error AADSTS{number}", number=number),
        f"{_LEARN}troubleshoot/azure/active-directory/error-code-aadsts{number}-{slug}",
    )


AADSTS50011 = _aadsts(50011, "reply-url-mismatch")
AADSTS50020 = _aadsts(50020, "user-account-identity-provider-does-not-exist")
AADSTS50105 = _aadsts(50105, "user-not-assigned-role")
AADSTS650056 = _aadsts(650056, "misconfigured-app")
AADSTS70001 = _aadsts(70001, "app-not-found-in-directory")
