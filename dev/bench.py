"""Print the figures the program is held to, each with its ratio taken in one run."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What each figure must not pass; the rest is printed for reading.
BARS = {
    "first paint, ratio to bare": 1.35,
    "memory at first paint, MB PSS": 65,
    "memory when loaded, MB PSS": 100,
    "round trips, first check": 3,
    "round trips, next check": 1,
    "longest stall, check, median of runs, ms over idle": 16,
    "longest stall, check, worst, ms over idle": 33,
    "longest stall, apply, median of runs, ms over idle": 16,
    "longest stall, apply, worst, ms over idle": 33,
    "longest stall, sign-in, median of runs, ms over idle": 16,
    "longest stall, sign-in, worst, ms over idle": 33,
    "10000 instances: shown, ms": 50,
    "keystroke in the filter, median, ms": 16,
    "sort, median, ms": 33,
    "frame while scrolling, median, ms": 16,
    "200 instances, first check, ratio to the latency floor": 1.3,
    "200 instances, next check, ratio to the latency floor": 1.3,
    "most connections to one instance": 8,
    "launch to first page, ratio": 1.1,
    "held request to Microsoft page, shown, ratio": 1.2,
    "frozen start against source start, ratio": 1.1,
}
_PARTS = "which parts, and by themselves peers: beside other programs, which it installs (bench --only peers)"


def main(argv: list[str] | None = None) -> int:
    """Measure and print a table; 1 where a bar is passed."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="start loop overview many reads browser", help=_PARTS)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(argv)
    if not asked.inside and sys.platform.startswith("linux"):
        again = [sys.executable, __file__, "--inside", "--rounds", str(asked.rounds), "--only", asked.only]
        return subprocess.run([sys.executable, str(ROOT / "dev" / "session.py"), *again], check=False).returncode
    sys.path[:0] = [str(ROOT), str(ROOT / "dev")]
    os.environ["PYTHONPATH"] = str(ROOT)
    _as_a_person()
    figures: dict[str, float] = {"a fixed loop, ms: how quick this machine is now": _loop_ms()}
    for part in asked.only.split():
        figures |= _measure(part, asked.rounds)
    missed = [name for name, value in figures.items() if name in BARS and value > BARS[name]]
    print(f"{'figure':62} {'measured':>9}  {'at most':>7}")
    for name, value in figures.items():
        bar = f"{BARS[name]:g}" if name in BARS else ""
        print(f"{name:62} {value:9.2f}  {bar:>7}{'  MISSED' if name in missed else ''}")
    return 1 if missed else 0


def _as_a_person() -> None:
    """Give up the right to raise priorities: root's Chromium puts itself before the window, a person's own can't."""
    if sys.platform.startswith("linux"):
        import ctypes

        drop, sys_nice = 24, 23  # PR_CAPBSET_DROP, CAP_SYS_NICE: linux/prctl.h, linux/capability.h
        ctypes.CDLL(None).prctl(drop, sys_nice, 0, 0, 0)  # what is started from here on; without the right to, it has none


def _loop_ms() -> float:
    """The best of some runs of the same 200,000 steps, to read the absolute figures by."""
    best = float("inf")
    for _run in range(7):
        began, total = time.perf_counter(), 0
        for step in range(200_000):
            total += step * step % 7
        best = min(best, time.perf_counter() - began)
    return best * 1000


def _measure(part: str, rounds: int) -> dict[str, float]:
    if part == "start":
        import _bench_start

        return _bench_start.measure(rounds)
    if part == "many":
        import _bench_many

        return _bench_many.measure(rounds)
    if part == "loop":
        import _bench_loop

        return _bench_loop.measure(rounds)
    if part == "reads":
        import _bench_reads

        return _bench_reads.measure(rounds)
    if part == "peers":
        import _bench_peers

        return _bench_peers.measure(rounds)
    if part == "overview":
        import _bench_overview

        return _bench_overview.measure(rounds)
    import _bench_browser

    return _bench_browser.measure(rounds)


if __name__ == "__main__":
    raise SystemExit(main())
