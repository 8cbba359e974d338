"""One thread of a job computes at a time, and whoever waits for something outside lets the others on."""

from __future__ import annotations

import threading
import time

import pytest

from exoalias.adapters.machine.turns import Turn, aside, on_the_wire


def test_one_at_a_time() -> None:
    turn, inside, most = Turn(), [0], [0]

    def work() -> None:
        for _ in range(50):
            with turn.taken():
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.0002)
                inside[0] -= 1

    workers = [threading.Thread(target=work) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert most == [1]


def test_all_wait_outside_at_the_same_time() -> None:
    turn, together = Turn(), threading.Barrier(4, timeout=10)

    def work() -> None:
        with turn.taken(), aside():
            together.wait()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert not together.broken


def test_after_waiting_it_is_this_threads_turn_again() -> None:
    turn, let_in = Turn(), threading.Event()

    def other() -> None:
        with turn.taken():
            let_in.set()

    with turn.taken():
        with aside():
            thread = threading.Thread(target=other)
            thread.start()
            assert let_in.wait(10)
        thread.join()
        let_in.clear()
        again = threading.Thread(target=other)
        again.start()
        assert not let_in.wait(0.05)
    again.join()
    assert let_in.is_set()


def test_waiting_within_waiting_gives_up_once() -> None:
    turn = Turn()
    with turn.taken():
        with aside(), aside():
            pass
        assert turn._lock.locked()
    assert not turn._lock.locked()


def test_an_error_outside_comes_back_with_the_turn() -> None:
    turn = Turn()
    with turn.taken():
        with pytest.raises(ValueError, match="outside"), aside():
            raise ValueError("outside")
        assert turn._lock.locked()
    assert not turn._lock.locked()


def test_a_thread_without_a_turn_is_not_held_up() -> None:
    turn, went = Turn(), threading.Event()

    def other() -> None:
        with aside():
            went.set()

    with turn.taken():
        thread = threading.Thread(target=other)
        thread.start()
        assert went.wait(10)
    thread.join()


def test_who_has_begun_goes_on_before_somebody_begins() -> None:
    turn, order = Turn(), list[str]()
    outside, back = threading.Event(), threading.Event()

    def begun() -> None:
        with turn.taken():
            with aside():
                outside.set()
                assert back.wait(10)
            order.append("goes on")

    def beginner(number: int) -> None:
        with turn.taken():
            order.append(f"begins {number}")

    first = threading.Thread(target=begun)
    first.start()
    assert outside.wait(10)
    with turn.taken():  # everybody queues behind this
        others = [threading.Thread(target=beginner, args=(n,)) for n in range(8)]
        for each in others:
            each.start()
        time.sleep(0.05)
        back.set()
        time.sleep(0.05)
    for each in [first, *others]:
        each.join(10)
    assert order.index("goes on") <= 4, order  # one of the beginners stood before the turn already, a quick one may slip in
    assert len(order) == 9


def test_no_more_requests_are_under_way_than_allowed() -> None:
    turn, under_way, most = Turn(requests=3), [0], [0]
    counting = threading.Lock()

    def work() -> None:
        for _ in range(10):
            with turn.taken(), on_the_wire(), aside():
                with counting:
                    under_way[0] += 1
                    most[0] = max(most[0], under_way[0])
                time.sleep(0.003)
                with counting:
                    under_way[0] -= 1

    workers = [threading.Thread(target=work) for _ in range(8)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(20)
    assert most == [3]


def test_a_place_on_the_wire_is_given_back_after_an_error() -> None:
    turn = Turn(requests=1)
    for _ in range(3):
        with turn.taken(), pytest.raises(ValueError, match="refused"), on_the_wire():
            raise ValueError("refused")


def test_a_thread_without_a_turn_finds_the_wire_free() -> None:
    turn = Turn(requests=1)
    with turn.taken(), on_the_wire():
        went = threading.Event()

        def other() -> None:
            with on_the_wire():
                went.set()

        thread = threading.Thread(target=other)
        thread.start()
        assert went.wait(10)
        thread.join()
