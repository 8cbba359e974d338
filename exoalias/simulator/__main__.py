"""``python -m exoalias.simulator``: serve a scenario, or very many instances, on loopback until told to stop."""

from __future__ import annotations

import argparse
import sys

from exoalias.simulator.many import Many
from exoalias.simulator.scenario import known, scenario
from exoalias.simulator.serve import Simulator, main_loop
from exoalias.simulator.wire import Tls


def main(argv: list[str] | None = None) -> int:
    """Read the options, serve, give the exit code."""
    parser = argparse.ArgumentParser(prog="exoalias.simulator", description=__doc__)
    parser.add_argument("--scenario", default="happy", choices=sorted(known()), metavar="NAME", help=", ".join(known()))
    parser.add_argument("--seed", type=int, default=None, help="draw the same people, ids and names again")
    parser.add_argument("--tls-cert", metavar="FILE", help="serve the instance over https with this certificate (PEM)")
    parser.add_argument("--tls-key", metavar="FILE", help="its key (PEM)")
    parser.add_argument(
        "--client-ca", default="", metavar="FILE", help="whoever shows a certificate of this authority is the admin"
    )
    parser.add_argument("--many", type=int, default=0, metavar="N", help="so many instances instead of one, without Microsoft")
    parser.add_argument("--latency", type=float, default=0.0, metavar="S", help="each of their answers is so many seconds late")
    options = parser.parse_args(argv)
    if options.many:
        many = Many(options.many, options.latency, scenarios=(options.scenario,), seed=options.seed)
        return main_loop(many, sys.stdin, sys.stdout)
    if bool(options.tls_cert) != bool(options.tls_key):
        parser.error("--tls-cert and --tls-key belong together")
    tls = Tls(options.tls_cert, options.tls_key, options.client_ca) if options.tls_cert else None
    return main_loop(Simulator(scenario(options.scenario), options.seed, tls=tls), sys.stdin, sys.stdout)


if __name__ == "__main__":
    sys.exit(main())
