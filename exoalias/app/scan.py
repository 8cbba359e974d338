"""ServiceNow's own scan, started on the person's word: it starts a job on the instance, so no check ever does."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from exoalias.app.check import judged, read
from exoalias.app.entrance import enter
from exoalias.app.read_only import require_writable
from exoalias.domain.events import Progress
from exoalias.domain.problems import Problem, ScanFailed, Stopped
from exoalias.domain.scan import SUITE
from exoalias.domain.words import say

if TYPE_CHECKING:
    from exoalias.adapters.instance.scan import OwnScan
    from exoalias.app.control import Control
    from exoalias.app.world import World
    from exoalias.domain.events import Checked, Tell
    from exoalias.domain.scan import Scan

LIMIT_S: Final = 600.0  # the suite takes seconds; a queue of other scans may stand before it
_FIRST_S: Final = 0.5
_LONGEST_S: Final = 10.0
_GROWTH: Final = 1.5
_STEP_S: Final = 0.1  # how often a wish to stop is looked for meanwhile
_CANCELED: Final = "4"
_SUCCESSFUL: Final = "2"


def scan(world: World, name: str, tell: Tell, control: Control | None = None, *, limit_s: float = LIMIT_S) -> Checked:
    """Start the suite, follow it, keep what it found, and check with it beside. Ends in ScanNotPossible, ScanFailed, Stopped.

    Cancelling stops the waiting; a scan that runs goes on on the instance, where its results can be read.
    """
    require_writable(world, name)
    target = world.target(name)
    instance = enter(world, name, tell, control)
    tell(Progress(say("Starting “{suite}” on {origin}", suite=SUITE, origin=target.origin)))
    own = instance.own_scan
    entry = world.journal.intend(name, "scan", {"suite": SUITE})
    try:
        found = _followed(world, own, tell, control, limit_s)
    except Problem as problem:
        world.journal.outcome(entry, problem.code, {"says": problem.words})
        raise
    world.journal.states.keep_scan(name, found)
    world.journal.outcome(entry, "scanned", {"findings": str(len(found.findings))})
    tell(Progress(say("Reading {origin}", origin=target.origin)))
    checked = judged(world, name, read(world, name, instance, target), target)
    tell(checked)
    return checked


def _followed(world: World, own: OwnScan, tell: Tell, control: Control | None, limit_s: float) -> Scan:
    """The result of a run started now. The instance is asked ever less often, and no more often than it can answer."""
    started = world.clock()
    progress = own.start()
    end, pause = time.monotonic() + limit_s, _FIRST_S
    while True:
        _rest(pause, control)
        asked = time.monotonic()
        running = own.running(progress)
        if running.ended:
            break
        tell(Progress(running.says or "The scan is running", running.percent, 100))
        if time.monotonic() > end:
            why = say("it was not finished after {limit_s:.0f} s and goes on there", limit_s=limit_s)
            raise ScanFailed(host=own.host, why=why)
        pause = min(_LONGEST_S, max(pause * _GROWTH, time.monotonic() - asked))
    if running.status == _SUCCESSFUL:
        return own.result(progress, started)
    why = "it was canceled on the instance" if running.status == _CANCELED else running.says or "it failed"
    raise ScanFailed(host=own.host, why=why)


def _rest(seconds: float, control: Control | None) -> None:
    never, end = threading.Event(), time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if control is not None and control.cancelled:
            raise Stopped(what="Waiting for the scan", done="The scan goes on on the instance: Instance Scan, Scan Results.")
        never.wait(min(_STEP_S, left))
