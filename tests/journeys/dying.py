"""Faults at each point: a program of its own is struck where it stands, and what it leaves is judged.

A point is a moment before or after something leaves the program for the outside: a command on the browser's pipe, a request to
the instance, a transaction of the journal, a profile made or deleted. They are found by a run that is left alive, not listed, and
that run says which faults (striking.py) have something to strike there. As a program: announcement file, state folder, fault,
number of the point (0: live), file the points' names go to, file for what was told.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from exoalias.app.apply import apply
from exoalias.app.check import check
from exoalias.app.control import Control
from exoalias.app.demo import prepare
from exoalias.app.run import RELEASED
from exoalias.app.sign_in import sign_in
from exoalias.app.world import World
from exoalias.domain.events import SignInEnded, TokenStored
from exoalias.domain.problems import Problem
from exoalias.domain.ways import Way
from tests.adapters.browser.loopback import until, using
from tests.journeys.playing import ROOT, nobody_elses_code, profiles, tokens, writes_are_the_planned_ones
from tests.journeys.striking import CLOCKS, DEATH, DISK, DISK_FILES, DISK_MB, FAULTS, Scene
from tests.simulator.running import running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exoalias.domain.events import Event
    from exoalias.simulator.serve import Simulator

BOTH: Final = ("MS Graph 1", "MS Graph 2")
LIMIT_S: Final = 150  # the instance is read back for a minute at most, a mute browser waited for 20 s
_NEVER: Final = 10**6
_IN_DOUBT: Final = {"outcome-unknown"}  # left open on purpose: the next check explains it


# -- the program that is struck --------------------------------------------------------------------------------------------


class Points:
    """Counts them, writes them down with what each fault would strike there, and lets the one it was told of strike."""

    def __init__(self, fault: str, at: int, names: Path, scene: Scene) -> None:
        self._fault, self._at, self._names, self._scene = fault, at, names, scene
        self._count, self._lock = 0, threading.Lock()
        self.struck = ""

    def reached(self, name: str) -> None:
        """One more. Where the fault finds nothing to strike, it does at the next point that has something."""
        with self._lock:
            self._count += 1
            here = {"name": name, "faults": [fault for fault in FAULTS if self._scene.can(fault)] if not self._at else []}
            with self._names.open("a") as file:
                file.write(f"{json.dumps(here)}\n")
            due = bool(self._at) and self._count >= self._at and not self.struck and self._scene.can(self._fault)
            self.struck = name if due else self.struck
        if due and not self._scene.strike(self._fault):
            self.struck = ""  # tried again at the next point

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


@dataclass
class Told:
    """What the program said of itself when it ended; nothing, where it was killed."""

    stored: list[str] = field(default_factory=list)
    ended: list[tuple[str, str]] = field(default_factory=list)
    problem: str = ""
    holds: bool = False
    beside: list[str] = field(default_factory=list)  # errors in threads beside the verb
    struck: str = ""

    def hear(self, event: Event) -> None:
        """Note the endings."""
        if isinstance(event, TokenStored):
            self.stored.append(event.credential_name)
        if isinstance(event, SignInEnded):
            self.ended.append((event.credential_name, event.problem.code))


def main(announcement: Path, state: Path, fault: str, at: int, names: Path, told_to: Path) -> int:
    """Apply and sign in, as far as one gets."""
    scene, told = Scene(state), Told()
    points = Points(fault, at, names, scene)
    scene.watch()
    _mark(points)
    threading.excepthook = lambda args: told.beside.append(f"{args.exc_type.__name__}: {args.exc_value}")
    world = World.simulated_from(json.loads(announcement.read_text()), state, headless=True)
    try:
        name = world.book.all()[0].name
        apply(world, name, check(world, name, told.hear).plan, told.hear)
        told.holds = sign_in(world, name, BOTH, told.hear, Control(interactive=False)).checklist.holds
    except Problem as problem:
        told.problem = problem.code
    finally:
        world.close()
    told.struck = points.struck
    told_to.write_text(json.dumps(asdict(told)))
    return 0


# -- whoever looks at what it left -------------------------------------------------------------------------------------------


@dataclass
class Strike:
    """One run that was struck at a point, and what was wrong with what it left."""

    fault: str
    point: int
    name: str = ""  # where it struck; "" where it never did
    ended: str = ""  # how the program said it ended: a problem's code, "done", "died"
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass
class Place:
    """A prepared instance, and where the program that is struck keeps its things."""

    simulator: Simulator
    world: World
    folder: Path
    temporary: Path  # where the browser has its socket: a short path
    announcement: Path
    told: Told = field(default_factory=Told)

    @property
    def state(self) -> Path:
        """The state folder."""
        return self.folder / "state"

    def run(self, fault: str, at: int) -> int:
        """Run the program; its exit code. What it told is in ``told``."""
        told_to = self.folder / "told"
        told_to.unlink(missing_ok=True)
        arguments = [self.announcement, self.state, fault, at, self.names(at), told_to]
        done = subprocess.run(
            [sys.executable, "-m", "tests.journeys.dying", *map(str, arguments)],
            cwd=ROOT,
            env=os.environ | {"TMPDIR": str(self.temporary)},
            timeout=LIMIT_S,
            capture_output=True,
            check=False,
        )
        assert done.returncode in {0, -signal.SIGKILL}, f"a traceback: {_last_line(done.stderr)}"
        self.told = Told(**json.loads(told_to.read_text())) if told_to.exists() else Told()
        return done.returncode

    def names(self, at: int) -> Path:
        """The file with the points that run came to."""
        return self.folder / f"points-{at}"

    def points(self, at: int) -> list[dict[str, Any]]:
        """The points that run came to."""
        names = self.names(at)
        return [json.loads(line) for line in names.read_text().splitlines()] if names.exists() else []


def _last_line(stderr: bytes) -> str:
    lines = stderr.decode(errors="replace").strip().splitlines()
    places = [line.strip() for line in lines if line.startswith("  File") and "exoalias/" in line]
    return f"{lines[-1] if lines else 'no words'} {places[-1:]}"


@contextmanager
def _disk_of_its_own(state: Path) -> Iterator[None]:
    """A small file system at *state*. Only in a process that has mounts of its own."""
    state.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,nr_inodes={DISK_FILES},mode=700", "none", str(state)], check=True
    )
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(state)], check=True)


@contextmanager
def place(folder: Path, way: Way = Way.PASSWORD) -> Iterator[Place]:
    """A fresh far side and an instance that is added, to be entered that way; nothing written yet."""
    temporary = Path(tempfile.mkdtemp(prefix="dying-"))
    with running("profile-missing", seed=7) as simulator:
        announcement = folder / "far-side.json"
        announcement.write_text(json.dumps(simulator.announcement()))
        world = World.simulated_from(simulator.announcement(), folder / "state", headless=True)
        try:
            name = prepare(world, lambda _event: None)
            if way is not Way.PASSWORD:
                world.book.put(world.book.get(name)._replace(way=way, user=""))
            world.doors.shut_all()
            yield Place(simulator, world, folder, temporary, announcement)
        finally:
            world.close()
            shutil.rmtree(temporary, ignore_errors=True)


def living_run(folder: Path, way: Way = Way.PASSWORD) -> list[dict[str, Any]]:
    """The points a run comes to that is left alive: the name of each, and the faults that would have struck something there."""
    with place(folder, way) as at:
        code = at.run("", 0)
        assert (code, at.told.problem, at.told.holds) == (0, "", True), at.told
        return at.points(0)


def points_for(fault: str, living: list[dict[str, Any]]) -> list[int]:
    """The numbers of the points at which that fault has something to strike."""
    return [number for number, point in enumerate(living, 1) if fault in point["faults"]]


def struck(folder: Path, fault: str, point: int, way: Way = Way.PASSWORD) -> Strike:
    """Let it strike there; then look, start again, and see it through."""
    if fault != DISK:
        return _struck(folder, fault, point, way)
    with _disk_of_its_own(folder / "state"):
        return _struck(folder, fault, point, way)


def _struck(folder: Path, fault: str, point: int, way: Way) -> Strike:
    strike, began = Strike(fault, point), time.monotonic()
    with place(folder, way) as at:
        try:
            code = at.run(fault, point)
        except (AssertionError, subprocess.TimeoutExpired) as wrong:
            strike.wrong.append(f"run: {_words(wrong)}")
            code = 1
        strike.seconds = time.monotonic() - began
        points = at.points(point)
        strike.name = at.told.struck or (points[-1]["name"] if points and code else "")
        strike.ended = "died" if code else at.told.problem or "done"
        if not strike.name:
            return strike
        for judge in JUDGES if not strike.wrong else ():
            try:
                judge(at, strike)
            except (AssertionError, Problem, OSError) as wrong:
                strike.wrong.append(f"{judge.__name__.strip('_')}: {_words(wrong)}")
    return strike


def _words(wrong: BaseException) -> str:
    return str(wrong).splitlines()[0] if str(wrong) else "no"


def _record(at: Place) -> dict[str, Any]:
    return dict(at.simulator.record.as_dict())


def _stored(at: Place) -> set[str]:
    return {str(token["name"]) for token in _record(at)["tokens"]}


def _holds(at: Place) -> bool:
    """What a check says by somebody who comes afterwards, and leaves."""
    try:
        return check(at.world, at.world.book.all()[0].name, lambda _event: None).checklist.holds
    finally:
        at.world.doors.shut_all()


def _planned(at: Place) -> set[str]:
    return {at.simulator.cast.sys_id(name) for name in BOTH}


def _gone(at: Place, strike: Strike) -> None:
    """The browser ends within 5 s; where the program did not die, so do its profile and its socket's folder."""
    until(lambda: not using(at.folder), "the browser outlived the program", 5)
    if strike.ended != "died":
        until(lambda: not profiles(at.folder), "its profile was left", 5)
        assert strike.fault == "profile" or not _sockets(at), f"left behind: {_sockets(at)}"


def _sockets(at: Place) -> list[str]:
    return [path.name for path in at.temporary.iterdir() if "chromium" in path.name]


def _before_or_after(at: Place, _strike: Strike) -> None:
    """The instance is as before or as after each step: each field written once at most, tokens of the right user alone."""
    record, delegated = _record(at), at.simulator.cast.people["delegated"]
    writes_are_the_planned_ones(record, _planned(at))
    nobody_elses_code(record)
    tokens(record, {"upn": delegated.upn, "object_id": delegated.object_id}, _planned(at))
    written = [write["sys_id"] for write in record["writes"]]
    assert len(written) == len(set(written)), "a field was written twice"
    owners = [token["credential"] for token in record["tokens"]]
    assert len(owners) == len(set(owners)), "a token was stored twice"


def _one_ending(at: Place, strike: Strike) -> None:
    """What it told is one ending, and what the instance knows; the journal has it, too."""
    told, stored = at.told, _stored(at)
    if strike.ended == "died":
        return
    assert not told.beside, f"an error beside: {told.beside}"
    assert len(told.stored) == len(set(told.stored)), f"told twice: {told.stored}"
    assert len(told.ended) <= 1, f"several endings: {told.ended}"
    assert set(told.stored) <= stored, f"told to be stored: {told.stored}, by the record: {stored}"
    assert not told.ended or told.ended[0][1] == told.problem, f"two endings: {told.ended} and {told.problem}"
    if not told.problem:
        assert set(told.stored) == set(BOTH), f"it ended well, and stored {told.stored}"
    assert strike.fault not in CLOCKS or not told.problem, f"the clock made it end: {told.problem}"
    assert len(stored - set(told.stored)) <= bool(told.problem), f"stored, and nothing said: {stored}"
    written = [e.result for e in at.world.journal.entries(at.world.book.all()[0].name) if e.kind == "sign-in"]
    assert written[: len(told.stored)] == ["stored"] * len(told.stored), f"the journal says {written}"
    rest = written[len(told.stored) :]
    allowed: list[list[str]] = [[], [told.problem]]
    assert rest in (allowed if strike.fault != DISK else [*allowed, [""]]), f"the journal says {written}, told was {told.problem}"


def _explained(at: Place, strike: Strike) -> None:
    """The next start says how far it came: nothing is left open, what it says was written is, and nothing holds unproven."""
    name = at.world.book.all()[0].name
    shutil.rmtree(at.state / "filler", ignore_errors=True)  # somebody has made room
    before = at.world.journal.unfinished(name)
    may_be_open = strike.ended == "died" or strike.fault == DISK or at.told.problem in _IN_DOUBT
    assert may_be_open or not before, f"left open: {[entry.kind for entry in before]}"
    holds = _holds(at)
    assert not at.world.journal.unfinished(name), "left open by the check"
    written = {write["sys_id"] for write in _record(at)["writes"]}
    entries = {entry.id: entry for entry in at.world.journal.entries(name)}
    for was in before:
        entry = entries[was.id]
        assert entry.result == "explained", entry
        if entry.kind == "set-field":
            found = {"after": True, "before": False}[entry.result_facts["found"]]
            assert found == (entry.facts["record"] in written), entry
    stored = {str(token["credential"]) for token in _record(at)["tokens"]}
    released = {entry.facts["record"] for entry in entries.values() if entry.kind == RELEASED}
    assert stored <= released, "stored, and the journal knows of no release"
    proven = {proof.credential for proof in at.world.journal.proofs(name)}
    assert proven >= _planned(at) or not holds, "it holds, and not all is proven"
    assert stored >= proven, "proven, and nothing stored"


def _seen_through(at: Place, _strike: Strike) -> None:
    """The job can be done now: what is left of it is planned, and ends with both tokens; the dead one's profile is swept."""
    code = at.run(DEATH, _NEVER)
    assert (code, at.told.problem) == (0, ""), at.told
    delegated = at.simulator.cast.people["delegated"]
    assert tokens(_record(at), {"upn": delegated.upn, "object_id": delegated.object_id}, _planned(at)) == 2
    assert _holds(at), "it does not hold"
    left = profiles(at.folder)
    assert not left, f"profiles left: {left}"


JUDGES: Final = (_gone, _before_or_after, _one_ending, _explained, _seen_through)


def play(fault: str, way: Way, points: list[str]) -> None:
    """For the soak: strike at each of these points; a line of JSON each."""
    for point in points:
        with tempfile.TemporaryDirectory(prefix="exoalias-dying-") as folder:
            print(json.dumps(asdict(struck(Path(folder), fault, int(point), way))), flush=True)


def playing(fault: str, points: list[str], way: Way = Way.PASSWORD) -> list[str]:
    """The command that plays these, in a process with mounts of its own where the fault wants them."""
    apart = ["unshare", "--mount"] if fault == DISK else []
    return [*apart, sys.executable, "-m", "tests.journeys.dying", "play", fault, way.value, *points]


if __name__ == "__main__":
    if sys.argv[1] == "play":
        play(sys.argv[2], Way(sys.argv[3]), sys.argv[4:])
        sys.exit(0)
    _, _announcement, _state, _fault, _at, _names, _told = sys.argv
    sys.exit(main(Path(_announcement), Path(_state), _fault, int(_at), Path(_names), Path(_told)))
