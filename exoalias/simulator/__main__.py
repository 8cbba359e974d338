"""``python -m exoalias.simulator``: serve a scenario on loopback until told to stop."""

from __future__ import annotations

import argparse
import sys

from exoalias.simulator.scenario import SCENARIOS, scenario
from exoalias.simulator.serve import Simulator, main_loop


def main(argv: list[str] | None = None) -> int:
    """Read the options, serve, give the exit code."""
    parser = argparse.ArgumentParser(prog="exoalias.simulator", description=__doc__)
    parser.add_argument("--scenario", default="happy", choices=sorted(SCENARIOS), metavar="NAME", help=", ".join(SCENARIOS))
    parser.add_argument("--seed", type=int, default=None, help="draw the same people, ids and names again")
    options = parser.parse_args(argv)
    return main_loop(Simulator(scenario(options.scenario), options.seed), sys.stdin, sys.stdout)


if __name__ == "__main__":
    sys.exit(main())
