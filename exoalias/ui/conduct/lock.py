"""Production instances are read-only until somebody types their name: the dialog, the way through it, and the end of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer

from exoalias.adapters.machine.clock import utc_now
from exoalias.ui.words import _, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.app.control import Control
    from exoalias.domain.events import Tell
    from exoalias.ui.conduct.conductor import Conductor
    from exoalias.ui.dialogs.unlock_form import UnlockForm
    from exoalias.ui.runner import Ending

_MINUTE_MS = 60_000


class Locks(QObject):
    """Opens and closes the lock of the instance the person stands on, and shows when one closes by itself."""

    def __init__(self, conductor: Conductor) -> None:
        super().__init__(conductor)
        self._conductor = conductor
        self.desk = conductor.desk
        self._clock = QTimer(self)  # runs only while something is unlocked
        self._clock.setSingleShot(True)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._look)
        conductor.banners.offers["unlock"] = self.unlock
        conductor.window.header.unlock.clicked.connect(self.unlock)
        conductor.window.header.lock.clicked.connect(self.lock)
        self.desk.changed.connect(self._moved)
        self.desk.listed.connect(self._wind)

    def does(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        """Which actions of the menus are carried out here."""
        return (("verb-unlock", self.unlock), ("verb-lock", self.lock))

    def through(self, do: Callable[[], object]) -> None:
        """Do what writes; where the instance is locked, once it was unlocked."""
        here = self.desk.here
        if here is not None and here.locked:
            self._ask(do)
        else:
            do()

    def unlock(self) -> None:
        """Unlock the current instance, after its name was typed."""
        here = self.desk.here
        if here is not None and here.guarded:
            self._ask(None)

    def _ask(self, then: Callable[[], object] | None) -> None:
        from exoalias.ui.dialogs.unlock_form import UnlockForm

        here, world = self.desk.here, self.desk.world
        if here is None or world is None:
            return
        name = here.entry.name
        form = UnlockForm(name, self.desk.verbs.unlock_minutes(world), self._conductor.window)
        alive = [True]
        form.finished.connect(lambda _result: alive.clear())
        form.submitted.connect(lambda: self._unlock(name, form, alive, then))
        self._conductor.open(form)

    def _unlock(self, name: str, form: UnlockForm, alive: list[bool], then: Callable[[], object] | None) -> None:
        world, verbs, typed, minutes = self.desk.world, self.desk.verbs, form.typed.text(), form.minutes.value()
        if world is None:
            return

        def work(_tell: Tell, _control: Control) -> object:
            return verbs.unlock(world, name, typed, minutes)

        def got(ending: Ending) -> None:
            if isinstance(ending.value, datetime):
                self.desk.unlocked(name, ending.value)
            if not alive:
                return
            if ending.problem is not None:
                form.refuse(ending.problem)
                return
            form.accept()
            if then is not None and self.desk.current == name:
                then()

        self.desk.look_up("unlock", work, got)

    def lock(self) -> None:
        """Make the current instance read-only again, at once."""
        here, world, verbs = self.desk.here, self.desk.world, self.desk.verbs
        if here is None or world is None or not here.guarded:
            return
        name = here.entry.name

        def got(ending: Ending) -> None:
            if ending.problem is None and not ending.crashed:
                self.desk.unlocked(name, None)
                self._conductor.window.statusBar().showMessage(_("{name} is read-only again.", name=name), 8000)
            elif ending.problem is not None:
                self._conductor.window.statusBar().showMessage(told(ending.problem.words))

        self.desk.look_up("lock", lambda _tell, _control: verbs.lock(world, name), got)

    def _moved(self, name: str) -> None:
        """A result of a check, for most: where nothing is unlocked, and this isn't, there is nothing to look through."""
        known = self.desk.known.get(name)
        if self._clock.isActive() or (known is not None and known.unlocked_until is not None):
            self._wind()

    def _wind(self) -> None:
        """Wake at the end of the first unlock, or each minute to say how long it still is."""
        ends = [known.unlocked_until for known in self.desk.known.values() if known.unlocked_until is not None]
        if not ends:
            self._clock.stop()
            return
        left = (min(ends) - utc_now()).total_seconds() * 1000
        self._clock.start(max(0, min(_MINUTE_MS, round(left) + 1)))

    def _look(self) -> None:
        now = utc_now()
        over = [n for n, known in self.desk.known.items() if known.unlocked_until is not None and known.unlocked_until <= now]
        for name in over:
            self.desk.unlocked(name, None)
        if not over:
            self._conductor.window.header.draw_lock(self.desk.here)
        self._wind()
