"""Check: read everything, judge it, remember where things are, and what was right where all holds.

Changes nothing on the instance, but for putting back what a run that was cut off left switched (explain_unfinished).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from exoalias.adapters.instance.remembered import Remembered
from exoalias.app.desired import keep_as_right
from exoalias.app.entrance import enter
from exoalias.app.explain import explain_unfinished
from exoalias.domain.events import Checked, Progress
from exoalias.domain.problems import Stopped
from exoalias.domain.rules import judge
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.adapters.instance.servicenow import Instance
    from exoalias.app.control import Control
    from exoalias.app.world import World
    from exoalias.domain.events import Tell
    from exoalias.domain.plan import Plan
    from exoalias.domain.records import Snapshot
    from exoalias.domain.target import Target


def check(world: World, name: str, tell: Tell, control: Control | None = None) -> Checked:
    """Explain what an earlier run left unfinished, then read and judge. Tells Progress and, at the end, Checked."""
    world.book.get(name)  # UnknownInstance, before its journal is asked
    aim = world.journal.aim(name)
    target = world.target(name, aim)
    instance = enter(world, name, tell, control)
    if aim.unfinished:
        explain_unfinished(world, name, instance, tell)
    if control is not None and control.cancelled:
        raise Stopped(what="The check", done="A check changes nothing.")
    tell(Progress(say("Reading {origin}", origin=target.origin)))
    snapshot = read(world, name, instance, target, aim.remembered)
    checked = judged(world, name, snapshot, target)
    if checked.checklist.holds:
        keep_as_right(world, name, checked.checklist, snapshot, target)
    tell(checked)
    return checked


def judged(world: World, name: str, snapshot: Snapshot, target: Target) -> Checked:
    """The checklist of a Snapshot, beside what ServiceNow's own scan said last, and its plan. How token rows stand is kept."""
    proofs, scan = world.journal.evidence(name)
    judgement = judge(snapshot, target, proofs, world.clock(), name, scan)
    world.journal.looks.keep(name, judgement.looks)
    return Checked(judgement.checklist, _read_as(judgement.plan, snapshot))


def _read_as(plan: Plan, snapshot: Snapshot) -> Plan:
    """The plan with whom it was read as: nobody else writes it without a look of their own."""
    user = snapshot.user.one()
    repaired = _read_as(plan.repaired, snapshot) if plan.repaired is not None else None
    return replace(plan, repaired=repaired, user=user.user_name if user is not None else "")


def read(world: World, name: str, instance: Instance, target: Target, ids: Mapping[str, object] | None = None) -> Snapshot:
    """One Snapshot; the ids found are remembered for the next one, which verifies them. *ids* are those of the last one."""
    remembered = Remembered.from_json(world.journal.remembered(name) if ids is None else ids)
    snapshot, found = instance.read(target, remembered)
    if found != remembered:
        world.journal.remember(name, found.to_json())
    return snapshot
