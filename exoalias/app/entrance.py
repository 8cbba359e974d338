"""Entering an instance: the door that is open already, or a new one by the way in its entry names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exoalias.adapters.servicenow import Instance
from exoalias.app.control import Control
from exoalias.app.ways import make_access

if TYPE_CHECKING:
    from exoalias.adapters.entries import InstanceEntry
    from exoalias.app.world import World
    from exoalias.domain.events import Event, Tell


@dataclass(frozen=True, slots=True)
class Visit:
    """Who wants to enter what, and how the person is reached meanwhile."""

    world: World
    entry: InstanceEntry
    tell: Tell
    control: Control


def quiet(_event: Event) -> None:
    """A face that is not there."""


def enter(world: World, name: str, tell: Tell = quiet, control: Control | None = None) -> Instance:
    """The instance, reached by its way in; UnknownInstance, NoSecret, NoVault, VaultLocked, and the way's own Problems."""
    entry = world.book.get(name)
    door = world.doors.find(entry)
    if door is None:
        visit = Visit(world, entry, tell, control or Control(interactive=False))
        access, behind = make_access(visit)
        door = world.doors.keep(entry, access, behind)
    return Instance(door.access, world.clock)
