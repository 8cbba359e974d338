"""The pages of one sign-in, one after the other, and what each of their buttons does.

user name → password → (consent) → stay signed in? → answer
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exoalias.simulator import entra_pages
from exoalias.simulator.entra_directory import Refused, object_id_in
from exoalias.simulator.entra_person import Seen, script_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.simulator.entra_answers import Answers
    from exoalias.simulator.entra_authorize import Ask
    from exoalias.simulator.entra_directory import Directory
    from exoalias.simulator.entra_http import Answer
    from exoalias.simulator.entra_person import Played
    from exoalias.simulator.entra_sessions import Account, Sessions, Visit
    from exoalias.simulator.moves import PageKind
    from exoalias.simulator.record import Record
    from exoalias.simulator.scenario import Cast, Person

DECLINED = "AADSTS65004: User declined to consent to access the app."
CANCELLED = "The user cancelled the sign-in."
WRONG_PASSWORD = "Your account or password is incorrect. If you don't remember your password, reset it now."
DENIED = "We didn't hear from you, or the request was denied. Send another request."
UNKNOWN_NAME = "This username may be incorrect. Make sure you typed it correctly. Otherwise, contact your admin."


@dataclass(slots=True)
class Flow:
    """One sign-in under way. ``token`` is good for one post; ``typed`` is the user name given so far."""

    ask: Ask
    browser: str
    played: Played
    id: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    token: str = ""
    page: PageKind = "username"
    typed: str = ""
    by_password: bool = False
    account: Account | None = None
    last: tuple[str, float, Answer] | None = None  # token, time and answer of the last post
    posted: bool = False  # its page now came by a form, not by its address
    ended: bool = False

    def form(self) -> entra_pages.Form:
        """The hidden values for the next page."""
        self.token = secrets.token_urlsafe(48)
        return entra_pages.Form(f"/{self.ask.tenant.id}/login", self.id, self.token)

    def end(self, answer: Answer) -> Answer:
        """The sign-in is over with this answer."""
        self.ended = True
        return answer


@dataclass(frozen=True, slots=True)
class Press:
    """A button pressed on a page of a flow, and what is needed to act on it. *now*: seconds since the epoch."""

    flow: Flow
    form: Mapping[str, str]
    visit: Visit
    answers: Answers
    now: float

    @property
    def button(self) -> str:
        """The value of the button, which is also its id on the page."""
        return self.form.get("action", "")


class Consents:
    """Who has consented to which application."""

    def __init__(self, cast: Cast) -> None:
        # The admin tried the registration out when making it, so has consented; everybody else is asked once.
        self._given = {("admin", cast.strict.client_id)}

    def has(self, ask: Ask, person: Person) -> bool:
        """Only the strict-mode registry asks its users; for the others the administrator consented for everybody."""
        return ask.client.purpose != "strict" or (person.key, ask.client.id) in self._given

    def give(self, ask: Ask, person: Person) -> None:
        """The person pressed Accept."""
        self._given.add((person.key, ask.client.id))


class Steps:
    """Shows pages and acts on their buttons. Not locked: its owner sees to that."""

    def __init__(
        self,
        cast: Cast,
        directory: Directory,
        sessions: Sessions,
        consents: Consents,
        record: Record,
        *,
        wants_approval: bool = False,
    ) -> None:
        self._cast, self._directory, self._sessions = cast, directory, sessions
        self._consents, self._record = consents, record
        self._wants_approval = wants_approval
        self._posted = {
            "username": self._username,
            "password": self._password,
            "picker": self._account,
            "consent": self._consent,
            "stay": self._stay,
            "approve": self._approve,
        }

    def posted(self, press: Press) -> Answer:
        """The next page, or the answer to the application."""
        return self._posted[press.flow.page](press)

    def show(self, flow: Flow, kind: PageKind, *, error: str = "", accounts: list[Account] | None = None) -> Answer:
        """The page of that kind."""
        flow.page = kind
        who = flow.account.person.upn if flow.account else flow.typed
        script = script_for(Seen(kind, who, error, first=not flow.posted), flow.played, self._cast)
        form = flow.form()
        if kind == "username":
            return entra_pages.username(form, flow.typed, error, script)
        if kind == "password":
            return entra_pages.password(form, who, error, script)
        if kind == "picker":
            return entra_pages.picker(form, accounts or [], script)
        if kind == "consent":
            return entra_pages.consent(form, who, flow.ask.client.name, flow.ask.scopes, script)
        if kind == "approve":
            return entra_pages.approve(form, who, error, script)
        return entra_pages.stay_signed_in(form, who, script)

    # -- one method a page ------------------------------------------------------------------------------------------

    def _username(self, press: Press) -> Answer:
        if press.button == "back":
            return _cancel(press)
        flow = press.flow
        flow.typed = press.form.get("username", "").strip()
        if not flow.typed:
            return self.show(flow, "username", error="Enter a valid user name.")
        known = self._directory.person(flow.typed) is not None
        return self.show(flow, "password") if known else self.show(flow, "username", error=UNKNOWN_NAME)

    def _password(self, press: Press) -> Answer:
        flow = press.flow
        if press.button == "back":
            return self.show(flow, "username")
        person = self._directory.person(flow.typed)
        if person is None or not secrets.compare_digest(press.form.get("password", "").encode(), person.password.encode()):
            return self.show(flow, "password", error=WRONG_PASSWORD)
        if not object_id_in(person, flow.ask.tenant):
            domain = flow.ask.tenant.domain
            text = f"User account '{person.upn}' does not exist in tenant '{domain}' and cannot access the application."
            raise Refused("AADSTS50020", text)
        flow.account = self._sessions.sign_in(press.visit, person, press.now)
        flow.by_password = True
        self._record.sign_in("microsoft", person.key, how="password", client_id=flow.ask.client.id)
        return self.show(flow, "approve") if self._wants_approval else self._after_sign_in(press)

    def _approve(self, press: Press) -> Answer:
        """The second factor: approved on the person's telephone, or denied there."""
        if press.button != "approve":
            return self.show(press.flow, "approve", error=DENIED)
        return self._after_sign_in(press)

    def _account(self, press: Press) -> Answer:
        if press.button == "back":
            return _cancel(press)
        flow = press.flow
        chosen = next((a for a in press.visit.accounts() if a.person.key == press.form.get("account")), None)
        if chosen is None:
            flow.typed = ""
            return self.show(flow, "username")
        flow.typed = chosen.person.upn
        if not chosen.signed_in:
            return self.show(flow, "password")
        flow.account = chosen
        self._record.sign_in("microsoft", chosen.person.key, how="picked", client_id=flow.ask.client.id)
        return self._after_sign_in(press)

    def _consent(self, press: Press) -> Answer:
        flow = press.flow
        if press.button != "accept" or flow.account is None:
            return flow.end(press.answers.error(flow.ask, "access_denied", DECLINED))
        self._consents.give(flow.ask, flow.account.person)
        return self._after_consent(press)

    def _stay(self, press: Press) -> Answer:
        if press.button == "yes":
            self._sessions.stay(press.visit)
        return _finish(press)

    def _after_sign_in(self, press: Press) -> Answer:
        flow = press.flow
        forced = flow.ask.prompt == "consent" or flow.played.turn.does == "refuse_consent"
        if flow.account and not forced and self._consents.has(flow.ask, flow.account.person):
            return self._after_consent(press)
        return self.show(flow, "consent")

    def _after_consent(self, press: Press) -> Answer:
        """Those who gave a password are asked whether to stay signed in."""
        return self.show(press.flow, "stay") if press.flow.by_password else _finish(press)


def _cancel(press: Press) -> Answer:
    flow = press.flow
    return flow.end(press.answers.error(flow.ask, "access_denied", CANCELLED, subcode="cancel"))


def _finish(press: Press) -> Answer:
    flow = press.flow
    if flow.account is None or press.visit.session is None:
        raise Refused("AADSTS50058", "Session information is not sufficient for single-sign-on.")
    return flow.end(press.answers.success(flow.ask, flow.account, press.visit.session))
