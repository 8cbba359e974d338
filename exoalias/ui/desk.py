"""What the window knows, and what it asks the app to do: instances with their last checklist, plan and problem.

The window draws the desk and calls its methods; each starts a verb in the runner and puts what comes back here. At most
one verb that reads or writes an instance runs at a time; looking something up may run beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from exoalias.ui.runner import Ending, Job, Runner
from exoalias.ui.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from exoalias.adapters.entries import InstanceEntry
    from exoalias.app.control import Control
    from exoalias.app.world import World
    from exoalias.domain.checklist import Checklist, Status
    from exoalias.domain.events import Checked, Event, Tell
    from exoalias.domain.plan import Plan
    from exoalias.domain.problems import Problem
    from exoalias.ui.verbs import FarSideProcess, Verbs

LOOK_UPS = frozenset({"open", "list", "journal", "doctor", "target", "candidates", "support"})  # never block the main button


@dataclass(slots=True)
class Known:
    """An instance as the window last saw it."""

    entry: InstanceEntry
    checklist: Checklist | None = None
    plan: Plan | None = None
    problem: Problem | None = None

    @property
    def status(self) -> Status | None:
        """The status its line in the list shows; None while it was not checked."""
        if self.problem is None and self.checklist is None:
            return None
        from exoalias.domain.checklist import Status

        if self.problem is not None or self.checklist is None:
            return Status.CANNOT_TELL
        if self.checklist.holds:
            return Status.HOLDS
        worst_first = (Status.WRONG, Status.NEEDS_YOU, Status.CANNOT_TELL)
        present = {f.status for f in self.checklist.findings}
        return next(s for s in worst_first if s in present)


class Desk(QObject):
    """The window's state. Every signal is emitted in the window's thread."""

    listed = Signal()  # the instances changed
    shown = Signal()  # the current instance, or what is known of it, changed
    busy_changed = Signal()
    told = Signal(object, object)  # Job, Event
    ended = Signal(object, object)  # Job, Ending

    def __init__(self, verbs: Verbs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.verbs = verbs
        self.runner = Runner(self)
        self.runner.told.connect(self._on_told)
        self.runner.changed.connect(self.busy_changed)
        self.world: World | None = None
        self.far_side: FarSideProcess | None = None
        self.known: dict[str, Known] = {}
        self.current = ""

    # -- what is so -----------------------------------------------------------------------------------------------------

    @property
    def here(self) -> Known | None:
        """The instance the person stands on."""
        return self.known.get(self.current)

    @property
    def job(self) -> Job | None:
        """The running verb that keeps others from starting, if any."""
        return next((job for job in self.runner.jobs.values() if job.verb not in LOOK_UPS), None)

    def choose(self, name: str) -> None:
        """Stand on another instance."""
        if name != self.current:
            self.current = name
            self.shown.emit()

    # -- what is asked of the app ---------------------------------------------------------------------------------------

    def open(self, world: World | None = None) -> None:
        """Make the world (or take the one given), then list its instances."""

        def work(_tell: Tell, _control: Control) -> object:
            opened = world or self.verbs.open_world()
            return opened, self.verbs.listing(opened)

        self.look_up("open", work, self._opened)

    def adopt(self, world: World, far_side: FarSideProcess | None, name: str = "") -> None:
        """Work on another world from now on, e.g. the simulated one; its instances replace those shown."""
        self.far_side = far_side
        self.known = {}
        self.current = name
        self.open(world)

    def ask(self, verb: str, call: Callable[[World, str, Tell, Control], object], name: str = "") -> Job | None:
        """Start a verb on an instance (the current one); None when another one runs or nothing is open."""
        world, name = self.world, name or self.current
        if world is None or self.job is not None:
            return None
        known = self.known.get(name)
        if known:
            known.problem = None
        job = self.runner.start(verb, name, lambda tell, control: call(world, name, tell, control), self._on_ended)
        self.shown.emit()
        return job

    def check(self, name: str = "") -> Job | None:
        """Read and judge one instance."""
        return self.ask("check", self.verbs.check, name)

    def check_all(self) -> Job | None:
        """Check every instance, one after the other; a Problem of one is told at its line and the next is checked."""
        names = tuple(self.known)

        def work(world: World, _name: str, tell: Tell, control: Control) -> object:
            from exoalias.domain.events import Progress
            from exoalias.domain.problems import Problem

            problems: dict[str, Problem] = {}
            for at, name in enumerate(names):
                if control.cancelled:
                    break
                tell(Progress(_("Checking {name}", name=name), at, len(names)))
                try:
                    self.verbs.check(world, name, tell, control)
                except Problem as problem:
                    problems[name] = problem
            return problems

        return self.ask("check-all", work)

    def apply(self, plan: Plan) -> Job | None:
        """Write exactly the plan the person saw."""
        return self.ask("apply", lambda world, name, tell, control: self.verbs.apply(world, name, plan, tell, control))

    def undo(self) -> Job | None:
        """Put back what apply wrote."""
        return self.ask("undo", self.verbs.undo)

    def sign_in(self, credentials: Sequence[str]) -> Job | None:
        """Sign in for these credentials, one after the other."""
        names = tuple(credentials)
        return self.ask("sign-in", lambda world, name, tell, control: self.verbs.sign_in(world, name, names, tell, control))

    def set_target(self, said: Mapping[str, str]) -> Job | None:
        """Remember what should be true; a check follows."""
        return self.ask("set-target", lambda world, name, tell, control: self.verbs.set_target(world, name, said, tell, control))

    def look_up(self, verb: str, work: Callable[[Tell, Control], object], got: Callable[[Ending], None]) -> Job:
        """Run something that doesn't keep other verbs from starting; ``got`` is called with how it ended."""

        def ended(job: Job, ending: Ending) -> None:
            got(ending)
            self.ended.emit(job, ending)

        return self.runner.start(verb, self.current, work, ended)

    # -- what comes back ------------------------------------------------------------------------------------------------

    def _opened(self, ending: Ending) -> None:
        if not isinstance(ending.value, tuple):
            return
        self.world, entries = ending.value
        self.list_again(entries)

    def list_again(self, entries: tuple[InstanceEntry, ...]) -> None:
        """Take the instances as the app lists them, keeping what is known of those still there."""
        before = self.known
        self.known = {e.name: before.get(e.name, Known(e)) for e in entries}
        for entry in entries:
            self.known[entry.name].entry = entry
        if self.current not in self.known:
            self.current = next(iter(self.known), "")
        self.listed.emit()
        self.shown.emit()

    def _on_told(self, job: Job, event: Event) -> None:
        from exoalias.domain.events import Checked

        if isinstance(event, Checked):
            self._take(event)
        self.told.emit(job, event)

    def _take(self, checked: Checked) -> None:
        known = self.known.get(checked.checklist.instance)
        if known is None:
            return
        known.checklist, known.plan, known.problem = checked.checklist, checked.plan, None
        self.listed.emit()
        self.shown.emit()

    def _on_ended(self, job: Job, ending: Ending) -> None:
        from exoalias.domain.events import Checked

        known = self.known.get(job.instance)
        if isinstance(ending.value, Checked):
            if known is None or known.checklist is not ending.value.checklist:  # mostly it was told already
                self._take(ending.value)
        elif isinstance(ending.value, dict):
            for name, problem in ending.value.items():
                if name in self.known:  # it may have been removed meanwhile
                    self.known[name].problem = problem
        if known and ending.problem and job.verb == "check":
            known.problem = ending.problem
        self.listed.emit()
        self.shown.emit()
        self.ended.emit(job, ending)
