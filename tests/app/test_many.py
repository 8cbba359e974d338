"""Checking many: side by side, each failure its own, nothing kept, and it stops when it should."""

from __future__ import annotations

import os
import sys
import threading
import time
import tracemalloc
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from exoalias.app import many
from exoalias.app.check import check
from exoalias.app.control import Control
from exoalias.app.many import check_many, chosen, needs_person
from exoalias.domain.checklist import Status
from exoalias.domain.events import InstanceChecked, ManyProgress
from exoalias.domain.problems import UsageProblem
from exoalias.domain.settings import Settings
from exoalias.domain.ways import Way
from tests.app.crowd import crowd

if TYPE_CHECKING:
    from exoalias.domain.events import Checked, Event
    from tests.app.crowd import Crowd


def cores_of_threads() -> dict[int, set[int]]:
    """Where each thread of this process may run, by its number."""
    found = {}
    for task in Path("/proc/self/task").iterdir():
        with suppress(ProcessLookupError):  # it has ended since
            found[int(task.name)] = os.sched_getaffinity(int(task.name))
    return found


def checked(at: Crowd) -> list[str]:
    return [event.instance for event in at.told if isinstance(event, InstanceChecked)]


def test_all_are_checked_and_told_as_they_come(tmp_path: Path) -> None:
    with crowd(tmp_path, 6, scenarios=("old-token", "hibernating")) as at:
        looked = check_many(at.world, at.names, at.tell)
        assert [one.instance for one in looked] == at.names
        assert [one.exit_code for one in looked] == [1, 5] * 3
        assert looked[0].status is Status.NEEDS_YOU
        assert "to do" in looked[0].says
        assert looked[1].status is None
        assert looked[1].problem is not None
        assert looked[1].problem.code == "hibernating"
        assert sorted(checked(at)) == sorted(at.names)
        progress = [event for event in at.told if isinstance(event, ManyProgress)]
        assert [event.done for event in progress] == list(range(7))
        assert {event.total for event in progress} == {6}
        told = [event for event in at.told if isinstance(event, InstanceChecked)]
        assert all((event.checked is None) != (event.problem is None) for event in told)


def test_side_by_side_and_never_more_than_allowed(tmp_path: Path) -> None:
    with crowd(tmp_path, 12, 0.1) as at:
        world = replace(at.world, settings=Settings(side_by_side=4))
        began = time.monotonic()
        assert {one.exit_code for one in check_many(world, at.names, at.tell)} == {1}
        took = time.monotonic() - began
        assert at.many.most_under_way in {3, 4}
        assert at.many.most_connections == 1
        assert took < at.many.requests * 0.1, "they did not wait for each other"
        before = at.many.requests
        check_many(world, at.names, at.tell)
        assert at.many.requests - before == 12, "one round trip each, the second time"


def test_the_face_is_told_by_its_own_thread_alone(tmp_path: Path) -> None:
    threads = set()
    with crowd(tmp_path, 5) as at:
        check_many(at.world, at.names, lambda _event: threads.add(threading.get_ident()))
    assert threads == {threading.get_ident()}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a thread stay on a core")
def test_the_workers_stay_on_one_core_and_the_face_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed, seen, before = os.sched_getaffinity(0), set(), cores_of_threads()

    def looking(*given: Any) -> Checked:  # noqa: ANN401 - passed on
        seen.add(frozenset(os.sched_getaffinity(0)))
        return check(*given)

    monkeypatch.setattr(many, "check", looking)
    with crowd(tmp_path, 5) as at:
        for core in allowed:
            seen.clear()
            monkeypatch.setattr(many, "core_of_this_thread", lambda core=core: core)
            assert {one.exit_code for one in check_many(at.world, at.names, at.tell)} == {1}
            assert seen == {frozenset({core})}
            assert os.sched_getaffinity(0) == allowed
        until = time.monotonic() + 20
        while held := [thread for thread, on in cores_of_threads().items() if on != allowed and thread not in before]:
            assert time.monotonic() < until, f"{held} are held on a core, and there is no work left"
            time.sleep(0.02)  # a thread that has nothing left to do ends a moment later


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a thread stay on a core")
def test_a_core_is_chosen_again_while_it_lasts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def chosen_core() -> None:
        asked.append(threading.get_ident())

    monkeypatch.setattr(many, "core_of_this_thread", chosen_core)
    monkeypatch.setattr(many, "_CORE_S", 0.05)
    with crowd(tmp_path, 4, 0.2) as at:
        check_many(at.world, at.names, at.tell)
    assert len(asked) > 2
    assert set(asked) == {threading.get_ident()}, "by the thread that is free"


def test_unknown_ones_and_wrong_passwords_are_their_own_result(tmp_path: Path) -> None:
    with crowd(tmp_path, 3) as at:
        at.put(at.world.book.get("i1")._replace(), "not the password")
        looked = check_many(at.world, ["i0", "nobody", "i1", "i2", "i0"], at.tell)
        assert [(one.instance, one.exit_code) for one in looked] == [("i0", 1), ("nobody", 2), ("i1", 5), ("i2", 1), ("i0", 1)]
        assert looked[2].problem is not None
        assert looked[2].problem.code == "sign-in-refused"
        assert len(checked(at)) == 4


def test_stopping_says_who_was_not_reached(tmp_path: Path) -> None:
    control = Control(interactive=False)
    with crowd(tmp_path, 12, 0.1, silent=2) as at:
        world = replace(at.world, settings=Settings(side_by_side=3))

        def tell(event: Event) -> None:
            at.tell(event)
            if isinstance(event, InstanceChecked):
                control.cancel()

        order = ["i0", "i1", "i10", *(f"i{n}" for n in range(2, 10))]  # i10 never answers
        began = time.monotonic()
        looked = check_many(world, order, tell, control)
        assert time.monotonic() - began < 9, "a silent one is not waited for"
        reached = set(checked(at))
        assert 1 <= len(reached) < len(order)
        left = [one for one in looked if one.instance not in reached]
        assert {one.exit_code for one in left} == {6}
        assert all(one.problem is not None and one.problem.code == "stopped" for one in left)
        assert "i10" in {one.instance for one in left}


def test_stopped_before_it_began(tmp_path: Path) -> None:
    control = Control(interactive=False)
    control.cancel()
    with crowd(tmp_path, 3) as at:
        assert {one.exit_code for one in check_many(at.world, at.names, at.tell, control)} == {6}
        assert checked(at) == []


def test_those_who_need_a_person_come_last_or_are_told(tmp_path: Path) -> None:
    with crowd(tmp_path, 3) as at:
        at.put(at.world.book.get("i0")._replace(way=Way.BROWSER))
        at.put(at.world.book.get("i1")._replace(one_time_code=True))
        assert [needs_person(at.world, at.world.book.get(name)) for name in at.names] == [True, True, False]
        looked = check_many(at.world, at.names, at.tell)
        assert [one.exit_code for one in looked] == [5, 5, 1]
        assert [one.problem.code for one in looked if one.problem is not None] == ["person-needed"] * 2
        assert checked(at) == ["i2", "i0", "i1"]
        assert at.world.doors.names() == (), "nothing is left open"


def test_an_open_door_needs_nobody_and_stays_open(tmp_path: Path) -> None:
    from exoalias.app.check import check

    with crowd(tmp_path, 2) as at:
        check(at.world, "i0", at.tell)
        assert at.world.doors.names() == ("i0",)
        check_many(at.world, at.names, at.tell)
        assert at.world.doors.names() == ("i0",)


def test_a_defect_of_ours_is_not_swallowed(tmp_path: Path) -> None:
    def broken(_event: Event) -> None:
        raise ZeroDivisionError

    with crowd(tmp_path, 3) as at:
        with pytest.raises(ZeroDivisionError):
            check_many(at.world, at.names, broken)

        class Clock:
            def __call__(self) -> object:
                raise KeyError("clock")

        with pytest.raises(KeyError, match="clock"):
            check_many(replace(at.world, clock=Clock()), at.names, at.tell)  # type: ignore[arg-type] # a defect


def test_memory_does_not_grow_with_their_number(tmp_path: Path) -> None:
    """The results are handed on; what stays is a line each."""
    with crowd(tmp_path, 120) as at:
        check_many(at.world, at.names[:10], lambda _event: None)
        tracemalloc.start()
        check_many(at.world, at.names[:60], lambda _event: None)  # more than are read and waiting to be taken at a time
        few = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        check_many(at.world, at.names, lambda _event: None)
        many = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert many < few + 60 * 60_000, "far from the 200 kB a checklist takes"


def test_the_filters(tmp_path: Path) -> None:
    with crowd(tmp_path, 4) as at:
        for name, customer, kind in (("i0", "Acme", "production"), ("i1", "ACME", "test"), ("i2", "Beta", "test")):
            at.put(at.world.book.get(name)._replace(customer=customer, kind=kind))
        assert set(chosen(at.world)) == {"i0", "i1", "i2", "i3"}
        assert set(chosen(at.world, "acme")) == {"i0", "i1"}
        assert chosen(at.world, kind="test") == ("i1", "i2")
        assert chosen(at.world, "Beta", "test") == ("i2",)
        for wrong in (("nobody", None), (None, "producton"), ("Beta", "production")):
            with pytest.raises(UsageProblem, match="No known instance"):
                chosen(at.world, *wrong)
