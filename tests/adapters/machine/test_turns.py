"""One thread of a job computes at a time, and whoever waits for something outside lets the others on."""

from __future__ import annotations

import threading
import time

import pytest

from exoalias.adapters.machine.turns import Turn, _Why, aside, on_the_wire


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
        assert turn._is_taken
    assert not turn._is_taken


def test_an_error_outside_comes_back_with_the_turn() -> None:
    turn = Turn()
    with turn.taken():
        with pytest.raises(ValueError, match="outside"), aside():
            raise ValueError("outside")
        assert turn._is_taken
    assert not turn._is_taken


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


def test_whoever_talks_goes_on_first_then_somebody_begins_and_thinking_waits() -> None:
    turn, order = Turn(requests=9), list[str]()
    answered, back, called = threading.Semaphore(0), threading.Event(), threading.Event()

    def thinks() -> None:
        with turn.taken():
            with on_the_wire():
                pass
            with aside():
                answered.release()
                assert back.wait(10)
            order.append("thinks")

    def talks() -> None:
        with turn.taken(), on_the_wire():
            with aside():
                answered.release()
                assert back.wait(10)
            order.append("talks")

    def begins() -> None:
        called.set()
        with turn.taken():
            order.append("begins")

    before = [threading.Thread(target=target) for target in (thinks, thinks, talks)]
    for each in before:
        each.start()
        assert answered.acquire(timeout=10)
    beginner = threading.Thread(target=begins)
    with turn.taken():  # everybody queues behind this
        back.set()
        until = time.monotonic() + 10
        while sum(map(len, turn._waiting)) < len(before) and time.monotonic() < until:
            time.sleep(0.001)
        beginner.start()
        assert called.wait(10)
        while sum(map(len, turn._waiting)) <= len(before) and time.monotonic() < until:
            time.sleep(0.001)
    for each in [*before, beginner]:
        each.join(10)
    assert order == ["talks", "begins", "thinks", "thinks"]


def test_who_has_its_answer_lets_the_others_talk() -> None:
    turn, order = Turn(requests=2), list[str]()

    def begins() -> None:
        with turn.taken():
            order.append("begins")

    beginner = threading.Thread(target=begins)
    with turn.taken():
        with on_the_wire():
            beginner.start()
            until = time.monotonic() + 10
            while not any(turn._waiting) and time.monotonic() < until:
                time.sleep(0.001)
            order.append("talks")
        order.append("thinks")
    beginner.join(10)
    assert order == ["talks", "begins", "thinks"]


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


def test_a_place_on_the_wire_comes_with_the_turn_before_somebody_begins() -> None:
    turn, order = Turn(requests=1), list[str]()
    under_way, answered = threading.Event(), threading.Event()

    def first() -> None:
        with turn.taken():
            with on_the_wire(), aside():
                under_way.set()
                assert answered.wait(10)
            order.append("thinks")

    def second() -> None:
        with turn.taken(), on_the_wire():
            order.append("sends")

    def third() -> None:
        with turn.taken():
            order.append("begins")

    workers = [threading.Thread(target=target) for target in (first, second, third)]
    until = time.monotonic() + 10
    workers[0].start()
    assert under_way.wait(10)
    workers[1].start()
    while not turn._waiting[_Why.SENDS] and time.monotonic() < until:
        time.sleep(0.001)
    assert not turn._is_taken  # nobody computes while all wait for the wire
    with turn.taken():
        workers[2].start()
        answered.set()
        while sum(map(len, turn._waiting)) < 3 and time.monotonic() < until:
            time.sleep(0.001)
    for each in workers:
        each.join(10)
    assert order == ["sends", "begins", "thinks"]


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
