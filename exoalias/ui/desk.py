"""What the window asks the app to do, and what comes back: it is put on the shelf, which the window draws.

The window draws the desk and calls its methods; each starts a verb in the runner and puts what comes back here. At most
one verb that reads or writes an instance runs at a time; looking something up may run beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from exoalias.ui.known import Known
from exoalias.ui.runner import Ending, Job, Runner
from exoalias.ui.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtCore import QObject

    from exoalias.app.control import Control
    from exoalias.app.world import World
    from exoalias.domain.events import Event, Tell
    from exoalias.domain.plan import Plan
    from exoalias.domain.problems import Problem
    from exoalias.ui.verbs import FarSideProcess, Verbs

__all__ = ["Desk", "Known"]
LOOK_UPS = frozenset(
    {
        "open",
        "list",
        "journal",
        "doctor",
        "target",
        "candidates",
        "unlock",
        "lock",
        "export",
        "import",
        "close",
        "support",
        "forget",
        "settings",
        "set-settings",
        "proxy",
        "keep-proxy",
        "owner",
    }
)  # never block the main button


class Desk(Shelf):
    """The window's state. Every signal is emitted in the window's thread."""

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
        self.troubles: tuple[Problem, ...] = ()  # settings files of customers that can't be read
        self._leaving = False
        self._left: set[int] = set()  # jobs of a world that was left: what they still tell is of no interest

    @property
    def job(self) -> Job | None:
        """The running verb that keeps others from starting, if any."""
        return next((job for job in self.runner.jobs.values() if job.verb not in LOOK_UPS), None)

    def leave(self) -> None:
        """The window is to close: what runs is asked to stop, and nothing follows it."""
        self._leaving = True
        self.runner.stop_all()

    # -- what is asked of the app ---------------------------------------------------------------------------------------

    def open(self, world: World | None = None) -> None:
        """Make the world (or take the one given), then list its instances."""

        def work(_tell: Tell, _control: Control) -> object:
            opened = world or self.verbs.open_world()
            entries = self.verbs.listing(opened)
            return opened, entries, self.verbs.unlocked(opened, entries), self.verbs.troubles(opened)

        self.look_up("open", work, self._opened)

    def adopt(self, world: World, far_side: FarSideProcess | None, name: str = "") -> None:
        """Work on another world from now on, e.g. the simulated one; its instances replace those shown."""
        before, self.world = self.world, None
        self._left |= set(self.runner.jobs)
        self.runner.stop_all()
        self.far_side = far_side
        self.known = {}
        self.current, self.over = name, None
        self.open(world)
        if before is not None and before is not world:
            self.look_up("close", lambda _tell, _control: before.close(), lambda _ending: None)

    def ask(self, verb: str, call: Callable[[World, str, Tell, Control], object], name: str = "") -> Job | None:
        """Start a verb on an instance (the current one); None when another one runs, nothing is open, or the window closes."""
        world, name = self.world, name or self.current
        if world is None or self.job is not None or self._leaving:
            return None
        self.forget_problem(name)
        job = self.runner.start(verb, name, lambda tell, control: call(world, name, tell, control), self._on_ended)
        self.shown.emit()
        return job

    def check(self, name: str = "") -> Job | None:
        """Read and judge one instance."""
        return self.ask("check", self.verbs.check, name)

    def check_many(self, names: Sequence[str]) -> Job | None:
        """Check these side by side; each is told as it comes."""
        chosen = tuple(names)
        if self.job is None:
            for name in chosen:
                self.forget_problem(name)
        return self.ask("check-all", lambda world, _name, tell, control: self.verbs.check_many(world, chosen, tell, control))

    def apply(self, plan: Plan) -> Job | None:
        """Write exactly the plan the person saw."""
        return self.ask("apply", lambda world, name, tell, control: self.verbs.apply(world, name, plan, tell, control))

    def undo(self) -> Job | None:
        """Put back what apply wrote."""
        return self.ask("undo", self.verbs.undo)

    def sign_in(self, credentials: Sequence[str], strategy: str = "") -> Job | None:
        """Sign in for these credentials, one after the other; by that strategy, or as it is set."""
        names, by = tuple(credentials), self.verbs.sign_in_by
        if strategy:
            return self.ask("sign-in", lambda world, name, tell, control: by(world, name, names, strategy, tell, control))
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
        self.world, entries, unlocked, self.troubles = ending.value
        self.list_again(entries, unlocked)

    def _on_told(self, job: Job, event: Event) -> None:
        from exoalias.domain.events import Checked, InstanceChecked

        if job.number in self._left:
            return
        if isinstance(event, Checked):
            self.take(event)
        elif isinstance(event, InstanceChecked) and event.checked is not None:
            self.take(event.checked)
        elif isinstance(event, InstanceChecked) and event.problem is not None:
            self.fail(event.instance, event.problem)
        self.told.emit(job, event)

    def _on_ended(self, job: Job, ending: Ending) -> None:
        from exoalias.domain.events import Checked
        from exoalias.domain.problems import ReadOnly

        if job.number in self._left:
            self._left.discard(job.number)
            self.ended.emit(job, Ending(crashed=True))  # nothing is to be said of it
            return
        if isinstance(ending.value, Checked):
            self.take(ending.value)
        if ending.problem is not None and job.verb == "check":
            self.fail(job.instance, ending.problem)
        if isinstance(ending.problem, ReadOnly):
            self.unlocked(job.instance, None)
        self.shown.emit()
        self.ended.emit(job, ending)
