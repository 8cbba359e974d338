"""What takes too long is cut off, by one thread for all, which is gone when nothing is watched."""

from __future__ import annotations

import threading
import time

from exoalias.adapters.network.deadlines import Deadline, Deadlines


def threads() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name == "deadlines"]


def gone(each: threading.Thread) -> bool:
    each.join(10)
    return not each.is_alive()


def test_what_takes_too_long_is_cut_and_says_so() -> None:
    deadlines, cut = Deadlines(), threading.Event()
    deadline = deadlines.watch(0.02, cut.set)
    assert cut.wait(10)
    assert deadline.passed
    assert deadline.is_over


def test_what_is_done_in_time_is_never_cut() -> None:
    deadlines, cut, later = Deadlines(), threading.Event(), threading.Event()
    deadline = deadlines.watch(0.05, cut.set)
    deadlines.done(deadline)
    deadlines.watch(0.15, later.set)
    assert later.wait(10)
    assert not cut.is_set()
    assert not deadline.passed


def test_a_shorter_one_does_not_wait_for_the_longer_before_it() -> None:
    deadlines, cut = Deadlines(), threading.Event()
    long = deadlines.watch(600, lambda: None)
    deadlines.watch(0.02, cut.set)
    assert cut.wait(10)
    assert not long.passed
    deadlines.done(long)


def test_they_are_cut_in_the_order_of_their_time() -> None:
    deadlines, order, last = Deadlines(), [], threading.Event()
    for name, seconds in (("third", 0.12), ("first", 0.04), ("second", 0.08)):
        deadlines.watch(seconds, lambda name=name: order.append(name))  # type: ignore[misc]  # mypy sees no type for the default
    deadlines.watch(0.16, last.set)
    assert last.wait(10)
    assert order == ["first", "second", "third"]


def test_one_thread_for_all_and_none_when_nothing_is_watched() -> None:
    before = set(threads())
    deadlines = Deadlines()
    watched = [deadlines.watch(600, lambda: None) for _ in range(200)]
    (ours,) = set(threads()) - before
    for each in watched:
        deadlines.done(each)
    assert gone(ours)
    again = deadlines.watch(600, lambda: None)
    (anew,) = set(threads()) - before
    assert anew is not ours
    deadlines.done(again)
    assert gone(anew)


def test_saying_twice_that_it_is_done_takes_nobody_elses_place() -> None:
    deadlines, cut = Deadlines(), threading.Event()
    first = deadlines.watch(600, lambda: None)
    deadlines.watch(0.1, cut.set)
    deadlines.done(first)
    deadlines.done(first)
    assert cut.wait(10)


def test_what_was_cut_and_is_done_then_takes_nobody_elses_place() -> None:
    deadlines, first_cut, cut = Deadlines(), threading.Event(), threading.Event()
    first = deadlines.watch(0.0, first_cut.set)
    deadlines.watch(0.2, cut.set)
    assert first_cut.wait(10)
    deadlines.done(first)
    assert cut.wait(10)


def test_after_done_nothing_is_cut_any_more() -> None:
    """Whoever is done may use the same line for something else: it is not cut under their hands."""
    deadlines, begun, over, cut = Deadlines(), threading.Event(), threading.Event(), threading.Event()

    def slowly() -> None:
        begun.set()
        time.sleep(0.2)
        over.set()

    first = deadlines.watch(0.0, slowly)
    deadlines.watch(0.4, cut.set)
    assert begun.wait(10)
    deadlines.done(first)
    assert over.is_set()
    assert cut.wait(10)  # and it was counted off once


def test_a_deadline_forgets_what_it_would_have_cut() -> None:
    """It may hold a socket; what is done in time lets go of it at once, not when the time has come."""
    calls: list[int] = []
    deadline = Deadline(time.monotonic(), lambda: calls.append(1))
    assert deadline.done()
    assert not deadline.done()
    deadline.cut()
    assert not calls


def test_many_threads_at_once_lose_nothing() -> None:
    deadlines, cut = Deadlines(), threading.Semaphore(0)

    def work() -> None:
        for number in range(200):
            kept = deadlines.watch(0.001 if number % 4 == 0 else 600, cut.release)
            if number % 4:
                deadlines.done(kept)

    workers = [threading.Thread(target=work) for _ in range(8)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    for _ in range(8 * 50):
        assert cut.acquire(timeout=10)
    assert not cut.acquire(blocking=False)
