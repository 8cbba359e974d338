"""What goes wrong in the window while it takes an ending is an unexpected error like any other: never lost."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

from exoalias.ui.runner import Ending, Job, Runner

if TYPE_CHECKING:
    import pytest
    from pytestqt.qtbot import QtBot


def test_an_error_in_taking_the_ending_meets_the_hook(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    met: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: met.append(error))
    runner = Runner()
    mistake = KeyError("an instance that is gone")

    def ended(_job: Job, _ending: Ending) -> None:
        raise mistake

    runner.start("check", "acme", lambda _tell, _control: None, ended)
    qtbot.waitUntil(lambda: bool(met))
    assert met == [mistake]
    assert runner.jobs == {}
    runner.close()


def test_closing_waits_a_moment_for_what_runs(qtbot: QtBot) -> None:
    runner = Runner()
    endings: list[Ending] = []
    runner.start("list", "", lambda _tell, control: control.typed(20), lambda _job, ending: endings.append(ending))
    runner.close()
    assert len(endings) == 1, "asked to stop, it ended"
    assert runner.jobs == {}


def test_closing_does_not_wait_for_what_does_not_stop(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exoalias.ui.runner._PATIENCE_MS", 50)
    runner, go_on = Runner(), threading.Event()
    runner.start("list", "", lambda _tell, _control: go_on.wait(20), lambda _job, _ending: None)
    began = time.monotonic()
    runner.close()
    assert time.monotonic() - began < 5
    go_on.set()


def test_closing_leaves_no_worker(qtbot: QtBot) -> None:
    before = set(threading.enumerate())
    runner = Runner()
    endings: list[Ending] = []
    for number in range(6):  # more than there are workers
        runner.start("list", "", lambda _tell, _control, n=number: n, lambda _job, ending: endings.append(ending))  # type: ignore[misc] # bound early
    qtbot.waitUntil(lambda: not runner.jobs)
    assert sorted(str(e.value) for e in endings) == list("012345")
    runner.close()
    assert not [t for t in set(threading.enumerate()) - before if t.is_alive()]
