"""Death at each point: a program of its own is killed where it stands, and what it leaves is judged.

A point is a moment before or after something leaves the program for the outside: a command on the browser's pipe, a request to
the instance, a transaction of the journal, a profile made or deleted. They are found by a run that is left alive, not listed.
As a program: announcement file, state folder, number of the point to die at (0: live), file the points' names go to.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from exoalias.app.apply import apply
from exoalias.app.check import check
from exoalias.app.control import Control
from exoalias.app.demo import prepare
from exoalias.app.sign_in import sign_in
from exoalias.app.world import World
from exoalias.domain.problems import Problem
from tests.adapters.browser.loopback import until, using
from tests.journeys.playing import ROOT, nobody_elses_code, profiles, tokens, writes_are_the_planned_ones
from tests.simulator.running import running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exoalias.simulator.serve import Simulator

BOTH: Final = ("MS Graph 1", "MS Graph 2")
_LIMIT_S: Final = 120


# -- the program that dies -------------------------------------------------------------------------------------------------


class Points:
    """Counts them, writes their names down, and dies at the one it was told."""

    def __init__(self, die_at: int, names: Path) -> None:
        self._die_at, self._names, self._count = die_at, names, 0

    def reached(self, name: str) -> None:
        """One more."""
        self._count += 1
        with self._names.open("a") as file:
            file.write(f"{name}\n")
        if self._count == self._die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: Any, attribute: str, name: Callable[..., str]) -> None:  # noqa: ANN401 - a class or a module
        """A point before and after each call."""
        real = getattr(owner, attribute)

        @functools.wraps(real)
        def called(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - passed on
            what = name(*args, **kwargs)
            self.reached(f"before {what}")
            result = real(*args, **kwargs)
            self.reached(f"after {what}")
            return result

        setattr(owner, attribute, called)

    def within(self, owner: Any, attribute: str, name: str) -> None:  # noqa: ANN401 - the same
        """Points before, in and after each block of a context manager: the end of the block is what commits."""
        real: Callable[..., AbstractContextManager[Any]] = getattr(owner, attribute)

        @contextmanager
        def entered(*args: Any, **kwargs: Any) -> Iterator[Any]:  # noqa: ANN401 - passed on
            self.reached(f"before {name}")
            with real(*args, **kwargs) as given:
                yield given
                self.reached(f"at the end of {name}")
            self.reached(f"after {name}")

        setattr(owner, attribute, entered)


def _mark(points: Points) -> None:
    from exoalias.adapters.browser import launch
    from exoalias.adapters.browser.janitor import Profile
    from exoalias.adapters.browser.pipe import Pipe
    from exoalias.adapters.keeping.database import Database
    from exoalias.adapters.network.http import Client

    points.around(Pipe, "_write", lambda _pipe, message: f"pipe {json.loads(message[:-1])['method']}")
    points.around(Client, "_once", lambda _client, method, path, *_, **__: f"http {method} {path.partition('?')[0][:40]}")
    points.around(Profile, "delete", lambda *_, **__: "deleting the profile")
    points.around(launch, "start", lambda *_, **__: "starting the browser")
    points.within(Database, "change", "a transaction of the journal")


def main(announcement: Path, state: Path, die_at: int, names: Path) -> int:
    """Apply and sign in, as far as one gets."""
    _mark(Points(die_at, names))
    world = World.simulated_from(json.loads(announcement.read_text()), state, headless=True)
    name = world.book.all()[0].name

    def tell(_event: object) -> None:
        """Nobody listens."""

    apply(world, name, check(world, name, tell).plan, tell)
    sign_in(world, name, BOTH, tell, Control(interactive=False))
    world.close()
    return 0


# -- whoever looks at what it left -------------------------------------------------------------------------------------------


@dataclass
class Death:
    """One run that died at a point, and what was wrong with what it left."""

    point: int
    name: str = ""
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """A prepared instance, and where the dying program keeps its things."""

    simulator: Simulator
    world: World
    folder: Path
    announcement: Path

    def run(self, die_at: int) -> tuple[int, list[str]]:
        """Run the program; its exit code and the names of the points it came to."""
        names = self.folder / f"points-{die_at}"
        command = [sys.executable, "-m", "tests.journeys.dying", self.announcement, self.folder / "state", str(die_at), names]
        done = subprocess.run(list(map(str, command)), cwd=ROOT, timeout=_LIMIT_S, capture_output=True, check=False)
        points = names.read_text().splitlines() if names.exists() else []
        assert done.returncode in {0, -signal.SIGKILL}, done.stderr.decode()[-2000:]
        return done.returncode, points


@contextmanager
def place(folder: Path) -> Iterator[Place]:
    """A fresh far side and an instance that is added; nothing written yet."""
    with running("profile-missing", seed=7) as simulator:
        announcement = folder / "far-side.json"
        announcement.write_text(json.dumps(simulator.announcement()))
        world = World.simulated_from(simulator.announcement(), folder / "state", headless=True)
        try:
            prepare(world, lambda _event: None)
            yield Place(simulator, world, folder, announcement)
        finally:
            world.close()


def points_of_a_living_run(folder: Path) -> list[str]:
    """The names of all points a run comes to that is left alive."""
    with place(folder) as at:
        code, names = at.run(0)
        assert code == 0
        return names


def died(folder: Path, point: int) -> Death:
    """Let it die there; then look, start again, and see it through."""
    death = Death(point)
    with place(folder) as at:
        code, names = at.run(point)
        death.name = names[-1] if names else ""
        if code == 0:
            return death
        for judge in (_browser_gone, _before_or_after, _explained, _seen_through):
            try:
                judge(at)
            except (AssertionError, Problem) as wrong:
                death.wrong.append(f"{judge.__name__.strip('_')}: {str(wrong).splitlines()[0] if str(wrong) else 'no'}")
    return death


def _record(at: Place) -> dict[str, Any]:
    return dict(at.simulator.record.as_dict())


def _browser_gone(at: Place) -> None:
    until(lambda: not using(at.folder), "the browser outlived the program", 5)


def _planned(at: Place) -> set[str]:
    return {at.simulator.cast.sys_id(name) for name in BOTH}


def _before_or_after(at: Place) -> None:
    """The instance is as before or as after each step: each field written once at most, tokens of the right user alone."""
    record, delegated = _record(at), at.simulator.cast.people["delegated"]
    writes_are_the_planned_ones(record, _planned(at))
    nobody_elses_code(record)
    tokens(record, {"upn": delegated.upn, "object_id": delegated.object_id}, _planned(at))
    written = [write["sys_id"] for write in record["writes"]]
    assert len(written) == len(set(written)), "a field was written twice"


def _explained(at: Place) -> None:
    """The next start says how far it came: nothing is left open, what it says was written is, and nothing holds unproven."""
    name = at.world.book.all()[0].name
    before = at.world.journal.unfinished(name)
    checked = check(at.world, name, lambda _event: None)
    assert not at.world.journal.unfinished(name), "left open"
    written = {write["sys_id"] for write in _record(at)["writes"]}
    entries = {entry.id: entry for entry in at.world.journal.entries(name)}
    for was in before:
        entry = entries[was.id]
        assert entry.result == "explained", entry
        if entry.kind == "set-field":
            found = {"after": True, "before": False}[entry.result_facts["found"]]
            assert found == (entry.facts["record"] in written), entry
    proven = {proof.credential for proof in at.world.journal.proofs(name)}
    assert proven >= _planned(at) or not checked.checklist.holds, "it holds, and not all is proven"
    assert {token["credential"] for token in _record(at)["tokens"]} >= proven, "proven, and nothing stored"


def _seen_through(at: Place) -> None:
    """The job can be done now: what is left of it is planned, and ends with both tokens; the dead one's profile is swept."""
    code, _ = at.run(10**6)
    assert code == 0
    delegated = at.simulator.cast.people["delegated"]
    assert tokens(_record(at), {"upn": delegated.upn, "object_id": delegated.object_id}, _planned(at)) == 2
    assert check(at.world, at.world.book.all()[0].name, lambda _event: None).checklist.holds
    left = profiles(at.folder)
    assert not left, f"profiles left: {left}"


def play(points: list[str]) -> None:
    """For the soak: die at each of these points; a line of JSON each."""
    for point in points:
        with tempfile.TemporaryDirectory(prefix="exoalias-dying-") as folder:
            death = died(Path(folder), int(point))
        print(json.dumps({"point": death.point, "name": death.name, "wrong": death.wrong}), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "play":
        play(sys.argv[2:])
        sys.exit(0)
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])))
