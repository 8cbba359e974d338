"""Runs verbs in worker threads and brings what they tell, and how they end, back to the window. The only await.

A verb is a plain blocking function. It is never cancelled: the person's wish to stop goes through its Control, and the
verb ends when that is safe. What it tells arrives through one queued signal, so nothing of Qt is touched by a worker.
"""

from __future__ import annotations

import itertools
import os
import sys
from typing import TYPE_CHECKING, NamedTuple, Protocol

from PySide6.QtCore import QEventLoop, QObject, QTimer, Signal

from exoalias.ui.pieces import Pieces

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from concurrent.futures import Future, ThreadPoolExecutor

    from exoalias.app.control import Control
    from exoalias.domain.events import Event, Tell
    from exoalias.domain.problems import Problem

_PATIENCE_MS = 3_000
WORKERS = 4  # one verb that changes something, and room for looking things up beside it


class Job(NamedTuple):
    """One run of a verb: for which instance, and the person's side of it."""

    number: int
    verb: str
    instance: str
    control: Control


class Ending(NamedTuple):
    """How a job ended: with a value, with a Problem, or (``crashed``) by a bug that met the crash dialog."""

    value: object = None
    problem: Problem | None = None
    crashed: bool = False


class Observer(Protocol):
    """Who is told of every verb's run: the program's own notes. Called in whichever thread it happens."""

    def begins(self, key: object, verb: str, instance: str = "") -> None:
        """A verb begins."""

    def tells(self, key: object, event: Event) -> None:
        """It said something."""

    def ends(self, key: object, error: BaseException | None = None) -> None:
        """It ended."""


def _meet(task: asyncio.Task[None]) -> None:
    """An error in taking an ending is an unexpected one like any other; unread, asyncio would only log it some day."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        sys.excepthook(type(error), error, error.__traceback__)


def _met_by_the_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """An error in a callback of the loop, which it would only write to a library's log."""
    error = context.get("exception")
    if isinstance(error, BaseException):
        sys.excepthook(type(error), error, error.__traceback__)


class Runner(QObject):
    """The window's workers. ``told`` carries (Job, Event); ``changed`` says that a job began or ended."""

    told = Signal(object, object)
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.jobs: dict[int, Job] = {}
        self._numbers = itertools.count(1)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self.observer: Observer | None = None
        self.failing: Job | None = None  # while its unexpected error is told
        self.pieces = Pieces(self)

    def open(self) -> None:
        """Load asyncio and qasync, which cost a visible part of the start: called after the first paint, or when first needed."""
        if self._loop is not None:
            return
        os.environ["QT_API"] = "pyside6"  # qasync takes PyQt6 if that is installed too
        from concurrent.futures import ThreadPoolExecutor

        import qasync

        # The loop is served by Qt's own event loop, whoever runs that: QApplication.exec() here, pytest-qt in the tests.
        self._loop = qasync.QEventLoop()
        self._loop.set_exception_handler(_met_by_the_loop)
        # qasync's default executor aborts the process on SystemExit.
        self._pool = ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="verb")

    def start(
        self, verb: str, instance: str, work: Callable[[Tell, Control], object], ended: Callable[[Job, Ending], None]
    ) -> Job:
        """Run ``work`` in a worker; ``ended`` is called in the window's thread, after everything that was told."""
        from exoalias.app.control import Control

        self.open()
        assert self._loop is not None  # noqa: S101 - open() has just made it
        job = Job(next(self._numbers), verb, instance, Control())
        self.jobs[job.number] = job
        if self.observer is not None:
            self.observer.begins(job.number, verb, instance)
        task = self._loop.create_task(self._carry_out(job, work, ended))
        task.add_done_callback(_meet)
        self._tasks[job.number] = task
        self.changed.emit()
        return job

    async def _carry_out(self, job: Job, work: Callable[[Tell, Control], object], ended: Callable[[Job, Ending], None]) -> None:
        loop, pool = self._loop, self._pool
        assert loop is not None  # noqa: S101 - start() called open()
        assert pool is not None  # noqa: S101 - as above
        settled: asyncio.Future[None] = loop.create_future()

        def tell(event: Event) -> None:
            if self.observer is not None:
                self.observer.tells(job.number, event)
            self.told.emit(job, event)

        def wake(_done: Future[object]) -> None:
            if self._loop is loop:  # or the window is closed, and nobody waits for this any more
                loop.call_soon_threadsafe(settled.set_result, None)

        running = pool.submit(work, tell, job.control)
        running.add_done_callback(wake)
        await settled
        concluded: asyncio.Future[None] = loop.create_future()

        def conclude() -> None:
            try:
                self._conclude(job, running, ended)
            finally:
                if not concluded.done():  # the loop is closed, its tasks cancelled
                    concluded.set_result(None)

        self.pieces.add(conclude)  # after what was told is drawn
        await concluded

    def _conclude(self, job: Job, done: Future[object], ended: Callable[[Job, Ending], None]) -> None:
        from exoalias.domain.problems import Problem

        error = done.exception()
        if error is None:
            ending = Ending(done.result())
        elif isinstance(error, Problem):
            ending = Ending(problem=error)
        else:
            ending = Ending(crashed=True)
            self.failing = job
            sys.excepthook(type(error), error, error.__traceback__)
            self.failing = None
        del self.jobs[job.number], self._tasks[job.number]
        if self.observer is not None:
            self.observer.ends(job.number, error)
        self.changed.emit()
        ended(job, ending)

    def stop_all(self) -> None:
        """Ask every running verb to end as soon as it is safe."""
        for job in self.jobs.values():
            job.control.cancel()

    def close(self) -> None:
        """Let go of the workers and the loop. What still runs is asked to stop, and waited for a moment, not longer."""
        if self._loop is None or self._pool is None:
            return
        self.stop_all()
        self._wait_a_moment()
        self._pool.shutdown(wait=not self.jobs, cancel_futures=True)
        loop, self._loop = self._loop, None
        loop.close()
        self._pool = None

    def _wait_a_moment(self) -> None:
        """Usually nothing runs: the window closes when all has ended. It may have been closed while it was being started."""
        if not self.jobs:
            return
        waiting = QEventLoop()
        self.changed.connect(lambda: None if self.jobs else waiting.quit())
        QTimer.singleShot(_PATIENCE_MS, waiting.quit)
        waiting.exec()
