"""Whose sign-in was it? Reading Microsoft's answers and comparing like with like.

``client_info`` is what Microsoft adds to the authorize answer when asked with ``client_info=1``: base64url JSON with ``uid``
(object id in the home tenant) and ``utid`` (home tenant id); MSAL's own libraries rely on it. It isn't signed: it guards
against mistakes, not against a person who forges the address. An ID token is signed; it is the second opinion.
A name in an unsigned answer, a mail address or a display name is never compared: names are reused, look alike and change.
The one name that counts is the UPN inside a *signed* ID token of the registry's own tenant, and only to learn an object id
nobody has told yet: there the tenant's directory itself says, at that moment, which account bears that UPN.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass

from exoalias.domain.problems import IdentityUnreadable, OpinionsDiffer, OwnerUnconfirmed, Problem, WrongTenant, WrongUser
from exoalias.domain.target import HomeAccount, Pin, Tier
from exoalias.domain.words import say

_GUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}", re.ASCII)
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+={0,2}", re.ASCII)
_LONGEST = 2_048  # a real client_info has some 120 characters


def is_guid(text: str) -> bool:
    """Whether *text* is a GUID in its usual form, any case, nothing around it."""
    return _GUID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Microsoft's answer does not say who signed in."""

    why: str


def read_client_info(values: tuple[str, ...]) -> HomeAccount | Unreadable:
    """The account named by the ``client_info`` parameters of one answer (all of them: exactly one may be there)."""
    if len(values) != 1:
        return Unreadable("no client_info" if not values else "client_info given more than once")
    text = values[0]
    if len(text) > _LONGEST or not _BASE64URL.fullmatch(text):
        return Unreadable("client_info is not base64url")
    try:
        raw = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
        said = json.loads(raw, object_pairs_hook=_once)
    except (ValueError, RecursionError):  # binascii.Error is a ValueError
        return Unreadable("client_info is not JSON")
    uid, utid = (said.get("uid"), said.get("utid")) if isinstance(said, dict) else (None, None)
    if not (isinstance(uid, str) and isinstance(utid, str) and is_guid(uid) and is_guid(utid)):
        return Unreadable("client_info does not hold the two ids")
    return HomeAccount(uid.lower(), utid.lower())


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object whose names are all different; one given twice could be read in two ways (ValueError)."""
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name is given twice")
    return dict(pairs)


@dataclass(frozen=True, slots=True)
class Opinion:
    """The second opinion: what a signed ID token of the same browser session says."""

    account: HomeAccount  # uid.utid of the answer the token came with
    oid: str  # the token's own claims, verified
    tid: str
    username: str = ""  # its preferred_username: for an account at home in the tenant, the UPN


@dataclass(frozen=True, slots=True)
class Expectation:
    """Who may sign in for a credential. ``tenant_id`` is the application registry's, as a GUID ("" if it can't be known)."""

    instance: str
    credential_name: str
    upn: str
    tenant_id: str
    object_id: str = ""  # entered beforehand
    pin: Pin | None = None
    trust_first_use: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """The right user, and how we know."""

    account: HomeAccount
    tier: Tier


@dataclass(frozen=True, slots=True)
class AskFirst:
    """Nobody knows the user yet: a person must say, and what is stored stays unconfirmed."""

    account: HomeAccount


@dataclass(frozen=True, slots=True)
class Refused:
    """Not the user, or nobody can tell; nothing may reach the instance."""

    problem: Problem


Verdict = Accepted | AskFirst | Refused


def judge(expected: Expectation, said: HomeAccount | Unreadable, opinion: Opinion | Unreadable | None = None) -> Verdict:
    """Compare who signed in with who should have. ``opinion`` is None where no second opinion is configured."""
    if isinstance(opinion, Unreadable):
        return Refused(
            IdentityUnreadable(instance=expected.instance, why=say("second opinion: {opinion_why}", opinion_why=opinion.why))
        )
    if opinion is not None:
        differing = _differs(said, opinion)
        if differing:
            return Refused(OpinionsDiffer(credential=expected.credential_name, upn=expected.upn, why=differing))
        said = opinion.account
    if isinstance(said, Unreadable):
        return Refused(IdentityUnreadable(instance=expected.instance, why=said.why))
    return _compare(expected, said, opinion)


def _differs(said: HomeAccount | Unreadable, opinion: Opinion) -> str:
    """Why the two answers don't speak of the same account; "" when they do."""
    if isinstance(said, HomeAccount) and said != opinion.account:
        return say(
            "{object_id} signed in, {object_id2} was answered for", object_id=said.object_id, object_id2=opinion.account.object_id
        )
    # For an account at home in the tenant both pairs are the same; for a guest the token's are the resource tenant's.
    at_home = opinion.tid.lower() == opinion.account.tenant_id
    if at_home and opinion.oid.lower() != opinion.account.object_id:
        return "the ID token names another object id than its client_info"
    return ""


def _compare(expected: Expectation, account: HomeAccount, opinion: Opinion | None) -> Verdict:
    if not is_guid(expected.tenant_id):
        return Refused(IdentityUnreadable(instance=expected.instance, why="the registry's tenant could not be told"))
    facts = {"credential": expected.credential_name, "upn": expected.upn}
    if account.tenant_id != expected.tenant_id.lower():
        return Refused(WrongTenant(expected=expected.tenant_id.lower(), actual=account.tenant_id, **facts))
    known = {expected.object_id.lower()} if expected.object_id else set()
    if expected.pin is not None:
        known.add(expected.pin.account.object_id)
        if expected.pin.account.tenant_id != account.tenant_id:
            return Refused(WrongTenant(expected=expected.pin.account.tenant_id, actual=account.tenant_id, **facts))
    if known and known != {account.object_id}:
        return Refused(WrongUser(expected=" and ".join(sorted(known)), actual=account.object_id, **facts))
    if opinion is not None:
        if opinion.tid.lower() != account.tenant_id:
            return Refused(
                OpinionsDiffer(
                    why=say("the ID token was issued by the tenant {tid}", tid=opinion.tid or say("of no name")), **facts
                )
            )
        return _second_opinion(expected, account, opinion, known=bool(known))
    if known:
        return Accepted(account, Tier.PINNED if expected.pin is not None else Tier.ENTERED)
    return Accepted(account, Tier.FIRST_USE) if expected.trust_first_use else AskFirst(account)


def _second_opinion(expected: Expectation, account: HomeAccount, opinion: Opinion, *, known: bool) -> Verdict:
    """A signed token says which account it is. Where nobody has said which one is right, its own UPN may."""
    named = opinion.username.isascii() and opinion.username.lower() == expected.upn.lower()
    if known or named:
        return Accepted(account, Tier.SECOND_OPINION)
    return Accepted(account, Tier.FIRST_USE) if expected.trust_first_use else AskFirst(account)


def unconfirmed(expected: Expectation) -> Problem:
    """What a run that may not ask says on first use."""
    return OwnerUnconfirmed(upn=expected.upn, instance=expected.instance)
