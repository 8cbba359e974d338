"""One thread of a job computes at a time, and whoever waits for something outside lets the others on."""

from __future__ import annotations

import threading
import time

import pytest

from exoalias.adapters.machine.turns import Turn, aside


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
