"""Signing a local user in by the instance's own login page, so that window A need not be typed into.

It is the form a browser would send: ``/login.do`` with the page's ``sysparm_ck``. Whatever the instance wants beyond user and
password (single sign-on, a second factor, a new password) stays with the person: then nothing comes of it but a reason. Only
the instance's own address is ever asked, no redirect is followed, and nothing is kept here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urljoin, urlsplit

from exoalias.adapters.entering.access import ask, is_asleep
from exoalias.adapters.entering.whoami import who
from exoalias.adapters.keeping.secret import Secret
from exoalias.domain.problems import Hibernating, OutcomeUnknown
from exoalias.domain.words import say

if TYPE_CHECKING:
    from http.cookiejar import Cookie

    from exoalias.adapters.network.http import Answer, Client

_LOGIN: Final = "/login.do"
_SECOND_FACTOR: Final = "validate_multifactor"
_NEW_PASSWORD: Final = ("change_password", "password_change", "reset_password")


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """One cookie of a signed-in session, as a browser keeps it for the instance."""

    name: str
    value: Secret = field(repr=False)
    path: str
    secure: bool
    http_only: bool


@dataclass(frozen=True, slots=True)
class NotByForm:
    """Nobody was signed in, and why; a whole sentence."""

    why: str


def sign_in(client: Client, user: str, password: Secret) -> tuple[SessionCookie, ...] | NotByForm:
    """Sign in by the login page with a client made for this alone: the session's cookies, or why there is none.

    Raises what Client.send raises, and Hibernating. A password is sent once, and only where the page asks for one.
    """
    page = client.send("GET", _LOGIN, headers=_headers(client.origin))
    reason = _reason(client, page)
    if reason is not None:
        return reason
    form = _Form()
    form.feed(page.body.decode("utf-8", "replace"))
    if not form.asks_for_password:
        return NotByForm("The instance's login page asks for no user and password.")
    fields = {"user_name": user, "user_password": password.reveal(), "sys_action": "sysverb_login", "sysparm_ck": form.token}
    headers = {**_headers(client.origin), "Content-Type": "application/x-www-form-urlencoded"}
    try:
        answer = client.send("POST", _LOGIN, headers=headers, body=urlencode(fields).encode(), repeatable=False)
    except OutcomeUnknown:
        return NotByForm("The instance's login page did not answer.")
    return _reason(client, answer, after=True) or _session(client, user)


def _session(client: Client, user: str) -> tuple[SessionCookie, ...] | NotByForm:
    """Whether somebody is signed in now, by asking the instance who: a page alone says nothing."""
    name = who(lambda path: ask(client, "GET", path, body=None, repeatable=True, proof={}))
    if name is None:
        return NotByForm("The instance's login page did not take user and password.")
    if name and name.casefold() != user.casefold():
        return NotByForm("The instance signed in somebody else than the user given.")
    return tuple(
        SessionCookie(
            each.name, Secret(each.value or ""), each.path, each.secure or client.origin.startswith("https:"), _http_only(each)
        )
        for each in client.cookies
    )


def _http_only(cookie: Cookie) -> bool:
    return any(cookie.has_nonstandard_attr(name) for name in ("HttpOnly", "httponly", "HTTPOnly"))


def _headers(origin: str) -> dict[str, str]:
    return {"Accept": "text/html", "User-Agent": "exoalias", "Origin": origin, "Referer": f"{origin}{_LOGIN}"}


def _reason(client: Client, answer: Answer, *, after: bool = False) -> NotByForm | None:
    """What the instance wants instead of, or beside, user and password; None where it may have what it wants."""
    if is_asleep(answer):
        raise Hibernating(host=answer.host)
    if answer.status >= 400:
        return NotByForm(say("The instance's login page can't be had ({status}).", status=answer.status))
    target = _target(client.origin, answer)
    if target is None:
        return NotByForm("The instance sends to single sign-on elsewhere.")
    if _SECOND_FACTOR in target or (after and _SECOND_FACTOR.encode() in answer.body):
        return NotByForm("The instance asks for a second factor.")
    if any(words in target for words in _NEW_PASSWORD):
        return NotByForm("The instance asks for a new password.")
    if target and not after:
        return NotByForm("The instance's login page sends on to another page.")
    return None


def _target(origin: str, answer: Answer) -> str | None:
    """Where a redirect leads on this very instance, in lower case; "" for no redirect, None for elsewhere."""
    if not 300 <= answer.status < 400:
        return ""
    try:
        parts = urlsplit(urljoin(f"{origin}{_LOGIN}", answer.headers.get("location", "")))
    except ValueError:
        return None
    return f"{parts.path}?{parts.query}".lower() if f"{parts.scheme}://{parts.netloc}" == origin else None


class _Form(HTMLParser):
    """The login page's form: whether it asks for a password, and the token it wants back."""

    def __init__(self) -> None:
        super().__init__()
        self.token = ""
        self.asks_for_password = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        said = dict(attrs) if tag == "input" else {}
        if said.get("name") == "sysparm_ck":
            self.token = said.get("value") or ""
        if said.get("name") == "user_password":
            self.asks_for_password = True
