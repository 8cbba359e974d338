"""Saying what should be true."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from exoalias.app.choose import candidates, set_target
from exoalias.domain.candidates import preselected
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.problems import NoTarget, UnknownProfile, UsageProblem
from exoalias.domain.target import HomeAccount, Pin, Tier

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.app.world import World
    from tests.app.playing import Played

ONE, TWO = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))


def _pin(world: World, name: str, object_id: str) -> None:
    world.journal.set_pin(name, Pin(HomeAccount(object_id, TWO), Tier.ENTERED, datetime.now(UTC), "s1"))


def test_candidates_and_the_profile_by_name_or_id(play: Callable[[str], Played]) -> None:
    played = play("profile-missing")
    world, name, meant = played.world, played.name, played.far_side.announcement["profile"]
    chosen = preselected(candidates(world, name, played.tell))
    assert chosen is not None
    assert chosen.profile.sys_id == meant["sys_id"]
    assert world.target(name).profile == meant["sys_id"]
    assert set_target(world, name, profile="").profile == ""
    assert set_target(world, name, profile=meant["name"].upper()).profile == meant["sys_id"]
    assert set_target(world, name, profile=meant["sys_id"]).profile_name == meant["name"]
    for unknown in ("no such profile", "f" * 32):
        with pytest.raises(UnknownProfile):
            set_target(world, name, profile=unknown)
    assert world.target(name).profile == meant["sys_id"]
    assert played.writes == []

    # Everything below needs no instance, but shares the cost of one.
    _users(world, name)
    _pins(world, name)


def _users(world: World, name: str) -> None:
    set_target(world, name, delegated_user=" a@acme.example ", object_id="{" + ONE.upper() + "}", mail="m@acme.example")
    assert world.target(name).delegated_user == DelegatedUser("a@acme.example", ONE, "m@acme.example")
    set_target(world, name, mail="")
    set_target(world, name, delegated_user="A@acme.example")
    assert world.target(name).delegated_user == DelegatedUser("A@acme.example", ONE)
    set_target(world, name, delegated_user="b@acme.example")  # the object id was somebody else's
    assert world.target(name).delegated_user == DelegatedUser("b@acme.example")
    assert set_target(world, name, public_client_id=TWO).public_client_id == TWO
    for said in (
        {"delegated_user": "nobody"},
        {"delegated_user": "a b@acme.example"},
        {"object_id": "123"},
        {"mail": "x"},
        {"public_client_id": "y"},
    ):
        with pytest.raises(UsageProblem):
            set_target(world, name, **said)
    assert world.target(name).delegated_user == DelegatedUser("b@acme.example")


def _pins(world: World, name: str) -> None:
    set_target(world, name, delegated_user="b@acme.example", object_id=ONE)
    _pin(world, name, ONE)
    set_target(world, name, mail="m@acme.example")
    set_target(world, name, object_id="")
    assert world.target(name).pin is not None
    set_target(world, name, object_id=TWO)  # contradicts the pin: the person's word counts, and is written down
    assert world.target(name).pin is None
    _pin(world, name, TWO)
    set_target(world, name, delegated_user="c@acme.example")
    assert world.target(name).pin is None
    assert [e.kind for e in world.journal.entries(name)] == ["unpinned", "unpinned"]


def test_an_object_id_needs_somebody_it_belongs_to(play: Callable[[str], Played]) -> None:

    played = play("happy")
    played.world.book.put(played.world.book.get(played.name)._replace(delegated_user=None))
    with pytest.raises(NoTarget):
        set_target(played.world, played.name, object_id=ONE)
