"""``exoalias simulate``: serve the simulated far side until stopped. The one place where the simulator is let in."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

from exoalias.adapters.wording import _
from exoalias.domain.problems import UsageProblem
from exoalias.domain.words import say

if TYPE_CHECKING:
    import argparse
    from typing import TextIO


def simulate(args: argparse.Namespace) -> int:
    """Serve until ``stop``, the end of a piped standard input, SIGINT or SIGTERM."""
    from exoalias.simulator.scenario import known, scenario
    from exoalias.simulator.serve import Simulator, main_loop

    name = args.scenario or "happy"
    if name not in known():
        raise UsageProblem(why=say("There is no scenario {name}. There are: {known}.", name=name, known=", ".join(known())))
    out: TextIO = sys.stdout if args.json else _ForPeople(sys.stdout)
    return main_loop(Simulator(scenario(name), args.seed), sys.stdin, out)


class _ForPeople(io.TextIOWrapper):
    """Turns the announcement, the first line, into text; what follows is handed on."""

    def __init__(self, out: TextIO) -> None:
        super().__init__(io.BytesIO())
        self._out = out
        self._announced = False

    def write(self, text: str) -> int:
        if self._announced:
            return self._out.write(text)
        self._announced = True
        self._out.write(_readable(json.loads(text)))
        return len(text)

    def flush(self) -> None:
        self._out.flush()


def _readable(said: dict[str, object]) -> str:
    rest, delegated, admin = (said[key] for key in ("rest", "delegated", "admin"))
    assert isinstance(rest, dict)  # noqa: S101 - the simulator's own announcement
    assert isinstance(delegated, dict)  # noqa: S101 - the same
    assert isinstance(admin, dict)  # noqa: S101 - the same
    lines = (
        (_("Instance"), said["instance"]),
        ("  " + _("user and password"), f"{rest['user']}  {rest['password']}"),
        (_("Microsoft (simulated)"), said["microsoft"]),
        ("  " + _("delegated user"), f"{delegated['upn']}  {delegated['password']}"),
        ("  " + _("their object id"), delegated["object_id"]),
        ("  " + _("the admin's account"), f"{admin['upn']}  {admin['password']}"),
    )
    wide = max(len(name) for name, _value in lines)
    head = _("Scenario {name}: {says} (seed {seed})", name=said["scenario"], says=said["says"], seed=said["seed"])
    told = "".join(f"{name.ljust(wide)} {value}\n" for name, value in lines)
    return f"{head}\n{told}{_('These people are invented. Commands: record, record-summary, stop.')}\n"
