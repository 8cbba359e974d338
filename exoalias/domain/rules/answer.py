"""What the instance itself said of whose token it holds, where an admin asked it by hand: a hint beside the watched sign-in.

It never makes a proof, raises no tier and plans nothing; where nobody asked there is no such line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.domain import sources
from exoalias.domain.ownership import moment
from exoalias.domain.rules.rule import Rule
from exoalias.domain.rules.token import sign_in, unchanged
from exoalias.domain.words import say

if TYPE_CHECKING:
    from exoalias.domain.checklist import Finding
    from exoalias.domain.records import Credential
    from exoalias.domain.rules.case import Case

ANSWER = Rule(
    "credential.instance-answer",
    "The instance, asked by hand, names the delegated user's account",
    "An admin may run a script on the instance that reads the ids in the stored token. It is a hint beside the watched sign-in, "
    "and no proof: it comes from a person, and Microsoft promises no form for such a token.",
    (sources.KB_WRONG_ACCOUNT, sources.GLIDE_OAUTH_CLIENT, sources.ACCESS_TOKENS),
)

RULES = (ANSWER,)


def check_answer(case: Case, credential: Credential) -> tuple[Finding, ...]:
    """What the instance said of this credential's token; nothing where nobody asked it."""
    answer = next((each for each in case.target.answers if each.credential == credential.sys_id), None)
    if answer is None:
        return ()
    refresh = tuple(t for t in case.snapshot.tokens_of(credential.sys_id) if t.kind == "refresh_token")
    asked = say(
        "Asked by hand on {at}, the instance named object id {object_id}",
        at=moment(answer.at),
        object_id=answer.account.object_id,
    )
    known = bool(answer.tokens) and all(m.updated_on is not None and m.mod_count is not None for m in answer.tokens)
    if not known or not refresh or not unchanged(answer.tokens, refresh) or answer.profile != case.profile_id:
        return (
            ANSWER.not_applicable(
                say("{asked}. The token has changed since, or can't be seen to be the same: it says nothing now.", asked=asked)
            ),
        )
    if case.account is None:
        return (
            ANSWER.advice(
                say("{asked}; which account the delegated user is was not said.", asked=asked), remedy="Enter the object id."
            ),
        )
    if answer.account == case.account:
        return (
            ANSWER.holds(
                say("{asked}, the delegated user's.", asked=asked), "A hint only: how it is proven stands in the line above."
            ),
        )
    return (
        ANSWER.needs_you(
            say(
                "{asked} of tenant {tenant_id}, which is not the delegated user's.",
                asked=asked,
                tenant_id=answer.account.tenant_id,
            ),
            say(
                "Object id {object_id} of tenant {tenant_id}", object_id=case.account.object_id, tenant_id=case.account.tenant_id
            ),
            remedy="Sign in again as the delegated user, and ask the instance once more.",
            action=sign_in(credential.sys_id, credential.name),
        ),
    )
