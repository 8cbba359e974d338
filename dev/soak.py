"""Generate by the hundred thousand what the suite generates by the thousand: soak NAME [count] [--seed N]."""

from __future__ import annotations

import argparse
import logging
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

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


SOAKS: dict[str, Callable[[int, int], int]] = {"log": log, "hostile": hostile, "guard": guard}


def main(argv: list[str] | None = None) -> int:
    """Run one soak; 1 where it found something."""
    parser = argparse.ArgumentParser(prog="dev.py soak", description=__doc__)
    parser.add_argument("name", choices=sorted(SOAKS))
    parser.add_argument("count", nargs="?", type=int, default=100_000)
    parser.add_argument("--seed", type=int, help="draw the same again; printed at the start")
    asked = parser.parse_args(argv)
    sys.path[:0] = [str(ROOT)]
    seed = random.randrange(10**6) if asked.seed is None else asked.seed  # noqa: S311 - nothing here guards anything
    print(f"soak {asked.name}: {asked.count} of seed {seed}", flush=True)
    start = time.monotonic()
    failed = SOAKS[asked.name](asked.count, seed)
    print(f"soak {asked.name}: {failed} found in {time.monotonic() - start:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
