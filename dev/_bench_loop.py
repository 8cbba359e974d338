"""Bench: the longest stall of the window's event loop during each verb, less that of an idle window at the same time.

The idle window is a twin in a process of its own, measured over the same moments: what the machine's other load (the
simulator, the browser) does to any window is not counted as ours. It is not late at the same moments, though. So beside it
stands how long the window's thread worked (its time of the processor) without coming back to its loop: a stall that is longer
than that was waited through, for a processor or for a thread of ours.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.app.far_side import FarSide
    from exoalias.ui.desk import Desk, Known

TICK_MS = 5
IDLE_S = 2.0
LIMIT_S = 120.0


def measure(rounds: int) -> dict[str, float]:
    """Median and worst over so many processes, in ms, and the round trips of two checks."""
    runs: list[dict[str, float]] = []
    for _ in range(rounds):
        done = subprocess.run([sys.executable, __file__], capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            raise SystemExit(done.stderr[-2000:])
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    figures: dict[str, float] = {}
    for verb in ("idle", "check", "apply", "sign-in"):
        over = sorted(run[verb] for run in runs)
        figures[f"longest stall, {verb}, median of runs, ms over idle"] = over[len(over) // 2]
        figures[f"longest stall, {verb}, worst, ms over idle"] = over[-1]
        work = sorted(run[f"{verb} work"] for run in runs)
        figures[f"longest work of the window's thread, {verb}, median, ms"] = work[len(work) // 2]
        figures[f"longest work of the window's thread, {verb}, worst, ms"] = work[-1]
    figures["round trips, first check"] = max(run["first-trips"] for run in runs)
    figures["round trips, next check"] = max(run["next-trips"] for run in runs)
    return figures


class Pulse(QObject):
    """A precise timer in a window's loop; keeps when each tick came, how late it was and the work before it, in ms."""

    def __init__(self) -> None:
        super().__init__()
        self.ticks: list[tuple[float, float, float]] = []
        self._worked = time.thread_time()
        self._clock, self._timer = QElapsedTimer(), QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._clock.start()
        self._timer.start(TICK_MS)

    def _tick(self) -> None:
        before, self._worked = self._worked, time.thread_time()
        self.ticks.append((time.monotonic(), self._clock.nsecsElapsed() / 1e6 - TICK_MS, (self._worked - before) * 1000))
        self._clock.restart()

    def longest(self, since: float, until: float) -> float:
        """The latest tick between two moments."""
        return max((late for at, late, _work in self.ticks if since <= at <= until), default=0.0)

    def most_work(self, since: float, until: float) -> float:
        """The most work between two ticks."""
        return max((work for at, _late, work in self.ticks if since <= at <= until), default=0.0)


class Bench:
    """A real window on a simulated instance, its verbs started as its buttons start them."""

    def __init__(self, app: QApplication, desk: Desk, name: str) -> None:
        self.app, self.desk, self.name = app, desk, name
        self.pulse = Pulse()
        self.moments: dict[str, tuple[float, float]] = {}

    @property
    def known(self) -> Known:
        """What the window knows of the instance."""
        return self.desk.known[self.name]

    def during(self, what: str, done: Callable[[], bool]) -> None:
        """Let the loop run until *done*, and remember between which moments that was."""
        since = time.monotonic()
        loop, look = QEventLoop(), QTimer()
        look.timeout.connect(lambda: loop.quit() if done() or time.monotonic() - since > LIMIT_S else None)
        look.start(20)
        loop.exec()
        if not done():
            raise SystemExit(f"{what} did not end in time")
        self.moments[what] = (since, time.monotonic())

    def verb(self, what: str, start: Callable[[], object]) -> int:
        """Run a verb to its end; the round trips of the check at its end."""
        start()
        self.during(what, lambda: self.desk.job is None)
        checklist = self.known.checklist
        if checklist is None or self.known.problem is not None:
            raise SystemExit(f"{what}: {self.known.problem.words if self.known.problem else 'no checklist'}")
        return checklist.round_trips

    def job(self) -> dict[str, float]:
        """Check, apply, sign in both; the round trips of the first and of the last check."""
        moment = time.monotonic()
        self.during("start", lambda: self.name in self.desk.known and time.monotonic() - moment > IDLE_S)
        self.desk.choose(self.name)
        moment = time.monotonic()
        self.during("idle", lambda: time.monotonic() - moment > IDLE_S)
        first = self.verb("check", self.desk.check)
        plan = self.known.plan
        self.verb("apply", lambda: self.desk.apply(plan) if plan is not None else None)
        last = self.verb("sign-in", lambda: self.desk.sign_in(["MS Graph 1", "MS Graph 2"]))
        if self.known.checklist is None or not self.known.checklist.holds:
            raise SystemExit("the run did not end well: findings remain")
        return {"first-trips": first, "next-trips": last}


def _one_run() -> None:
    from exoalias.app.far_side import FarSide

    with subprocess.Popen([sys.executable, __file__, "twin"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as twin:
        far_side = FarSide("profile-missing")
        far_side.start()
        try:
            bench, figures = _play(far_side)
        finally:
            far_side.stop()
        said, _ = twin.communicate(json.dumps(bench.moments))
    idle = json.loads(said.splitlines()[-1])
    for what, (since, until) in bench.moments.items():
        figures[what] = max(0.0, bench.pulse.longest(since, until) - idle[what])
        figures[f"{what} work"] = bench.pulse.most_work(since, until)
    print(json.dumps(figures))


def _play(far_side: FarSide) -> tuple[Bench, dict[str, float]]:
    from exoalias.app.demo import prepare
    from exoalias.app.world import World
    from exoalias.ui.desk import Desk
    from exoalias.ui.main import wake
    from exoalias.ui.verbs import Verbs
    from exoalias.ui.window import Window

    world = World.simulated_from(far_side.announcement, far_side.folder, headless=True)
    name = prepare(world, lambda _event: None)
    world.journal.remember(name, {})  # choosing the profile has read the instance; the first check begins anew
    app = QApplication([])
    desk = Desk(Verbs())
    window = Window(desk)
    window.show()
    wake(window, world)
    bench = Bench(app, desk, name)
    figures = bench.job()
    window.close()
    desk.runner.close()
    return bench, figures


def _twin() -> None:
    """An idle window; told the moments at the end, it says how late its own loop was in each."""
    from PySide6.QtCore import QSocketNotifier
    from PySide6.QtWidgets import QLabel

    app = QApplication([])
    window = QLabel("idle")
    window.resize(900, 600)
    window.show()
    pulse = Pulse()
    asked = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    asked.activated.connect(app.quit)
    app.exec()
    moments = json.loads(sys.stdin.read())
    print(json.dumps({what: pulse.longest(*between) for what, between in moments.items()}))


if __name__ == "__main__":
    _twin() if "twin" in sys.argv else _one_run()
