"""The ways in to an instance, behind one seam: today a user and a password."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from exoalias.domain.problems import BadAnswer, Hibernating, OutcomeUnknown, SignInRefused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.adapters.http import Answer, Client, Http

_ASLEEP: Final = b"Hibernating"  # the developer instances' own page, with status 200 or 503


class Access(Protocol):
    """A signed-in way to one instance. Whatever it gives is JSON, or a Problem was raised."""

    @property
    def origin(self) -> str:
        """The instance, e.g. "https://acme.service-now.com"."""

    @property
    def user(self) -> str:
        """The user name it signs in with."""

    def send(self, method: str, path: str, *, body: Mapping[str, object] | None = None, repeatable: bool | None = None) -> Answer:
        """Send one request. ``repeatable``: it changes nothing (by default: it is a GET)."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Secret:
    """A password that shows itself to nobody by accident."""

    _text: str

    def reveal(self) -> str:
        """The password itself, for the one line that sends it."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a secret is not written down")


class UserAndPassword:
    """Basic authentication; the session of the first answer is kept, so that the instance signs in once.

    An instance may have closed this way to people: it then answers exactly as to a wrong password (SignInRefused says both).
    """

    def __init__(self, http: Http, origin: str, user: str, password: str | Secret) -> None:
        self._client: Client = http.client(origin)
        self._user = user
        self._password = password if isinstance(password, Secret) else Secret(password)

    @property
    def origin(self) -> str:
        """The instance."""
        return self._client.origin

    @property
    def user(self) -> str:
        """The user name."""
        return self._user

    def send(self, method: str, path: str, *, body: Mapping[str, object] | None = None, repeatable: bool | None = None) -> Answer:
        """Send one request; SignInRefused, Hibernating, BadAnswer, Unreachable and what Client.send raises."""
        had_session = self._client.has_cookies
        answer = self._send(method, path, body, repeatable)
        if answer.status == 401:
            # A refused request was not carried out. If it came with an old session, that alone may have been the reason.
            self._client.forget_cookies()
            if had_session:
                answer = self._send(method, path, body, repeatable)
        self._judge(answer, changes=method != "GET" and not repeatable)
        return answer

    def _send(self, method: str, path: str, body: Mapping[str, object] | None, repeatable: bool | None) -> Answer:  # noqa: FBT001 - passed through
        pair = base64.b64encode(f"{self._user}:{self._password.reveal()}".encode()).decode("ascii")
        headers = {"Accept": "application/json", "Authorization": f"Basic {pair}", "User-Agent": "exoalias"}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        return self._client.send(method, path, headers=headers, body=data, repeatable=repeatable)

    def _judge(self, answer: Answer, *, changes: bool) -> None:
        """Raise for every answer that is not the API speaking. ``changes``: the request was a write."""
        host = answer.host
        if answer.status == 401:
            self._client.forget_cookies()
            raise SignInRefused(host=host, user=self._user, detail=_detail_of_401(answer))
        if 300 <= answer.status < 400:
            raise BadAnswer(host=host, why=f"it sends us elsewhere ({answer.status}), as to a login page")
        if answer.is_json or (answer.status < 400 and not answer.body):
            return
        if _ASLEEP in answer.body[:200_000]:
            raise Hibernating(host=host)
        if answer.status in {502, 503, 504}:
            why = f"what stands before it says {answer.status}"
            raise OutcomeUnknown(record="the record", host=host, why=why) if changes else Unreachable(host=host, why=why)
        raise BadAnswer(host=host, why=f"a page instead of data ({answer.status})")


def _detail_of_401(answer: Answer) -> str:
    try:
        said = answer.json()
    except BadAnswer:
        return ""
    error = said.get("error") if isinstance(said, dict) else None
    message = error.get("message") if isinstance(error, dict) else error
    return str(message)[:100] if isinstance(message, str) else ""
