"""One core for threads that compute one at a time: theirs alone, and nothing where there is no such thing."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.machine import cores
from exoalias.adapters.machine.cores import core_of_this_thread, go_anywhere, stay_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a thread stay on a core")


def _in_a_thread(work: Callable[[], object]) -> object:
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]


@linux
def test_a_thread_stays_on_its_core_with_those_it_starts_and_no_other() -> None:
    allowed = os.sched_getaffinity(0)
    for core in sorted(allowed):

        def work(core: int = core) -> object:
            stay_on(core)
            return os.sched_getaffinity(0), core_of_this_thread(), _in_a_thread(lambda: os.sched_getaffinity(0))

        assert _in_a_thread(work) == ({core}, core, {core})
    assert os.sched_getaffinity(0) == allowed


@linux
def test_a_thread_that_outlives_them_goes_anywhere() -> None:
    def outliving() -> object:
        go_anywhere()
        return os.sched_getaffinity(0)

    def work() -> object:
        stay_on(core_of_this_thread())
        return _in_a_thread(outliving)

    assert _in_a_thread(work) == os.sched_getaffinity(0)


@linux
def test_the_core_is_one_it_may_use() -> None:
    assert core_of_this_thread() in os.sched_getaffinity(0)


@linux
@pytest.mark.parametrize("core", [None, 100_000])
def test_no_core_or_one_it_may_not_use_changes_nothing(core: int | None) -> None:
    def work() -> object:
        stay_on(core)
        return os.sched_getaffinity(0)

    assert _in_a_thread(work) == os.sched_getaffinity(0)


def test_a_system_that_does_not_say_or_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = tmp_path / "stat"
    monkeypatch.setattr(cores, "_STATE", state)
    assert core_of_this_thread() is None  # no such file
    state.write_text("7 (a name) with) brackets) S " + " ".join(str(number) for number in range(4, 45)))
    assert core_of_this_thread() == (39 if hasattr(os, "sched_setaffinity") else None)
    state.write_text("7 (short) S 1 2")
    assert core_of_this_thread() is None
    state.write_text("7 (odd) " + "x " * 50)
    assert core_of_this_thread() is None
    monkeypatch.delattr(os, "sched_setaffinity", raising=False)
    state.write_text("7 (whole) S " + " ".join(str(number) for number in range(4, 45)))
    assert core_of_this_thread() is None
    stay_on(0)
    go_anywhere()
