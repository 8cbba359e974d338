"""Where the session stands: the application is switched for writes the instance refuses from another one, and put back.

The switch is on the disk before it is done, with where the user stood; a run that dies in between leaves that entry open, and
the next run puts back what it says.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exoalias.adapters.instance.application import Stand
from exoalias.domain.events import Progress
from exoalias.domain.plan import SwitchScope
from exoalias.domain.problems import Problem
from exoalias.domain.records import SysId
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exoalias.adapters.instance.servicenow import Instance
    from exoalias.adapters.keeping.journal import Entry
    from exoalias.app.world import World
    from exoalias.domain.events import Tell

SWITCH = "switch-scope"
PUT_BACK = "put-back"


@dataclass(slots=True)
class Standing:
    """One run's switches. Only the first one remembers where the user stood."""

    world: World
    name: str
    instance: Instance
    tell: Tell
    _entry: int | None = None
    _before: Stand | None = None

    def switch(self, step: SwitchScope) -> str:
        """Stand in that application from now on; NotSwitched, and what the instance raises. Words on what was done."""
        applications = self.instance.applications
        if self._before is None:
            before = applications.current()
            self._entry = self.world.journal.intend(self.name, SWITCH, _facts(before, step))
            self._before = before
        applications.switch(step.app, step.app_name)
        return say("The session stands in {app_name}.", app_name=step.app_name)

    def put_back(self) -> None:
        """Stand where the user stood; nothing happens where nothing was switched."""
        if self._before is None or self._entry is None:
            return
        self.instance.applications.put_back(self._before)
        self.world.journal.outcome(self._entry, PUT_BACK, {"app": self._before.app_name or self._before.app})
        self.tell(Progress(say("The session stands in {before} again.", before=_shown(self._before))))
        self._before = None


@contextmanager
def standing(world: World, name: str, instance: Instance, tell: Tell) -> Iterator[Standing]:
    """Whatever happens inside, the user stands where they stood; if that fails, the next run does it."""
    stand = Standing(world, name, instance, tell)
    try:
        yield stand
    except BaseException:
        try:
            stand.put_back()
        except Problem as left:
            tell(
                Progress(
                    say(
                        "The session's application could not be put back now ({left_words}). The next run does it.",
                        left_words=left.words,
                    )
                )
            )
        raise
    stand.put_back()


def explain_switch(world: World, entry: Entry, instance: Instance) -> str:
    """Put back what a run that died had switched, if the user still stands there; words on what was done."""
    facts = entry.facts
    before = Stand(SysId(facts["app"]), facts["app_name"], facts["update_set"], SysId(facts["preference"]))
    current = instance.applications.current()
    if current.app == facts["switched_to"]:
        instance.applications.put_back(before)
        world.journal.outcome(entry.id, PUT_BACK, {"app": before.app_name or before.app})
        return say(
            "An earlier run was cut off while the session stood in another application; it stands in {before} again.",
            before=_shown(before),
        )
    says = say("The session stands in {current} now; that was left alone.", current=_shown(current))
    world.journal.outcome(entry.id, "explained", {"says": says})
    return say("An earlier run was cut off after a switch of the application. {says}", says=says)


def switch_known(world: World, name: str, scope: str) -> SwitchScope | None:
    """The switch an earlier run made for that application's records, for undoing what it wrote there."""
    if scope not in world.journal.states.fenced(name):
        return None
    made = [e for e in world.journal.entries(name) if e.kind == SWITCH and e.facts.get("scope") == scope]
    facts = made[-1].facts if made else {}
    return SwitchScope(SysId(facts["switched_to"]), facts["switched_to_name"], scope, "As when it was written.") if made else None


def _facts(before: Stand, step: SwitchScope) -> dict[str, str]:
    return {
        "app": before.app,
        "app_name": before.app_name,
        "update_set": before.update_set,
        "preference": before.preference,
        "scope": step.scope,
        "switched_to": step.app,
        "switched_to_name": step.app_name,
    }


def _shown(stand: Stand) -> str:
    return stand.app_name or stand.app
