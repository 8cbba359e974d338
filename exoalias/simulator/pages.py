"""The pages of the simulated instance: plain HTML, no style sheets, no scripts but those a page needs."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

from exoalias.simulator.wire import Answer, html

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exoalias.simulator.scenario import InstanceUser
    from exoalias.simulator.tables import Row

HIBERNATING = (
    "<html><head><title>Instance Hibernating page</title></head><body><h1>Your instance is hibernating.</h1></body></html>"
)
SUCCESS = "OAuth token flow completed successfully"

# The person at the login page: waits for the form as a person's eyes do, and does what they do.
_PERSON = """
addEventListener("load", () => setTimeout(() => {
  const form = document.forms[0];
  const press = button => button.click();
  const fill = (name, password) => { form.user_name.value = name; form.user_password.value = password; };
  %s
}, 50));
"""

# The same person at a page with one field or one button.
_PERSON_CODE = """
addEventListener("load", () => setTimeout(() => {
  const form = document.forms[0];
  if (form.dataset.failed) return;
  form.txtResponse.value = %s;
  form.querySelector("button").click();
}, 50));
"""
_PERSON_DECIDES = """
addEventListener("load", () => setTimeout(() => document.getElementById(%s).click(), 50));
"""


def _page(title: str, body: str, script: str = "", status: int = 200) -> Answer:
    scripts = f"<script>{script}</script>" if script else ""
    return html(
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,">'
        f"<title>{escape(title)}</title></head><body>{body}{scripts}</body></html>",
        status,
    )


def logs_in(user: InstanceUser) -> str:
    """What somebody does at the login page who logs in: for ``login``."""
    return f"fill({_js(user.user_name)}, {_js(user.password)}); press(form.querySelector('button'));"


def login(ck: str, *, error: str = "", played: str = "") -> Answer:
    """The local login form; *played* is what the person at it does, as statements of a script."""
    said = f'<p role="alert">{escape(error)}</p>' if error else ""
    body = (
        f'<h1>Log in</h1>{said}<form method="post" action="/login.do">'
        f'<input type="hidden" name="sysparm_ck" value="{escape(ck)}">'
        '<input type="hidden" name="sys_action" value="sysverb_login">'
        '<p><label>User name <input name="user_name" id="user_name" autocomplete="username"></label></p>'
        '<p><label>Password <input name="user_password" id="user_password" type="password"'
        ' autocomplete="current-password"></label></p>'
        '<p><button type="submit" id="sysverb_login">Log in</button></p></form>'
    )
    return _page("Log in | ServiceNow", body, _PERSON % played if played else "")


def second_factor(ck: str, *, error: str = "", played_code: str = "") -> Answer:
    """The page that asks for the authenticator's code; *played_code* is entered by itself, once.

    Address and names of field and button as seen on instances; the page is in no documentation.
    """
    said = f'<p role="alert">{escape(error)}</p>' if error else ""
    body = (
        f"<h1>Multi-factor authentication</h1>{said}"
        f'<form method="post" action="/validate_multifactor_auth_code.do"{" data-failed=1" if error else ""}>'
        f'<input type="hidden" name="sysparm_ck" value="{escape(ck)}">'
        '<p><label>6-digit verification code <input name="txtResponse" id="txtResponse" inputmode="numeric"'
        ' autocomplete="one-time-code"></label></p>'
        '<p><button type="submit" id="sysverb_validate_mfa_code">Login</button></p></form>'
    )
    return _page("Validate multi-factor authentication code", body, _PERSON_CODE % _js(played_code) if played_code else "")


def consent(asked: str, client: str, ck: str, *, played: str | None = None) -> Answer:
    """The page of the instance's own OAuth endpoint; *played* is the button the person presses: allow or deny."""
    body = (
        f"<h1>{escape(client)} would like to connect to your account</h1>"
        '<form method="post" action="/oauth_auth.do">'
        f'<input type="hidden" name="asked" value="{escape(asked)}">'
        '<p><button type="submit" id="allow" name="consent" value="allow">Allow</button> '
        '<button type="submit" id="deny" name="consent" value="deny">Deny</button></p></form>'
    )
    return _page("Allow access", body, _g_ck(ck) + (_PERSON_DECIDES % _js(played) if played else ""))


def home(user: InstanceUser, ck: str, credentials: Iterable[Row]) -> Answer:
    """Where one lands after signing in: the credentials, each with its form."""
    rows = "".join(
        f'<li><a href="/oauth_2_0_credentials.do?sys_id={row["sys_id"]}">{escape(row["name"])}</a></li>' for row in credentials
    )
    return _page("ServiceNow", f"<h1>Welcome, {escape(user.display_name)}</h1><h2>Credentials</h2><ul>{rows}</ul>", _g_ck(ck))


def credential(row: Row, profile: str, banner: str, ck: str) -> Answer:
    """The form of a credential with its related link, which opens the pop-up a real form opens."""
    link = ""
    if row["oauth_entity_profile"]:
        address = (
            "/oauth_initiator.do?oauth_requestor_context=oauth_2_0_credentials"
            f"&oauth_requestor={row['sys_id']}&oauth_provider_profile={row['oauth_entity_profile']}&response_type=code"
        )
        link = (
            f'<p><a id="get_oauth_token" href="#" data-address="{escape(address)}" onclick="'
            "window.open(this.dataset.address, 'oauth', 'height=500,width=800'); return false\">Get OAuth Token</a></p>"
        )
    body = (
        f'<h1>{escape(row["name"])}</h1><p role="status">{escape(banner)}</p>'
        f"<dl><dt>OAuth Entity Profile</dt><dd>{escape(profile)}</dd>"
        f"<dt>Integration Type</dt><dd>{escape(row['integration_type'])}</dd></dl>"
        f'{link}<p><a href="/navpage.do">Credentials</a></p>'
    )
    return _page(f"{row['name']} | OAuth 2.0 Credentials", body, _g_ck(ck))


def token_stored() -> Answer:
    """The end of a token flow that went well: says so and reloads the form that opened it."""
    script = "if (window.opener) { try { window.opener.location.reload(); } catch (gone) { console.log('opener is gone'); } }"
    return _page("OAuth", f"<p>{SUCCESS}</p>", script)


def token_failed(error: str, description: str, uri: str = "") -> Answer:
    """The end of a token flow that went wrong (text as in KB0866332)."""
    detail = ", ".join((error, description, uri))
    text = f"OAuth flow failed. Verify the configurations and try again. Error detail:{detail}"
    return _page("OAuth", f'<p role="alert">{escape(text)}</p>')


def message(title: str, text: str, status: int = 200, *, ck: str = "") -> Answer:
    """A page with one sentence; *ck* is the user token of somebody signed in."""
    return _page(title, f"<p>{escape(text)}</p>", _g_ck(ck) if ck else "", status)


def _g_ck(ck: str) -> str:
    return f"window.g_ck = {_js(ck)};"


def _js(text: str) -> str:
    return json.dumps(text).replace("<", "\\u003c")
