"""Entering an instance: the door that is open already, or a new one by the way in its entry names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exoalias.adapters.instance.servicenow import Instance
from exoalias.app.control import Control
from exoalias.app.lobby import Lobby
from exoalias.app.ways import make_access
from exoalias.domain.problems import (
    AnotherUser,
    CodeRefused,
    NoCodeGiven,
    NotSignedIn,
    OAuthRefused,
    SessionEnded,
    SignInRefused,
    WayRefused,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.adapters.entering.access import Access
    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.adapters.network.http import Answer
    from exoalias.app.world import World
    from exoalias.domain.events import Event, Tell


_NOT_LET_IN: Final = (AnotherUser, CodeRefused, NoCodeGiven, NotSignedIn, OAuthRefused, SessionEnded, SignInRefused, WayRefused)


@dataclass(frozen=True, slots=True)
class Visit:
    """Who wants to enter what, and how the person is reached meanwhile."""

    world: World
    entry: InstanceEntry
    tell: Tell
    control: Control
    lobby: Lobby  # where a person signs in to this instance, should the way in need one


def quiet(_event: Event) -> None:
    """A face that is not there."""


def enter(world: World, name: str, tell: Tell = quiet, control: Control | None = None) -> Instance:
    """The instance, reached by its way in; UnknownInstance, NoSecret, NoVault, VaultLocked, and the way's own Problems."""
    entry = world.book.get(name)
    control = control or Control(interactive=False)
    with world.doors.entering(name):
        door = world.doors.find(entry)
        if door is None:
            visit = Visit(world, entry, tell, control, Lobby(world, entry, tell, control))
            try:
                door = world.doors.keep(entry, make_access(visit), visit.lobby)
            except BaseException:
                visit.lobby.close()
                raise
        door.lobby.call(world, tell, control)
    return Instance(_InUse(door.access, world, name), world.clock)


@dataclass(frozen=True, slots=True)
class _InUse:
    """The same way in; while a request is under way its door counts as used."""

    access: Access
    world: World
    name: str

    @property
    def origin(self) -> str:
        """See Access."""
        return self.access.origin

    @property
    def user(self) -> str:
        """See Access."""
        return self.access.user

    def send(self, method: str, path: str, *, body: Mapping[str, object] | None = None, repeatable: bool | None = None) -> Answer:
        """See Access."""
        doors = self.world.doors
        with doors.busy(self.name):
            try:
                answer = self.access.send(method, path, body=body, repeatable=repeatable)
            except _NOT_LET_IN:
                doors.let_in(self.name, inside=False)
                raise
            doors.let_in(self.name, inside=True)
            return answer
