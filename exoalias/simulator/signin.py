"""Signing in to the simulated instance with a browser: local login, SAML or OpenID Connect.

An instance whose identity provider redirects by itself sends people straight to Microsoft; ``/login.do`` and
``/side_door.do`` always show the local form (documentation pages "Multi-Provider SSO", KB0816072).
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import secrets
import threading
import zlib
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from exoalias.simulator import moves, pages
from exoalias.simulator.microsoft import Microsoft, TokenRefusedError, redeem
from exoalias.simulator.one_time_codes import OneTimeCodes
from exoalias.simulator.wire import Answer, Request, redirect

if TYPE_CHECKING:
    from exoalias.simulator.record import Record
    from exoalias.simulator.scenario import Cast, InstanceUser, Scenario
    from exoalias.simulator.sessions import Session, Sessions
    from exoalias.simulator.writer import Addresses

_NAME_ID = re.compile(r"<(?:\w+:)?NameID[^>]*>([^<]+)</")
_ASSERTION_ID = re.compile(r"<(?:\w+:)?Assertion[^>]*?\sID=\"([^\"]+)\"")
HOME = "/navpage.do"
SECOND_FACTOR = "/validate_multifactor_auth_code.do"


@dataclass(frozen=True, slots=True)
class _Errand:
    """What a trip to Microsoft was for: where to go afterwards, and the nonce its ID token has to carry."""

    goto: str
    nonce: str


class SignIn:
    """The login pages and the ways back from Microsoft."""

    def __init__(
        self, cast: Cast, scenario: Scenario, sessions: Sessions, microsoft: Microsoft, addresses: Addresses, record: Record
    ) -> None:
        self._cast = cast
        self._scenario = scenario
        self._sessions = sessions
        self._microsoft = microsoft
        self._addresses = addresses
        self._record = record
        self._codes = OneTimeCodes(cast.keys.code_seed)
        self._lock = threading.Lock()
        self._errands: dict[str, _Errand] = {}  # by RelayState or state
        self._moves = deque(scenario.admin_moves)

    def ask(self, request: Request) -> Answer:
        """Somebody not signed in wants a page: to the login, and back afterwards."""
        goto = HOME if self._scenario.faults.deep_link_lost or request.method != "GET" else request.target
        if self._scenario.instance_sign_in == "saml":
            return redirect(self._saml_request(goto))
        if self._scenario.instance_sign_in == "oidc":
            return redirect(self._oidc_request(goto))
        answer = redirect("/login.do")
        self._session(request, answer).goto = goto
        return answer

    def login_page(self, request: Request) -> Answer:
        """GET of /login.do or /side_door.do."""
        return self._login_page(request)

    def login(self, request: Request) -> Answer:
        """POST of /login.do."""
        session = self._sessions.of(request)
        form, admin = request.form, self._cast.admin
        if session is None or not secrets.compare_digest(form.get("sysparm_ck", ""), session.ck):
            return self._login_page(request, "Your session has expired. Log in again.")
        right = (form.get("user_name"), form.get("user_password")) == (admin.user_name, admin.password)
        if not right or self._scenario.faults.local_login_closed:
            return self._login_page(request, "User name or password invalid")
        self._sessions.close(session)
        if self._scenario.faults.instance_mfa:
            answer = redirect(SECOND_FACTOR)
            half = self._sessions.open(answer)
            half.half, half.goto = admin, session.goto
            return answer
        return self._enter(admin, session.goto, "password")

    def second_factor(self, request: Request) -> Answer:
        """GET and POST of the page that asks for the authenticator's code."""
        session = self._sessions.of(request)
        if session is None or session.half is None:
            return redirect("/login.do")
        said = ""
        if request.method == "POST":
            right = secrets.compare_digest(request.form.get("sysparm_ck", ""), session.ck)
            if right and self._codes.right(request.form.get("txtResponse", "").strip()):
                self._sessions.close(session)
                return self._enter(session.half, session.goto, "password and code")
            said = "Invalid verification code"
        played = self._codes.now() if self._scenario.instance_sign_in == "local" else ""
        return pages.second_factor(session.ck, error=said, played_code=played)

    def logged_out(self, _request: Request) -> Answer:
        """GET of /logout_success.do."""
        return pages.message("Logout successful", "You have been logged out.")

    def logout(self, request: Request) -> Answer:
        """GET of /logout.do."""
        if session := self._sessions.of(request):
            self._sessions.close(session)
        return redirect("/login.do")

    def saml_answer(self, request: Request) -> Answer:
        """POST of Microsoft's SAML response to the assertion consumer service."""
        errand = self._take(request.form.get("RelayState", ""))
        try:
            text = base64.b64decode(request.form.get("SAMLResponse", ""), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            text = ""
        who, assertion = _NAME_ID.search(text), _ASSERTION_ID.search(text)
        if not (errand and who and assertion and self._microsoft.saml_assertion_valid(assertion[1])):
            return pages.message("Single sign-on", "Ensure that the user is present in the system.")
        return self._enter_by_sso(who[1], errand.goto, "saml")

    def oidc_answer(self, request: Request) -> Answer:
        """GET of the OpenID Connect call-back."""
        errand = self._take(request.query.get("state", ""))
        code = request.query.get("code", "")
        if errand is None or not code:
            return pages.message("Single sign-on", "The identity provider did not sign you in.")
        client = self._cast.oidc
        try:
            tokens = redeem(
                self._addresses.token,
                {
                    "code": code,
                    "redirect_uri": self._oidc_callback,
                    "client_id": client.client_id,
                    "client_secret": client.secret,
                },
            )
        except TokenRefusedError as refused:
            return pages.token_failed(refused.error, refused.description)
        claims = _claims(str(tokens.get("id_token", "")))
        if claims.get("nonce") != errand.nonce:
            return pages.message("Single sign-on", "The ID token does not belong to this sign-in.")
        return self._enter_by_sso(str(claims.get("preferred_username", "")), errand.goto, "oidc")

    # -- parts --

    @property
    def _oidc_callback(self) -> str:
        return f"{self._addresses.instance}/auth_redirect.do"

    def _session(self, request: Request, answer: Answer) -> Session:
        return self._sessions.of(request) or self._sessions.open(answer)

    def _login_page(self, request: Request, error: str = "") -> Answer:
        cookies = Answer(200)
        session = self._session(request, cookies)
        plays = self._scenario.instance_sign_in == "local"
        answer = pages.login(session.ck, error=error, played=self._admins_move(session.goto, error) if plays else "")
        answer.headers += cookies.headers
        return answer

    def _admins_move(self, goto: str, error: str) -> str:
        """What the admin does at the login page now; after an error, nothing more but for an admin with moves."""
        if error and not self._scenario.admin_moves:
            return ""
        step = pages.logs_in(self._cast.admin)
        with self._lock:
            move = moves.take(self._moves, "login", first=not error)
        if move is None:
            return step
        one, two = (self._cast.sys_id(name) for name in ("MS Graph 1", "MS Graph 2"))
        other = goto.replace(one, two) if one in goto else goto.replace(two, one)
        wrong = "fill('nobody', 'not-the-password'); press(form.querySelector('button'));"
        return moves.script_of(move, step, ADDRESS=json.dumps(goto or HOME), OTHER=json.dumps(other or HOME), WRONG=wrong)

    def _enter(self, user: InstanceUser, goto: str, how: str) -> Answer:
        self._record.sign_in("instance", user.user_name, how=how)
        answer = redirect(goto or HOME)
        self._sessions.open(answer, user)
        return answer

    def _enter_by_sso(self, upn: str, goto: str, how: str) -> Answer:
        person = self._cast.people[self._cast.admin.person]
        if upn.casefold() != person.upn.casefold():
            return pages.message("Single sign-on", f"User: {upn} not found. Ensure that the user is present in the system.")
        return self._enter(self._cast.admin, goto, how)

    def _send_off(self, goto: str) -> tuple[str, str]:
        state, nonce = secrets.token_hex(16), secrets.token_hex(16)
        with self._lock:
            self._errands[state] = _Errand(goto, nonce)
        return state, nonce

    def _take(self, state: str) -> _Errand | None:
        with self._lock:
            return self._errands.pop(state, None)

    def _saml_request(self, goto: str) -> str:
        relay, _ = self._send_off(goto)
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        xml = (
            '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"'
            ' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
            f' ID="SNC{secrets.token_hex(16)}" Version="2.0" IssueInstant="{at}"'
            f' AssertionConsumerServiceURL="{self._addresses.instance}/saml_acs.do"'
            ' ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST">'
            f"<saml:Issuer>{self._cast.saml_entity_id}</saml:Issuer></samlp:AuthnRequest>"
        )
        packer = zlib.compressobj(wbits=-15)
        packed = base64.b64encode(packer.compress(xml.encode()) + packer.flush()).decode()
        query = urlencode({"SAMLRequest": packed, "RelayState": relay})
        return f"{self._addresses.microsoft}/{self._addresses.tenant}/saml2?{query}"

    def _oidc_request(self, goto: str) -> str:
        state, nonce = self._send_off(goto)
        query = {
            "response_type": "code",
            "client_id": self._cast.oidc.client_id,
            "redirect_uri": self._oidc_callback,
            "scope": "openid profile email",
            "state": state,
            "nonce": nonce,
        }
        return f"{self._addresses.authorize}?{urlencode(query)}"


def _claims(id_token: str) -> dict[str, object]:
    """The claims of an ID token; its signature is not looked at, it comes straight from the simulated Microsoft."""
    try:
        part = id_token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}
