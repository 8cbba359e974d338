"""The course of one sign-in: which page comes when, and what each button does.

    user name → password → (consent) → stay signed in? → answer        somebody has to sign in
    picker → …                                                          several people are signed in, or the choice was asked for
    answer                                                              exactly one is signed in: nobody is asked (the trap)

Source: learn.microsoft.com, *Microsoft identity platform and OAuth 2.0 authorization code flow*: without ``prompt`` "the
default behavior is to either sign in the sole current user, show the account picker if there are multiple users, or show
the login page if there are no users".
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exoalias.simulator import entra_pages
from exoalias.simulator.entra_directory import Directory, Refused, object_id_in
from exoalias.simulator.entra_person import PageKind, Turns, person_of, script_for
from exoalias.simulator.scenario import Cast, Person, Scenario, Turn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.simulator.entra_answers import Answers
    from exoalias.simulator.entra_authorize import Ask
    from exoalias.simulator.entra_http import Answer
    from exoalias.simulator.entra_sessions import Account, Sessions, Visit
    from exoalias.simulator.record import Record

_SAME_PRESS = 2.0  # seconds within which a form sent twice counts as a double click

CANCELLED = "AADSTS65004: User declined to consent to access the app."
NOT_SIGNED_IN = "AADSTS50058: A silent sign-in request was sent but no user is signed in."
SEVERAL = (
    "AADSTS16000: Either multiple user identities are available for the current request or selected account is not supported."
)
CONSENT_NEEDED = "AADSTS65001: The user or administrator has not consented to use the application."
WRONG_PASSWORD = "Your account or password is incorrect. If you don't remember your password, reset it now."
UNKNOWN_NAME = "This username may be incorrect. Make sure you typed it correctly. Otherwise, contact your admin."


@dataclass(slots=True)
class Flow:
    """One sign-in under way. ``token`` is good for one post; ``typed`` is the user name given so far."""

    ask: Ask
    browser: str
    turn: Turn
    id: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    token: str = ""
    page: PageKind = "username"
    typed: str = ""
    by_password: bool = False
    account: Account | None = None
    last: tuple[str, float, Answer] | None = None  # token, time and answer of the last post

    def form(self) -> entra_pages.Form:
        """The hidden values for the next page."""
        self.token = secrets.token_urlsafe(48)
        return entra_pages.Form(f"/{self.ask.tenant.id}/login", self.id, self.token)


class SignIns:
    """All sign-ins under way. Not locked: its owner sees to that."""

    def __init__(self, cast: Cast, scenario: Scenario, directory: Directory, sessions: Sessions, record: Record) -> None:
        self._cast, self._scenario, self._directory = cast, scenario, directory
        self._sessions, self._record = sessions, record
        self._turns = Turns(scenario)
        self._flows: dict[str, Flow] = {}
        # The admin tried the registration out when making it, so has consented; everybody else is asked once.
        self._consents = {("admin", cast.strict.client_id)}
        self._posts = {
            "username": self._posted_username,
            "password": self._posted_password,
            "picker": self._posted_account,
            "consent": self._posted_consent,
            "stay": self._posted_stay,
        }

    def begin(self, ask: Ask, visit: Visit, answers: Answers) -> Answer:
        """Answer an authorize request: at once, or with the first page of a sign-in."""
        if ask.client.purpose == "strict" and self._scenario.faults.microsoft_error:
            text = "AADSTS90033: A transient error has occurred. Please try again."
            return answers.error(ask, self._scenario.faults.microsoft_error, text)
        if ask.prompt == "none":
            return self._silent(ask, visit, answers)
        if ask.prompt == "login":
            return self._sign_in_page(ask, visit)
        if ask.prompt == "select_account":
            return self._picker(ask, visit) if visit.accounts() else self._sign_in_page(ask, visit)
        account = _sole(visit, ask.login_hint)
        if account is not None:
            return self._go_on_silently(ask, visit, account, answers)
        several = len(visit.signed_in()) > 1 and not ask.login_hint
        return self._picker(ask, visit) if several else self._sign_in_page(ask, visit)

    def post(self, form: Mapping[str, str], visit: Visit, answers: Answers, now: float) -> Answer:
        """A button was pressed on a page. Refused unless the form is the page's own, of this browser, and not used yet."""
        flow = self._flows.get(form.get("ctx", ""))
        if flow is None or flow.browser != visit.browser:
            raise Refused("AADSTS165000", "Invalid Request: The request tokens do not match the user context.")
        sent = form.get("flowToken", "")
        if flow.last and flow.last[0] == sent and now - flow.last[1] < _SAME_PRESS:
            return flow.last[2]
        if not sent or sent != flow.token:
            raise Refused("AADSTS165000", "Invalid Request: The request tokens have been used already. Start again.")
        flow.token = ""
        answer = self._posts[flow.page](_Press(flow, form, visit, answers, now))
        flow.last = (sent, now, answer)
        return answer

    # -- first answers ----------------------------------------------------------------------------------------------

    def _silent(self, ask: Ask, visit: Visit, answers: Answers) -> Answer:
        """prompt=none: an answer without a page, or an error."""
        account = _sole(visit, ask.login_hint)
        if account is None:
            several = len(visit.signed_in()) > 1
            return answers.error(ask, *(("interaction_required", SEVERAL) if several else ("login_required", NOT_SIGNED_IN)))
        if not self._consented(ask, account.person):
            return answers.error(ask, "interaction_required", CONSENT_NEEDED)
        return self._answer_silently(ask, visit, account, answers)

    def _go_on_silently(self, ask: Ask, visit: Visit, account: Account, answers: Answers) -> Answer:
        """Somebody is signed in and no credentials are asked for."""
        if ask.prompt != "consent" and self._consented(ask, account.person):
            return self._answer_silently(ask, visit, account, answers)
        flow = self._open(ask, visit)
        flow.account = account
        return self._show(flow, "consent")

    def _answer_silently(self, ask: Ask, visit: Visit, account: Account, answers: Answers) -> Answer:
        if visit.session is None or not object_id_in(account.person, ask.tenant):
            return answers.error(ask, "interaction_required", SEVERAL)
        self._record.sign_in("microsoft", account.person.key, how="session", client_id=ask.client.id)
        return answers.success(ask, account, visit.session)

    def _sign_in_page(self, ask: Ask, visit: Visit) -> Answer:
        if ask.client.purpose == "strict" and self._scenario.faults.sso_reload and not ask.reloaded:
            return entra_pages.reloading(ask.address + "&sso_reload=true")
        flow = self._open(ask, visit)
        flow.typed = ask.login_hint
        return self._show(flow, "username")

    def _picker(self, ask: Ask, visit: Visit) -> Answer:
        return self._show(self._open(ask, visit), "picker", accounts=visit.accounts())

    def _open(self, ask: Ask, visit: Visit) -> Flow:
        flow = Flow(ask, visit.browser, self._turn(ask, visit.browser))
        self._flows[flow.id] = flow
        return flow

    def _turn(self, ask: Ask, browser: str) -> Turn:
        """Who sits at the page: the scenario's next turn, or the admin at the instance's own sign-in."""
        if ask.client.purpose == "strict":
            return self._turns.take(browser, ask.state or "")
        plays = ask.client.purpose in {"saml", "oidc"} and self._scenario.instance_sign_in != "nothing"
        return Turn("admin") if plays else Turn(does="nothing")

    # -- pages ------------------------------------------------------------------------------------------------------

    def _show(self, flow: Flow, kind: PageKind, error: str = "", accounts: list[Account] | None = None) -> Answer:
        """The page of that kind. After an error the played person stops, so that nothing goes round for ever."""
        flow.page = kind
        script = "" if error else script_for(kind, flow.turn, person_of(flow.turn, self._cast))
        form = flow.form()
        who = flow.account.person.upn if flow.account else flow.typed
        if kind == "username":
            return entra_pages.username(form, flow.typed, error, script)
        if kind == "password":
            return entra_pages.password(form, who, error, script)
        if kind == "picker":
            return entra_pages.picker(form, accounts or [], script)
        if kind == "consent":
            return entra_pages.consent(form, who, flow.ask.client.name, flow.ask.scopes, script)
        return entra_pages.stay_signed_in(form, who, script)

    def _posted_username(self, press: _Press) -> Answer:
        if press.button == "back":
            return self._cancel(press)
        flow = press.flow
        flow.typed = press.form.get("username", "").strip()
        if not flow.typed:
            return self._show(flow, "username", "Enter a valid user name.")
        known = self._directory.person(flow.typed) is not None
        return self._show(flow, "password") if known else self._show(flow, "username", UNKNOWN_NAME)

    def _posted_password(self, press: _Press) -> Answer:
        flow = press.flow
        if press.button == "back":
            return self._show(flow, "username")
        person = self._directory.person(flow.typed)
        if person is None or not secrets.compare_digest(press.form.get("password", "").encode(), person.password.encode()):
            return self._show(flow, "password", WRONG_PASSWORD)
        if not object_id_in(person, flow.ask.tenant):
            domain = flow.ask.tenant.domain
            text = f"User account '{person.upn}' does not exist in tenant '{domain}' and cannot access the application."
            raise Refused("AADSTS50020", text)
        flow.account = self._sessions.sign_in(press.visit, person, press.now)
        flow.by_password = True
        self._record.sign_in("microsoft", person.key, how="password", client_id=flow.ask.client.id)
        return self._after_sign_in(press)

    def _posted_account(self, press: _Press) -> Answer:
        if press.button == "back":
            return self._cancel(press)
        flow = press.flow
        chosen = next((a for a in press.visit.accounts() if a.person.key == press.form.get("account")), None)
        if chosen is None:
            flow.typed = ""
            return self._show(flow, "username")
        flow.typed = chosen.person.upn
        if not chosen.signed_in:
            return self._show(flow, "password")
        flow.account = chosen
        self._record.sign_in("microsoft", chosen.person.key, how="picked", client_id=flow.ask.client.id)
        return self._after_sign_in(press)

    def _posted_consent(self, press: _Press) -> Answer:
        flow = press.flow
        if press.button != "accept" or flow.account is None:
            return self._end(flow, press.answers.error(flow.ask, "access_denied", CANCELLED))
        self._consents.add((flow.account.person.key, flow.ask.client.id))
        return self._after_consent(press)

    def _posted_stay(self, press: _Press) -> Answer:
        if press.button == "yes":
            self._sessions.stay(press.visit)
        return self._finish(press)

    def _cancel(self, press: _Press) -> Answer:
        flow = press.flow
        return self._end(
            flow, press.answers.error(flow.ask, "access_denied", "The user cancelled the sign-in.", subcode="cancel")
        )

    def _after_sign_in(self, press: _Press) -> Answer:
        flow = press.flow
        forced = flow.ask.prompt == "consent" or flow.turn.does == "refuse_consent"
        if flow.account and not forced and self._consented(flow.ask, flow.account.person):
            return self._after_consent(press)
        return self._show(flow, "consent")

    def _after_consent(self, press: _Press) -> Answer:
        """ "Stay signed in?" is asked of those who gave a password."""
        return self._show(press.flow, "stay") if press.flow.by_password else self._finish(press)

    def _finish(self, press: _Press) -> Answer:
        flow = press.flow
        if flow.account is None or press.visit.session is None:
            raise Refused("AADSTS50058", "Session information is not sufficient for single-sign-on.")
        return self._end(flow, press.answers.success(flow.ask, flow.account, press.visit.session))

    def _end(self, flow: Flow, answer: Answer) -> Answer:
        self._turns.over(flow.browser, flow.ask.state or "")
        return answer

    def _consented(self, ask: Ask, person: Person) -> bool:
        """Only the strict-mode registry asks its users; for the others the administrator consented for everybody."""
        return ask.client.purpose != "strict" or (person.key, ask.client.id) in self._consents


@dataclass(frozen=True, slots=True)
class _Press:
    """A button pressed on a page of a flow, and what is needed to act on it."""

    flow: Flow
    form: Mapping[str, str]
    visit: Visit
    answers: Answers
    now: float

    @property
    def button(self) -> str:
        return self.form.get("action", "")


def _sole(visit: Visit, hint: str) -> Account | None:
    """The one signed-in person who needs not be asked: the hinted one, or the only one if nobody is hinted."""
    signed_in = visit.signed_in()
    if hint:
        return next((a for a in signed_in if a.person.upn.lower() == hint.lower()), None)
    return signed_in[0] if len(signed_in) == 1 else None
