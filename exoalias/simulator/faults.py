"""What can go wrong on the far side, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Door = Literal["password", "api-key", "oauth", "client-credentials", "certificate", "browser"]
Death = Literal[
    "401",  # JSON, "User Not Authenticated"
    "302",  # to /login.do
    "302-logout",  # to /logout_success.do
    "html",  # 200 and the login page
]


@dataclass(frozen=True, slots=True)
class Faults:
    """Every field is off by default."""

    latency_s: float = 0.0  # added to each answer of instance and Microsoft
    exchange_s: float = 0.0  # the instance's own call to Microsoft's token address takes this long
    no_batch: bool = False  # the Batch API answers 403 "Failed API level ACL Validation"
    batch_leaves: int = 0  # leave this many items of each batch unserviced
    rate_limit_every: int = 0  # each Nth REST request answers 429 with Retry-After: 1
    hibernating: bool = False  # 200 text/html, "Instance Hibernating page", on every address
    basic_auth_gate: bool = False  # 401 on every REST request, the same text as a wrong password
    writes_ignored: bool = False  # PATCH answers 200 with the old value, sys_mod_count unchanged
    scope_fenced: bool = False  # PATCH of a record of another application than the user's current one answers 403
    colleague_saves: bool = False  # after each read of a planned credential somebody else saves it
    session_dies_after_token: bool = False  # after the first stored token all browser sessions are gone, once
    tokens_unreadable: bool = False  # 403 on oauth_credential and oauth_requestor_profile
    exchange_fails: bool = False  # Microsoft refuses the instance's client secret (AADSTS7000215)
    microsoft_error: str = ""  # authorize of the strict-mode registry comes back with this error=…
    os_account: str = ""  # this person (a key) is signed in by the operating system: nobody is prompted, whatever is asked
    os_account_times: int = 0  # it answers so often, then the person is asked; 0 always. Stands for a private window, in which
    # a browser does not offer it: the far side sees requests alone, and nothing in them tells what kind of window they are from
    wants_approval: bool = False  # a second factor after each password
    no_client_info: bool = False  # Microsoft's answer carries no client_info though asked
    sso_reload: bool = False  # the sign-in page reloads its own authorize address with sso_reload=true
    deep_link_lost: bool = False  # after signing in to the instance one lands on its home page
    # Ways in to REST and to the pages.
    closed: tuple[Door, ...] = ()  # these are refused; all others are open at once
    wants_code: bool = False  # basic authentication wants the password with the authenticator's code appended
    local_login_closed: bool = False  # the instance's own login knows no password for the admin: single sign-on alone
    instance_mfa: bool = False  # the local login asks for the authenticator's code on a page of its own
    access_token_s: float = 1800.0  # lifetime of the instance's own OAuth access tokens
    refresh_rotates: bool = False  # each refresh gives a new refresh token and ends the old one
    no_refresh_token: bool = False  # the public client gets none, as the newer documentation has it
    session_dies_after: int = 0  # a browser's session is gone after so many REST requests, once
    session_dies_as: Death = "401"  # how the instance answers a REST request whose session it does not know
    ck_rotates_every: int = 0  # after so many REST requests a session has a new X-UserToken, told in X-UserToken-Response
    # Instance Scan over REST.
    scan_forbidden: bool = False  # 403 on every address of it
    scan_missing: bool = False  # 400 "Requested URI does not represent any resource"
    scan_no_suite: bool = False  # the suite of Workplace Calendar Synchronization is not there
    scan_fails: bool = False  # a scan ends as Failed
    scan_slow: float = 0.0  # a scan takes so many seconds; otherwise it is done at the fourth question
    # Answers no client expects.
    hostile: str = ""  # REST answers with such, see hostile.HOSTILE
    hostile_after: int = 0  # only from the request on that follows so many
