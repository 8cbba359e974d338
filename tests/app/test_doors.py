"""Doors: kept between verbs, shut when idle or old, never leading anywhere but where the entry says."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest

from exoalias.adapters.keeping.entries import InstanceEntry
from exoalias.adapters.keeping.secret import Secret
from exoalias.app.doors import Doors, with_sleep
from exoalias.domain.ways import Way

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exoalias.adapters.entering.access import Lasting
    from exoalias.app.lobby import Lobby

ACME = InstanceEntry("acme", "https://acme.service-now.com", way=Way.BROWSER)


@dataclass
class Entered:
    """A way in that says how often it was forgotten."""

    forgotten: int = 0

    def forget(self) -> None:
        self.forgotten += 1


ACCESS = cast("Lasting", Entered())


@dataclass
class Room:
    """A lobby that says when it was closed."""

    closed: threading.Event = field(default_factory=threading.Event)

    def shut(self) -> None:
        self.closed.set()


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def doors(clock: Clock) -> Iterator[Doors]:
    made = Doors(idle_s=600, longest_s=3600, clock=clock)
    yield made
    made.shut_all()


def keep(doors: Doors, entry: InstanceEntry = ACME) -> Room:
    room = Room()
    doors.keep(entry, ACCESS, cast("Lobby", room))
    return room


def test_an_open_door_is_found_with_its_lobby(doors: Doors) -> None:
    room = keep(doors)
    door = doors.find(ACME)
    assert door is not None
    assert door.access is ACCESS
    assert cast("object", doors.lobby("acme")) is room
    assert (doors.names(), doors.lobby("other")) == (("acme",), None)


def test_a_new_door_shuts_the_one_before(doors: Doors) -> None:
    before = keep(doors)
    keep(doors)
    assert before.closed.is_set()
    assert doors.names() == ("acme",)


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "https://evil.example"},
        {"way": Way.PASSWORD},
        {"user": "eve"},
        {"client_id": "x"},
        {"certificate": "/x.pem"},
        {"ca_file": "/ca.pem"},
        {"one_time_code": True},
    ],
)
def test_a_door_that_would_lead_elsewhere_is_shut(doors: Doors, changed: dict[str, object]) -> None:
    room = keep(doors)
    assert doors.find(ACME._replace(**changed)) is None  # type: ignore[arg-type] # a field each
    assert room.closed.is_set()


def test_what_does_not_lead_elsewhere_may_change(doors: Doors) -> None:
    keep(doors)
    assert doors.find(ACME._replace(profile="p", customer="Acme", kind="test")) is not None


def test_nobody_for_ten_minutes_shuts(doors: Doors, clock: Clock) -> None:
    room = keep(doors)
    clock.now = 599
    assert doors.find(ACME) is not None
    clock.now = 599 + 599
    doors.touch("acme")
    clock.now += 599
    assert doors.find(ACME) is not None
    clock.now += 600
    assert doors.find(ACME) is None
    assert room.closed.is_set()


def test_twelve_hours_shut_a_used_one_too(doors: Doors, clock: Clock) -> None:
    room = keep(doors)
    for _ in range(7):
        clock.now += 500
        doors.touch("acme")
    assert doors.names() == ("acme",)
    clock.now = 3600
    assert doors.shut_the_idle() == ("acme",)
    assert room.closed.is_set()


def test_touching_what_is_not_open_opens_nothing(doors: Doors) -> None:
    doors.touch("acme")
    assert doors.names() == ()


def test_the_idle_are_shut_without_anybody_asking() -> None:
    doors = Doors(idle_s=0.05, longest_s=3600)
    room = keep(doors)
    assert room.closed.wait(10)
    assert doors.names() == ()


def test_nothing_waits_once_all_are_shut(doors: Doors) -> None:
    before = set(threading.enumerate())
    keep(doors)
    ours = [t for t in set(threading.enumerate()) - before if isinstance(t, threading.Timer)]
    assert ours
    doors.shut_all()
    for timer in ours:  # cancelled, its thread is over in a moment; waiting for its time it would not be
        timer.join(10)
    assert not any(timer.is_alive() for timer in ours)


def test_one_at_a_time_enters_the_same_instance(doors: Doors) -> None:
    order: list[str] = []

    def other(name: str) -> None:
        with doors.entering(name):
            order.append(name)

    with doors.entering("acme"), doors.entering("acme"):  # a verb may enter again what it is entering
        waits, goes = (threading.Thread(target=other, args=(name,)) for name in ("acme", "other"))
        waits.start()
        goes.start()
        goes.join(10)
        assert order == ["other"]
        order.append("first")
    waits.join(10)
    assert order == ["other", "first", "acme"]


def test_a_door_that_is_shut_forgets_its_session(doors: Doors) -> None:
    access = Entered()
    doors.keep(ACME, cast("Lasting", access), cast("Lobby", Room()))
    doors.shut("acme")
    doors.shut("acme")
    assert access.forgotten == 1


def test_no_lock_falls_on_a_door_in_use(doors: Doors, clock: Clock) -> None:
    """A sign-in may take longer than the time after which an idle session is forgotten, and twelve hours may pass in it."""
    room = keep(doors)
    with doors.busy("acme"), doors.busy("acme"):
        clock.now = 4000
        assert doors.shut_the_idle() == ()
    assert not room.closed.is_set()
    assert doors.shut_the_idle() == ("acme",), "the longest time holds once it is over"


def test_what_was_in_use_until_now_is_not_idle(doors: Doors, clock: Clock) -> None:
    keep(doors)
    with doors.busy("acme"):
        clock.now = 1000
    clock.now = 1599
    assert doors.shut_the_idle() == ()
    clock.now = 1600
    assert doors.shut_the_idle() == ("acme",)


def test_whoever_has_to_get_out_of_a_shut_door_is_not_waited_for_with_the_lock(doors: Doors) -> None:
    """A token is asked for under the way's own lock, by somebody in the lobby: shutting must not hold what they need."""
    free = threading.Event()

    class Slow(Room):
        def shut(self) -> None:
            def get_out() -> None:
                doors.touch("acme")
                free.set()

            other = threading.Thread(target=get_out)
            other.start()
            other.join(10)
            super().shut()

    doors.keep(ACME, ACCESS, cast("Lobby", Slow()))
    assert doors.find(ACME._replace(user="eve")) is None
    assert free.is_set()


def test_the_clock_counts_the_hours_a_computer_sleeps() -> None:
    """The boot-time clock does; where a system has none, the monotonic one that counts sleep there."""
    wanted = time.CLOCK_BOOTTIME if hasattr(time, "CLOCK_BOOTTIME") else None
    assert wanted is None or abs(with_sleep() - time.clock_gettime(wanted)) < 5
    assert Doors().clock is with_sleep


def test_a_password_the_login_page_refused_is_known_by_it_alone(doors: Doors) -> None:
    user = ACME._replace(user="ada")
    doors.refused.note(user, Secret("old-password"))
    assert doors.refused.has(user, Secret("old-password"))
    assert not doors.refused.has(user, Secret("new-password"))
    assert not doors.refused.has(user._replace(user="eve"), Secret("old-password"))
    assert "old-password" not in repr(vars(doors.refused))


def test_whoever_watches_is_told_of_each_door(doors: Doors, clock: Clock) -> None:
    seen: list[tuple[str, ...]] = []
    doors.watch(lambda: seen.append(doors.names()))
    keep(doors)
    doors.shut("other")
    clock.now = 600
    doors.shut_the_idle()
    assert seen == [("acme",), ()]
