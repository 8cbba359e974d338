"""Verbs run in workers; what they tell comes in order, in the window's thread, before their end."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest

from exoalias.domain.events import Progress
from exoalias.domain.problems import Cancelled, Hibernating
from exoalias.ui.runner import Ending, Job, Runner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from exoalias.app.control import Control
    from exoalias.domain.events import Event, Tell


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[Runner]:
    made = Runner()
    yield made
    made.stop_all()
    qtbot.waitUntil(lambda: not made.jobs)
    made.close()
    made.close()  # a second time does nothing


def test_everything_told_arrives_in_order_before_the_end(qtbot: QtBot, runner: Runner) -> None:
    seen: list[object] = []
    threads: set[int] = set()

    def told(_job: Job, event: Event) -> None:
        threads.add(threading.get_ident())
        seen.append(event)

    def work(tell: Tell, _control: Control) -> object:
        threads.add(-threading.get_ident())
        for number in range(200):
            tell(Progress(str(number), number, 200))
        return "done"

    runner.told.connect(told)
    runner.start("check", "acme", work, lambda _job, ending: seen.append(ending))
    qtbot.waitUntil(lambda: not runner.jobs)
    assert seen == [*(Progress(str(n), n, 200) for n in range(200)), Ending("done")]
    assert threading.get_ident() in threads
    assert -threading.get_ident() not in threads


def test_a_problem_is_an_ending(qtbot: QtBot, runner: Runner) -> None:
    endings: list[Ending] = []
    problem = Hibernating(host="acme")

    def work(_tell: Tell, _control: Control) -> object:
        raise problem

    runner.start("check", "acme", work, lambda _job, ending: endings.append(ending))
    qtbot.waitUntil(lambda: bool(endings))
    assert endings == [Ending(problem=problem)]


@pytest.mark.parametrize("error", [ZeroDivisionError("x"), SystemExit(3)])
def test_a_bug_meets_the_hook_and_the_window_goes_on(
    qtbot: QtBot, runner: Runner, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    met: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: met.append(error))
    endings: list[Ending] = []

    def work(_tell: Tell, _control: Control) -> object:
        raise error

    runner.start("check", "acme", work, lambda _job, ending: endings.append(ending))
    qtbot.waitUntil(lambda: bool(endings))
    assert endings[0].crashed
    assert met == [error]


def test_stopping_is_a_wish_each_verb_grants_itself(qtbot: QtBot, runner: Runner) -> None:
    endings: list[Ending] = []

    def work(_tell: Tell, control: Control) -> object:
        while not control.cancelled:
            threading.Event().wait(0.005)
        raise Cancelled(credential="MS Graph 1")

    for _number in range(3):
        runner.start("sign-in", "acme", work, lambda _job, ending: endings.append(ending))
    qtbot.wait(30)
    assert len(runner.jobs) == 3
    runner.stop_all()
    qtbot.waitUntil(lambda: len(endings) == 3)
    assert all(isinstance(ending.problem, Cancelled) for ending in endings)
