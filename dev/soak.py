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
    from exoalias.adapters.log import Counting, close_log, open_log
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


SOAKS: dict[str, Callable[[int, int], int]] = {"log": log}


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
