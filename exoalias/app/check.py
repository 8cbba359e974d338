"""Check: read everything, judge it, remember where things are. Changes nothing on the instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.adapters.remembered import Remembered
from exoalias.app.entrance import enter
from exoalias.app.explain import explain_unfinished
from exoalias.domain.events import Checked, Progress
from exoalias.domain.planning import make_plan
from exoalias.domain.problems import Stopped
from exoalias.domain.rules import judge

if TYPE_CHECKING:
    from exoalias.adapters.servicenow import Instance
    from exoalias.app.control import Control
    from exoalias.app.world import World
    from exoalias.domain.events import Tell
    from exoalias.domain.records import Snapshot
    from exoalias.domain.target import Target


def check(world: World, name: str, tell: Tell, control: Control | None = None) -> Checked:
    """Explain what an earlier run left unfinished, then read and judge. Tells Progress and, at the end, Checked."""
    target = world.target(name)
    instance = enter(world, name, tell, control)
    explain_unfinished(world, name, instance, tell)
    if control is not None and control.cancelled:
        raise Stopped(what="The check", done="Nothing was changed.")
    tell(Progress(f"Reading {target.origin}"))
    snapshot = read(world, name, instance, target)
    checklist = judge(snapshot, target, world.journal.proofs(name), world.clock(), name)
    checked = Checked(checklist, make_plan(checklist, snapshot, target))
    tell(checked)
    return checked


def read(world: World, name: str, instance: Instance, target: Target) -> Snapshot:
    """One Snapshot; the ids found are remembered for the next one, which verifies them."""
    remembered = Remembered.from_json(world.journal.remembered(name))
    snapshot, found = instance.read(target, remembered)
    if found != remembered:
        world.journal.remember(name, found.to_json())
    return snapshot
