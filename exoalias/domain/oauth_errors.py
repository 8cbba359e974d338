"""Errors without a number: OAuth's own words, the sentences of an instance's pages, and those of Exchange behind Microsoft Graph.

A phrase is looked for in a page's text in lower case, with one blank between words. Facts are from the page each row names.
"""

from __future__ import annotations

from exoalias.domain import error_sources, sources
from exoalias.domain.meaning import Meaning, Who

# -- OAuth: the value of ``error=`` --------------------------------------------------------------------------------------

OAUTH: dict[str, Meaning] = {
    meaning.code: meaning
    for meaning in (
        Meaning(
            "access_denied",
            "Declined",
            "Cancel was pressed at Microsoft, or consent was refused.",
            "Sign in again and accept, or have admin consent granted.",
            Who.PERSON,
            sources.AUTH_CODE_FLOW,
        ),
        Meaning(
            "consent_required",
            "Consent is required",
            "Somebody has to agree to the permissions first.",
            "Have admin consent granted for the three delegated calendar permissions.",
            Who.ENTRA,
            sources.AUTH_CODE_FLOW,
        ),
        Meaning(
            "interaction_required",
            "Somebody has to sign in",
            "Microsoft wants a person: a second factor, consent, or a new sign-in.",
            "Start the sign-in for this credential and complete what Microsoft asks.",
            Who.PERSON,
            sources.AUTH_CODE_FLOW,
        ),
        Meaning(
            "login_required",
            "Nobody was signed in",
            "A sign-in without asking was tried, and none of several or no account fitted.",
            "Start the sign-in again and choose the delegated user.",
            Who.PERSON,
            sources.AUTH_CODE_FLOW,
        ),
        Meaning(
            "invalid_request",
            "A part of the request is wrong or missing",
            "Often a scope is missing on the OAuth entity profile, or an address is misspelled.",
            "Compare both addresses, the redirect address and the scopes with what the checklist expects.",
            Who.SERVICENOW,
            sources.AUTH_CODE_FLOW,
        ),
        Meaning(
            "unauthorized_client",
            "The application may not do that",
            "It is not registered in this tenant, or not for this kind of grant.",
            "Compare the client id, and set the grant type to Authorization Code.",
            Who.BOTH,
            sources.AUTH_CODE_FLOW,
        ),
        Meaning(
            "unsupported_response_type",
            "This kind of answer is not supported",
            "The address asks for something else than a code.",
            "Take further parameters out of the authorization address of the application registry.",
            Who.SERVICENOW,
            sources.AUTH_CODE_FLOW,
        ),
        Meaning(
            "unsupported_grant_type",
            "This kind of grant is not supported",
            "Registry or profile ask for a token in a way Microsoft does not know here.",
            "Set the grant type of registry and profile alike to Authorization Code.",
            Who.SERVICENOW,
            error_sources.ERROR_CODES,
        ),
        Meaning(
            "invalid_scope",
            "A scope is not known",
            "The OAuth entity profile holds a misspelled or foreign scope.",
            "Correct it: Calendars.ReadWrite, Calendars.ReadWrite.Shared, offline_access.",
            Who.SERVICENOW,
            sources.AUTH_CODE_FLOW,
        ),
        Meaning(
            "invalid_resource",
            "The resource is not known to the tenant",
            "A scope names a service that this tenant does not have.",
            "Use the scopes of Microsoft Graph in this tenant's cloud.",
            Who.SERVICENOW,
            sources.AUTH_CODE_FLOW,
        ),
        Meaning(
            "invalid_client",
            "The instance could not identify itself",
            "The client secret is wrong, expired, or its id was pasted instead of its value.",
            "Make a new client secret in Entra, and put its value into the application registry by its form.",
            Who.BOTH,
            error_sources.ERROR_CODES,
        ),
        Meaning(
            "invalid_grant",
            "The code or token is no longer taken",
            "It expired, was used already, or was revoked by a password change.",
            "Sign in for this credential again.",
            Who.PERSON,
            error_sources.ERROR_CODES,
        ),
        Meaning(
            "server_error",
            "Microsoft had an error of its own",
            "Something unexpected happened in its sign-in service; mostly it passes.",
            "Try again in some minutes.",
            Who.LATER,
            sources.AUTH_CODE_FLOW,
        ),
        Meaning(
            "temporarily_unavailable",
            "Microsoft is too busy just now",
            "Its sign-in service holds requests back.",
            "Try again a little later.",
            Who.LATER,
            sources.AUTH_CODE_FLOW,
        ),
    )
}

# -- ServiceNow: what oauth_redirect.do, the form of a credential and its log say ------------------------------------------

_FLOW_FAILED = Meaning(
    "OAuth flow failed",
    "The instance could not redeem the code",
    "ServiceNow asked Microsoft for the token and was refused: most often a wrong or expired client secret.",
    "Read what stands behind “Error detail” on that page, and paste that too.",
    Who.BOTH,
    sources.KB_PROFILE_SCOPE,
)
_STATE_MISSING = Meaning(
    "Missing State",
    "The instance did not recognise its own sign-in",
    "The answer came without the mark the instance gave it: another window or session, or a page opened again.",
    "Start the sign-in again, in one window only.",
    Who.PERSON,
    error_sources.STATE_PARAMETER,
)
_STATE_INVALID = Meaning(
    "Invalid State",
    "The instance no longer knows this sign-in",
    "Its mark is not the one of this session: it ended, or somebody signed in to the instance anew meanwhile.",
    "Sign in to the instance, then start the sign-in for the credential again.",
    Who.PERSON,
    error_sources.STATE_PARAMETER,
)
_NO_ACCESS_TOKEN = Meaning(
    "Missing parameters: access_token",
    "The instance got no token from the token address",
    "What answered there was no token: often the token address is misspelled or leads elsewhere.",
    "Correct the token address of the application registry; it ends in /oauth2/v2.0/token.",
    Who.SERVICENOW,
    error_sources.COMMUNITY_NO_TOKEN,
)
_PARAMETER_MISSING = Meaning(
    "The request body must contain",
    "Microsoft misses a parameter",
    "The application registry leaves out something the token address wants.",
    "Fill in client id and secret, and the scopes of the OAuth entity profile.",
    Who.SERVICENOW,
    error_sources.KB_PARAMETER,
)
_REFRESH_FAILED = Meaning(
    "Could not retrieve a new access token",
    "The instance could not renew its token",
    "The refresh token it holds is expired, revoked or refused.",
    "Sign in for this credential again; if that fails too, look at the client secret.",
    Who.PERSON,
    error_sources.COMMUNITY_NO_TOKEN,
)
_NO_TOKENS = Meaning(
    "OAuth tokens are not available",
    "The credential holds no token",
    "Get OAuth Token was never done for it, or its tokens are gone.",
    "Sign in for this credential.",
    Who.PERSON,
    sources.TROUBLESHOOTING,
)
_TOKEN_EXPIRED = Meaning(
    "OAuth token is expired",
    "The credential's token is expired",
    "The instance holds a token whose date has passed. An expired access token alone is normal.",
    "Sign in for this credential if the refresh token is the expired one.",
    Who.PERSON,
    sources.KB_REFRESH_EXPIRY,
)
_STORED = Meaning(
    "OAuth token flow completed",
    "The token is stored",
    "This is the instance's page for success. It does not say whose token it is.",
    "Nothing. exoalias reads back what was stored, and knows who signed in.",
    Who.PERSON,
    error_sources.TOKEN_PAGE,
)
_WRONG_PERSON = Meaning(
    "resource not found",
    "The calendar can't be reached with this token",
    "Mostly another person than the delegated user signed in for it, or the delegated user is no delegate of the room.",
    "Sign in as the delegated user, and have that user entered as the room's delegate.",
    Who.EXCHANGE,
    sources.TROUBLESHOOTING,
)

# -- Exchange behind Microsoft Graph -------------------------------------------------------------------------------------

_NO_MAILBOX = Meaning(
    "MailboxNotEnabledForRESTAPI",
    "The mailbox is not in Exchange Online",
    "It lies on an own server, is inactive, or has no licence.",
    "Have the mailbox moved to Exchange Online or licensed; the delegated user needs a real one.",
    Who.EXCHANGE,
    error_sources.NO_MAILBOX,
)

PHRASES: tuple[tuple[str, Meaning], ...] = (
    ("missing state parameter", _STATE_MISSING),
    ("missing or invalid state", _STATE_MISSING),
    ("state parameter in the request is not valid", _STATE_INVALID),
    ("missing parameters: access_token", _NO_ACCESS_TOKEN),
    ("the request body must contain", _PARAMETER_MISSING),
    ("could not retrieve a new access token", _REFRESH_FAILED),
    ("refresh tokens are not available", _NO_TOKENS),
    ("please generate an oauth token", _NO_TOKENS),
    ("token is expired", _TOKEN_EXPIRED),
    ("oauth token has expired", _TOKEN_EXPIRED),
    ("oauth token flow completed", _STORED),
    ("mailboxnotenabledforrestapi", _NO_MAILBOX),
    ("mailboxnotsupportedforrestapi", _NO_MAILBOX),
    ("rest api is not yet supported for this mailbox", _NO_MAILBOX),
    ("resource not found", _WRONG_PERSON),
    ("subscription failed", _WRONG_PERSON),
    ("access denied", _WRONG_PERSON),
)
LAST: tuple[tuple[str, Meaning], ...] = (("oauth flow failed", _FLOW_FAILED),)  # said around every other error of that page
