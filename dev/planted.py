"""Plants one defect after another in a copy of the program and expects its tests to go red: planted [--quick] [WORD …].

A safety claim is worth what its test is worth. Each defect below takes one guard away, by exact replacement of the guard's
text: where the text is gone, the plan is out of date and the run fails. A defect that no test notices survives; exit code 1.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("exoalias", "tests", "resources", "pyproject.toml")
AT_A_TIME = 2
_LIMIT_S = 300

GATE, IDENTITY, AUTHORIZE = "exoalias/domain/gate.py", "exoalias/domain/identity.py", "exoalias/domain/authorize.py"
JOURNAL, APPLY, SERVICENOW = (
    "exoalias/adapters/keeping/journal.py",
    "exoalias/app/apply.py",
    "exoalias/adapters/instance/servicenow.py",
)
PIPE, SESSION = "exoalias/adapters/browser/pipe.py", "exoalias/adapters/browser/session.py"
ARRIVAL, REDIRECT, DOORS, LOBBY = (
    "exoalias/domain/arrival.py",
    "exoalias/domain/redirect.py",
    "exoalias/app/doors.py",
    "exoalias/app/lobby.py",
)
PERSONS, BEARER, OAUTH, FORM, HTTP = (
    "exoalias/adapters/entering/persons_session.py",
    "exoalias/adapters/entering/bearer.py",
    "exoalias/adapters/entering/oauth.py",
    "exoalias/adapters/entering/login_form.py",
    "exoalias/adapters/network/http.py",
)
JANITOR = "exoalias/adapters/browser/janitor.py"
SITTING = "exoalias/app/sitting.py"

MICROSOFT, PINS, TARGET, OWNERSHIP = (
    "exoalias/adapters/microsoft.py",
    "exoalias/app/pins.py",
    "exoalias/domain/target.py",
    "exoalias/domain/ownership.py",
)

# Tests, as arguments to pytest.
T_ID_TOKEN, T_PINS, T_OWNERSHIP = (
    ("tests/adapters/test_microsoft.py",),
    ("tests/app/test_pins.py",),
    ("tests/domain/test_ownership.py",),
)
T_GAMES = ("tests/domain/test_gate_games.py",)
T_GATE, T_IDENTITY, T_AUTHORIZE = (
    ("tests/domain/test_gate.py",),
    ("tests/domain/test_identity.py",),
    ("tests/domain/test_authorize.py",),
)
FRESH, STRATEGIES = "exoalias/domain/private_window.py", "exoalias/domain/strategies.py"
PRIVATE, BY_HAND = "exoalias/adapters/browser/private.py", "exoalias/app/by_hand.py"
_PROVEN = "terms.credential, Tier.ENTERED, HomeAccount(terms.expected.object_id, terms.expected.tenant_id),"
T_PRIVATE, T_FRESH, T_STRATEGIES, T_BY_HAND = (
    ("tests/adapters/browser/test_private.py", "-m", "not desktop"),
    ("tests/domain/test_private_window.py",),
    ("tests/domain/test_strategies.py",),
    ("tests/app/test_by_hand.py",),
)
T_SITTING = ("tests/app/test_sitting.py",)
T_PIPE = ("tests/adapters/browser/test_pipe.py", "-k", "keeps_address_ids_and_frame or nothing_planted_is_left")
T_CLOSED_LIST = ("tests/adapters/browser/test_session.py", "-k", "closed_list_word_by_word or can_widen")
T_PIN = ("tests/adapters/keeping/test_journal.py", "-k", "pin_is_not_overwritten")
T_WITNESS = ("tests/domain/test_gate_properties.py",)
T_ORDER = ("tests/app/test_apply_order.py",)
T_SIMULATED = ("tests/app/test_apply.py",)
T_ARRIVAL, T_REDIRECT, T_DOORS, T_LOBBY = (
    ("tests/domain/test_arrival.py",),
    ("tests/domain/test_redirect.py",),
    ("tests/app/test_doors.py",),
    ("tests/app/test_lobby.py",),
)
T_PERSONS, T_BEARER, T_OAUTH, T_FORM, T_HTTP = (
    ("tests/adapters/entering/test_persons_session.py",),
    ("tests/adapters/entering/test_bearer.py",),
    ("tests/adapters/entering/test_oauth.py",),
    ("tests/adapters/entering/test_login_form.py",),
    ("tests/adapters/network/test_http.py",),
)

# What the suite itself plants at every run: one defect for each claim of trust, with tests that take a second or two.
QUICK = (
    "state not compared",
    "client_info not compared",
    "tenant not compared",
    "context of B not bound",
    "host look-alike accepted",
    "prompt dropped",
    "B may begin unprompted",
    "second request let through",
    "any request counts as following our initiator",
    "gate bypassed after an error",
    "client_info not stripped",
    "first use accepted without asking",
    "headers kept",
    "pin overwritten",
    "record not re-read before the write",
    "journal intent skipped",
)


@dataclass(frozen=True, slots=True)
class Defect:
    """A guard taken away: in *file*, *guard* becomes *gap*; *tests* must notice."""

    name: str
    file: str
    guard: str
    gap: str
    tests: tuple[str, ...]

    @property
    def quick(self) -> bool:
        """Whether the suite plants it too."""
        return self.name in QUICK


DEFECTS = (
    # -- what could be read in two ways --
    Defect("a fragment overlooked", AUTHORIZE, 'return "it carries a fragment" if "#" in url else ""', 'return ""', T_GAMES),
    Defect(
        "names with odd characters overlooked",
        AUTHORIZE,
        'if _ODD_IN_A_NAME.sub("", n.lower()) in _DECIDING',
        "if n.lower() in _DECIDING",
        T_GAMES,
    ),
    Defect("what follows a semicolon overlooked", AUTHORIZE, "for n in (*unusual, *hidden)", "for n in (*unusual,)", T_GAMES),
    Defect("other letters in scopes", AUTHORIZE, "if not (asked.isascii() and asked.isprintable()):", "if False:", T_GAMES),
    # -- the ID token of the second opinion --
    Defect(
        "the ID token's signature not checked",
        MICROSOFT,
        'options={"require": ["exp", "iat", "aud", "iss"]},',
        'options={"require": ["exp", "iat", "aud", "iss"], "verify_signature": False, "verify_exp": True, "verify_nbf": True,'
        ' "verify_iat": True, "verify_aud": True, "verify_iss": True},',
        T_ID_TOKEN,
    ),
    *(
        Defect(
            f"the ID token's {claim} not checked",
            MICROSOFT,
            'options={"require": ["exp", "iat", "aud", "iss"]},',
            f'options={{"require": ["exp", "iat", "aud", "iss"], "verify_{claim}": False}},',
            T_ID_TOKEN,
        )
        for claim in ("iss", "aud", "exp", "nbf", "iat")
    ),
    *(
        Defect(
            f"an ID token without {claim} taken",
            MICROSOFT,
            '"require": ["exp", "iat", "aud", "iss"]',
            f'"require": {json.dumps([each for each in ("exp", "iat", "aud", "iss") if each != claim])}',
            T_ID_TOKEN,
        )
        for claim in ("exp", "iat")
    ),
    Defect("any key of the tenant taken", MICROSOFT, 'and key.get("kid") == kid', "", T_ID_TOKEN),
    Defect(
        "keys from another host taken",
        MICROSOFT,
        'raise ValueError("the keys lie on another host")',
        "pass",
        T_ID_TOKEN,
    ),
    # -- pins, and what is said of a day --
    Defect("a pin changed without a word", PINS, "if not confirms(typed, name, meant):", "if False:", T_PINS),
    Defect("a pin removed without a word", PINS, "if not confirms(typed, name, object_id):", "if False:", T_PINS),
    Defect("a pin serves another user", TARGET, "return not self.upn or user is None or", "return True or", T_PINS),
    Defect(
        "a row that changed is unchanged again",
        OWNERSHIP,
        "look.state is RowState.SAME and (not broken or look.last < broken)",
        "look.state is RowState.SAME",
        T_OWNERSHIP,
    ),
    Defect(
        "a day nobody looked at is unchanged", OWNERSHIP, "if seen.astimezone(UTC).date() >= day:", "if seen <= end:", T_OWNERSHIP
    ),
    # -- whose request, whose answer --
    Defect(
        "state not compared",
        GATE,
        'if address.values("state") != held.values("state") or not address.value("state"):',
        'if not address.value("state"):',
        T_GATE,
    ),
    Defect(
        "context of B not bound",
        GATE,
        "return apart and bool(event.window) and event.context == state.b_context and bool(state.b_context)",
        "return apart and bool(event.window) and event.context != state.a_context",
        T_GATE,
    ),
    Defect(
        "context of A not bound",
        GATE,
        "return apart and bool(event.window) and event.context == state.a_context and bool(state.a_context)",
        "return apart and bool(event.window) and event.context != state.b_context",
        T_GATE,
    ),
    # -- how the window of the delegated user is kept apart --
    Defect(
        "a private window in the ordinary jar taken for B",
        GATE,
        "shares = bool(event.context) and event.context == state.a_context",
        "shares = False",
        T_GATE,
    ),
    Defect(
        "private context not bound",
        PRIVATE,
        'why = why_not_fresh(jar, self._before) if not self.jar else "" if jar == self.jar else "its page came up elsewhere."',
        'why = ""',
        T_PRIVATE,
    ),
    Defect(
        "a private window of before taken for a fresh one",
        FRESH,
        "if jar in before.ours or jar in before.seen:",
        "if False:",
        T_FRESH,
    ),
    Defect("an ordinary window taken for a private one", FRESH, "if jar == before.ordinary:", "if False:", T_FRESH),
    Defect(
        "any window of the shared jar is B",
        GATE,
        "apart = not state.shared or event.window in state.b_windows",
        "apart = True",
        T_GATE,
    ),
    Defect(
        "B of the shared jar may be A",
        GATE,
        "apart = not (state.shared and event.window in state.b_windows)",
        "apart = True",
        T_GATE,
    ),
    Defect(
        "unasked wrong answer accepted",
        GATE,
        "    match identity.judge(terms.expected, state.said, opinion):\n",
        "    from exoalias.domain.target import HomeAccount, Tier\n"
        "    judged = identity.judge(terms.expected, state.said, opinion)\n"
        "    if state.unasked and isinstance(state.said, HomeAccount):\n"
        "        judged = identity.Accepted(state.said, Tier.ENTERED)\n"
        "    match judged:\n",
        T_GATE,
    ),
    Defect("an unasked answer not noticed", GATE, "event.follows in state.b_asked", "False", T_GATE),
    Defect(
        "a strategy tried again and again",
        STRATEGIES,
        "if each.strategy not in tried and each.strategy.prevents",
        "if each.strategy.prevents",
        T_STRATEGIES,
    ),
    Defect(
        "a person who was asked is led on", STRATEGIES, "if not (unasked and isinstance(", "if not (isinstance(", T_STRATEGIES
    ),
    Defect(
        "managed device taken by itself",
        STRATEGIES,
        "wanted = (Strategy.RELAY, Strategy.PRIVATE) if",
        "wanted = (Strategy.RELAY, Strategy.DEVICE) if",
        T_STRATEGIES,
    ),
    Defect("no-control says holds", BY_HAND, "terms.credential, Tier.UNWATCHED, NOBODY,", _PROVEN, T_BY_HAND),
    Defect(
        "a sign-in out of sight proves",
        TARGET,
        "return self not in {Tier.UNWATCHED, Tier.FIRST_USE}",
        "return self is not Tier.FIRST_USE",
        T_IDENTITY,
    ),
    Defect(
        "no-control ends well",
        "exoalias/app/sign_in.py",
        "            raise unwatched(name, terms[0].expected.upn, done)\n",
        "            return check(world, name, tell, control)\n",
        T_BY_HAND,
    ),
    Defect(
        "host look-alike accepted",
        AUTHORIZE,
        "if (address.origin, address.path) != (wanted.origin, wanted.path):\n        return say(",
        "if not address.origin.startswith(wanted.origin) or address.path != wanted.path:\n        return say(",
        T_AUTHORIZE,
    ),
    Defect("prompt dropped", AUTHORIZE, '("prompt=login", f"login_hint', '(f"login_hint', T_GATE),
    Defect(
        "prompt dropped, seen by the addresses' tests", AUTHORIZE, '("prompt=login", f"login_hint', '(f"login_hint', T_AUTHORIZE
    ),
    Defect("B may begin unprompted", GATE, "if event.url != state.b_url:", "if not event.url:", T_GATE),
    Defect(
        "second request let through",
        GATE,
        "(Show(event.request, Notice.ALREADY_OPEN),)",
        "(LetPass(event.request),)",
        T_GATE,
    ),
    Defect(
        "any request counts as following our initiator",
        GATE,
        'if event.follows not in state.initiators or event.method != "GET":',
        'if event.method != "GET":',
        T_GATE,
    ),
    Defect(
        "any credential's initiator counts",
        GATE,
        'for name in ("oauth_requestor_context", "oauth_requestor"))',
        'for name in ("oauth_requestor_context",))',
        T_GATE,
    ),
    Defect("a personal token counts", GATE, 'in {"", "false"}', 'in {"", "false", "true"}', T_GATE),
    Defect(
        "pushed request accepted", AUTHORIZE, 'for name in ("request", "request_uri"):', 'for name in ("request",):', T_AUTHORIZE
    ),
    Defect(
        "doubled parameters accepted", AUTHORIZE, "if address.repeated:\n        return", "if False:\n        return", T_AUTHORIZE
    ),
    Defect(
        "our client under another spelling passes as another's",
        AUTHORIZE,
        'if _name(p).lower() == "client_id"}',
        'if _name(p) == "client_id"}',
        T_AUTHORIZE,
    ),
    Defect(
        "a request that answers elsewhere vouches for an answer here",
        AUTHORIZE,
        'return address.value("state") if plain and address.value("redirect_uri") == planned.redirect_url else ""',
        'return address.value("state") if plain else ""',
        T_GATE,
    ),
    Defect(
        "other hosts pass",
        GATE,
        '        if not _at_microsoft(terms, address):\n            return _noted(state, "stray request")',
        '        if not address.origin:\n            return _noted(state, "stray request")',
        T_GATE,
    ),
    Defect(
        "an answer with two codes accepted",
        GATE,
        'if event.method != "GET" or address.repeated or wanted is None',
        'if event.method != "GET" or wanted is None',
        T_GATE,
    ),
    Defect(
        "an answer by POST accepted",
        GATE,
        'if event.method != "GET" or address.repeated or wanted is None',
        "if address.repeated or wanted is None",
        T_GATE,
    ),
    # -- who signed in --
    Defect(
        "client_info not compared",
        IDENTITY,
        "if known and known != {account.object_id}:",
        "if known and not account.object_id:",
        T_IDENTITY,
    ),
    Defect(
        "client_info not compared, seen by the gate's tests",
        IDENTITY,
        "if known and known != {account.object_id}:",
        "if known and not account.object_id:",
        T_GATE,
    ),
    Defect(
        "tenant not compared",
        IDENTITY,
        "if account.tenant_id != expected.tenant_id.lower():",
        "if not account.tenant_id:",
        T_IDENTITY,
    ),
    Defect(
        "what was entered outweighs the pin",
        IDENTITY,
        "known.add(expected.pin.account.object_id)",
        "known = known or {expected.pin.account.object_id}",
        T_IDENTITY,
    ),
    Defect("one of two client_infos believed", IDENTITY, "if len(values) != 1:", "if not values:", T_IDENTITY),
    Defect("ids not looked at", IDENTITY, "and is_guid(uid) and is_guid(utid)):", "and uid and utid):", T_IDENTITY),
    Defect(
        "second opinion not compared",
        IDENTITY,
        "if isinstance(said, HomeAccount) and said != opinion.account:",
        "if isinstance(said, HomeAccount) and not opinion.account:",
        T_IDENTITY,
    ),
    Defect(
        "second opinion not awaited", GATE, "    if terms.second_opinion:\n", "    if terms.second_opinion is None:\n", T_GATE
    ),
    Defect("look-alike names equal", IDENTITY, "opinion.username.isascii() and ", "", T_IDENTITY),
    Defect("first use accepted without asking", GATE, "if not terms.interactive:", "if terms.interactive is None:", T_GATE),
    Defect(
        "first use counts as entered",
        IDENTITY,
        "    return Accepted(account, Tier.FIRST_USE) if expected.trust_first_use else AskFirst(account)\n\n\ndef _second",
        "    return Accepted(account, Tier.ENTERED) if expected.trust_first_use else AskFirst(account)\n\n\ndef _second",
        T_IDENTITY,
    ),
    Defect("agreeing without a question", GATE, "if state.stopped and state.asked:", "if state.stopped and state.said:", T_GATE),
    Defect(
        "agreeing is not judged again",
        GATE,
        "    return _verdict(trusting, replace(state, asked=False), None)",
        "    from exoalias.domain.target import Tier\n"
        "    del trusting\n"
        "    return _release(state, identity.Accepted(state.said, Tier.FIRST_USE))",
        T_GATE,
    ),
    # -- what goes to the instance, and after the end --
    Defect("client_info not stripped", AUTHORIZE, 'if _name(p).lower() != "client_info")', 'if p != "client_info")', T_AUTHORIZE),
    Defect(
        "gate bypassed after an error",
        GATE,
        "return _released(state, event) or (state, (Show(event.request, Notice.ENDED),))",
        "return _released(state, event) or (state, (LetPass(event.request),))",
        T_GATE,
    ),
    Defect(
        "the released address need not be exact",
        GATE,
        "event.url == state.released_url and",
        "event.url.startswith(state.released_url) and",
        T_GATE,
    ),
    Defect(
        "released more than once", GATE, '_noted(state, "delivered"), released_url="")', '_noted(state, "delivered"))', T_GATE
    ),
    Defect(
        "the held request left hanging after a failure",
        GATE,
        "for r in (state.stopped, state.held) if r)",
        "for r in (state.stopped,) if r)",
        T_GATE,
    ),
    Defect("no time limit", GATE, ">= terms.limit_s:", "> 1e12:", T_GATE),
    # -- the same, from afar: whatever happens --
    Defect(
        "state not compared, seen by the witness",
        GATE,
        'if address.values("state") != held.values("state") or not address.value("state"):',
        'if not address.value("state"):',
        T_WITNESS,
    ),
    Defect(
        "client_info not compared, seen by the witness",
        IDENTITY,
        "if known and known != {account.object_id}:",
        "if known and not account.object_id:",
        T_WITNESS,
    ),
    Defect(
        "agreeing without a question, seen by the witness",
        GATE,
        "if state.stopped and state.asked:",
        "if state.stopped and state.said:",
        T_WITNESS,
    ),
    Defect(
        "the held request left hanging, seen by the witness",
        GATE,
        "for r in (state.stopped, state.held) if r)",
        "for r in (state.stopped,) if r)",
        T_WITNESS,
    ),
    # -- what is kept and written --
    Defect(
        "headers kept",
        PIPE,
        '"method": request.get("method"),',
        '"method": request.get("method"), "headers": str(request.get("headers")),',
        T_PIPE,
    ),
    Defect(
        "all of Microsoft's sign-in watched, passwords included",
        SESSION,
        '/*/oauth2/*authorize?*"',
        '/*"',
        T_CLOSED_LIST,
    ),
    Defect("an origin may widen the closed list", SESSION, "if not _ORIGIN.fullmatch(origin):", "if not origin:", T_CLOSED_LIST),
    Defect(
        "pin overwritten",
        JOURNAL,
        "if row is not None and to_pin(json.loads(row[0])).account != pin.account:",
        "if row is not None and not pin.account:",
        T_PIN,
    ),
    Defect("record not re-read before the write", APPLY, "        if _moved(step, state):\n", "        if not state:\n", T_ORDER),
    Defect("journal intent skipped", APPLY, "world.journal.intend(name, *entry)", "world.journal.note(name, *entry)", T_ORDER),
    Defect(
        "journal intent only after the first question",
        APPLY,
        "    number = world.journal.intend(name, *entry)\n    try:\n        state = instance.reread(step)\n",
        "    state = instance.reread(step)\n    number = world.journal.intend(name, *entry)\n    try:\n",
        T_ORDER,
    ),
    Defect("an outcome nobody knows is closed", APPLY, "except OutcomeUnknown:", "except AssertionError:", T_ORDER),
    Defect(
        "record not re-read, seen with the simulator",
        APPLY,
        "        if _moved(step, state):\n",
        "        if not state:\n",
        (*T_SIMULATED, "-k", "moved"),
    ),
    Defect(
        "value returned by the write not compared",
        SERVICENOW,
        "        if state.value != step.after:\n            raise WriteIgnored",
        "        if not state:\n            raise WriteIgnored",
        (*T_SIMULATED, "-k", "ignored"),
    ),
    # -- the ways in --
    Defect(
        "the goal reached from any jar",
        ARRIVAL,
        "in_a = bool(event.window) and event.context == state.a_context and bool(state.a_context)",
        "in_a = bool(event.window)",
        T_ARRIVAL,
    ),
    Defect(
        "the goal reached from a subframe",
        ARRIVAL,
        "in_a = bool(event.window) and event.context == state.a_context and bool(state.a_context)",
        "in_a = event.context == state.a_context and bool(state.a_context)",
        T_ARRIVAL,
    ),
    Defect("nobody asked whether A is signed in", ARRIVAL, "    if not errand.tried:\n", "    if errand:\n", T_ARRIVAL),
    Defect(
        "a longer address taken for the nonce's",
        ARRIVAL,
        'return url == goal if "?" in goal else',
        'return url.startswith(goal) if "?" in goal else',
        T_ARRIVAL,
    ),
    Defect(
        "cookies of every stopped address kept",
        PIPE,
        'if keep_cookies_of and request.get("url") == keep_cookies_of:',
        "if keep_cookies_of:",
        ("tests/adapters/browser/test_pipe.py",),
    ),
    Defect(
        "the nonce's pattern widened",
        SESSION,
        """addresses.append(self.nonce.replace("?", r"\\?"))""",
        """addresses.append(self.nonce.partition("?")[0] + "*")""",
        T_CLOSED_LIST,
    ),
    Defect(
        "any address taken for a nonce's",
        SESSION,
        "_NONCE.fullmatch(self.nonce[len(self.instance) :])",
        "bool(self.nonce)",
        T_CLOSED_LIST,
    ),
    Defect(
        "the redirect at the instance stopped",
        SESSION,
        "if match is None or match[1] in {self.instance, self.microsoft}:",
        "if match is None:",
        T_CLOSED_LIST,
    ),
    Defect(
        "a session's cookies for every host",
        HTTP,
        'self._session.cookies.set(name, value, domain=domain, path="/")',
        'self._session.cookies.set(name, value, path="/")',
        (*T_HTTP, "-k", "own_host_alone"),
    ),
    Defect(
        "somebody else goes on with what one person began",
        PERSONS,
        "if self._times and self._user.casefold() != user.casefold():",
        "if not self._user and self._times and user is None:",
        T_PERSONS,
    ),
    Defect(
        "a token for somebody else is used",
        BEARER,
        "if now is not None and now.casefold() != self._user.casefold():",
        "if now is not None and not now and not self._user:",
        T_BEARER,
    ),
    Defect(
        "a plan of one user written as another",
        APPLY,
        "if plan.user and instance.user and plan.user.casefold() != instance.user.casefold():",
        "if plan.user and not instance.user:",
        (*T_SIMULATED, "-k", "as_another"),
    ),
    Defect(
        "a dead session renewed without end",
        PERSONS,
        "            if is_signed_out(answer):\n                raise SessionEnded(host=answer.host)\n",
        "            if is_signed_out(answer):\n                return self.send(method, path, body=body)\n",
        T_PERSONS,
    ),
    Defect(
        "a write in doubt sent again",
        PERSONS,
        "page = changes and answer.status == 200 and _LOGIN_FORM not in answer.body",
        "page = False",
        T_PERSONS,
    ),
    Defect("a shut door keeps its session", DOORS, "            door.access.forget()\n", "", T_DOORS),
    Defect("the idle lock never falls", DOORS, "(now - d.used >= self.idle_s or now", "(now", T_DOORS),
    Defect("no session is too old", DOORS, " or now - d.opened >= self.longest_s)", ")", T_DOORS),
    Defect("the lock falls in the middle of a sign-in", DOORS, "if not self._busy[n] and (now", "if (now", T_DOORS),
    Defect(
        "a forgotten session's lobby opens again",
        LOBBY,
        "        if self._shut:\n",
        "        if self._shut and not self._entry:\n",
        (*T_LOBBY, "-k", "forgotten"),
    ),
    Defect(
        "the session of the form for other hosts too",
        LOBBY,
        "Path={cookie.path or '/'}{flags}",
        "Path={cookie.path or '/'}; Domain=localhost{flags}",
        (*T_LOBBY, "-k", "own_host_alone"),
    ),
    Defect(
        "the session of the form given to any jar",
        LOBBY,
        "ours = happening.url == self._nonce and happening.context == windows.a_context",
        "ours = happening.url == self._nonce",
        (*T_LOBBY, "-k", "other_jar"),
    ),
    Defect(
        "a refused password tried again at the login page",
        LOBBY,
        "            world.doors.refused.note(entry, kept.password)\n",
        "",
        (*T_LOBBY, "-k", "wrong_password"),
    ),
    Defect(
        "what happens in A during a renewal lost to the sign-in",
        LOBBY,
        "            self._guest(happening)\n            return None\n",
        "            return None\n",
        (*T_LOBBY, "-k", "guest_is_told"),
    ),
    Defect(
        "windows that close during a renewal lost to the sign-in",
        LOBBY,
        "        if not isinstance(happening, happenings.Paused):\n            self._guest(happening)\n",
        "",
        (*T_LOBBY, "-k", "guest_is_told"),
    ),
    Defect(
        "the instance's own sign-in mistaken for Microsoft's",
        LOBBY,
        "goals = (self._list.nonce, self._list.redirect)",
        "goals = (self._list.nonce,)",
        (*T_LOBBY, "-k", "guest_is_told"),
    ),
    Defect(
        "between two verbs what is stopped goes on",
        LOBBY,
        "session.show(happening.request, *_stray(windows, happening))\n                elif",
        "session.let_pass(happening.request)\n                elif",
        (*T_LOBBY, "-k", "by_hand"),
    ),
    Defect(
        "the answer's state not compared",
        OAUTH,
        "if not secrets.compare_digest(",
        "if not query and not secrets.compare_digest(",
        T_OAUTH,
    ),
    Defect("a new refresh token not kept", OAUTH, "            self.keep(granted.refresh)\n", "", T_OAUTH),
    Defect("no proof of who asked for the code", OAUTH, '            "code_challenge_method": "S256",\n', "", T_OAUTH),
    Defect("a password sent to a page that asks for none", FORM, "if not form.asks_for_password:", "if form is None:", T_FORM),
    Defect("the form's user not compared", FORM, "if name and name.casefold() != user.casefold():", "if name is user:", T_FORM),
    Defect(
        "a redirect address of Microsoft's taken",
        REDIRECT,
        "parts.hostname == urlsplit(each).hostname and port",
        "not parts.hostname and port",
        T_REDIRECT,
    ),
    Defect("a redirect address on the instance taken", REDIRECT, "if origin == instance:", "if not origin:", T_REDIRECT),
    Defect(
        "a pasted text repeated where nothing is known",
        "exoalias/domain/microsoft_errors.py",
        'return _unknown(f"AADSTS{int(sure)}" if sure else "")',
        "return _unknown(sure or seen)",
        ("tests/domain/test_microsoft_errors.py", "-k", "repeated or named"),
    ),
    Defect(
        "a release that was held back may still go",
        SITTING,
        "self.state, decisions = gate.withhold(before, event, problem)",
        "decisions = gate.withhold(before, event, problem)[1]",
        (*T_SITTING, "-k", "may_not_be"),
    ),
    Defect(
        "the right user's jar kept after the thanks",
        SITTING,
        "            if self._thanked:\n                self._close_b()\n",
        "            pass\n",
        (*T_SITTING, "-k", "thrown_away or cancel_ends"),
    ),
    Defect(
        "an instance's answer believed of another token",
        "exoalias/domain/rules/answer.py",
        "not unchanged(answer.tokens, refresh)",
        "not answer.tokens",
        ("tests/domain/rules/test_answer.py",),
    ),
    Defect(
        "another program's profile swept",
        JANITOR,
        "        if not _try_lock(lock):\n            return False\n",
        "",
        ("tests/adapters/browser/test_janitor.py",),
    ),
    # -- two runs at once --
    Defect(
        "a second run at work beside the first",
        JOURNAL,
        "                raise AnotherRun(instance=instance) from None\n",
        "                pass\n",
        ("tests/journeys/test_people.py", "-k", "refused_by_name"),
    ),
    # -- faults of the machine --
    Defect(
        "a browser killed before it is lent is an error in the program",
        LOBBY,
        '        raise BrowserDied(why="it answers no more") from gone\n',
        "        raise gone\n",
        ("tests/journeys/test_dying.py", "-k", "struck_there and browser"),
    ),
    Defect(
        "a sign-in that a fault ended is left open in the journal",
        "exoalias/app/sign_in.py",
        "            journal.outcome(entry, problem.code, {",
        "            str({",
        ("tests/journeys/test_dying.py", "-k", "struck_there and pipe"),
    ),
    Defect(
        "a code released that can't be written down",
        "exoalias/app/sign_in.py",
        '            journal.note(run.name, RELEASED, facts | account | {"tier": release.tier.value})\n',
        (
            "            try:\n                journal.note(run.name, RELEASED, facts)\n"
            "            except Problem:\n                return\n"
        ),
        ("tests/journeys/test_dying.py", "-k", "full_disk"),
    ),
    Defect(
        "a claim that can't be made goes on without",
        JOURNAL,
        "                raise BadJournal(path=lock, why=error.strerror or error) from error\n",
        "                del error\n",
        ("tests/adapters/keeping/test_journal.py", "-k", "claim"),
    ),
    Defect(
        "a token of the future holds",
        "exoalias/domain/rules/token.py",
        "if stamp is not None and stamp - case.now > _CLOCKS_DIFFER:",
        "if False:",
        ("tests/domain/rules/test_token.py", "-k", "clock"),
    ),
    Defect(
        "a wait reckoned by a clock that was set",
        HTTP,
        'return parsedate_to_datetime(answer.headers.get("date", "")).timestamp()',
        "return time.time()",
        ("tests/adapters/network/test_http.py", "-k", "far_sides_clock"),
    ),
    Defect(
        "a profile kept by a clock that was set back",
        JANITOR,
        "age = abs(time.time() - path.stat().st_mtime)",
        "age = time.time() - path.stat().st_mtime",
        ("tests/adapters/browser/test_janitor.py", "-k", "clock"),
    ),
    Defect(
        "a code waited for in a window that is gone",
        SITTING,
        "(nothing_comes or not self.state.released_url)",
        "(not self.state.released_url)",
        (*T_SITTING, "-k", "no_longer_ask"),
    ),
    Defect(
        "a crash of one page taken for the end of all",
        SITTING,
        "event.crashed and not self.windows.a_windows",
        "event.crashed",
        (*T_SITTING, "-k", "crashed_page"),
    ),
    Defect(
        "a window of a dead browser lingered at",
        SITTING,
        "if self._gone or not self.windows.visible",
        "if not self.windows.visible",
        (*T_SITTING, "-k", "nothing_is_opened"),
    ),
)


class OutOfDateError(Exception):
    """A defect whose guard is not in its file, or more than once."""


def plant(copy: Path, defect: Defect) -> str:
    """Take the guard away; gives the file's text as it was."""
    file = copy / defect.file
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    if text.count(defect.guard) != 1:
        raise OutOfDateError(f"{defect.name}: its guard stands {text.count(defect.guard)} times in {defect.file}")
    file.write_text(text.replace(defect.guard, defect.gap), encoding="utf-8")
    return text


def make_copy(folder: Path) -> Path:
    """The program and its tests, without what was compiled."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy2(source, folder / name)
    return folder


def run_tests(copy: Path, tests: tuple[str, ...]) -> tuple[int, str]:
    """Pytest's exit code and words: 0 all green, 1 some red, anything else is no verdict."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=line", "-p", "no:cacheprovider", "-p", "no:randomly", *tests]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}  # a compiled file could outlive the defect
    environment.pop("PYTEST_ADDOPTS", None)
    try:
        done = subprocess.run(
            command,
            cwd=copy,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return -1, f"no end within {_LIMIT_S} s"
    return done.returncode, done.stdout


def first_red(words: str) -> str:
    """The test that noticed."""
    return next(
        (line.removeprefix("FAILED ").partition(" - ")[0] for line in words.splitlines() if line.startswith("FAILED ")), ""
    )


def verdict(copy: Path, defect: Defect) -> tuple[bool, str]:
    """Whether the tests noticed, and the line to print. Only a red test counts: a program that can't start proves nothing."""
    start = time.monotonic()
    before = plant(copy, defect)
    try:
        code, words = run_tests(copy, defect.tests)
    finally:
        (copy / defect.file).write_text(before, encoding="utf-8")
    noticed, seconds = first_red(words), time.monotonic() - start
    if code == 1 and noticed:
        return True, f"caught    {defect.name}  ({seconds:.1f} s: {noticed.partition('::')[2]})"
    if code == 0:
        return False, f"SURVIVED  {defect.name}  ({defect.file}; {' '.join(defect.tests)})"
    return False, f"BROKEN    {defect.name}  (pytest ended with {code})\n{words[-1500:]}"


def unmutated(copy: Path, tests: tuple[str, ...]) -> tuple[bool, str]:
    """Whether these tests are green while nothing is planted."""
    code, words = run_tests(copy, tests)
    return code == 0, f"{'green' if code == 0 else 'RED'}     {' '.join(tests)}, nothing planted" + (
        f"\n{words[-1500:]}" if code else ""
    )


def chosen(arguments: list[str]) -> tuple[Defect, ...]:
    """The defects asked for: all, those of the suite with --quick, those whose name holds one of the words."""
    words = [a.lower() for a in arguments if not a.startswith("-")]
    return tuple(
        d for d in DEFECTS if (d.quick or "--quick" not in arguments) and (not words or any(w in d.name.lower() for w in words))
    )


def run_all(defects: tuple[Defect, ...]) -> tuple[int, int]:
    """Green first, then each defect, some at a time, each in a copy nobody else uses; how many were caught and how many not."""
    with tempfile.TemporaryDirectory(prefix="exoalias-planted-") as folder:
        copies: queue.SimpleQueue[Path] = queue.SimpleQueue()
        for number in range(AT_A_TIME):
            copies.put(make_copy(Path(folder) / str(number)))

        def judged(job: Defect | tuple[str, ...]) -> tuple[bool, str]:
            copy = copies.get()
            try:
                return verdict(copy, job) if isinstance(job, Defect) else unmutated(copy, job)
            except OutOfDateError as stale:
                return False, f"STALE     {stale}"
            finally:
                copies.put(copy)

        def each(jobs: tuple[Defect, ...] | tuple[tuple[str, ...], ...]) -> list[bool]:
            results = []
            with ThreadPoolExecutor(AT_A_TIME) as pool:
                for good, line in pool.map(judged, jobs):
                    print(line, flush=True)
                    results.append(good)
            return results

        if not all(each(tuple(dict.fromkeys(d.tests for d in defects)))):
            print("Nothing was planted: the tests must be green first.")
            return 0, len(defects)
        caught = sum(each(defects))
        return caught, len(defects) - caught


def main(arguments: list[str]) -> int:
    """Plant, judge, count."""
    defects = chosen(arguments)
    unknown = [a for a in arguments if a.startswith("-") and a != "--quick"]
    if unknown or not defects:
        print("usage: dev.py planted [--quick] [WORD of a defect's name …]", file=sys.stderr)
        return 2
    start = time.monotonic()
    caught, missed = run_all(defects)
    print(f"{caught} of {caught + missed} planted defects caught in {time.monotonic() - start:.0f} s")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
