"""The watchdog: asleep while nothing goes on, awake in between, telling once."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.machine.watchdog import SILENT_S, Stack, Watchdog, stacks
from exoalias.adapters.network.http import TRIES
from exoalias.adapters.network.transport import WHOLE_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Told:
    """Who is told."""

    def __init__(self) -> None:
        self.hangs: list[tuple[str, str, tuple[Stack, ...]]] = []
        self.over: list[str] = []

    def hang(self, of: str, verb: str, seconds: float, stacks: tuple[Stack, ...]) -> None:
        assert seconds > 0
        self.hangs.append((of, verb, stacks))

    def hang_over(self, of: str, seconds: float) -> None:
        assert seconds > 0
        self.over.append(of)


def until(so: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not so():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def dog(told: Told) -> Iterator[Watchdog]:
    before = set(threading.enumerate())
    made = Watchdog(told, loop_s=0.15, look_s=0.02)
    yield made
    made.close()
    assert not any(thread.name == "watchdog" for thread in set(threading.enumerate()) - before)


def test_it_is_patient_for_as_long_as_a_request_may_take() -> None:
    assert SILENT_S >= TRIES * WHOLE_S + 60


def test_a_loop_that_answers_is_left_alone(dog: Watchdog, told: Told) -> None:
    asked = []

    def ping() -> None:
        asked.append(1)
        dog.loop_turned()

    dog.watch_loop(ping)
    for _ in range(20):
        dog.loop_works()
        time.sleep(0.02)
    until(lambda: asked)
    assert told.hangs == []


def test_a_loop_that_does_not_answer_is_told_of_once_and_when_it_is_over(dog: Watchdog, told: Told) -> None:
    asked = []
    dog.watch_loop(lambda: asked.append(1))
    dog.loop_works()
    until(lambda: told.hangs)
    time.sleep(0.2)
    [(of, verb, found)] = told.hangs
    assert (of, verb) == ("window", "")
    assert asked == [1]
    main = next(stack for stack in found if stack.thread in {"window", "terminal"})
    assert any(place.code is until.__code__ for place in main.places)
    lookers = sum(any(place.code is Watchdog._look.__code__ for place in stack.places) for stack in found)
    other_dogs = sum(thread.name == "watchdog" for thread in threading.enumerate()) - 1
    assert lookers <= other_dogs, "it looks at others"
    dog.loop_turned()
    assert told.over == ["window"]


def test_without_a_loop_there_is_nothing_to_ask(dog: Watchdog, told: Told) -> None:
    dog.loop_works()
    dog.watch_loop(lambda: None)
    dog.watch_loop(None)
    dog.loop_works()
    time.sleep(0.3)
    assert told.hangs == []


def test_a_silent_verb_is_told_of(dog: Watchdog, told: Told) -> None:
    dog.verb_begins(1, "check", 0.1)
    dog.verb_begins(2, "sign-in", 60)
    until(lambda: told.hangs)
    assert [(of, verb) for of, verb, _stacks in told.hangs] == [("verb", "check")]
    dog.verb_speaks(1, 60)
    assert told.over == ["verb"]
    dog.verb_speaks(3, 0)  # of a verb that ended already
    dog.verb_ends(1)
    dog.verb_ends(2)
    assert told.over == ["verb"]


def test_a_verb_that_speaks_is_left_alone(dog: Watchdog, told: Told) -> None:
    dog.verb_begins(1, "check", 0.2)
    for _ in range(20):
        dog.verb_speaks(1, 0.2)
        time.sleep(0.02)
    dog.verb_ends(1)
    assert told.hangs == []


def test_while_a_verb_runs_the_loop_is_asked_too(dog: Watchdog, told: Told) -> None:
    dog.watch_loop(lambda: None)
    dog.verb_begins(1, "check", 60)
    until(lambda: told.hangs)
    assert told.hangs[0][0] == "window"


def test_nothing_going_on_it_does_not_wake_up(dog: Watchdog) -> None:
    dog.watch_loop(dog.loop_turned)
    dog.verb_begins(1, "check")
    dog.verb_ends(1)
    until(lambda: dog._asleep and dog._loop is None)
    time.sleep(0.1)
    thread = dog._thread
    assert thread is not None
    before = switches(thread)
    time.sleep(0.5)
    assert switches(thread) - before == 0


def switches(thread: threading.Thread) -> int:
    """How often the thread was woken up so far."""
    lines = Path(f"/proc/self/task/{thread.native_id}/status").read_text("ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if "ctxt_switches" in line)


def test_threads_are_named_by_what_they_are_for() -> None:
    gate = threading.Event()
    names = {
        "verb_0": "worker",
        "question": "question",
        "far-side": "far side",
        "browser-pipe": "sign-in browser",
        "hunter2": "another",
    }
    started = [threading.Thread(target=gate.wait, name=name) for name in names]
    for thread in started:
        thread.start()
    found = [stack.thread for stack in stacks()]
    gate.set()
    for thread in started:
        thread.join()
    for role in names.values():
        assert role in found
