"""What a run that died left unfinished, explained by the truth: the instance is asked, the journal closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.app.standing import SWITCH, explain_switch
from exoalias.app.written import SET_FIELD, UNDO, step_of
from exoalias.domain.events import Progress
from exoalias.domain.problems import AnotherRun
from exoalias.domain.words import say

if TYPE_CHECKING:
    from exoalias.adapters.instance.servicenow import Instance
    from exoalias.adapters.keeping.journal import Entry
    from exoalias.app.world import World
    from exoalias.domain.events import Tell


def explain_unfinished(world: World, name: str, instance: Instance, tell: Tell) -> None:
    """Close every unfinished entry of a run that is no more. Entries of a run still going are left to it."""
    if not world.journal.unfinished(name):
        return
    try:
        with world.journal.claim(name):
            for entry in world.journal.unfinished(name):  # read again: that run may just have finished
                tell(Progress(_explained(world, entry, instance)))
    except AnotherRun:
        return


def _explained(world: World, entry: Entry, instance: Instance) -> str:
    if entry.kind == SWITCH:
        return explain_switch(world, entry, instance)
    if entry.kind not in {SET_FIELD, UNDO}:
        says = "It ended before it could say how it went; what the instance holds now is in the checklist."
        world.journal.outcome(entry.id, "explained", {"says": says})
        return say("An earlier {kind} was cut off. {says}", kind=entry.kind, says=says)
    step = step_of(entry)
    state = instance.reread(step)
    meaning = {step.after: ("after", "it was written"), step.before: ("before", "it was not written")}
    found, words = meaning.get(state.value, ("other", "somebody has set something else since"))
    says = say(
        "{record_name} holds {shown} now: {words}.",
        record_name=step.record_name,
        shown=state.shown or state.value or say("nothing"),
        words=words,
    )
    world.journal.outcome(entry.id, "explained", {"found": found, "value": state.value, "says": says})
    return say("An earlier write to {record_name} was cut off. {says}", record_name=step.record_name, says=says)
