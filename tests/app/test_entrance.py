"""Entering: the open door, or a new one; two at a time enter once; a failed entry leaves nothing open."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.secret import Secret
from exoalias.app.entrance import enter
from exoalias.app.ways import make_access
from exoalias.domain.events import Progress
from exoalias.domain.problems import NoSecret, SignInRefused, UnknownInstance
from exoalias.domain.ways import Way

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.app.entrance import Visit
    from tests.app.playing import Played


def behind(played: Played) -> object:
    """The way in behind the open door."""
    door = played.world.doors.find(played.world.book.get(played.name))
    assert door is not None
    return door.access


def test_the_door_stays_open_for_the_next_verb_and_asks_the_newer_face(play: Callable[[str], Played]) -> None:
    played = play("happy")
    said: list[object] = []
    enter(played.world, played.name)
    first = behind(played)
    enter(played.world, played.name, said.append)
    assert behind(played) is first
    lobby = played.world.doors.lobby(played.name)
    assert lobby is not None
    lobby.tell(Progress("now"))
    assert said == [Progress("now")]


def test_another_user_or_way_is_another_door(play: Callable[[str], Played]) -> None:
    played = play("happy")
    enter(played.world, played.name)
    first = behind(played)
    entry = played.world.book.get(played.name)
    played.world.book.put(entry._replace(way=Way.API_KEY))
    with pytest.raises(NoSecret):
        enter(replace(played.world, simulated=None), played.name)
    assert played.world.doors.names() == ()
    played.world.book.put(entry)
    enter(played.world, played.name)
    assert behind(played) is not first


def test_an_unknown_instance_is_named(play: Callable[[str], Played]) -> None:
    with pytest.raises(UnknownInstance):
        enter(play("happy").world, "nobody")


def test_two_at_a_time_open_one_door(play: Callable[[str], Played], monkeypatch: pytest.MonkeyPatch) -> None:
    played = play("happy")
    made: list[Visit] = []
    at_once = threading.Barrier(2, timeout=10)

    def slowly(visit: Visit) -> object:
        made.append(visit)
        threading.Event().wait(0.3)
        return make_access(visit)

    def one() -> None:
        at_once.wait()
        enter(played.world, played.name)

    monkeypatch.setattr("exoalias.app.entrance.make_access", slowly)
    played.world.doors.shut_all()
    threads = [threading.Thread(target=one, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(made) == 1


def test_a_request_under_way_keeps_its_door_open(play: Callable[[str], Played]) -> None:
    played = play("happy")
    doors = played.world.doors
    instance = enter(played.world, played.name)
    access = behind(played)
    sent = access.send  # type: ignore[attr-defined] # of any way in
    shut: list[tuple[str, ...]] = []

    def slowly(*args: object, **more: object) -> object:
        doors.idle_s = 0.0
        shut.append(doors.shut_the_idle())
        doors.idle_s = 600.0
        return sent(*args, **more)

    access.send = slowly  # type: ignore[attr-defined] # slower
    assert instance.tokens(("0" * 32,)).rows == ()  # type: ignore[arg-type] # as good as a sys_id
    assert shut == [()]
    assert doors.names() == (played.name,)


def test_a_door_leads_in_once_the_instance_has_answered_and_no_longer_when_it_refuses(play: Callable[[str], Played]) -> None:
    played = play("happy")
    doors = played.world.doors
    doors.shut_all()
    instance = enter(played.world, played.name)
    assert doors.inside() == ()
    instance.tokens(("0" * 32,))  # type: ignore[arg-type] # as good as a sys_id
    assert doors.inside() == (played.name,)
    behind(played)._password = Secret("changed-since")  # type: ignore[attr-defined] # of user and password
    behind(played).forget()  # type: ignore[attr-defined] # of any way in
    with pytest.raises(SignInRefused):
        instance.tokens(("0" * 32,))  # type: ignore[arg-type] # as good as a sys_id
    assert doors.inside() == ()
    assert doors.names() == (played.name,)
