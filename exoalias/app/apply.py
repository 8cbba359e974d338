"""Apply and undo: one field of one record at a time, each intended, re-read, written, read back, journalled."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from exoalias.app.check import check
from exoalias.app.entrance import enter
from exoalias.app.explain import explain_unfinished
from exoalias.app.read_only import require_writable
from exoalias.app.written import ALREADY, SET_FIELD, UNDO, WRITTEN, facts_of, reverse, step_of, undoable
from exoalias.domain.events import Checked, Progress, StepDone
from exoalias.domain.problems import NothingToUndo, OutcomeUnknown, Problem, RecordMoved, Stopped, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.adapters.servicenow import FieldState, Instance
    from exoalias.app.control import Control
    from exoalias.app.world import World
    from exoalias.domain.events import Tell
    from exoalias.domain.plan import Plan, SetField

# Everything exoalias writes. A plan with anything else is a bug, and is refused before a byte is sent.
WRITABLE = frozenset({("oauth_2_0_credentials", "oauth_entity_profile")})


def apply(world: World, name: str, plan: Plan, tell: Tell, control: Control | None = None) -> Checked:
    """Carry out the writes of *plan*, stop at the first Problem, and check again. Sign-ins are ``sign_in``'s."""
    if plan.origin != world.book.get(name).origin:
        raise UsageProblem(why=f"This plan was made for {plan.origin}, which is not the address of {name}.")
    if any((step.table, step.field) not in WRITABLE for step in plan.writes):
        raise ValueError("the plan holds a write exoalias does not do")
    require_writable(world, name)
    instance, run = enter(world, name, tell, control), secrets.token_hex(8)
    with world.journal.claim(name):
        explain_unfinished(world, name, instance, tell)
        for number, step in enumerate(plan.writes):
            if control is not None and control.cancelled:
                raise Stopped(what="Applying the plan", done=f"{number} of {len(plan.writes)} fields were written.")
            tell(Progress(f"Writing {step.record_name}", number, len(plan.writes)))
            tell(StepDone(step, _carry_out(world, name, instance, step, (SET_FIELD, facts_of(step, run)))))
    return check(world, name, tell, control)


def undo(world: World, name: str, tell: Tell, control: Control | None = None) -> Checked:
    """Put back what the last apply wrote, the last write first, where it still is what was written; then check again."""
    require_writable(world, name)
    instance = enter(world, name, tell, control)
    with world.journal.claim(name):
        explain_unfinished(world, name, instance, tell)
        entries = undoable(world.journal.entries(name))
        if not entries:
            raise NothingToUndo(instance=name, why="exoalias wrote nothing there that was not put back already.")
        left = []
        for entry in entries:
            back = reverse(step_of(entry))
            facts = facts_of(back, entry.facts["run"]) | {"undoes": str(entry.id)}
            try:
                tell(StepDone(back, _carry_out(world, name, instance, back, (UNDO, facts))))
            except RecordMoved as moved:
                left.append(f"{back.record_name} was changed by {moved.facts['who']} since; it was left alone.")
                tell(Progress(left[-1]))
    if len(left) == len(entries):
        raise NothingToUndo(instance=name, why=" ".join(left))
    return check(world, name, tell, control)


def _carry_out(world: World, name: str, instance: Instance, step: SetField, entry: tuple[str, Mapping[str, str]]) -> str:
    """The one way to the one write: the intent is on the disk before, its outcome after.

    An outcome nobody knows stays open, as it does when this process dies: the next check explains it.
    """
    require_writable(world, name)  # its time may be over since the first write
    number = world.journal.intend(name, *entry)
    try:
        state = instance.reread(step)
        if state.value == step.after:
            world.journal.outcome(number, ALREADY, {"value": state.value})
            return f"{step.record_name} holds {_shown(step.after_shown)} already; nothing was written."
        if _moved(step, state):
            raise RecordMoved(record=step.record_name, who=state.updated_by or "somebody")
        state = instance.write(step)
    except OutcomeUnknown:
        raise
    except Problem as problem:
        world.journal.outcome(number, problem.code, {"says": problem.words})
        raise
    world.journal.outcome(number, WRITTEN, {"value": state.value, "by": state.updated_by or ""})
    return f"{step.record_name}: {_shown(step.before_shown)} → {_shown(step.after_shown)}, read back."


def _moved(step: SetField, state: FieldState) -> bool:
    """Whether the record is not as it was when the step was planned; a step without counters looks at the value alone."""
    counters = (step.mod_count, step.updated_on)
    return state.value != step.before or (counters not in {(None, None), (state.mod_count, state.updated_on)})


def _shown(text: str) -> str:
    return text or "nothing"
