"""The seam behind which every way in to an instance stands, and what they share: telling data from everything else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

from exoalias.domain.problems import BadAnswer, Hibernating, OutcomeUnknown, Unreachable
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exoalias.adapters.network.http import Answer, Client
    from exoalias.domain.problems import Problem

_ASLEEP: Final = b"Hibernating"  # the developer instances' own page, with status 200 or 503
_LOOKED_AT: Final = 200_000  # bytes of a page that are searched
# Where a ServiceNow instance sends a request that carries no living session.
_SIGN_IN_PAGES: Final = frozenset(
    {
        "login.do",
        "login_redirect.do",
        "login_with_sso.do",
        "auth_redirect.do",
        "logout_success.do",
        "logout_redirect.do",
        "external_logout_complete.do",
        "validate_multifactor_auth_code.do",
    }
)


class Access(Protocol):
    """A signed-in way to one instance. Whatever it gives is JSON, or a Problem was raised."""

    @property
    def origin(self) -> str:
        """The instance, e.g. "https://acme.service-now.com"."""

    @property
    def user(self) -> str:
        """The user it acts as; "" where the instance doesn't say."""

    def send(self, method: str, path: str, *, body: Mapping[str, object] | None = None, repeatable: bool | None = None) -> Answer:
        """Send one request. ``repeatable``: it changes nothing (by default: it is a GET)."""


class Lasting(Access, Protocol):
    """One that is kept between two verbs."""

    def forget(self) -> None:
        """Drop the session, and the token that was given for it; a way that needs a person asks for one again."""


def ask(
    client: Client,
    method: str,
    path: str,
    *,
    body: Mapping[str, object] | None,
    repeatable: bool | None,
    proof: Mapping[str, str],
) -> Answer:
    """Send one request of the REST API. ``proof``: the headers by which this way in shows who asks. What Client.send raises."""
    headers = {"Accept": "application/json", "User-Agent": "exoalias", **proof}
    if body is None:
        return client.send(method, path, headers=headers, repeatable=repeatable)
    headers["Content-Type"] = "application/json"
    return client.send(method, path, headers=headers, body=json.dumps(body).encode(), repeatable=repeatable)


def judged(answer: Answer, *, changes: bool, refused: Callable[[Answer], Problem]) -> Answer:
    """*answer*, if it is the API speaking (JSON, or nothing with success); otherwise a Problem is raised.

    ``changes``: the request was a write, so an answer of what stands before the instance leaves its outcome open.
    ``refused``: makes the Problem of a 401, which each way in explains in its own words.
    Raises that Problem, Hibernating, OutcomeUnknown, Unreachable, BadAnswer.
    """
    host = answer.host
    if answer.status == 401:
        raise refused(answer)
    if 300 <= answer.status < 400:
        raise BadAnswer(host=host, why=say("it sends us elsewhere ({status}), as to a login page", status=answer.status))
    if answer.is_json or (answer.status < 400 and not answer.body):
        return answer
    if is_asleep(answer):
        raise Hibernating(host=host)
    if answer.status in {502, 503, 504}:
        why = say("what stands before it says {status}", status=answer.status)
        raise OutcomeUnknown(record=say("the record"), host=host, why=why) if changes else Unreachable(host=host, why=why)
    raise BadAnswer(host=host, why=say("a page instead of data ({status})", status=answer.status))


def is_signed_out(answer: Answer) -> bool:
    """Whether an answer shows that the session (or token) it was asked with is dead.

    An instance says so by 401, by sending the request to one of its sign-in pages, or by a page of HTML with success where
    data was asked for; the page of a sleeping developer instance is none of these.
    """
    if answer.status == 401:
        return True
    if 300 <= answer.status < 400:
        return _page_of(answer.headers.get("location", "")) in _SIGN_IN_PAGES
    return answer.status == 200 and not answer.is_json and bool(answer.body.strip()) and not is_asleep(answer)


def is_asleep(answer: Answer) -> bool:
    """Whether it is the page of a hibernating developer instance."""
    return not answer.is_json and _ASLEEP in answer.body[:_LOOKED_AT]


def detail_of_401(answer: Answer) -> str:
    """The instance's own words for a refusal, at most 100 characters; "" where there are none."""
    try:
        said = answer.json()
    except BadAnswer:
        return ""
    error = said.get("error") if isinstance(said, dict) else None
    message = error.get("message") if isinstance(error, dict) else error
    return message[:100] if isinstance(message, str) else ""


def _page_of(location: str) -> str:
    """The last part of an address' path, e.g. "login.do"; "" where it can't be read."""
    try:
        return urlsplit(location.strip()).path.rpartition("/")[2].lower()
    except ValueError:
        return ""
