"""Apply and undo: one field of one record at a time, each intended, re-read, written, read back, journalled."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from exoalias.app.check import check
from exoalias.app.entrance import enter
from exoalias.app.explain import explain_unfinished
from exoalias.app.read_only import require_writable
from exoalias.app.standing import standing, switch_known
from exoalias.app.written import ALREADY, SET_FIELD, UNDO, WRITTEN, facts_of, reverse, step_of, undoable
from exoalias.domain.events import Checked, Progress, StepDone
from exoalias.domain.plan import SetField, SwitchScope
from exoalias.domain.problems import (
    AnotherUser,
    NothingToUndo,
    OutcomeUnknown,
    Problem,
    RecordMoved,
    ScopeRefused,
    Stopped,
    UsageProblem,
)
from exoalias.domain.words import joined, say
from exoalias.domain.writable import may_write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.adapters.instance.servicenow import FieldState, Instance
    from exoalias.adapters.keeping.journal import Entry
    from exoalias.app.control import Control
    from exoalias.app.standing import Standing
    from exoalias.app.world import World
    from exoalias.domain.events import Tell
    from exoalias.domain.plan import Plan


def apply(world: World, name: str, plan: Plan, tell: Tell, control: Control | None = None) -> Checked:
    """Carry out the writes of *plan*, stop at the first Problem, and check again. Sign-ins are ``sign_in``'s.

    The plan is the one the person agreed to: with its repairs only where they asked for them (``Plan.repaired``). One with
    anything but writable fields is a bug, and is refused before a byte is sent. A Problem says what was written before it.
    """
    if plan.origin != world.book.get(name).origin:
        raise UsageProblem(
            why=say("This plan was made for {origin}, which is not the address of {name}.", origin=plan.origin, name=name)
        )
    if not all(may_write(step) for step in plan.writes):
        raise ValueError("the plan holds a write exoalias does not do")
    require_writable(world, name)
    instance = enter(world, name, tell, control)
    if plan.user and instance.user and plan.user.casefold() != instance.user.casefold():
        raise AnotherUser(host=instance.origin.partition("://")[2], before=plan.user, now=instance.user)
    run = _Run(world, name, instance, secrets.token_hex(8))
    try:
        with world.journal.claim(name):
            explain_unfinished(world, name, instance, tell)
            with standing(world, name, instance, tell) as stand:
                _write_all(run, plan, stand, tell, control)
        return check(world, name, tell, control)
    except Problem as problem:
        if run.done:
            problem.done = say("{done} of {writes} fields were written.", done=run.done, writes=len(plan.writes))
        raise


@dataclass(slots=True)
class _Run:
    """One apply: what its writes left the records at, so that a second field of a record is not taken for somebody's change."""

    world: World
    name: str
    instance: Instance
    id: str
    done: int = 0  # so many writes of the plan are carried out
    left: dict[tuple[str, str], FieldState] = field(default_factory=dict)

    def write(self, step: SetField) -> str:
        """Write one step; words on what was done."""
        before = self.left.get((step.table, step.record))
        now = replace(step, mod_count=before.mod_count, updated_on=before.updated_on) if before is not None else step
        says, state = _carry_out(self.world, self.name, self.instance, now, (SET_FIELD, facts_of(step, self.id)))
        self.left[step.table, step.record] = state
        return says


def _write_all(run: _Run, plan: Plan, stand: Standing, tell: Tell, control: Control | None) -> None:
    total = len(plan.writes)
    for step in plan.steps:
        if not isinstance(step, SetField | SwitchScope):
            continue
        if control is not None and control.cancelled:
            raise Stopped(
                what="Applying the plan", done="" if run.done else say("0 of {total} fields were written.", total=total)
            )
        if isinstance(step, SwitchScope):
            tell(StepDone(step, stand.switch(step)))
            continue
        tell(Progress(say("Writing {record_name}", record_name=step.record_name), run.done, total))
        says = run.write(step)
        run.done += 1
        tell(StepDone(step, says))


def undo(world: World, name: str, tell: Tell, control: Control | None = None) -> Checked:
    """Put back what the last apply wrote, the last write first, where it still is what was written; then check again."""
    require_writable(world, name)
    instance = enter(world, name, tell, control)
    with world.journal.claim(name):
        explain_unfinished(world, name, instance, tell)
        entries = undoable(world.journal.entries(name))
        if not entries:
            raise NothingToUndo(instance=name, why="exoalias wrote nothing there that was not put back already.")
        with standing(world, name, instance, tell) as stand:
            left = [words for entry in entries if (words := _put_back(_Run(world, name, instance, ""), entry, stand, tell))]
    if len(left) == len(entries):
        raise NothingToUndo(instance=name, why=joined(" ", left))
    return check(world, name, tell, control)


def _put_back(run: _Run, entry: Entry, stand: Standing, tell: Tell) -> str:
    """Undo one write; words on why it was left alone, "" where it was not."""
    back = reverse(step_of(entry))
    facts = facts_of(back, entry.facts["run"]) | {"undoes": str(entry.id)}
    if (switch := switch_known(run.world, run.name, back.scope)) is not None:
        tell(StepDone(switch, stand.switch(switch)))
    try:
        tell(StepDone(back, _carry_out(run.world, run.name, run.instance, back, (UNDO, facts))[0]))
    except RecordMoved as moved:
        left = say(
            "{record_name} was changed by {who} since; it was left alone.", record_name=back.record_name, who=moved.facts["who"]
        )
        tell(Progress(left))
        return left
    return ""


def _carry_out(
    world: World, name: str, instance: Instance, step: SetField, entry: tuple[str, Mapping[str, str]]
) -> tuple[str, FieldState]:
    """The one way to the one write: the intent is on the disk before, its outcome after. Words, and the record as it is left.

    An outcome nobody knows stays open, as it does when this process dies: the next check explains it.
    """
    require_writable(world, name)  # its time may be over since the first write
    number = world.journal.intend(name, *entry)
    try:
        state = instance.reread(step)
        if state.value == step.after:
            world.journal.outcome(number, ALREADY, {"value": state.value})
            return say(
                "{record_name} holds {after_shown} already; nothing was written.",
                record_name=step.record_name,
                after_shown=_shown(step.after_shown),
            ), state
        if _moved(step, state):
            raise RecordMoved(record=step.record_name, who=state.updated_by or say("somebody"))
        state = instance.write(step)
    except OutcomeUnknown:
        raise
    except Problem as problem:
        if isinstance(problem, ScopeRefused) and step.scope:
            world.journal.states.add_fenced(name, step.scope)
        world.journal.outcome(number, problem.code, {"says": problem.words})
        raise
    world.journal.outcome(number, WRITTEN, {"value": state.value, "by": state.updated_by or ""})
    return say(
        "{record_name}: {before_shown} → {after_shown}, read back.",
        record_name=step.record_name,
        before_shown=_shown(step.before_shown),
        after_shown=_shown(step.after_shown),
    ), state


def _moved(step: SetField, state: FieldState) -> bool:
    """Whether the record is not as it was when the step was planned; a step without counters looks at the value alone."""
    counters = (step.mod_count, step.updated_on)
    return state.value != step.before or (counters not in {(None, None), (state.mod_count, state.updated_on)})


def _shown(text: str) -> str:
    return text or "nothing"
