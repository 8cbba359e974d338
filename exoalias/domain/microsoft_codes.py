"""Microsoft's numbered errors (AADSTS…), as far as a sign-in for a stored token meets them: an offline table.

Facts are from the page each row names; the words are our own. Microsoft says of its list that codes change over time: a code
that is not here is told as unknown, never guessed at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.domain import error_sources, sources
from exoalias.domain.meaning import Meaning, Who
from exoalias.domain.words import say

if TYPE_CHECKING:
    from exoalias.domain.checklist import Source


def _row(number: int, title: str, cause: str, remedy: str, who: Who, source: Source = error_sources.ERROR_CODES) -> Meaning:
    return Meaning(f"AADSTS{number}", title, cause, remedy, who, source)


_REDIRECT = "https://YOUR-INSTANCE/oauth_redirect.do"

# -- who signs in --------------------------------------------------------------------------------------------------------

_PERSON = (
    _row(
        16000,
        "The account is not in this tenant",
        "The account chosen is not known in the tenant the application belongs to.",
        "Cancel, start again, and sign in with the delegated user's own account.",
        Who.PERSON,
    ),
    _row(
        16003,
        "The account was never added to this tenant",
        "Somebody signed in whom the tenant of the application does not know.",
        "Start again and sign in as the delegated user of this tenant.",
        Who.PERSON,
    ),
    _row(
        50020,
        "An account of another tenant",
        "The account lives in another tenant, or is a personal Microsoft account.",
        "Sign in as the delegated user of this tenant. A guest cannot be the delegated user.",
        Who.PERSON,
        error_sources.AADSTS50020,
    ),
    _row(
        50034,
        "No such account",
        "The tenant has no user of that name.",
        "Compare the user principal name with the user's page in Entra; it may differ from the mailbox address.",
        Who.BOTH,
    ),
    _row(
        51004,
        "The account is not in the directory",
        "The tenant that was asked does not hold this account.",
        "Check the delegated user's name, and the tenant id in both addresses of the application registry.",
        Who.BOTH,
    ),
    _row(
        90072,
        "The outside account can't meet this tenant's rules",
        "It does not exist in the tenant and can't pass its second factor; or two ids of a synchronized user differ.",
        "Sign in as the delegated user of this tenant.",
        Who.PERSON,
    ),
    _row(
        500208,
        "This kind of account may not sign in here",
        "A personal account was used where a work or school account is wanted.",
        "Sign in with the work account that is the delegated user.",
        Who.PERSON,
    ),
    _row(
        50178,
        "A session rule that doesn't fit this account",
        "Conditional access asks for a session control that is not supported for accounts passed on from another tenant.",
        "Sign in as the delegated user of this tenant, or have the rule looked at.",
        Who.BOTH,
    ),
    _row(
        50126,
        "Wrong user name or password",
        "Microsoft did not accept what was typed.",
        "Type it again. Compare the user principal name letter by letter.",
        Who.PERSON,
    ),
    _row(
        50053,
        "The account is locked",
        "Too many wrong passwords, or a sign-in from an address Microsoft takes for malicious. The sign-in log says which.",
        "Wait some minutes, then sign in once with the right password. If it stays, have the account unblocked.",
        Who.BOTH,
    ),
    _row(
        50055,
        "The password has expired",
        "The delegated user's password is past its age.",
        "Set a new password on the user's own sign-in page first. Old refresh tokens end with it.",
        Who.PERSON,
    ),
    _row(
        50144,
        "The password in Active Directory has expired",
        "The account comes from an own Active Directory, and its password is past its age there.",
        "Set a new password there, or with the self-service reset, then sign in again.",
        Who.PERSON,
    ),
    _row(
        50056,
        "No usable password",
        "The directory holds no password for this account, or none came.",
        "Type the password again; if the account has none, have one set in Entra.",
        Who.BOTH,
    ),
    _row(
        50057,
        "The account is disabled",
        "Sign-in is blocked for the delegated user.",
        "Enable the account. A shared or room mailbox often has its account disabled: use a real service account.",
        Who.ENTRA,
    ),
    _row(
        50135,
        "The password must be changed",
        "Microsoft holds the account to be at risk.",
        "Change the password of the delegated user, then sign in for each credential again.",
        Who.PERSON,
    ),
    _row(
        50125,
        "A password reset came in between",
        "Microsoft interrupts the sign-in to have a password reset or its registration done.",
        "Finish it in the same window, or on the user's own sign-in page, then start again.",
        Who.PERSON,
    ),
    _row(
        50140,
        "“Stay signed in?” was interrupted",
        "Microsoft stopped at the page that asks to stay signed in.",
        "Answer that page. If it stays, cancel and start again.",
        Who.PERSON,
    ),
    _row(
        50058,
        "Nobody is signed in",
        "A sign-in without asking was tried and there was no session to use.",
        "Cancel, then start again. If it stays, the browser refuses cookies of the sign-in page.",
        Who.PERSON,
    ),
    _row(
        50089,
        "It took too long",
        "The page was open for so long that its own ticket ended.",
        "Start the sign-in again and finish it in one go.",
        Who.PERSON,
    ),
    _row(
        50132,
        "The session ended with a password change",
        "The password expired or was changed not long ago.",
        "Start the sign-in again with the new password.",
        Who.PERSON,
    ),
    _row(
        50133,
        "The session was revoked",
        "The password expired or was changed, and sessions from before no longer count.",
        "Start again: each attempt gets an empty window.",
        Who.PERSON,
    ),
    _row(
        80012,
        "Outside the allowed hours",
        "Active Directory lets this account sign in at certain hours only.",
        "Sign in within these hours, or have them widened for the service account.",
        Who.BOTH,
    ),
    _row(
        130004,
        "Windows Hello is not set up for this account",
        "The key that was offered is not registered for the user.",
        "Choose another way to sign in on Microsoft's page.",
        Who.PERSON,
    ),
    _row(
        135010,
        "A key was not found",
        "The sign-in key of this device or account is not known to Microsoft.",
        "Choose another way to sign in on Microsoft's page, such as password and authenticator.",
        Who.PERSON,
    ),
    _row(
        135011,
        "The device is disabled",
        "The device used for signing in is switched off in Entra.",
        "Sign in from another device, or have this one enabled.",
        Who.ENTRA,
    ),
    _row(
        50192,
        "A certificate was expected and none came",
        "Sign-in by certificate was chosen, and the browser or a proxy on the way sent none.",
        "Choose the certificate when asked. A proxy that opens TLS removes it.",
        Who.BOTH,
    ),
)

# -- second factors ------------------------------------------------------------------------------------------------------

_FACTORS = (
    _row(
        50072,
        "A second factor must be set up first",
        "The tenant asks for multi-factor sign-in, and this account has none yet.",
        "Set up the second factor for the delegated user once, or exempt the service account by a policy.",
        Who.BOTH,
    ),
    _row(
        50074,
        "The second factor was not passed",
        "The tenant asks for multi-factor sign-in, and it was not completed.",
        "Complete the second factor of the delegated user in the same window.",
        Who.PERSON,
    ),
    _row(
        50076,
        "A second factor is needed",
        "A policy, or a changed place, asks for multi-factor sign-in.",
        "Complete the second factor in the same window. A token fetched without it ends: sign in for the credential again.",
        Who.PERSON,
    ),
    _row(
        50078,
        "The second factor is too old",
        "A policy ends a passed second factor after some time.",
        "Complete it again, and have the service account exempted if that comes back.",
        Who.BOTH,
    ),
    _row(
        50079,
        "Registration for a second factor is required",
        "A policy, or a changed place, asks the account to register for multi-factor sign-in.",
        "Register the delegated user's second factor, then start the sign-in again.",
        Who.BOTH,
    ),
    _row(
        50087,
        "The second factor failed for a moment",
        "Microsoft's check of the second factor had a passing trouble.",
        "Try again.",
        Who.LATER,
    ),
    _row(
        50088,
        "Too many calls and text messages",
        "The limit for second factors by telephone is reached.",
        "Try again in a few minutes, or use an authenticator app.",
        Who.LATER,
    ),
    _row(
        50158,
        "Another check is asked for",
        "Conditional access sends the sign-in through a further check of another provider.",
        "Complete it in the same window, or have the service account exempted.",
        Who.BOTH,
    ),
    _row(
        53004,
        "The second factor can't be registered now",
        "It would have to be set up, and Microsoft sees a risk in this sign-in.",
        "Set up the second factor from a known place or device first.",
        Who.BOTH,
        error_sources.CONDITIONAL_ACCESS_TROUBLE,
    ),
    _row(
        53010,
        "A second factor can be set up from certain places only",
        "The organisation ties the registration to known places or devices.",
        "Register the delegated user's second factor there, then start again.",
        Who.BOTH,
    ),
)

# -- conditional access and devices --------------------------------------------------------------------------------------

_SIGN_IN_LOG = (
    "Look at the user's sign-in log in Entra, tab Conditional Access: it names the policy. Exempt the service account or meet it."
)
_POLICIES = (
    _row(
        50005,
        "This platform is not supported by a policy",
        "Conditional access knows no rule for the operating system of this computer.",
        "Sign in from a supported one, or have the policy changed.",
        Who.ENTRA,
    ),
    _row(
        50097,
        "The device must identify itself",
        "Conditional access wants the device's identity, and a fresh private window shows none.",
        "Exempt the delegated user from this policy.",
        Who.ENTRA,
        error_sources.CONDITIONAL_ACCESS_DEVICE,
    ),
    _row(
        50129,
        "The device is not registered",
        "Conditional access wants a device that is registered with the organisation.",
        "Register the device, or exempt the delegated user from this policy.",
        Who.ENTRA,
    ),
    _row(
        50131,
        "A conditional access rule failed",
        "The state of the device, a suspicious sign-in or a security policy stands against it.",
        _SIGN_IN_LOG,
        Who.ENTRA,
        error_sources.CONDITIONAL_ACCESS_TROUBLE,
    ),
    _row(
        50155,
        "The device could not prove itself",
        "The check of the device failed for this user.",
        "Try from another device, or have the device looked at in Entra.",
        Who.ENTRA,
    ),
    _row(
        50187,
        "The device told nothing about itself",
        "The service could not check the device.",
        "Exempt the delegated user from the rule about devices, or sign in from a registered one.",
        Who.ENTRA,
        error_sources.CONDITIONAL_ACCESS_DEVICE,
    ),
    _row(
        53000,
        "The device must be compliant",
        "Conditional access wants a managed, compliant device; a fresh private window shows none.",
        "Exempt the delegated user from this policy, or sign in on a managed device.",
        Who.ENTRA,
        error_sources.CONDITIONAL_ACCESS_TROUBLE,
    ),
    _row(
        53001,
        "The device must be joined",
        "Conditional access wants a joined device; a fresh private window shows none.",
        "Exempt the delegated user from the rule, or sign in on a device that is joined to the domain.",
        Who.ENTRA,
        error_sources.CONDITIONAL_ACCESS_TROUBLE,
    ),
    _row(
        53002,
        "The application is not an approved one",
        "Conditional access lets approved client applications in alone, and a browser is none.",
        "Exempt the delegated user or this application from that rule.",
        Who.ENTRA,
        error_sources.CONDITIONAL_ACCESS_TROUBLE,
    ),
    _row(
        53003,
        "Blocked by conditional access",
        "A policy forbids this sign-in: place, device, application or risk.",
        _SIGN_IN_LOG,
        Who.ENTRA,
        error_sources.CONDITIONAL_ACCESS_TROUBLE,
    ),
    _row(
        53009,
        "An Intune protection policy is demanded",
        "Conditional access wants an application that carries Intune's protection; a browser for ServiceNow does not.",
        "Exempt the delegated user or this application from that rule.",
        Who.ENTRA,
        error_sources.CONDITIONAL_ACCESS_TROUBLE,
    ),
    _row(
        53011,
        "Blocked because of risk",
        "The account's home tenant holds it to be at risk.",
        "Have the risk looked at and dismissed in Entra, then sign in again.",
        Who.ENTRA,
    ),
    _row(
        530032,
        "Blocked by a security policy of the tenant",
        "A policy for the whole tenant stands against this request.",
        "Have the tenant's security policies looked at.",
        Who.ENTRA,
    ),
    _row(
        530035,
        "Blocked by security defaults",
        "The tenant's security defaults take this sign-in for unsafe or outdated.",
        "Complete the second factor; if it stays, have the security defaults looked at.",
        Who.ENTRA,
    ),
    _row(
        50002,
        "The network forbids this tenant",
        "A proxy lets sign-ins through to listed tenants only.",
        "Have the tenant put on that list, or sign in from another network.",
        Who.ENTRA,
    ),
    _row(
        500021,
        "Tenant restrictions keep this tenant out",
        "The network's proxy names the allowed tenants, and this one is not among them.",
        "Have the tenant allowed in the tenant restrictions of this network.",
        Who.ENTRA,
    ),
    _row(
        500212,
        "The account's organisation forbids leaving",
        "An outbound access policy of the account's own tenant stands against it.",
        "Sign in as the delegated user of the registry's tenant; it need not cross to another one.",
        Who.PERSON,
    ),
    _row(
        500213,
        "The tenant takes no accounts from there",
        "The tenant's cross-tenant access policy does not let this account in.",
        "Sign in as a user of this very tenant.",
        Who.PERSON,
    ),
    _row(
        70043,
        "A sign-in frequency rule ended the token",
        "Conditional access limits how long a sign-in lasts.",
        "Exempt the service account from the sign-in frequency rule, then sign in again.",
        Who.ENTRA,
    ),
)

# -- consent and permissions ---------------------------------------------------------------------------------------------

_CONSENT = (
    _row(
        65001,
        "Consent is missing",
        "Nobody has agreed that the application may use these permissions.",
        "Grant admin consent for Calendars.ReadWrite, Calendars.ReadWrite.Shared and offline_access.",
        Who.ENTRA,
    ),
    _row(
        65004,
        "Consent was refused",
        "Cancel was pressed on the page that asks for permissions.",
        "Sign in again and accept, or have admin consent granted.",
        Who.BOTH,
    ),
    _row(
        65005,
        "The registration does not list what is asked for",
        "The application asks for a resource its registration does not name.",
        "Add the three delegated Microsoft Graph permissions to the app registration, then grant admin consent.",
        Who.ENTRA,
    ),
    _row(
        650052,
        "The organisation lacks the service",
        "The service the application asks for is not subscribed to, or not switched on.",
        "Have the organisation's subscriptions and services looked at.",
        Who.ENTRA,
    ),
    _row(
        650056,
        "The application is set up wrongly",
        "Permissions are not listed, consent is missing, or the client id names another application.",
        "Compare the client id, then list the three delegated permissions and grant admin consent.",
        Who.BOTH,
        error_sources.AADSTS650056,
    ),
    _row(
        650057,
        "A resource that is not listed",
        "The request names a resource the app registration does not have among its permissions.",
        "Use the Microsoft Graph scopes on the OAuth entity profile, and list them in the app registration.",
        Who.BOTH,
    ),
    _row(
        90094,
        "An administrator must consent",
        "The permissions asked for need an administrator's agreement.",
        "Grant admin consent for the application.",
        Who.ENTRA,
    ),
    _row(
        90095,
        "An administrator was asked to consent",
        "The tenant lets people ask for consent, and that question is open.",
        "Have the request approved in Entra, then start the sign-in again.",
        Who.ENTRA,
    ),
    _row(
        50105,
        "Not assigned to the application",
        "The application lets in assigned users only, and this one is not.",
        "Assign the delegated user to the enterprise application, or switch off “Assignment required”.",
        Who.ENTRA,
        error_sources.AADSTS50105,
    ),
    _row(
        500011,
        "The resource is not known",
        "The tenant does not know the resource asked for, or the scope names another one.",
        "Put the Microsoft Graph scopes of this tenant's cloud on the OAuth entity profile.",
        Who.SERVICENOW,
    ),
    _row(
        50001,
        "The resource is switched off or missing",
        "What the scope names does not exist in this tenant, or is disabled.",
        "Check that the scopes of the OAuth entity profile are those of Microsoft Graph.",
        Who.SERVICENOW,
    ),
    _row(
        1000031,
        "The application can't be used just now",
        "Access to it is switched off for the moment.",
        "Have the enterprise application looked at in Entra.",
        Who.ENTRA,
    ),
)

# -- the application registry and the app registration -------------------------------------------------------------------

_SETUP = (
    _row(
        50011,
        "The redirect address is not registered",
        "The app registration in Entra does not list this instance's address ending in /oauth_redirect.do.",
        say("Add {redirect} to the registration as a Web redirect URI, letter by letter.", redirect=_REDIRECT),
        Who.ENTRA,
        error_sources.AADSTS50011,
    ),
    _row(
        900971,
        "No redirect address was given",
        "Neither the request nor the app registration names an address to return to.",
        say(
            "Enter {redirect} in the application registry and, as Web redirect URI, in the app registration.", redirect=_REDIRECT
        ),
        Who.BOTH,
    ),
    _row(
        50059,
        "The tenant is not named",
        "The authorization address does not say which tenant is meant.",
        "Put the tenant id into both addresses of the application registry.",
        Who.SERVICENOW,
    ),
    _row(
        50128,
        "No such domain",
        "The domain in the address is not one Microsoft knows a tenant for.",
        "Put the tenant id, not a domain, into both addresses of the application registry.",
        Who.SERVICENOW,
    ),
    _row(
        50194,
        "The application is for one tenant only",
        "The address names common or organizations, the application one tenant.",
        "Replace the word in both addresses of the application registry by the tenant id.",
        Who.SERVICENOW,
    ),
    _row(
        90002,
        "No such tenant in this cloud",
        "The tenant in the address does not exist in the cloud that was asked.",
        "Correct the tenant id in both addresses of the application registry; a national cloud has addresses of its own.",
        Who.SERVICENOW,
    ),
    _row(
        90019,
        "The tenant can't be told from the request",
        "The address leaves open which tenant is meant.",
        "Write the tenant id into the authorization and the token address.",
        Who.SERVICENOW,
    ),
    _row(
        90038,
        "The tenant belongs to another cloud",
        "It lives in a national cloud, and another one's address was used.",
        "Use the sign-in addresses of that cloud in the application registry.",
        Who.SERVICENOW,
        sources.NATIONAL_CLOUDS,
    ),
    _row(
        900432,
        "Another cloud's application",
        "An application with a secret can't sign in across clouds.",
        "Register the application in the cloud the tenant lives in, and use that cloud's addresses.",
        Who.BOTH,
        sources.NATIONAL_CLOUDS,
    ),
    _row(
        90014,
        "A part of the request is missing",
        "Most often no scope is on the OAuth entity profile.",
        "Put the three scopes on the profile, not only on the registry.",
        Who.SERVICENOW,
        sources.KB_PROFILE_SCOPE,
    ),
    _row(
        900144,
        "A parameter is missing from the request",
        "client_id or scope came empty.",
        "Fill in the client id of the application registry, and the scopes of the profile.",
        Who.SERVICENOW,
    ),
    _row(
        90015,
        "The request is too long",
        "The address grew beyond what Microsoft takes.",
        "Keep the scopes of the OAuth entity profile to the three that are needed.",
        Who.SERVICENOW,
    ),
    _row(
        90023,
        "The request is not valid",
        "Something in the authorization address is not as it should be.",
        "Compare both addresses of the application registry with the documentation: no blanks, no further parameters.",
        Who.SERVICENOW,
    ),
    _row(
        9002313,
        "The request is malformed",
        "Microsoft could not read it: often a wrong address, a blank or a parameter too many.",
        "Compare both addresses letter by letter; the token address ends in /oauth2/v2.0/token and nothing follows.",
        Who.SERVICENOW,
    ),
    _row(
        90056,
        "The token address was asked the wrong way",
        "Authorization and token address are mixed up, or no code was sent.",
        "Check that the authorization address ends in /authorize and the token address in /token.",
        Who.SERVICENOW,
    ),
    _row(
        70011,
        "A scope is not valid",
        "One of the scopes sent is misspelled or unknown.",
        "Correct the scopes of the OAuth entity profile: Calendars.ReadWrite, Calendars.ReadWrite.Shared, offline_access.",
        Who.SERVICENOW,
    ),
    _row(
        28003,
        "The scope is empty",
        "The code was redeemed without saying for what.",
        "Put the three scopes on the OAuth entity profile of the credential.",
        Who.SERVICENOW,
    ),
    _row(
        700022,
        "Scopes of more than one resource",
        "The profile mixes permissions of several services.",
        "Keep Microsoft Graph's three scopes on the profile and remove the others.",
        Who.SERVICENOW,
    ),
    _row(
        700016,
        "The application is not in this tenant",
        "The client id is wrong, or belongs to another tenant.",
        "Compare client id and tenant id of the application registry with the app registration in Entra.",
        Who.SERVICENOW,
    ),
    _row(
        70001,
        "The application is not usable here",
        "It is disabled, or the tenant does not hold it.",
        "Have the enterprise application enabled, and compare the client id.",
        Who.BOTH,
        error_sources.AADSTS70001,
    ),
    _row(
        7000112,
        "The application is disabled",
        "Sign-in to the enterprise application is switched off.",
        "Have it switched on again in Entra.",
        Who.ENTRA,
    ),
    _row(
        70003,
        "The grant type is not supported",
        "The application registry asks for a token in a way this application may not use.",
        "Set the grant type of registry and profile to Authorization Code.",
        Who.SERVICENOW,
    ),
    _row(
        700054,
        "This kind of answer is not switched on",
        "The address asks for an ID token instead of a code.",
        "Use the v2.0 authorize address without further parameters in the application registry.",
        Who.SERVICENOW,
    ),
    _row(
        70007,
        "This way of answering is not supported",
        "The address names a response mode that does not go with a code.",
        "Remove response_mode from the authorization address of the application registry.",
        Who.SERVICENOW,
    ),
    _row(
        50147,
        "The code challenge has the wrong size",
        "PKCE is switched on in the registry, and its challenge was cut or changed.",
        "Set the code challenge method to S256, or switch PKCE off in the application registry.",
        Who.SERVICENOW,
    ),
    _row(
        501481,
        "The code verifier does not match",
        "The code was redeemed with another PKCE verifier than it was asked for with.",
        "Start the sign-in again, in one window only.",
        Who.PERSON,
    ),
    _row(
        50196,
        "The same request too often",
        "Microsoft saw the same request many times in a short while and takes it for a loop.",
        "Wait some minutes; if it stays, look at what asks the instance for tokens so often.",
        Who.SERVICENOW,
    ),
)

# -- the client secret and the tokens ------------------------------------------------------------------------------------

_TOKENS = (
    _row(
        7000215,
        "The client secret is wrong",
        "Often the secret's id was pasted instead of its value.",
        "Make a new client secret in Entra and put its value into the application registry.",
        Who.BOTH,
    ),
    _row(
        7000218,
        "A client secret is missing",
        "The registration expects a secret and none was sent.",
        "Put the client secret's value into the application registry.",
        Who.SERVICENOW,
    ),
    _row(
        7000222,
        "The client secret has expired",
        "Its end date has passed.",
        "Make a new one in Entra, with a date in your calendar, and put its value into the application registry.",
        Who.BOTH,
    ),
    _row(
        70002,
        "The client secret does not fit",
        "What the application registry holds is not the secret of this application.",
        "Put the value of a valid client secret of this very app registration into the application registry.",
        Who.BOTH,
    ),
    _row(
        700025,
        "The registration is a public client",
        "A public client may show no secret, and the instance sends one.",
        "Register the platform Web in Entra, with its redirect address and a client secret.",
        Who.ENTRA,
    ),
    _row(
        54005,
        "The code was used already",
        "The same authorization code was redeemed twice.",
        "Check the instance, then sign in again if the token is missing.",
        Who.PERSON,
    ),
    _row(
        700005,
        "The code is another tenant's",
        "The token address names another tenant than the authorization address.",
        "Put the same tenant id into both addresses of the application registry.",
        Who.SERVICENOW,
    ),
    _row(
        70000,
        "The grant is not valid",
        "The refresh token is malformed or no longer taken.",
        "Get a new token: sign in for this credential again.",
        Who.PERSON,
    ),
    _row(
        70008,
        "The code or token has expired",
        "Too much time passed before it was used.",
        "Sign in for this credential again; a code lives for about ten minutes.",
        Who.PERSON,
        sources.AUTH_CODE_FLOW,
    ),
    _row(
        700082,
        "The refresh token was unused for too long",
        "Nothing asked for a token for so long that it ended (90 days by default).",
        "Sign in for this credential again, and see that the synchronization runs.",
        Who.PERSON,
        sources.REFRESH_TOKENS,
    ),
    _row(
        700084,
        "The refresh token lives for a day only",
        "The redirect address is registered for a single-page application, whose tokens can't be renewed for long.",
        say("Register {redirect} as a Web redirect URI, then sign in again.", redirect=_REDIRECT),
        Who.ENTRA,
        sources.REFRESH_TOKENS,
    ),
    _row(
        50173,
        "The token has been revoked",
        "The password changed, or sessions were revoked, after the token was issued.",
        "Sign in for this credential again, with the new password.",
        Who.PERSON,
    ),
    _row(
        700020,
        "The token needs the person again",
        "Microsoft wants somebody to sign in before it gives another token.",
        "Start the sign-in of this credential.",
        Who.PERSON,
    ),
)

# -- Microsoft's own trouble ---------------------------------------------------------------------------------------------

_SERVICE = (
    _row(
        50000,
        "The sign-in service failed",
        "Microsoft could not issue the token, for a reason of its own.",
        "Try again later; if it stays, open a support request with time and correlation id.",
        Who.LATER,
    ),
    _row(50033, "A passing error", "Microsoft had a trouble that goes by.", "Try again in a moment.", Who.LATER),
    _row(
        90006,
        "The service is not available for the moment",
        "A part of Microsoft's sign-in did not answer.",
        "Try again in some minutes.",
        Who.LATER,
    ),
    _row(
        90012,
        "It took Microsoft too long",
        "The request ran out of time on Microsoft's side.",
        "Start the sign-in again.",
        Who.LATER,
    ),
    _row(
        90033,
        "Microsoft's directory is not available",
        "The directory behind the sign-in did not answer.",
        "Try again later.",
        Who.LATER,
    ),
    _row(
        90055,
        "Too many requests to the tenant",
        "Microsoft holds the tenant's requests back for a while.",
        "Wait, then try again; if it stays, ask who sends so many.",
        Who.LATER,
    ),
    _row(
        80001,
        "The own Active Directory can't be reached",
        "Microsoft checks the password there, and its agent gets no answer.",
        "Have the pass-through authentication agents and Active Directory looked at.",
        Who.ENTRA,
    ),
    _row(
        80002,
        "The own Active Directory answers too late",
        "The check of the password there ran out of time.",
        "Try again; if it stays, have the authentication agents looked at.",
        Who.ENTRA,
    ),
)

CODES: dict[str, Meaning] = {
    row.code: row for group in (_PERSON, _FACTORS, _POLICIES, _CONSENT, _SETUP, _TOKENS, _SERVICE) for row in group
}
