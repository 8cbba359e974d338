"""From findings to steps: what exoalias would write, which sign-ins it would ask for, and what only a person can do.

Nothing is written to a record in doubt, and no sign-in is planned while anything that blocks stands on the instance, the
registry, the profile or any of the credentials: a sign-in comes last, when all else is right or will be by the writes before it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from exoalias.domain.checklist import Act, Group, Status
from exoalias.domain.plan import Advise, Plan, SetField, SignIn, SwitchScope
from exoalias.domain.words import joined, say, word
from exoalias.domain.writable import PROFILE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exoalias.domain.checklist import Checklist, Finding, Row
    from exoalias.domain.plan import Step
    from exoalias.domain.records import Credential, EntityProfile, Snapshot
    from exoalias.domain.target import Target

# The rules a sign-in answers to; rules/ holds them under these codes (they import this module, so they can't be imported here).
TOKEN_CODES = frozenset({"credential.token", "credential.expiry", "credential.token-age", "credential.owner"})
DELEGATED_USER_CODE = "instance.delegated-user"

# Few enough to be gone through: to hash a member of an Enum costs more.
_TOWARDS_SIGN_IN = (Act.SIGN_IN, Act.REVIEW_PLAN, Act.NOTHING)
_DONE_HERE = (Act.REVIEW_PLAN, Act.SIGN_IN, Act.CHOOSE_TARGET, Act.CHECK, Act.NOTHING)
_GROUND = (Group.INSTANCE, Group.REGISTRY, Group.PROFILE)


def make_plan(checklist: Checklist, snapshot: Snapshot, target: Target, profile: EntityProfile | None) -> Plan:
    """The steps that would make the checklist hold, in order, and why those one would expect are missing.

    *profile* is the one the credentials should carry; None while none is chosen.
    """
    ground = _blocking(row for row in checklist.rows if row.group in _GROUND)
    advice = tuple(_advice(checklist))
    plan = _plan(ground, profile, checklist, snapshot, advice)
    return with_switches(plan, snapshot, target)


def _plan(
    ground: tuple[str, ...],
    profile: EntityProfile | None,
    checklist: Checklist,
    snapshot: Snapshot,
    advice: tuple[Advise, ...],
) -> Plan:
    if ground or profile is None:
        return Plan(checklist.origin, advice, ground or ("No OAuth entity profile is chosen.",))
    rows = tuple(row for row in checklist.rows if row.group is Group.CREDENTIAL)
    doubts = _blocking(rows)
    records = {credential.sys_id: credential for credential in snapshot.credentials.rows}
    pairs = tuple((row, records[row.record]) for row in rows if row.record in records)
    writes = tuple(
        _write(credential, profile)
        for row, credential in pairs
        if not _stands(row) and credential.profile not in {None, profile.sys_id}
    )
    wanted = tuple(_sign_in(row, credential, profile) for row, credential in pairs if wants_sign_in(row))
    missing = _nobody_named(checklist)
    if wanted and (doubts or missing):
        return Plan(checklist.origin, (*writes, *advice), (*doubts, *missing, "No sign-in is asked for while that stands."))
    return Plan(checklist.origin, (*writes, *wanted, *advice), doubts)


def wants_sign_in(row: Row) -> bool:
    """Whether a sign-in would better what is known of this credential's token."""
    return any(_asks_sign_in(f) for f in row.findings)


def _asks_sign_in(finding: Finding) -> bool:
    """Judged findings offer the sign-in, or, where it can't begin yet, what comes before it."""
    return finding.action is not None and finding.code in TOKEN_CODES and finding.action.act in _TOWARDS_SIGN_IN


def _stands(row: Row) -> bool:
    return any(f.blocks for f in row.findings)


def _blocking(rows: Iterable[Row]) -> tuple[str, ...]:
    """What blocks, each said once: two records of one name say the same."""
    blocking = ((row, finding) for row in rows for finding in row.findings if finding.blocks)
    return tuple(dict.fromkeys(say("{title}: {found}", title=word(row.title), found=finding.found) for row, finding in blocking))


def _nobody_named(checklist: Checklist) -> tuple[str, ...]:
    named = (f for f in checklist.findings if f.code == DELEGATED_USER_CODE and f.status.is_finding)
    return tuple(f.found for f in named)


def _write(credential: Credential, profile: EntityProfile) -> SetField:
    return SetField(
        table=PROFILE.table,
        record=credential.sys_id,
        record_name=credential.name,
        field=PROFILE.field,
        before=credential.profile or "",
        before_shown=credential.profile_name or credential.profile or "",
        after=profile.sys_id,
        after_shown=profile.name or profile.sys_id,
        mod_count=credential.mod_count,
        updated_on=credential.updated_on,
        scope=credential.scope or "",
    )


# -- whose application? --------------------------------------------------------------------------------------------------


def with_switches(plan: Plan, snapshot: Snapshot, target: Target) -> Plan:
    """The plan with a switch of the application before writes the instance is known to refuse from another one."""
    current = snapshot.current_scope.one()
    standing = current.app if current is not None else ""
    steps: list[Step] = []
    for step in plan.steps:
        switch = _switch(step, snapshot, target) if isinstance(step, SetField) else None
        if switch is not None and switch.app != standing:
            steps.append(switch)
            standing = switch.app
        steps.append(step)
    return replace(plan, steps=tuple(steps))


def without_switches(plan: Plan) -> tuple[Step, ...]:
    """The plan's steps but for the switches."""
    return tuple(step for step in plan.steps if not isinstance(step, SwitchScope))


def _switch(step: SetField, snapshot: Snapshot, target: Target) -> SwitchScope | None:
    app = next((a for a in snapshot.apps.rows if a.scope == step.scope), None)
    if app is None or step.scope not in target.fenced:
        return None
    name = app.name or app.scope
    why = say(
        "The instance refused a write to a record of {name} from another application. It is put back right after.", name=name
    )
    return SwitchScope(app.sys_id, name, app.scope, why)


def _sign_in(row: Row, credential: Credential, profile: EntityProfile) -> SignIn:
    why = next(f.found for f in row.findings if _asks_sign_in(f))
    return SignIn(credential.sys_id, credential.name, profile.sys_id, why)


def _advice(checklist: Checklist) -> Iterable[Advise]:
    """What stands, and neither a write, nor a sign-in, nor the choice of the target puts right."""
    for row in checklist.rows:
        for finding in row.findings:
            if finding.status.is_finding and finding.remedy and not _done_here(finding):
                title = say("{title}: {what}", title=word(row.title), what=word(finding.title))
                yield Advise(title, joined(" ", (finding.found, finding.remedy)))


def _done_here(finding: Finding) -> bool:
    if finding.status is Status.WRONG:
        return False
    return finding.action is not None and finding.action.act in _DONE_HERE
