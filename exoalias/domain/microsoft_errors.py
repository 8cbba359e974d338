"""What the codes on Microsoft's sign-in pages mean: cause, remedy, and who can do it. An offline table.

Sources: learn.microsoft.com, "Microsoft Entra authentication and authorization error codes" (identity-platform/
reference-error-codes), "Troubleshoot sign-in problems with Conditional Access"; ServiceNow KB0866332 (a scope missing on the
profile shows as AADSTS90014). The words are our own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ENTRA = "an Entra administrator"
SERVICENOW = "you, in ServiceNow"
PERSON = "whoever signs in"
BOTH = "you, together with an Entra administrator"
_ANYWHERE = re.compile(r"(?:aadsts\s*[:#-]?\s*|\berror(?:\s*code)?\s*[:#]?\s*|^\s*)(\d{5,7})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Meaning:
    """One code explained. ``code`` is "" where the text was not recognised."""

    code: str
    title: str
    cause: str
    remedy: str
    who: str


def _row(number: int, title: str, cause: str, remedy: str, who: str) -> Meaning:
    return Meaning(f"AADSTS{number}", title, cause, remedy, who)


TABLE: dict[str, Meaning] = {
    m.code: m
    for m in (
        _row(
            16000,
            "Several accounts, none chosen",
            "Microsoft must ask which account to use and was not allowed to.",
            "Cancel, then start the sign-in again and choose the delegated user.",
            PERSON,
        ),
        _row(
            50011,
            "The redirect address is not registered",
            "The app registration in Entra does not list this instance's address ending in /oauth_redirect.do.",
            "Add https://YOUR-INSTANCE/oauth_redirect.do to the registration as a Web redirect URI, letter by letter.",
            ENTRA,
        ),
        _row(
            50020,
            "An account of another tenant",
            "The account that signed in lives in another tenant or is a personal account.",
            "Sign in as the delegated user of this tenant. A guest cannot be the delegated user.",
            PERSON,
        ),
        _row(
            50034,
            "No such account",
            "The tenant has no user of that name.",
            "Compare the user principal name with the user's page in Entra; it may differ from the mailbox address.",
            PERSON,
        ),
        _row(
            50053,
            "The account is locked",
            "Too many wrong passwords, or a sign-in from an address Microsoft blocks.",
            "Wait some minutes, then sign in once with the right password. If it stays, have the account unblocked.",
            BOTH,
        ),
        _row(
            50055,
            "The password has expired",
            "The delegated user's password is past its age.",
            "Set a new password on the user's own sign-in page first. Old refresh tokens end with it.",
            PERSON,
        ),
        _row(
            50056,
            "No usable password",
            "The account's password is missing or not known to Entra.",
            "Have the password reset in Entra.",
            ENTRA,
        ),
        _row(
            50057,
            "The account is disabled",
            "Sign-in is blocked for the delegated user.",
            "Enable the account. A shared or room mailbox often has its account disabled: use a real service account.",
            ENTRA,
        ),
        _row(
            50058,
            "Nobody is signed in",
            "A sign-in without asking was tried and there was no session to use.",
            "Cancel, then start again. If it stays, the browser refuses cookies of the sign-in page.",
            PERSON,
        ),
        _row(
            50059,
            "The tenant is not named",
            "The authorization address does not say which tenant is meant.",
            "Put the tenant id into both addresses of the application registry.",
            SERVICENOW,
        ),
        _row(
            50072,
            "A second factor must be set up",
            "The tenant asks for multi-factor sign-in, and this account has none yet.",
            "Set up the second factor for the delegated user once, or exempt the service account by a policy.",
            BOTH,
        ),
        _row(
            50074,
            "A second factor is needed",
            "The tenant asks for multi-factor sign-in.",
            "Complete the second factor of the delegated user in the same window.",
            PERSON,
        ),
        _row(
            50076,
            "A second factor is needed",
            "A policy, or a changed place, asks for multi-factor sign-in.",
            "Complete the second factor in the same window. The token ends when the policy changes again.",
            PERSON,
        ),
        _row(
            50079,
            "A second factor must be set up",
            "The tenant asks the account to register for multi-factor sign-in.",
            "Register the delegated user's second factor, then start the sign-in again.",
            BOTH,
        ),
        _row(
            50105,
            "Not assigned to the application",
            "The application lets in assigned users only, and this one is not.",
            "Assign the delegated user to the enterprise application, or switch off “Assignment required”.",
            ENTRA,
        ),
        _row(
            50126,
            "Wrong user name or password",
            "Microsoft did not accept what was typed.",
            "Type it again. Compare the user principal name letter by letter.",
            PERSON,
        ),
        _row(
            50128,
            "No such tenant",
            "The domain or tenant id in the address is not known to Microsoft.",
            "Correct the tenant in both addresses of the application registry.",
            SERVICENOW,
        ),
        _row(
            50140,
            "“Stay signed in?” was interrupted",
            "Microsoft stopped at the page that asks to stay signed in.",
            "Answer that page. If it stays, cancel and start again.",
            PERSON,
        ),
        _row(
            50158,
            "Another check is asked for",
            "Conditional access sends the sign-in through a further check.",
            "Complete it in the same window, or have the service account exempted.",
            BOTH,
        ),
        _row(
            50173,
            "The token has been revoked",
            "The password changed, or sessions were revoked, after the token was issued.",
            "Sign in for this credential again.",
            PERSON,
        ),
        _row(
            50178,
            "The session can't be used",
            "The session in the browser belongs to another way of signing in.",
            "Cancel and start again: each attempt gets an empty window.",
            PERSON,
        ),
        _row(
            50194,
            "The application is for one tenant only",
            "The address names common or organizations, the application one tenant.",
            "Put the tenant id into both addresses of the application registry.",
            SERVICENOW,
        ),
        _row(
            53000,
            "The device must be compliant",
            "Conditional access wants a managed, compliant device; a fresh private window shows none.",
            "Exempt the delegated user from this policy, or sign in on a managed device.",
            ENTRA,
        ),
        _row(
            53001,
            "The device must be joined",
            "Conditional access wants a joined device; a fresh private window shows none.",
            "Exempt the delegated user from this policy, or sign in on a managed device.",
            ENTRA,
        ),
        _row(
            53003,
            "Blocked by conditional access",
            "A policy forbids this sign-in: place, device, application or risk.",
            "Look at the user's sign-in log in Entra: it names the policy. Exempt the service account or meet the policy.",
            ENTRA,
        ),
        _row(
            54005,
            "The code was used already",
            "The same authorization code was redeemed twice.",
            "Check the instance, then sign in again if the token is missing.",
            PERSON,
        ),
        _row(
            65001,
            "Consent is missing",
            "Nobody has agreed that the application may use these permissions.",
            "Grant admin consent for Calendars.ReadWrite, Calendars.ReadWrite.Shared and offline_access.",
            ENTRA,
        ),
        _row(
            65004,
            "Consent was refused",
            "Cancel was pressed on the page that asks for permissions.",
            "Sign in again and accept, or have admin consent granted.",
            BOTH,
        ),
        _row(
            70000,
            "The grant is not valid",
            "The code or token is malformed, expired or was revoked.",
            "Sign in for this credential again.",
            PERSON,
        ),
        _row(
            70008,
            "The code or token has expired",
            "Too much time passed, or the token was not used for too long.",
            "Sign in for this credential again.",
            PERSON,
        ),
        _row(
            70011,
            "A scope is not valid",
            "One of the scopes sent is misspelled or unknown.",
            "Correct the scopes of the OAuth entity profile: Calendars.ReadWrite, Calendars.ReadWrite.Shared, offline_access.",
            SERVICENOW,
        ),
        _row(
            70043,
            "A sign-in frequency rule ended the token",
            "Conditional access limits how long a sign-in lasts.",
            "Exempt the service account from the sign-in frequency rule, then sign in again.",
            ENTRA,
        ),
        _row(
            90002,
            "No such tenant",
            "The tenant in the address does not exist in this cloud.",
            "Correct the tenant id in both addresses of the application registry.",
            SERVICENOW,
        ),
        _row(
            90014,
            "A part of the request is missing",
            "Most often no scope is on the OAuth entity profile (KB0866332).",
            "Put the three scopes on the profile, not only on the registry.",
            SERVICENOW,
        ),
        _row(
            90072,
            "An account of another tenant",
            "The account is not known in this tenant and was not invited.",
            "Sign in as the delegated user of this tenant.",
            PERSON,
        ),
        _row(
            90094,
            "An administrator must consent",
            "The permissions asked for need an administrator's agreement.",
            "Grant admin consent for the application.",
            ENTRA,
        ),
        _row(
            240002,
            "The browser sent too much",
            "Cookies of many sign-ins made the request too large.",
            "Cancel and start again: each attempt gets an empty window.",
            PERSON,
        ),
        _row(
            500011,
            "The resource is not known",
            "The tenant does not know the resource asked for, or the scope names another one.",
            "Use Microsoft Graph scopes on the OAuth entity profile.",
            SERVICENOW,
        ),
        _row(
            500113,
            "No redirect address is registered",
            "The app registration has no redirect address at all.",
            "Add https://YOUR-INSTANCE/oauth_redirect.do to the registration as a Web redirect URI.",
            ENTRA,
        ),
        _row(
            700016,
            "The application is not in this tenant",
            "The client id is wrong, or belongs to another tenant.",
            "Compare client id and tenant id of the application registry with the app registration in Entra.",
            SERVICENOW,
        ),
        _row(
            700054,
            "This kind of answer is not switched on",
            "The address asks for something else than a code.",
            "Use the v2.0 authorize address without further parameters in the application registry.",
            SERVICENOW,
        ),
        _row(
            700082,
            "The refresh token has expired",
            "It was not used for too long (90 days by default).",
            "Sign in for this credential again.",
            PERSON,
        ),
        _row(
            900144,
            "A part of the request is missing",
            "client_id or scope is empty.",
            "Fill in the client id of the application registry, and the scopes of the profile.",
            SERVICENOW,
        ),
        _row(
            7000215,
            "The client secret is wrong",
            "Often the secret's id was pasted instead of its value.",
            "Make a new client secret in Entra and put its value into the application registry.",
            BOTH,
        ),
        _row(
            7000218,
            "A client secret is missing",
            "The registration expects a secret and none was sent.",
            "Put the client secret's value into the application registry.",
            SERVICENOW,
        ),
        _row(
            7000222,
            "The client secret has expired",
            "Its end date has passed.",
            "Make a new client secret in Entra and put its value into the application registry.",
            BOTH,
        ),
    )
}

# Sentences without a number, as the pages and ServiceNow show them.
PHRASES: tuple[tuple[str, Meaning], ...] = (
    (
        "access_denied",
        Meaning(
            "access_denied",
            "Declined",
            "Cancel was pressed at Microsoft, or consent was refused.",
            "Sign in again and accept.",
            PERSON,
        ),
    ),
    ("need admin approval", TABLE["AADSTS90094"]),
    ("approval required", TABLE["AADSTS90094"]),
    ("redirect uri", TABLE["AADSTS50011"]),
    ("invalid_client", TABLE["AADSTS7000215"]),
    ("account has been locked", TABLE["AADSTS50053"]),
    ("password is incorrect", TABLE["AADSTS50126"]),
    ("username may be incorrect", TABLE["AADSTS50034"]),
    ("couldn't find an account", TABLE["AADSTS50034"]),
    ("you cannot access this right now", TABLE["AADSTS53003"]),
    ("you can't get there from here", TABLE["AADSTS53000"]),
    (
        "oauth flow failed",
        Meaning(
            "OAuth flow failed",
            "The instance could not redeem the code",
            "ServiceNow asked Microsoft for the token and was refused: most often a wrong or expired client secret.",
            "Look at the error detail on that page; renew the client secret in the application registry.",
            BOTH,
        ),
    ),
)


def explain(text: str) -> Meaning:
    """The meaning of a code, or of a page's text that holds one; says so calmly where neither is known."""
    for number in _ANYWHERE.findall(text):
        found = TABLE.get(f"AADSTS{int(number)}")
        if found:
            return found
    folded = " ".join(text.lower().replace("’", "'").split())
    for phrase, meaning in PHRASES:
        if phrase in folded:
            return meaning
    return Meaning(
        "",
        "Not in our table",
        "exoalias has no entry for this text. Nothing was stored on the instance unless a check says so.",
        "Look the code up at login.microsoftonline.com/error, or give code, time and correlation id to an Entra administrator.",
        ENTRA,
    )
