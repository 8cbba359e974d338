"""The pages of the simulated sign-in: plain HTML that works by keyboard alone.

A page may carry one inline script, allowed by a nonce; without one, scripts are forbidden altogether. The button that Enter
presses comes first in each form, as browsers submit with the first one.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from exoalias.simulator.entra_http import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from exoalias.simulator.entra_sessions import Account

TITLE = "Sign in to your account (simulated)"

_STYLE = """
:root{color-scheme:light dark;--accent:#1f5fa8;--line:#8a8a8a;--bad:#b3261e;--card:#fff;--ground:#eef1f4;--ink:#1b1b1b}
@media(prefers-color-scheme:dark){:root{--accent:#7db3ec;--line:#909090;--bad:#ff8a80;--card:#232629;--ground:#15171a;--ink:#eee}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--ground);color:var(--ink);
font:16px/1.45 system-ui,sans-serif}main{width:min(27.5rem,94vw);background:var(--card);padding:2.4rem 2.6rem;
box-shadow:0 2px 8px #0003}.brand{font-size:.85rem;color:inherit;opacity:.75;margin:0 0 1rem}h1{font-size:1.45rem;
font-weight:600;margin:0 0 1rem}label{display:block;margin:.2rem 0}input{width:100%;font:inherit;padding:.45rem .2rem;border:0;
border-bottom:1px solid var(--line);background:transparent;color:inherit}input:focus{outline:2px solid var(--accent);
outline-offset:2px}.bad{color:var(--bad)}.row{display:flex;flex-direction:row-reverse;gap:.5rem;margin-top:1.6rem}
button{font:inherit;min-width:6.8rem;padding:.4rem .9rem;border:1px solid var(--line);background:transparent;color:inherit}
button.main{background:var(--accent);border-color:var(--accent);color:var(--card)}button:focus-visible{outline:2px solid
var(--ink);outline-offset:2px}.tile{display:block;width:100%;text-align:left;margin:0 0 .5rem;padding:.7rem}.tile small{display:
block;opacity:.75}ul{padding-left:1.2rem}
ul,dl{overflow-wrap:anywhere}dl{display:grid;grid-template-columns:auto 1fr;gap:.2rem .8rem;font-size:.85rem}dd{margin:0}
"""


@dataclass(frozen=True, slots=True)
class Form:
    """Where a page posts to, and the hidden values that tie the post to this page and no other."""

    action: str
    flow: str
    token: str


def username(form: Form, typed: str, error: str, script: str) -> Answer:
    """First step: who are you? *typed* is filled in already (from login_hint, or a first attempt)."""
    body = f"""<h1>Sign in</h1>{_error(error)}<label for="username">User name</label>
<input id="username" name="username" type="email" inputmode="email" autocomplete="username" spellcheck="false"
 value="{escape(typed)}" autofocus>{_row(("next", "Next"), ("back", "Back"))}"""
    return page(_form(form, body), script)


def password(form: Form, user_name: str, error: str, script: str) -> Answer:
    """Second step: the password."""
    body = f"""<p>{escape(user_name)}</p><h1>Enter password</h1>{_error(error)}<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" autofocus>
{_row(("signin", "Sign in"), ("back", "Back"))}"""
    return page(_form(form, body), script)


def approve(form: Form, user_name: str, error: str, script: str) -> Answer:
    """A second factor: approve it on the telephone. Two buttons stand for the telephone."""
    body = f"""<p>{escape(user_name)}</p><h1>Approve sign-in request</h1>{_error(error)}
<p>Open your authenticator app, and approve the request.</p>{_row(("approve", "Approve"), ("deny", "Deny"))}"""
    return page(_form(form, body), script)


def picker(form: Form, accounts: Sequence[Account], script: str) -> Answer:
    """Which of the people known in this browser?"""
    tiles = "".join(
        f'<button class="tile" name="account" value="{escape(a.person.key)}" data-upn="{escape(a.person.upn.lower())}"'
        f"{' autofocus' if n == 0 else ''}>{escape(a.person.display_name)}<small>{escape(a.person.upn)} · "
        f"{'Signed in' if a.signed_in else 'Signed out'}</small></button>"
        for n, a in enumerate(accounts)
    )
    other = '<button class="tile" id="other" name="account" value="">Use another account</button>'
    return page(_form(form, f"<h1>Pick an account</h1>{tiles}{other}{_row(('back', 'Back'), main=False)}"), script)


def consent(form: Form, user_name: str, app: str, scopes: Iterable[str], script: str) -> Answer:
    """May the application act for this person?"""
    wishes = "".join(f"<li>{escape(scope)}</li>" for scope in scopes)
    body = f"""<p>{escape(user_name)}</p><h1>Permissions requested</h1><p><b>{escape(app)}</b> would like to:</p><ul>{wishes}</ul>
{_row(("accept", "Accept"), ("cancel", "Cancel"))}"""
    return page(_form(form, body), script)


def stay_signed_in(form: Form, user_name: str, script: str) -> Answer:
    """Should the session outlive the browser?"""
    body = f"""<p>{escape(user_name)}</p><h1>Stay signed in?</h1><p>Do this to reduce the number of times you are asked to
sign in.</p>{_row(("yes", "Yes"), ("no", "No"))}"""
    return page(_form(form, body), script)


def reloading(address: str) -> Answer:
    """A first page that fetches its own address once more, as the real one does to try the system's sign-on."""
    script = f"addEventListener('load', () => location.replace({js_string(address)}), {{once: true}});"
    return page("<h1>Sign in</h1><p>One moment…</p>", script)


def trouble(code: str, text: str, details: Mapping[str, str], status: int = 400, *, script: str = "") -> Answer:
    """An error that ends here, without a redirect; *script* is what the person does then."""
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in details.items())
    body = f"""<h1>Sorry, but we’re having trouble signing you in.</h1>
<p id="error">{escape(code)}: {escape(text)}</p><dl>{rows}</dl>"""
    return page(body, script, status=status)


def message(heading: str, text: str) -> Answer:
    """A page that only says something."""
    return page(f"<h1>{escape(heading)}</h1><p>{escape(text)}</p>", "")


def self_posting(target: str, fields: Mapping[str, str]) -> Answer:
    """Carries values to another site by a form that posts itself (response_mode=form_post, SAML's HTTP POST binding)."""
    hidden = "".join(f'<input type="hidden" name="{escape(n)}" value="{escape(v)}">' for n, v in fields.items())
    form = f'<form id="answer" method="post" action="{escape(target)}">{hidden}<button class="main">Continue</button></form>'
    return page(form, "document.getElementById('answer').submit();")


def page(body: str, script: str, *, status: int = 200) -> Answer:
    """Body and script in the common frame, with the headers that a sign-in page has."""
    nonce = secrets.token_urlsafe(12)
    tail = f'<script nonce="{nonce}">{script}</script>' if script else ""
    html = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,"><style>{_STYLE}</style></head>
<body><main><p class="brand">Simulated work or school account</p>{body}</main>{tail}</body></html>"""
    scripts = f"'nonce-{nonce}'" if script else "'none'"
    policy = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src {scripts}; base-uri 'none'"
    return Answer(
        status,
        html.encode(),
        headers=(
            ("Cache-Control", "no-store, no-cache"),
            ("Content-Security-Policy", f"{policy}; frame-ancestors 'none'"),
            ("X-Frame-Options", "DENY"),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ),
    )


def js_string(text: str) -> str:
    """A JavaScript string that can't end the script element it stands in."""
    import json

    return json.dumps(text).replace("<", "\\u003c")


def _form(form: Form, body: str) -> str:
    return f"""<form method="post" action="{escape(form.action)}" novalidate><input type="hidden" name="ctx"
 value="{escape(form.flow)}"><input type="hidden" name="flowToken" value="{escape(form.token)}">{body}</form>"""


def _error(text: str) -> str:
    return f'<p class="bad" role="alert" id="error">{escape(text)}</p>' if text else ""


def _row(*buttons: tuple[str, str], main: bool = True) -> str:
    """Buttons, the one that Enter presses first; ids are their values."""
    parts = []
    for n, (value, label) in enumerate(buttons):
        first = main and n == 0
        look = ' class="main"' if first else ""
        focus = " autofocus" if first and value in {"accept", "yes"} else ""
        parts.append(f'<button id="{value}" name="action" value="{value}"{look}{focus}>{label}</button>')
    return f'<div class="row">{"".join(parts)}</div>'
