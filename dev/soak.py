"""Generate by the hundred thousand what the suite generates by the thousand: soak NAME [count] [--seed N]."""

from __future__ import annotations

import argparse
import json
import logging
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent


def log(count: int, seed: int) -> int:
    """Log records with secrets of every kind in every place; look for each in what was written."""
    from exoalias.adapters.machine.log import Counting, close_log, open_log
    from exoalias.app.diagnostics import Diagnostics
    from tests.adapters.secret_places import leaks, play

    failed = 0
    with tempfile.TemporaryDirectory(prefix="exoalias-soak-") as folder:
        libraries = Counting()
        libraries.attach()
        logging.getLogger().setLevel(logging.DEBUG)
        for start in range(0, count, 20_000):  # a log of its own each time: a file has its size
            records = min(20_000, count - start)
            diagnostics = Diagnostics(Path(folder) / str(start), "terminal")
            open_log(diagnostics.log)
            secrets = play(diagnostics, records, seed + start)
            close_log()
            files = [path.read_bytes() for path in diagnostics.log.files()]
            found = leaks(files, secrets)
            failed += len(found)
            print(f"  {start + records} records, {sum(map(len, files)) // 1024} kB written, {len(found)} leaks", flush=True)
            for secret, pieces in found[:5]:
                print(f"    {secret!r}: {sorted(pieces)[:5]}")
    return failed


def hostile(count: int, seed: int) -> int:
    """Games against hostile answers: everything that can be done with an instance, each with a seed of its own."""
    from tests.adapters.hostility import Figures, play, record_truth

    truth, figures, failed = record_truth(), Figures(), 0
    for game in range(seed, seed + count):
        try:
            play(truth, game, figures)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            failed += 1
            if failed <= 20:
                print(f"  game {game}: {type(error).__name__}: {str(error)[:300]}", flush=True)
        if figures.games % 10_000 == 0:
            said = f"slowest {figures.slowest_s:.2f} s, most requests {figures.most_trips}, at most {_peak_mb()} MB"
            print(f"  {figures.games} games, {failed} found, {said}", flush=True)
    for ending, times in figures.endings.most_common():
        print(f"  {times:7} {ending}")
    return failed


def guard(count: int, seed: int) -> int:
    """Games against the guard of the sign-in: bent requests, answers, initiator addresses, judged by the rules."""
    from tests.domain.guard_games import Figures, play

    figures, failed = Figures(), 0
    for game in range(seed, seed + count):
        try:
            play(game, figures)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            failed += 1
            if failed <= 20:
                print(f"  game {game}: {type(error).__name__}: {str(error)[:300]}", flush=True)
        if (game - seed + 1) % 50_000 == 0:
            print(f"  {game - seed + 1} games, {failed} found", flush=True)
    for ending, times in figures.endings.most_common():
        print(f"  {times:7} {ending}")
    return failed


def _peak_mb() -> int:
    """The most memory this process ever had, in MB; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 * 1024 if sys.platform == "darwin" else 1024)


def sign_in(count: int, seed: int) -> int:
    """Sign-ins of adversarial people with the real browser; judged by the simulator's own record."""
    from tests.journeys.people import INVARIANTS

    numbers = [str(number) for number in range(seed, seed + count)]
    shares = [numbers[start : start + _SHARE] for start in range(0, count, _SHARE)]
    told: list[dict[str, Any]] = []
    failed = 0
    with ThreadPoolExecutor(_BROWSERS) as pool:
        for share, (lines, error) in zip(shares, pool.map(_share, shares), strict=True):
            told += lines
            found = [f"{line['words']}\n      {'; '.join(line['violations'])}" for line in lines if line["violations"]]
            found += [f"play {share[len(lines)]} and those after it were not played to their end:\n{error}"] if error else []
            failed += len(found)
            print("".join(f"    {each}\n" for each in found), end="")
            print(f"  {len(told)} plays, {failed} violated", flush=True)
    endings = Counter(line["ending"] for line in told)
    for ending, times in endings.most_common():
        print(f"  {times:7} {ending}")
    for ending, times in Counter(line["second"] for line in told if line["second"]).most_common():
        print(f"  {times:7} {ending}, of a second run beside")
    must, distinct = sum(line["must_hold"] for line in told), len({line["words"] for line in told})
    seconds = sorted(line["seconds"] for line in told) or [0.0]
    left = sum("nothing_left" in violation for line in told for violation in line["violations"])
    print(
        f"  {distinct} distinct plays, {must} with nothing against ending well; {seconds[len(seconds) // 2]:.1f} s in the median"
    )
    print(f"  {len(INVARIANTS)} invariants each: {failed} plays violate one, {left} leave something behind")
    return failed


def journey(count: int, seed: int) -> int:
    """The whole job, one after the other, two at a time: check, apply, both sign-ins, proven. Stops at nothing."""
    numbers = [str(number) for number in range(seed, seed + count)]
    shares = [numbers[start : start + _SHARE] for start in range(0, count, _SHARE)]
    runs, failed, left, took = 0, 0, 0, list[float]()
    with ThreadPoolExecutor(_BROWSERS) as pool:
        told = pool.map(lambda share: _told("tests.journeys.journey", share), shares)
        for share, (lines, error) in zip(shares, told, strict=True):
            found = [f"seed {line['seed']}: {'; '.join(line['wrong'])}" for line in lines if line["wrong"]]
            found += [f"seed {share[len(lines)]} and those after it were not played to their end:\n{error}"] if error else []
            runs, failed, took = runs + len(lines), failed + len(found), took + [line["seconds"] for line in lines]
            left += sum(bool(line["left"]) for line in lines)
            print("".join(f"    {each}\n" for each in found), end="")
            print(f"  {runs} runs, {failed} failed", flush=True)
    took = sorted(took) or [0.0]
    print(f"  {runs} runs, {failed} failed, {left} left something behind; {took[len(took) // 2]:.1f} s in the median, ", end="")
    print(f"{took[-1]:.1f} s at most")
    return failed


def death(count: int, seed: int, fault: str, entered: str) -> int:
    """Let each fault strike at the points of the job where it finds something: *count* points each at most, evenly spread."""
    from exoalias.domain.ways import Way
    from tests.journeys.dying import living_run, playing, points_for
    from tests.journeys.striking import DEATH, DISK, FAULTS, own_mounts

    way = Way(entered)
    if fault not in {"", "all", *FAULTS}:
        raise SystemExit(f"soak death: no such fault: {fault}. Known: all, {', '.join(FAULTS)}")
    with tempfile.TemporaryDirectory(prefix="exoalias-dying-") as folder:
        living = living_run(Path(folder), way)
    print(f"  {len(living)} points in a run that is left alive", flush=True)
    faults = list(FAULTS) if fault == "all" else [fault or DEATH]
    if DISK in faults and not own_mounts():
        faults.remove(DISK)
        print("  disk: not played, a disk of its own takes root on Linux")
    runs, failed = 0, 0
    for each in faults:
        points = _spread(points_for(each, living), count, seed)
        found, played = _struck(each, points, lambda share, each=each: playing(each, share, way))  # type: ignore[misc]
        runs, failed = runs + played, failed + found
    print(f"  {runs} runs with {len(faults)} faults, {failed} of them leave something unexplained", flush=True)
    return failed


def _spread(points: list[int], count: int, seed: int) -> list[str]:
    """So many of them at most, evenly spread; *seed* moves them along."""
    count = min(count, len(points))
    return [str(points[(seed + number * len(points) // count) % len(points)]) for number in range(count)]


def _struck(fault: str, points: list[str], command: Callable[[list[str]], list[str]]) -> tuple[int, int]:
    """Play one fault at these points, two at a time; what was found, and the runs in which it did strike."""
    began, lines, failed = time.monotonic(), list[dict[str, Any]](), 0
    size = max(1, min(_SHARE, -(-len(points) // _BROWSERS)))
    shares = [points[start : start + size] for start in range(0, len(points), size)]
    with ThreadPoolExecutor(_BROWSERS) as pool:
        for share, (told, error) in zip(shares, pool.map(lambda s: _played(command(s), len(s)), shares), strict=True):
            lines += told
            found = [f"{fault} at {x['point']}, {x['name']}, {x['ended']}: {'; '.join(x['wrong'])}" for x in told if x["wrong"]]
            found += [f"{share[len(told)]} and those after it were not played to their end:\n{error}"] if error else []
            failed += len(found)
            print("".join(f"    {each}\n" for each in found), end="", flush=True)
    missed = sum(not line["name"] for line in lines)
    left = sum(wrong.startswith("gone") for line in lines for wrong in line["wrong"])
    slowest = max((line["seconds"] for line in lines), default=0.0)
    endings = ", ".join(f"{times} {ending}" for ending, times in Counter(line["ended"] for line in lines).most_common())
    print(
        f"  {fault:13} {len(lines)} runs ({missed} of them not struck), {failed} unexplained, {left} left something behind, "
        f"slowest {slowest:.0f} s, {time.monotonic() - began:.0f} s in all; {endings}",
        flush=True,
    )
    return failed, len(lines) - missed


def _share(numbers: list[str]) -> tuple[list[dict[str, Any]], str]:
    return _told("tests.journeys.people", numbers)


def _told(module: str, arguments: list[str]) -> tuple[list[dict[str, Any]], str]:
    return _played([sys.executable, "-m", module, *arguments], len(arguments))


def _played(command: list[str], wanted: int) -> tuple[list[dict[str, Any]], str]:
    """Play in a process of its own: what it told, and its last words if it ended before all was played."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return lines, "" if len(lines) == wanted else done.stderr[-2000:]


_SHARE, _BROWSERS = 10, 2
SOAKS: dict[str, Callable[[int, int], int]] = {
    "log": log,
    "hostile": hostile,
    "sign-in": sign_in,
    "guard": guard,
    "journey": journey,
}
_USUAL = {"sign-in": 500, "journey": 200}


def main(argv: list[str] | None = None) -> int:
    """Run one soak; 1 where it found something."""
    parser = argparse.ArgumentParser(prog="dev.py soak", description=__doc__)
    parser.add_argument("name", choices=sorted([*SOAKS, "death"]))
    parser.add_argument("count", nargs="?", type=int, help="100,000; of sign-ins 500, of journeys 200; of points for a fault all")
    parser.add_argument("--fault", default="", help="of death: one of tests/journeys/striking.py, or all; the program killed")
    parser.add_argument("--seed", type=int, help="draw the same again; printed at the start")
    parser.add_argument("--entered", default="password", choices=["password", "browser"], help="of death: the way in")
    asked = parser.parse_args(argv)
    sys.path[:0] = [str(ROOT)]
    count = _USUAL.get(asked.name, 100_000) if asked.count is None else asked.count
    drawn = 0 if asked.name == "death" else random.randrange(10**6)  # noqa: S311 - nothing here guards anything
    seed = drawn if asked.seed is None else asked.seed
    print(f"soak {asked.name}: {count} at most, seed {seed}", flush=True)
    start = time.monotonic()
    failed = death(count, seed, asked.fault, asked.entered) if asked.name == "death" else SOAKS[asked.name](count, seed)
    print(f"soak {asked.name}: {failed} found in {time.monotonic() - start:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
