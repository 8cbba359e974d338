"""Production is read-only until its name is typed: before anything is opened, before each write, and whatever the clock says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.entries import InstanceEntry
from exoalias.adapters.keeping.kept import Kept
from exoalias.adapters.keeping.secret import Secret
from exoalias.adapters.keeping.unlocks import Unlock
from exoalias.app.apply import apply, undo
from exoalias.app.check import check
from exoalias.app.control import Control
from exoalias.app.read_only import LONGEST_MINUTES, lock, require_writable, unlock, unlocked, unlocked_until
from exoalias.app.sign_in import sign_in
from exoalias.app.world import vault_key
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.events import StepDone
from exoalias.domain.problems import NameNotTyped, ReadOnly, UnknownInstance, UsageProblem
from exoalias.domain.settings import Settings
from exoalias.domain.target import CLOUDS, Cloud
from tests.app.crowd import world_of
from tests.simulator.running import running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from exoalias.app.world import World
    from exoalias.domain.events import Event
    from exoalias.simulator.serve import Simulator


class Clock:
    """A clock the test sets."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def go(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@dataclass
class At:
    """A simulated instance known under two names, as production and as test."""

    simulator: Simulator
    world: World
    told: list[Event] = field(default_factory=list)

    def tell(self, event: Event) -> None:
        self.told.append(event)

    @property
    def requests(self) -> int:
        return len(self.simulator.record.as_dict()["requests"])


@pytest.fixture
def at(tmp_path: Path, clock: Clock) -> Iterator[At]:
    """The profiles of its credentials are missing."""
    with running("profile-missing", seed=7) as simulator:
        origin, cast = simulator.instance.origin, simulator.cast
        world = replace(world_of(tmp_path, [origin, simulator.microsoft.origin]), clock=clock)
        world = replace(world, clouds=(*CLOUDS, Cloud("Simulated", (simulator.microsoft.origin,))))
        person = cast.people["delegated"]
        for name, kind in (("i0", "production"), ("i1", "test")):
            user = DelegatedUser(person.upn, person.object_id, person.mail)
            entry = InstanceEntry(name, origin, cast.admin.user_name, user, cast.sys_id("profile"), cast.profile_name)
            world.book.put(entry._replace(customer=f"customer of {name}", kind=kind))
            world.vault.set(vault_key(entry), Kept(password=Secret(cast.admin.password)).to_text())
        yield At(simulator, world)
        world.close()


def test_locked_nothing_is_opened_and_nothing_intended(at: At) -> None:
    plan = check(at.world, "i0", at.tell).plan
    assert plan.writes
    at.world.doors.shut_all()
    before = at.requests
    deeds: tuple[Callable[[], object], ...] = (
        lambda: apply(at.world, "i0", plan, at.tell),
        lambda: undo(at.world, "i0", at.tell),
        lambda: sign_in(at.world, "i0", ["MS Graph 1"], at.tell, Control(interactive=False)),
    )
    for deed in deeds:
        with pytest.raises(ReadOnly) as refused:
            deed()
        assert (refused.value.exit_code, refused.value.facts["instance"]) == (4, "i0")
    assert at.requests == before
    assert at.world.doors.names() == ()
    assert at.world.journal.entries("i0") == ()
    apply(at.world, "i1", check(at.world, "i1", at.tell).plan, at.tell)  # a test instance is never locked


def test_unlocked_it_is_written_to_until_the_time_is_over(at: At, clock: Clock) -> None:
    assert unlocked_until(at.world, "i0") is None
    until = unlock(at.world, "i0", " i0 ", 10)
    assert until == clock.now + timedelta(minutes=10)
    assert unlocked_until(at.world, "i0") == until
    assert unlocked(at.world, at.world.book.all()) == {"i0": until}
    apply(at.world, "i0", check(at.world, "i0", at.tell).plan, at.tell)
    clock.go(9.9)
    require_writable(at.world, "i0")
    clock.go(0.1)
    with pytest.raises(ReadOnly):
        undo(at.world, "i0", at.tell)
    assert unlocked_until(at.world, "i0") is None
    assert unlocked(at.world, at.world.book.all()) == {}
    kinds = [(e.kind, e.result, e.facts.get("minutes", "")) for e in at.world.journal.entries("i0")]
    assert kinds[0] == ("unlocked", "noted", "10")


def test_a_time_that_ends_between_two_writes_stops_the_second(at: At, clock: Clock) -> None:
    plan = check(at.world, "i0", at.tell).plan
    assert len(plan.writes) == 2
    unlock(at.world, "i0", "i0", 10)

    def tell(event: Event) -> None:
        at.tell(event)
        if isinstance(event, StepDone):
            clock.go(11)

    with pytest.raises(ReadOnly):
        apply(at.world, "i0", plan, tell)
    assert [(e.kind, e.result) for e in at.world.journal.entries("i0")] == [("unlocked", "noted"), ("set-field", "written")]
    assert len(check(at.world, "i0", at.tell).plan.writes) == 1


def test_locked_again_at_once(at: At) -> None:
    lock(at.world, "i0")
    assert at.world.journal.entries("i0") == (), "it was locked already"
    unlock(at.world, "i0", "i0")
    lock(at.world, "i0")
    with pytest.raises(ReadOnly):
        require_writable(at.world, "i0")
    assert [e.kind for e in at.world.journal.entries("i0")] == ["unlocked", "locked"]


@pytest.mark.parametrize("typed", ["", "i1", "I0", "i 0", "i0 i0", "yes"])
def test_only_its_name_unlocks(at: At, typed: str) -> None:
    with pytest.raises(NameNotTyped):
        unlock(at.world, "i0", typed)
    assert unlocked_until(at.world, "i0") is None


def test_what_cannot_be_unlocked(at: At) -> None:
    with pytest.raises(UsageProblem, match="never locked"):
        unlock(at.world, "i1", "i1")
    for minutes in (0, -1, LONGEST_MINUTES + 1):
        with pytest.raises(UsageProblem, match="480"):
            unlock(at.world, "i0", "i0", minutes)
    with pytest.raises(UnknownInstance):
        unlock(at.world, "nobody", "nobody")
    with pytest.raises(UnknownInstance):
        require_writable(at.world, "nobody")


def test_the_setting_says_for_how_long(at: At, clock: Clock) -> None:
    world = replace(at.world, settings=Settings(unlock_minutes=3))
    assert unlock(world, "i0", "i0") == clock.now + timedelta(minutes=3)


def _later(world: World, clock: Clock) -> None:
    clock.go(29)
    require_writable(world, "i0")  # seen at this time


@pytest.mark.parametrize("back", [0.01, 5, 60, 600_000])
def test_a_clock_set_back_prolongs_nothing(at: At, clock: Clock, back: float) -> None:
    unlock(at.world, "i0", "i0", 30)
    _later(at.world, clock)
    clock.go(-back)
    with pytest.raises(ReadOnly):
        require_writable(at.world, "i0")
    assert unlocked_until(at.world, "i0") is None


def test_a_row_that_lasts_too_long_does_not_count(at: At, clock: Clock) -> None:
    given = clock.now
    at.world.journal.unlocks.put("i0", Unlock(given, given + timedelta(days=900), given))
    with pytest.raises(ReadOnly):
        require_writable(at.world, "i0")


def test_another_customer_is_another_lock(at: At) -> None:
    unlock(at.world, "i0", "i0")
    at.world.book.put(at.world.book.get("i0")._replace(customer="somebody else"))
    assert unlocked_until(at.world, "i0") is None, "moved, it is locked again"


def test_it_outlives_the_program(at: At, tmp_path: Path, clock: Clock) -> None:
    from exoalias.adapters.keeping.settings import Places
    from exoalias.adapters.keeping.together import book_and_journal

    until = unlock(at.world, "i0", "i0")
    book, journal = book_and_journal(Places.below(tmp_path), clock)
    assert unlocked_until(replace(at.world, book=book, journal=journal), "i0") == until
