"""A second run on the same instance, in a process of its own: it waits for its signal, signs in, and tells how that ended.

On the same computer it shares the first one's state folder; on another one it has its own. As a program: announcement file, state
folder, "apart" or "here", the credentials; it prints "ready", reads a line, and prints its ending as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from exoalias.app.control import Control
from exoalias.app.demo import NAME, prepare
from exoalias.app.sign_in import sign_in
from exoalias.app.world import World
from exoalias.domain.events import SignInPhase, TokenStored
from exoalias.domain.problems import Problem
from tests.journeys.playing import ROOT

if TYPE_CHECKING:
    from exoalias.domain.events import Event
    from exoalias.simulator.serve import Simulator

_GIVES_UP_S: Final = 40.0  # for each credential: a person who gets nowhere presses Cancel
_LIMIT_S: Final = 150


@dataclass
class Ending:
    """How it ended; ``over`` is when, in the machine's own seconds, the same in every process."""

    problem: str = ""
    stored: list[str] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)  # every phase's credential
    over: float = 0.0

    def hear(self, event: Event) -> None:
        """Note what was told."""
        if isinstance(event, TokenStored):
            self.stored.append(event.credential_name)
        if isinstance(event, SignInPhase):
            self.begun.append(event.credential_name)

    @property
    def unhappy(self) -> set[str]:
        """The credential whose sign-in a problem ended, while it was signed in for or read back."""
        return set(self.begun[-1:]) if self.problem else set()


class SecondRun:
    """The process, ready to begin."""

    def __init__(self, simulator: Simulator, folder: Path, state: Path, credentials: tuple[str, ...], *, apart: bool) -> None:
        announcement = folder / "beside.json"
        announcement.write_text(json.dumps(simulator.announcement()))
        arguments = [str(announcement), str(state), "apart" if apart else "here", *credentials]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.beside", *arguments],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n", self._process.communicate()[1]

    def go(self) -> None:
        """Let it begin."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def ending(self) -> Ending:
        """Wait for its end. AssertionError where it told none."""
        try:
            stdout, stderr = self._process.communicate(timeout=_LIMIT_S)
        finally:
            self._process.kill()
        assert self._process.returncode == 0, f"the second run told no ending: {stderr.strip().splitlines()[-1:]}"
        return Ending(**json.loads(stdout))


def main(announcement: Path, state: Path, where: str, credentials: list[str]) -> int:
    """Wait, sign in, tell."""
    world = World.simulated_from(json.loads(announcement.read_text()), state, headless=True)
    if where == "apart":
        prepare(world, lambda _event: None)
    print("ready", flush=True)
    sys.stdin.readline()
    ending, control = Ending(), Control(interactive=False)
    gives_up = threading.Timer(_GIVES_UP_S * len(credentials), control.cancel)
    gives_up.daemon = True
    gives_up.start()
    try:
        sign_in(world, NAME, credentials, ending.hear, control)
    except Problem as problem:
        ending.problem = problem.code
    finally:
        world.close()
    ending.over = time.monotonic()
    print(json.dumps(asdict(ending)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4:]))
