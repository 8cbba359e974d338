"""The rules: one small function for each thing that can be wrong, its words and its source page beside it.

``judge`` asks them all. Two laws hold for every rule: what was not returned is never taken for right (*cannot tell*), and a
finding that ``blocks`` keeps everything that hangs on its record from being written or signed in for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from exoalias.domain.checklist import Act, Action, Checklist, Group, Status
from exoalias.domain.planning import make_plan, with_switches, without_switches
from exoalias.domain.repairs import mended, repairs
from exoalias.domain.rules import afterwards, credential, profile, registry, since, token
from exoalias.domain.rules import instance as instance_rules
from exoalias.domain.rules import scan as scan_rules
from exoalias.domain.rules.case import open_case
from exoalias.domain.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from exoalias.domain.checklist import Finding, Row
    from exoalias.domain.ownership import Look
    from exoalias.domain.plan import Plan
    from exoalias.domain.records import Snapshot
    from exoalias.domain.rules.case import Case
    from exoalias.domain.rules.rule import Rule
    from exoalias.domain.scan import Scan
    from exoalias.domain.target import Proof, Target

RULES: tuple[Rule, ...] = (
    *since.RULES,
    *instance_rules.RULES,
    *registry.RULES,
    *profile.RULES,
    *credential.RULES,
    *afterwards.RULES,
    *scan_rules.RULES,
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an instance looks like beside what should be true of it, and what would be done about it."""

    checklist: Checklist
    plan: Plan
    looks: tuple[Look, ...] = ()  # how the rows of earlier sign-ins stand; to be kept


def judge(
    snapshot: Snapshot, target: Target, proofs: Iterable[Proof], now: datetime, instance: str, scan: Scan | None = None
) -> Judgement:
    """Compare what an instance holds with what should be true of it. Pure: the same values give the same judgement.

    *scan* is what ServiceNow's own scan said last; it is shown, and changes nothing.
    """
    kept = tuple(proofs)
    case = open_case(snapshot, target, kept, now)
    draft = _draft(case, instance)
    draft = replace(draft, rows=(*draft.rows, *scan_rules.rows(scan, draft.rows)))
    plan = _plan_of(draft, case, kept)
    settled = replace(draft, rows=tuple(_settle(row, plan) for row in draft.rows))
    return Judgement(replace(settled, next=_next(settled, plan)), plan, token.looks(case))


def _plan_of(draft: Checklist, case: Case, proofs: Iterable[Proof]) -> Plan:
    """The plan of a checklist; with what was right before, also the plan that first puts back what can be put back."""
    snapshot, target = case.snapshot, case.target
    plan = make_plan(draft, snapshot, target, case.profile)
    first = repairs(snapshot, target, case.registry)
    if not first:
        return plan
    after = open_case(mended(snapshot, first), target, proofs, case.now)
    then = make_plan(_draft(after, draft.instance), after.snapshot, target, after.profile)
    return replace(plan, repaired=with_switches(replace(then, steps=(*first, *without_switches(then))), snapshot, target))


def _draft(case: Case, instance: str) -> Checklist:
    """What each record's own checks say, before anything is offered."""
    snapshot = case.snapshot
    rows = (
        *since.rows(case),
        *instance_rules.rows(case),
        *registry.rows(case),
        *profile.rows(case),
        *credential.rows(case),
        *afterwards.rows(case),
    )
    return Checklist(instance, snapshot.origin, snapshot.taken_at, rows, round_trips=snapshot.round_trips, notes=snapshot.notes)


def _settle(row: Row, plan: Plan) -> Row:
    """Offer only what can be begun now: a button that would be refused is no help."""
    if row.group is not Group.CREDENTIAL:
        return row
    findings = tuple(_offered(f, plan) for f in row.findings)
    return replace(row, findings=findings) if findings != row.findings else row


def _offered(finding: Finding, plan: Plan) -> Finding:
    action = finding.action
    if action is None:
        return finding
    possible = _possible(action, plan)
    return finding._replace(action=possible) if possible is not action else finding


def _possible(action: Action, plan: Plan) -> Action:
    if action.act not in (Act.SIGN_IN, Act.REVIEW_PLAN):
        return action
    if any(step.record == action.record for step in plan.writes):
        return replace(action, act=Act.REVIEW_PLAN, label="Review the change …")
    if action.act is Act.SIGN_IN and any(step.credential == action.record for step in plan.sign_ins):
        return action
    return replace(action, act=Act.NOTHING, label="Not possible yet")


def _next(checklist: Checklist, plan: Plan) -> Action:
    """The one thing to do next, in the order of work: choose, write or put back, sign in, confirm, check."""
    again = Action(Act.CHECK, "Check" if checklist.holds else "Check again")
    if any(f.blocks for row in checklist.rows if row.group is Group.INSTANCE for f in row.findings):
        return again
    choices = [(f.status, f.action) for f in checklist.findings if f.action and f.action.act is Act.CHOOSE_TARGET]
    for status, action in choices:
        if status is Status.NEEDS_YOU:
            return action
    if plan.writes:
        count = len(plan.writes)
        return Action(Act.REVIEW_PLAN, counted(count, "Review {n} change …", "Review {n} changes …"))
    if plan.repaired is not None:
        count = len(plan.repaired.repairs)
        return Action(Act.REVIEW_PLAN, counted(count, "Review {n} repair …", "Review {n} repairs …"))
    if plan.sign_ins:
        return token.sign_in(plan.sign_ins[0].credential, plan.sign_ins[0].credential_name)
    return next((action for status, action in choices if status.is_finding), again)
