"""Many instances checked side by side: each result as it comes, one instance's failure its own, nothing kept but a line.

Instances a person has to sign in to are not opened side by side: their turn comes one after the other, at the end.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exoalias.adapters.machine.cores import core_of_this_thread, stay_on
from exoalias.adapters.machine.garbage import looked_for_seldom
from exoalias.adapters.machine.turns import Turn
from exoalias.app.check import check
from exoalias.app.control import Control
from exoalias.domain.checklist import Checklist, Status
from exoalias.domain.events import Checked, InstanceChecked, ManyProgress, Progress
from exoalias.domain.problems import PersonNeeded, Problem, Stopped, UsageProblem, WouldPrompt
from exoalias.domain.ways import Way
from exoalias.domain.words import joined, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.app.world import World
    from exoalias.domain.events import Event, Tell

_TURN_S: Final = 0.1  # how often somebody who wants it to stop is heard
_CORE_S: Final = 1.0  # so long the workers stay on a core before the system is asked again which one
_SOON_S: Final = 0.01  # and how often a worker looks whether its results are taken
_GRACE_S: Final = 5.0  # for so long a check that is being read may still end after that
_UNREACHED: Final = 5  # the exit code for an instance nobody could enter: of a run over many, not of a wrong command
_THINKING: Final = 100  # more workers, per cent: while these think about their answers, the wire is full nevertheless
_COUNTED: Final = ((Status.WRONG, "wrong"), (Status.NEEDS_YOU, "to do"), (Status.CANNOT_TELL, "cannot be told"))


@dataclass(frozen=True, slots=True)
class Looked:
    """One instance in a line. ``status`` is the worst of its checklist; None where it could not be checked."""

    instance: str
    exit_code: int
    status: Status | None
    says: str
    problem: Problem | None = None


def chosen(world: World, customer: str | None = None, kind: str | None = None) -> tuple[str, ...]:
    """The names of a customer's instances, of those of a kind, or of both; UsageProblem where there are none."""
    from exoalias.adapters.keeping.customers import key_of

    entries = [e for e in world.book.all() if customer is None or key_of(e.customer) == key_of(customer)]
    names = tuple(entry.name for entry in entries if kind is None or entry.kind == kind)
    if not names:
        said = [
            *([say("customer {customer}", customer=customer)] if customer is not None else []),
            *([say("kind {kind}", kind=kind)] if kind is not None else []),
        ]
        raise UsageProblem(
            why=say("No known instance has {said}.", said=joined(say(" and "), said)) if said else "No instance is known yet."
        )
    return names


def check_many(world: World, names: Sequence[str], tell: Tell, control: Control | None = None) -> tuple[Looked, ...]:
    """Check them all; the results in the order of *names*. ``tell`` is called by this thread alone.

    Told: ManyProgress, InstanceChecked for each as it comes, and what a person's sign-in tells. Problems are results.
    """
    asker = control or Control(interactive=False)
    found: dict[str, Looked] = {}

    def take(event: InstanceChecked) -> None:
        found[event.instance] = _looked(event)
        tell(event)

    side_by_side = _SideBySide(world, tuple(dict.fromkeys(names)), asker)
    with world.book.still(), world.journal.files.kept_open(), looked_for_seldom():
        for event in side_by_side.run(tell):
            take(event)
    for name in side_by_side.aside:
        if asker.cancelled:
            break
        take(_with_a_person(world, name, tell, asker))
        tell(ManyProgress(len(found), len(side_by_side.names), ()))
    return tuple(found.get(name) or _not_reached(name) for name in names)


def summary(checklist: Checklist) -> str:
    """What is left to do, in a few words."""
    statuses = checklist.statuses
    counts = [(statuses.count(status), word) for status, word in _COUNTED]
    left = [say("{count} {what}", count=count, what=say(word)) for count, word in counts if count]
    return joined(", ", left) if left else say("all holds")


def needs_person(world: World, entry: InstanceEntry) -> bool:
    """Whether somebody has to sign in before it can be read: no session is open, and nothing is kept that lets us in."""
    if entry.name in world.doors.names():
        return False
    if entry.way is Way.OAUTH:
        return world.kept(entry).refresh_token is None
    return entry.way is Way.BROWSER or (entry.way is Way.PASSWORD and entry.one_time_code)


def _signed_in_for(world: World, entry: InstanceEntry) -> bool:
    """Whether its login page may be signed in at with what is kept; it says itself where a person is needed after all."""
    return entry.way is Way.BROWSER and entry.sign_in_for_me and world.kept(entry).password is not None


class _SideBySide:
    """So many workers take names until none is left. What they found is taken over by one thread."""

    def __init__(self, world: World, names: tuple[str, ...], asker: Control) -> None:
        self.names = names
        self.aside: list[str] = []  # whoever needs a person
        self._world = world
        self._asker = asker
        self._alone = Control(interactive=False)  # the workers': nobody is asked by several at a time
        at_a_time = world.settings.side_by_side
        self._untaken = at_a_time
        self._count = max(1, min(at_a_time + at_a_time * _THINKING // 100, len(names)))
        self._ending = threading.Event()  # nothing more is taken on
        self._waiting = deque(names)
        self._running: dict[str, None] = {}
        self._core = core_of_this_thread()  # the workers', of which one computes at a time: where the system has put this thread
        self._chosen = time.monotonic()
        self._turn = Turn(at_a_time)  # of the workers: one computes while the others wait for their instances
        self._found: queue.SimpleQueue[InstanceChecked | str | BaseException] = queue.SimpleQueue()

    def run(self, tell: Tell) -> Iterator[InstanceChecked]:
        """Each result as it comes. Stops where the person wants it to: what is being read may end, the rest isn't begun."""
        if self._asker.cancelled:
            return
        for number in range(self._count):
            threading.Thread(target=self._work, name=f"check-{number}", daemon=True).start()
        try:
            yield from self._taken(tell)
        finally:
            self._end()

    def _end(self) -> None:
        self._waiting.clear()
        self._alone.cancel()
        self._ending.set()

    def _taken(self, tell: Tell) -> Iterator[InstanceChecked]:
        done, until = 0, None
        self._progress(tell, done)
        while done + len(self.aside) < len(self.names):
            if self._asker.cancelled and until is None:
                until = time.monotonic() + _GRACE_S
                self._end()
            if until is not None and (time.monotonic() > until or (not self._running and self._found.empty())):
                return
            self._choose_core()
            try:
                one = self._found.get(timeout=_TURN_S)
            except queue.Empty:
                continue
            if isinstance(one, BaseException):
                raise one
            if isinstance(one, str):
                self.aside.append(one)
                continue
            if isinstance(one.problem, Stopped):
                continue
            done += 1
            yield one
            self._progress(tell, done)

    def _choose_core(self) -> None:
        """Something else may keep that core busy by now; the system has this thread, which is free, run where there is room."""
        if time.monotonic() - self._chosen > _CORE_S:
            self._core, self._chosen = core_of_this_thread(), time.monotonic()

    def _progress(self, tell: Tell, done: int) -> None:
        tell(ManyProgress(done, len(self.names), tuple(self._running)))

    def _work(self) -> None:
        """One worker: a defect of ours is handed over too, and raised where somebody sees it."""
        while True:
            try:
                name = self._waiting.popleft()
            except IndexError:
                return
            self._running[name] = None
            stay_on(self._core)
            try:
                with self._turn.taken():
                    found: InstanceChecked | str | BaseException = self._one(name)
            except BaseException as defect:  # noqa: BLE001 - raised again by the thread that asked for it
                found = defect
            self._hand_over(found)
            self._running.pop(name, None)

    def _hand_over(self, found: InstanceChecked | str | BaseException) -> None:
        """Whoever takes slowly slows the workers: what was found is not piled up."""
        self._found.put(found)
        while self._found.qsize() > self._untaken and not self._ending.wait(_SOON_S):
            pass

    def _one(self, name: str) -> InstanceChecked | str:
        """The result, or the name of one that needs a person."""
        world = self._world
        try:
            if needs_person(world, world.book.get(name)):
                return name
            was_open = name in world.doors.names()
            try:
                with world.journal.files.held(name):
                    return _good(name, check(world, name, _nobody, self._alone))
            finally:
                if not was_open:
                    _leave(world, name)
        except (PersonNeeded, WouldPrompt):
            return name
        except Problem as problem:
            return _bad(name, problem)


def _with_a_person(world: World, name: str, tell: Tell, control: Control) -> InstanceChecked:
    def told(event: Event) -> None:
        if not isinstance(event, Checked):  # it is in the result
            tell(event)

    try:
        if not (control.interactive or world.simulated is not None or _signed_in_for(world, world.book.get(name))):
            return _bad(name, PersonNeeded(instance=name))
        tell(Progress(say("{name}: somebody has to sign in", name=name)))
        return _good(name, check(world, name, told, control))
    except Problem as problem:
        return _bad(name, problem)


def _leave(world: World, name: str) -> None:
    """Close what was opened for this one check: two hundred sessions are not kept. A sign-in window stays."""
    lobby = world.doors.lobby(name)
    if lobby is None or not lobby.is_open:
        world.doors.shut(name)


def _nobody(_event: Event) -> None:
    """What one of many tells on its way interests nobody."""


def _good(name: str, checked: Checked) -> InstanceChecked:
    return InstanceChecked(name, 0 if checked.checklist.holds else 1, checked, None)


def _bad(name: str, problem: Problem) -> InstanceChecked:
    unreached = isinstance(problem, PersonNeeded | WouldPrompt)
    return InstanceChecked(name, _UNREACHED if unreached else problem.exit_code, None, problem)


def _looked(event: InstanceChecked) -> Looked:
    if event.checked is not None:
        checklist = event.checked.checklist
        return Looked(event.instance, event.exit_code, checklist.status, summary(checklist))
    problem = event.problem
    return Looked(event.instance, event.exit_code, None, problem.words if problem is not None else "", problem)


def _not_reached(name: str) -> Looked:
    problem = Stopped(what=say("The check of {name}", name=name), done="It was not checked; nothing was changed.")
    return Looked(name, problem.exit_code, None, problem.words, problem)
