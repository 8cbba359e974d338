"""A program of its own, for test_typed_password.py: signs in with a tap on the pipe and stops where its parent wants to look.

It is given the simulator's announcement without the Microsoft passwords: what it doesn't hold can only come from the browser.
Arguments: announcement file, state folder, file for the tapped bytes. It says ``at PHASE`` on standard output and goes on at
the next line of standard input.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from exoalias.adapters.browser.session import BrowserSession
from exoalias.app import lobby
from exoalias.app import sign_in as signing_in
from exoalias.app.apply import apply
from exoalias.app.check import check
from exoalias.app.control import Control
from exoalias.app.demo import prepare
from exoalias.app.world import World
from exoalias.domain.events import Phase, SignInPhase

if TYPE_CHECKING:
    from exoalias.adapters.browser.launch import Launched
    from exoalias.adapters.browser.session import ClosedList
    from exoalias.domain.events import Event


def _wait(words: str) -> None:
    print(f"at {words}", flush=True)
    sys.stdin.readline()


def main(announcement: Path, state: Path, tapped: Path) -> int:
    """Prepare, apply, sign in for MS Graph 1."""
    with tapped.open("ab", buffering=0) as tap:

        def _written(chunk: bytes) -> None:
            tap.write(chunk)

        class Tapped(BrowserSession):
            """The sign-in browser, every byte of its pipe written down."""

            def __init__(self, launched: Launched, closed_list: ClosedList) -> None:
                super().__init__(launched, closed_list, tap=_written)

        lobby.BrowserSession = Tapped  # type: ignore[attr-defined,assignment] # the seam is the name the verb uses

        def tell(event: Event) -> None:
            print(repr(event), file=sys.stderr, flush=True)
            if isinstance(event, SignInPhase) and event.phase is Phase.WHO:
                _wait(event.phase.name)

        world = World.simulated_from(json.loads(announcement.read_text()), state)
        name = prepare(world, tell)
        apply(world, name, check(world, name, tell).plan, tell)
        signing_in.sign_in(world, name, ["MS Graph 1"], tell, Control(interactive=False))
        _wait("END")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
