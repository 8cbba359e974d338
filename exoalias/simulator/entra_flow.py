"""The course of a sign-in: answered at once, or begun with which page?

    answer            exactly one person is signed in and nothing else was asked for: nobody is prompted (the trap)
    picker            several people are signed in, or prompt=select_account
    user name         nobody is signed in, or prompt=login

Source: learn.microsoft.com, *Microsoft identity platform and OAuth 2.0 authorization code flow*: without ``prompt`` "the
default behavior is to either sign in the sole current user, show the account picker if there are multiple users, or show
the login page if there are no users".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.simulator import entra_pages
from exoalias.simulator.entra_directory import Refused, object_id_in
from exoalias.simulator.entra_person import Played, Turns
from exoalias.simulator.entra_steps import Consents, Flow, Press, Steps
from exoalias.simulator.scenario import Turn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.simulator.entra_answers import Answers
    from exoalias.simulator.entra_authorize import Ask
    from exoalias.simulator.entra_directory import Directory
    from exoalias.simulator.entra_http import Answer
    from exoalias.simulator.entra_sessions import Account, Sessions, Visit
    from exoalias.simulator.record import Record
    from exoalias.simulator.scenario import Cast, Scenario

_SAME_PRESS = 2.0  # seconds within which a form sent twice counts as a double click

NOT_SIGNED_IN = "AADSTS50058: A silent sign-in request was sent but no user is signed in."
SEVERAL = (
    "AADSTS16000: Either multiple user identities are available for the current request or selected account is not supported."
)
CONSENT_NEEDED = "AADSTS65001: The user or administrator has not consented to use the application."


class SignIns:
    """All sign-ins under way. Not locked: its owner sees to that."""

    def __init__(self, cast: Cast, scenario: Scenario, directory: Directory, sessions: Sessions, record: Record) -> None:
        self._scenario, self._record = scenario, record
        self._consents = Consents(cast)
        approval = scenario.faults.wants_approval
        self._steps = Steps(cast, directory, sessions, self._consents, record, wants_approval=approval)
        self._turns, self._admin = Turns(scenario), Played.begin(Turn("admin", moves=scenario.admin_moves))
        self._cast, self._sessions = cast, sessions
        self._flows: dict[str, Flow] = {}
        self._by_system = 0  # so often the operating system's account has answered

    def begin(self, ask: Ask, visit: Visit, answers: Answers) -> Answer:
        """Answer an authorize request: at once, or with the first page of a sign-in."""
        if ask.client.purpose == "strict" and self._scenario.faults.microsoft_error:
            text = "AADSTS90033: A transient error has occurred. Please try again."
            return answers.error(ask, self._scenario.faults.microsoft_error, text)
        if ask.client.purpose == "strict" and self._offered_by_the_system:
            return self._by_the_system(ask, visit, answers)
        if ask.prompt == "none":
            return self._without_a_page(ask, visit, answers)
        if ask.prompt == "login":
            return self._user_name_page(ask, visit)
        if ask.prompt == "select_account":
            return self._picker(ask, visit) if visit.accounts() else self._user_name_page(ask, visit)
        account = _sole(visit, ask.login_hint)
        if account is not None:
            return self._signed_in_already(ask, visit, account, answers)
        several = len(visit.signed_in()) > 1 and not ask.login_hint
        return self._picker(ask, visit) if several else self._user_name_page(ask, visit)

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
        flow.token, flow.posted = "", True
        answer = self._steps.posted(Press(flow, form, visit, answers, now))
        flow.last = (sent, now, answer)
        if flow.ended:
            self._turns.over(flow.browser, flow.ask.state or "")
        return answer

    def _without_a_page(self, ask: Ask, visit: Visit, answers: Answers) -> Answer:
        """prompt=none: a code or an error, at once."""
        account = _sole(visit, ask.login_hint)
        if account is None:
            several = len(visit.signed_in()) > 1
            return answers.error(ask, *(("interaction_required", SEVERAL) if several else ("login_required", NOT_SIGNED_IN)))
        if not self._consents.has(ask, account.person):
            return answers.error(ask, "interaction_required", CONSENT_NEEDED)
        return self._code_at_once(ask, visit, account, answers)

    @property
    def _offered_by_the_system(self) -> bool:
        faults = self._scenario.faults
        return bool(faults.os_account) and not 0 < faults.os_account_times <= self._by_system

    def _by_the_system(self, ask: Ask, visit: Visit, answers: Answers) -> Answer:
        """The operating system's account signs in by itself, as Windows-integrated authentication does; no word stops it."""
        self._by_system += 1
        account = next((a for a in visit.signed_in() if a.person.key == self._scenario.faults.os_account), None)
        if account is None:
            account = self._sessions.sign_in(visit, self._cast.people[self._scenario.faults.os_account], answers.now())
        return self._code_at_once(ask, visit, account, answers)

    def _signed_in_already(self, ask: Ask, visit: Visit, account: Account, answers: Answers) -> Answer:
        """No credentials are asked for; consent may be."""
        if ask.prompt != "consent" and self._consents.has(ask, account.person):
            return self._code_at_once(ask, visit, account, answers)
        flow = self._open(ask, visit)
        flow.account = account
        return self._steps.show(flow, "consent")

    def _code_at_once(self, ask: Ask, visit: Visit, account: Account, answers: Answers) -> Answer:
        if visit.session is None or not object_id_in(account.person, ask.tenant):
            return answers.error(ask, "interaction_required", SEVERAL)
        self._record.sign_in("microsoft", account.person.key, how="session", client_id=ask.client.id)
        return answers.success(ask, account, visit.session)

    def _user_name_page(self, ask: Ask, visit: Visit) -> Answer:
        if ask.client.purpose == "strict" and self._scenario.faults.sso_reload and not ask.reloaded:
            return entra_pages.reloading(ask.address + "&sso_reload=true")
        flow = self._open(ask, visit)
        flow.typed = ask.login_hint
        return self._steps.show(flow, "username")

    def _picker(self, ask: Ask, visit: Visit) -> Answer:
        return self._steps.show(self._open(ask, visit), "picker", accounts=visit.accounts())

    def _open(self, ask: Ask, visit: Visit) -> Flow:
        flow = Flow(ask, visit.browser, self._played(ask, visit.browser))
        self._flows[flow.id] = flow
        return flow

    def _played(self, ask: Ask, browser: str) -> Played:
        """Who sits at the page: the scenario's next turn, or the admin at the instance's own sign-in."""
        if ask.client.purpose == "strict":
            return self._turns.take(browser, ask.state or "")
        plays = ask.client.purpose in {"saml", "oidc"} and self._scenario.instance_sign_in != "nothing"
        return self._admin if plays else Played.begin(Turn(does="nothing"))


def _sole(visit: Visit, hint: str) -> Account | None:
    """The one signed-in person who need not be asked: the hinted one, or the only one if nobody is hinted."""
    signed_in = visit.signed_in()
    if hint:
        return next((a for a in signed_in if a.person.upn.lower() == hint.lower()), None)
    return signed_in[0] if len(signed_in) == 1 else None
