"""How a sign-in ends: the answer carried back to the application, by redirect or by a form that posts itself.

Sources: learn.microsoft.com, *OAuth 2.0 authorization code flow* (successful and error response); OAuth 2.0 *Multiple
Response Type Encoding Practices* and *Form Post Response Mode*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from exoalias.simulator import entra_pages
from exoalias.simulator.entra_http import Answer
from exoalias.simulator.entra_tokens import Grant, Grants, client_info

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exoalias.simulator.entra_authorize import Ask
    from exoalias.simulator.entra_saml import Assertions
    from exoalias.simulator.entra_sessions import Account, Session
    from exoalias.simulator.record import Record
    from exoalias.simulator.scenario import Scenario


class Answers:
    """Ends sign-ins with a code, an assertion or an error. Not locked: its owner sees to that."""

    def __init__(
        self, scenario: Scenario, record: Record, grants: Grants, assertions: Assertions, clock: Callable[[], float]
    ) -> None:
        self._faults = scenario.faults
        self._record, self._grants, self._assertions, self._clock = record, grants, assertions, clock

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._clock()

    def success(self, ask: Ask, account: Account, session: Session) -> Answer:
        """The person is signed in: a code for OAuth, an assertion for SAML."""
        if ask.saml_id:
            return entra_pages.self_posting(ask.redirect_uri, self._assertions.fields(ask, account.person, session.state))
        grant = Grant(
            person=account.person,
            tenant=ask.tenant,
            client_id=ask.client.id,
            redirect_uri=ask.redirect_uri,
            scopes=ask.scopes,
            nonce=ask.nonce,
            challenge=ask.challenge,
            challenge_method=ask.challenge_method,
            auth_time=account.auth_time,
        )
        fields = {"code": self._grants.issue_code(grant, self._clock())}
        self._record.code_issued(account.person.key, client_id=ask.client.id)
        if ask.wants_client_info and not self._faults.no_client_info:
            fields["client_info"] = client_info(account.person)
        return _carried(ask, _with_state(fields, ask) | {"session_state": session.state})

    def error(self, ask: Ask, error: str, description: str, *, subcode: str = "") -> Answer:
        """The sign-in failed in a way that the application is told."""
        if ask.saml_id:
            return entra_pages.self_posting(ask.redirect_uri, self._assertions.fields(ask, None, ""))
        fields = {"error": error} | ({"error_subcode": subcode} if subcode else {}) | {"error_description": description}
        return _carried(ask, _with_state(fields, ask))


def _with_state(fields: Mapping[str, str], ask: Ask) -> dict[str, str]:
    return {**fields, **({} if ask.state is None else {"state": ask.state})}


def _carried(ask: Ask, fields: Mapping[str, str]) -> Answer:
    """The fields on their way, in the response mode that was asked for."""
    if ask.response_mode == "form_post":
        return entra_pages.self_posting(ask.redirect_uri, fields)
    encoded = urlencode(fields, quote_via=quote)
    joint = "#" if ask.response_mode == "fragment" else "&" if urlsplit(ask.redirect_uri).query else "?"
    return Answer(302, headers=(("Location", ask.redirect_uri + joint + encoded), ("Cache-Control", "no-store, no-cache")))
