"""The browser session as a way in: the session of a person who signed in to the instance in window A.

Its cookies are held in memory, for that instance alone. What asks the instance for anything but a page also carries the
user token the platform puts into its pages (``g_ck``, sent as X-UserToken). A session that died is noticed by every sign the
platform gives (a redirect to a login page, a page instead of data, a 401), and the person is asked once more.
Sources: ServiceNow docs, "REST APIs" (session-based requests); the user token is what the platform's own pages send.
"""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from exoalias.adapters.entering.access import ask, is_asleep, is_signed_out, judged
from exoalias.adapters.entering.whoami import who
from exoalias.adapters.keeping.secret import Secret
from exoalias.domain.problems import AnotherUser, Hibernating, OutcomeUnknown, Problem, SessionEnded, TokenNotFound
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exoalias.adapters.network.http import Answer, Client

# Pages somebody signed in may see and that carry the token; which of them exist depends on release and interface.
_PAGES: Final = ("/navpage.do", "/home.do", "/now/nav/ui/classic/params/target/home.do")
_TOKEN: Final = re.compile(rb"g_ck\s*[=:]\s*[\"']([0-9A-Za-z]{20,256})[\"']")
_HOPS: Final = 4
_LOGIN_FORM: Final = b"sysverb_login"  # what the platform's login page posts
_COOKIE: Final = re.compile(r"\s*([^=;\s]+)=([^;]*)")


class PersonsSession:
    """``renew`` is called when a session is needed: it brings the person to sign in, and ``admit`` to be called. Thread-safe."""

    def __init__(self, client: Client, renew: Callable[[PersonsSession], None]) -> None:
        self._client = client
        self._renew = renew
        self._token = Secret("")
        self._user = ""
        self._times = 0  # how often somebody was let in
        self._lock = threading.Lock()

    @property
    def origin(self) -> str:
        """The instance."""
        return self._client.origin

    @property
    def user(self) -> str:
        """Who signed in; "" before, and where the instance doesn't say."""
        return self._user

    @property
    def times(self) -> int:
        """How often somebody was let in so far."""
        return self._times

    def admit(self, cookies: Secret) -> bool:
        """Take over the session of this cookie header, if somebody is signed in there. TokenNotFound, Unreachable, …

        AnotherUser where it is not who was let in before: what was begun as one person is not gone on with as another.
        """
        with self._lock:
            self._client.take_cookies(_COOKIE.findall(cookies.reveal()))
            token = self._find_token()
            user = who(lambda path: self._read(path, token))
            if user is None:
                self._client.forget_cookies()
                return False
            if token is None:
                raise TokenNotFound(host=self._client.host)
            if self._times and self._user.casefold() != user.casefold():
                self._client.forget_cookies()
                raise AnotherUser(host=self._client.host, before=self._user or say("somebody"), now=user or say("Somebody else"))
            self._token, self._user = Secret(token), user
            self._times += 1
            return True

    def forget(self) -> None:
        """Drop the session: the next request asks the person to sign in again."""
        with self._lock:
            self._client.forget_cookies()
            self._token, self._times = Secret(""), 0

    def send(self, method: str, path: str, *, body: Mapping[str, object] | None = None, repeatable: bool | None = None) -> Answer:
        """Send one request in the session. SessionEnded where a new one did not help either; else as every way in."""
        changes = method != "GET" and not repeatable
        times = self._times
        if not times:
            self._renew(self)
            times = self._times
        answer = self._ask(method, path, body, repeatable)
        if is_signed_out(answer):
            # A redirect, a 401 or the login form is sent instead of carrying the request out; another page might not be. That is
            # concluded, documented nowhere: a write sent again is the same value once more, and is compared with what came back.
            page = changes and answer.status == 200 and _LOGIN_FORM not in answer.body
            doubt = OutcomeUnknown(record=say("the record"), host=answer.host, why="a page came instead of an answer")
            try:
                if times == self._times:  # else another request has brought the person to sign in again meanwhile
                    self._renew(self)
            except Problem as ended:
                raise (doubt if page else ended) from None
            if page:
                raise doubt
            answer = self._ask(method, path, body, repeatable)
            if is_signed_out(answer):
                raise SessionEnded(host=answer.host)
        return judged(answer, changes=changes, refused=lambda refused: SessionEnded(host=refused.host))

    def _ask(self, method: str, path: str, body: Mapping[str, object] | None, repeatable: bool | None) -> Answer:  # noqa: FBT001 - passed through
        answer = ask(self._client, method, path, body=body, repeatable=repeatable, proof=self._proof(self._token.reveal()))
        turned = answer.headers.get("x-usertoken-response", "")
        if turned and not is_signed_out(answer):
            self._token = Secret(turned)
        return answer

    # -- who is there -----------------------------------------------------------------------------------------------------

    def _find_token(self) -> str | None:
        """The user token out of the first page that carries one; None where none does, as for somebody not signed in."""
        for page in _PAGES:
            found = _TOKEN.search(self._page(page))
            if found:
                return found[1].decode("ascii")
        return None

    def _page(self, path: str) -> bytes:
        """A page of the instance, with the redirects a browser would follow there; b"" for one that leads elsewhere."""
        for _ in range(_HOPS):
            answer = self._client.send("GET", path, headers={"Accept": "text/html", "User-Agent": "exoalias"})
            if is_asleep(answer):
                raise Hibernating(host=answer.host)
            if not 300 <= answer.status < 400:
                return answer.body if answer.status == 200 else b""
            onward = self._onward(path, answer)
            if onward is None:
                break
            path = onward
        return b""

    def _onward(self, path: str, answer: Answer) -> str | None:
        """Where a redirect leads on this very instance; None for a login page and for every other host."""
        try:
            parts = urlsplit(urljoin(f"{self._client.origin}{path}", answer.headers.get("location", "")))
        except ValueError:
            return None
        if f"{parts.scheme}://{parts.netloc}" != self._client.origin or is_signed_out(answer):
            return None
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def _read(self, path: str, token: str | None) -> Answer:
        return ask(self._client, "GET", path, body=None, repeatable=True, proof=self._proof(token or ""))

    def _proof(self, token: str) -> dict[str, str]:
        """As the instance's own pages send it: some of its addresses want to be asked from one of them."""
        asked_from = {"Origin": self._client.origin, "Referer": f"{self._client.origin}/"}
        return asked_from | ({"X-UserToken": token} if token else {})
