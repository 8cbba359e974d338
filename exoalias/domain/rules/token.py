"""What must hold of a credential's refresh token: there, alive, of the target profile, and the delegated user's.

The instance keeps no column with the Microsoft account: whose token it is can only be known from a sign-in that was watched,
and only as long as the row is still the one that sign-in stored. The access token doesn't matter: the platform renews it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from exoalias.domain import ownership, sources
from exoalias.domain.checklist import Act, Action
from exoalias.domain.expiry import MICROSOFT_LIFETIME, SOON, honest_expiry, last_stamp
from exoalias.domain.ownership import Look, RowState, day_of, moment, story
from exoalias.domain.rules.rule import Rule
from exoalias.domain.target import Tier
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exoalias.domain.checklist import Finding
    from exoalias.domain.records import Credential, SysId, Token
    from exoalias.domain.rules.case import Case
    from exoalias.domain.target import Proof, TokenMark

PRESENT = Rule(
    "credential.token",
    "A refresh token is stored",
    "Without one the instance can't reach the calendars. Two pages differ: the strict-mode page names Get OAuth Token for MS "
    "Graph 1 "
    "alone, the spoke page for MS Graph 1 and MS Graph 2. Both are checked: with the grant type Authorization Code each "
    "credential "
    "needs a token of its own.",
    (sources.STRICT_ALIAS, sources.SPOKE_STRICT, sources.SCAN_FINDINGS),
)
ALIVE = Rule(
    "credential.expiry",
    "The refresh token is not dead",
    "The instance's expiry date is its own guess (100 days by default); Microsoft's refresh tokens live 90 days, and a "
    "dashboard that "
    "trusts the guess shows green on a dead token. A password reset or a revoked session can end a token sooner, unseen.",
    (sources.KB_REFRESH_EXPIRY, sources.KB_TOKEN_LIFE, sources.REFRESH_TOKENS, sources.KB_PASSWORD_RESET),
)
FITS = Rule(
    "credential.token-age",
    "The token was fetched through the target profile and is newer than the profile's last change",
    "A token carries the registry and scopes of the profile it was fetched through, as they were then.",
    (sources.STRICT_ALIAS, sources.TROUBLESHOOTING),
)
OWNER = Rule(
    "credential.owner",
    "The token was issued to the delegated user",
    "If the person is not prompted, the token may silently be that of whoever is signed in to the browser. It then works for "
    "nobody's "
    "rooms, with no error that says so. The instance keeps no record of the Microsoft account.",
    (sources.STRICT_ALIAS, sources.KB_WRONG_ACCOUNT, sources.KB_PRIVATE_WINDOW),
)

RULES = (PRESENT, ALIVE, FITS, OWNER)

_CLOCKS_DIFFER = timedelta(minutes=10)  # between two computers that are set; beyond, no day here says whether a token is dead
_NO_TOKEN = "There is no refresh token to look at yet."  # noqa: S105 - words, not a token


def check_token(case: Case, credential: Credential) -> tuple[Finding, ...]:
    """The four findings about the token of one credential."""
    if not case.snapshot.tokens or not case.snapshot.tokens.asked:
        return _unread(case, credential)
    rows = case.snapshot.tokens_of(credential.sys_id)
    refresh = tuple(t for t in rows if t.kind == "refresh_token")
    if not refresh:
        return (_absent(case, rows, credential), *(rule.not_applicable(_NO_TOKEN) for rule in (ALIVE, FITS, OWNER)))
    by = sorted({t.created_by for t in refresh if t.created_by})
    fetched = say(" It was fetched in ServiceNow by {by}.", by=", ".join(by)) if by else ""
    newest, counted = _counted(case, refresh)
    return (
        PRESENT.holds(say("A refresh token is stored.{fetched}", fetched=fetched)),
        _alive(case, credential, newest)._replace(until=honest_expiry(newest).at),
        _fits(case, credential, refresh, newest),
        _owner(case, credential, counted),
    )


def looks(case: Case) -> tuple[Look, ...]:
    """How each credential's row stands beside what its last sign-in left: kept, so that it can be said of a day later."""
    return tuple(
        Look(credential, proof.sign_in, _row_state(case, credential, proof), case.now, case.now)
        for credential, proof in case.proofs.items()
    )


def _row_state(case: Case, credential: SysId, proof: Proof) -> RowState:
    tokens = case.snapshot.tokens
    if not tokens or not tokens.asked or any(t.credential is None for t in tokens.rows):
        return RowState.UNREAD
    rows = case.snapshot.tokens_of(credential)
    if any(t.kind is None for t in rows):
        return RowState.UNREAD
    refresh = tuple(t for t in rows if t.kind == "refresh_token")
    if not refresh:
        return RowState.GONE
    _, counted = _counted(case, refresh)
    if any(t.updated_on is None or t.mod_count is None for t in counted):
        return RowState.UNREAD
    return RowState.SAME if _same_rows(proof, counted) else RowState.CHANGED


def _counted(case: Case, refresh: tuple[Token, ...]) -> tuple[Token, tuple[Token, ...]]:
    """The newest refresh token, and those whose owner counts: the living ones of the target profile.

    A row whose profile was not returned may be one of the target profile: it is looked at with them.
    """
    fitting = tuple(t for t in refresh if t.profile in {None, case.profile_id}) if case.profile_id else refresh
    newest = _newest(fitting or refresh)
    return newest, _living(case, fitting) or (newest,)


def sign_in(credential: SysId, name: str) -> Action:
    """The button that starts the sign-in for a credential."""
    return Action(Act.SIGN_IN, say("Sign in {name} …", name=name), credential)


def _newest(tokens: tuple[Token, ...]) -> Token:
    known = [(stamp, token) for token in tokens if (stamp := last_stamp(token)) is not None]
    return max(known, key=lambda pair: pair[0])[1] if known else tokens[0]


def _living(case: Case, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    return tuple(t for t in tokens if not honest_expiry(t).passed(case.now))


def _unread(case: Case, credential: Credential) -> tuple[Finding, ...]:
    """Token rows need oauth_admin. What our own sign-in showed is still worth saying, and then another one helps nobody."""
    proof = case.proofs.get(credential.sys_id)
    action = None if proof is not None and _settled(case, proof) else sign_in(credential.sys_id, credential.name)
    if case.snapshot.tokens:
        present = PRESENT.cannot_tell("The instance was not asked for token records.", remedy="Check again.", action=action)
    else:
        present = PRESENT.unreadable(case.snapshot.tokens, "token records (oauth_credential)", "oauth_admin", action=action)
    said = say("The last sign-in seen here: {proof}.", proof=story(proof)) if proof is not None else "No sign-in was seen here."
    return (
        present,
        ALIVE.cannot_tell("The token's dates can't be read.", remedy="The role oauth_admin reads them."),
        FITS.cannot_tell("The token's profile can't be read.", remedy="The role oauth_admin reads it."),
        OWNER.cannot_tell(
            say("Whether that is the token now stored can't be read. {said}", said=said),
            remedy="Check with a user who has the role oauth_admin.",
            action=action,
        ),
    )


def _settled(case: Case, proof: Proof) -> bool:
    """Whether another sign-in would show no more than the last one did."""
    return proof.tier.proves and _is_delegated_user(case, proof) and case.now - proof.at < MICROSOFT_LIFETIME


def _absent(case: Case, rows: tuple[Token, ...], credential: Credential) -> Finding:
    action = sign_in(credential.sys_id, credential.name)
    if any(t.credential is None for t in case.snapshot.tokens.rows):
        return PRESENT.no_column("oauth_requestor_profile.requestor_id", action=action)
    if any(t.kind is None for t in rows):
        return PRESENT.no_column("oauth_credential.type", action=action)
    found = "Only an access token is stored: it ends within the hour." if rows else "No token is stored."
    return PRESENT.needs_you(found, remedy="Sign in as the delegated user.", action=action)


def _alive(case: Case, credential: Credential, token: Token) -> Finding:
    expiry = honest_expiry(token)
    action = sign_in(credential.sys_id, credential.name)
    if expiry.at is None:
        return ALIVE.cannot_tell(
            expiry.why, remedy="Check with a user who may read the dates of token records (role oauth_admin)."
        )
    day = day_of(expiry.at)
    if expiry.passed(case.now):
        return ALIVE.needs_you(
            say("The token must be taken for dead since {day}. {expiry_why}", day=day, expiry_why=expiry.why),
            remedy="Sign in again.",
            action=action,
        )
    stamp = last_stamp(token)
    if stamp is not None and stamp - case.now > _CLOCKS_DIFFER:
        return ALIVE.cannot_tell(
            say("The token's row is of {stamp}, a moment this computer's clock has yet to reach.", stamp=moment(stamp)),
            remedy="Set this computer's clock, then check again.",
        )
    if token.expires is None:
        return ALIVE.no_column("oauth_credential.expires")
    left = say(
        "The token lives until about {day}, {now} days from now. {expiry_why}",
        day=day,
        now=expiry.days_left(case.now),
        expiry_why=expiry.why,
    )
    if expiry.at - case.now < SOON:
        return ALIVE.advice(left, remedy="Sign in again before that day.", action=None)
    return ALIVE.holds(left)


def _fits(case: Case, credential: Credential, refresh: tuple[Token, ...], newest: Token) -> Finding:
    if case.profile is None:
        return FITS.cannot_tell("No target profile is known to compare the token with.")
    if newest.profile != case.profile_id:
        if any(t.profile is None for t in refresh):
            return FITS.no_column("oauth_requestor_profile.oauth_entity_profile")
        return FITS.needs_you(
            "The token was fetched through another OAuth entity profile.",
            say("A token fetched through {profile_name}", profile_name=case.profile.name or say("the target profile")),
            remedy="Sign in again once the profile is set.",
            action=sign_in(credential.sys_id, credential.name),
        )
    stamp = last_stamp(newest)
    changed = case.profile.updated_on
    if stamp is None:
        return FITS.no_column("oauth_credential.sys_created_on")
    if changed is None:
        return FITS.no_column("oauth_entity_profile.sys_updated_on")
    if stamp < changed:
        return FITS.needs_you(
            say("The token is of {stamp}, the profile was changed on {changed}.", stamp=moment(stamp), changed=moment(changed)),
            remedy="Sign in again.",
            action=sign_in(credential.sys_id, credential.name),
        )
    return FITS.holds(
        say("The token is of {stamp}; the profile was last changed on {changed}.", stamp=moment(stamp), changed=moment(changed))
    )


# -- whose is it? --------------------------------------------------------------------------------------------------------


def _owner(case: Case, credential: Credential, tokens: tuple[Token, ...]) -> Finding:
    proof = case.proofs.get(credential.sys_id)
    action = sign_in(credential.sys_id, credential.name)
    expected = say("A token of {upn}, seen at its sign-in", upn=case.upn or say("the delegated user"))
    if proof is None:
        return OWNER.needs_you(
            "Nobody can tell from the instance whose token this is.",
            expected,
            remedy="Sign in as the delegated user.",
            action=action,
        )
    if any(t.updated_on is None or t.mod_count is None for t in tokens):
        return OWNER.no_column(
            "oauth_credential.sys_updated_on or sys_mod_count", expected, action=None if _settled(case, proof) else action
        )
    if not _same_rows(proof, tokens):
        return OWNER.cannot_tell(
            ownership.changed(proof),
            expected,
            remedy="Sign in again to be sure.",
            action=action,
        )
    if not proof.tier.proves:
        return _unconfirmed(case, proof, expected, action)
    if case.account is None:
        return OWNER.cannot_tell(
            say("The token is that of {proof}, but which account the delegated user is was not said.", proof=story(proof)),
            expected,
            remedy="Enter the delegated user's object id.",
            action=_enter(credential),
        )
    if not _is_delegated_user(case, proof):
        return OWNER.needs_you(
            say("The token is another account's: {proof}.", proof=story(proof)),
            expected,
            remedy="Sign in as the delegated user.",
            action=action,
        )
    return OWNER.holds(
        say("Issued to {upn}. {proof}", upn=case.upn or say("the delegated user"), proof=ownership.unchanged(proof)), expected
    )


def _unconfirmed(case: Case, proof: Proof, expected: str, action: Action) -> Finding:
    if proof.tier is Tier.UNWATCHED:
        return OWNER.cannot_tell(
            say(
                "Stored, owner unconfirmed: {proof}. A wrong user could not be prevented there, only detected.",
                proof=story(proof),
            ),
            expected,
            remedy="Sign in again where exoalias can steer the browser, or ask the instance by hand whose token it is.",
            action=action,
        )
    return OWNER.cannot_tell(
        say("Stored, owner unconfirmed: {proof}. Nobody knew the account at that time.", proof=story(proof)),
        expected,
        remedy="Enter the delegated user's object id as Entra shows it, then sign in again.",
        action=action if case.account is not None else Action(Act.CHOOSE_TARGET, "Enter the object id …", action.record),
    )


def _enter(credential: Credential) -> Action:
    return Action(Act.CHOOSE_TARGET, "Enter the object id …", credential.sys_id)


def _same_rows(proof: Proof, tokens: Iterable[Token]) -> bool:
    """Whether each row still is as the sign-in left it."""
    return unchanged(tuple(m for m in proof.tokens if m.kind == "refresh_token"), tokens)


def unchanged(then: tuple[TokenMark, ...], tokens: Iterable[Token]) -> bool:
    """Whether each row still is as one of those marks."""
    marks = {(m.sys_id, m.created_on, m.updated_on, m.mod_count) for m in then}
    return all((t.sys_id, t.created_on, t.updated_on, t.mod_count) in marks for t in tokens)


def _is_delegated_user(case: Case, proof: Proof) -> bool:
    """Like with like: object id and home tenant, never a name."""
    account = case.account
    if account is None or not account.object_id or not proof.account.tenant_id:
        return False
    tenants = {t.casefold() for t in (account.tenant_id, case.tenant, proof.account.tenant_id) if t}
    return account.object_id.casefold() == proof.account.object_id.casefold() and len(tenants) == 1
