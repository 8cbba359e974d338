"""Remember what is right: by itself when a check ends with all holding, or because the person says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.domain.checklist import Group
from exoalias.domain.desired import Desired, remember
from exoalias.domain.events import Progress
from exoalias.domain.problems import CannotRemember
from exoalias.domain.words import say

if TYPE_CHECKING:
    from exoalias.app.control import Control
    from exoalias.app.world import World
    from exoalias.domain.checklist import Checklist
    from exoalias.domain.events import Checked, Tell
    from exoalias.domain.records import Snapshot
    from exoalias.domain.target import Target


def keep_as_right(
    world: World, name: str, checklist: Checklist, snapshot: Snapshot, target: Target, *, by_person: bool = False
) -> Desired | None:
    """Keep the state of the records that were judged, without a secret; None where no profile is chosen."""
    credentials = [row.record for row in checklist.rows if row.group is Group.CREDENTIAL and row.record]
    state = remember(snapshot, target, credentials, by_person=by_person)
    if state is not None:
        world.journal.states.keep_desired(name, state)
    return state


def say_so(world: World, name: str, tell: Tell, control: Control | None = None) -> Checked:
    """The person says that the instance is right as it is now: read it, keep that, and check against it.

    CannotRemember where what is there can't be read. The records that don't hold are kept as they are: a later check then
    says what changed since, and still says what is wrong.
    """
    from exoalias.app.check import judged, read
    from exoalias.app.entrance import enter

    target = world.target(name)
    instance = enter(world, name, tell, control)
    tell(Progress(say("Reading {origin}", origin=target.origin)))
    snapshot = read(world, name, instance, target)
    unreadable = [
        r.unreadable for r in (snapshot.profiles, snapshot.registries, snapshot.credentials, snapshot.connections) if not r
    ]
    if unreadable:
        raise CannotRemember(instance=name, why=say("not all of it can be read ({unreadable}).", unreadable=unreadable[0]))
    before = judged(world, name, snapshot, target)
    if keep_as_right(world, name, before.checklist, snapshot, target, by_person=True) is None:
        raise CannotRemember(instance=name, why="no OAuth entity profile is chosen.")
    world.journal.note(name, "remembered", {"says": "The person said that the instance is right as it is."})
    checked = judged(world, name, snapshot, world.target(name))
    tell(checked)
    return checked
