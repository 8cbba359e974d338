"""What is known of the instances: which there are, how each stood when it was last looked at, and where the person stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from exoalias.ui import known as knowledge
from exoalias.ui.known import Known, Tally

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.domain.events import Checked
    from exoalias.domain.problems import Problem
    from exoalias.ui.known import Over


class Shelf(QObject):
    """Holds the instances by name, in the order shown. Every signal is emitted in the window's thread."""

    listed = Signal()  # the instances changed
    changed = Signal(str)  # what is known of that one changed
    shown = Signal()  # the current instance, or what is known of it, changed

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.known: dict[str, Known] = {}
        self.current = ""
        self.tally = Tally()
        self.over: Over | None = None  # where the person stands above instances instead of on the current one

    @property
    def here(self) -> Known | None:
        """The instance the person stands on, or came from."""
        return self.known.get(self.current)

    def below(self) -> tuple[Known, ...]:
        """The instances the person stands on or above."""
        over, here = self.over, self.here
        if over is None:
            return (here,) if here is not None else ()
        return tuple(over.among(self.known.values()))

    def choose(self, name: str) -> None:
        """Stand on another instance."""
        if name != self.current or self.over is not None:
            self.current, self.over = name, None
            self.shown.emit()

    def rise(self, over: Over) -> None:
        """Stand above instances: on all, or on those of a customer."""
        if over != self.over:
            self.over = over
            self.shown.emit()

    def list_again(self, entries: tuple[InstanceEntry, ...], unlocked: Mapping[str, datetime] | None = None) -> None:
        """Take the instances as the app lists them, keeping what is known of those still there."""
        before = self.known
        for entry in entries:
            before.setdefault(entry.name, Known(entry)).entry = entry
        ordered = sorted((before[entry.name] for entry in entries), key=knowledge.order)
        self.known = {known.entry.name: known for known in ordered}
        if unlocked is not None:
            for name, known in self.known.items():
                known.unlocked_until = unlocked.get(name)
        if self.current not in self.known:
            self.current = next(iter(self.known), "")
        if self.over is not None and not self.below():
            self.over = None
        self.tally.recount(ordered)
        self.listed.emit()
        self.shown.emit()

    def unlocked(self, name: str, until: datetime | None) -> None:
        """That instance may be written to until then, or no longer."""
        known = self.known.get(name)
        if known is not None and known.unlocked_until != until:
            known.unlocked_until = until
            self._tell_changed(name)

    def signed_in(self, name: str, *, now: bool) -> None:
        """A session with that instance is open now, or no longer."""
        known = self.known.get(name)
        if known is not None and known.signed_in != now:
            known.signed_in = now
            self._tell_changed(name)

    def forget_problem(self, name: str) -> None:
        """It is looked at anew: what kept the last look from succeeding is of no interest any more."""
        known = self.known.get(name)
        if known is not None and known.problem is not None:
            known.problem = None
            self._tell_changed(name)

    def take(self, checked: Checked) -> None:
        """An instance was judged."""
        name = checked.checklist.instance
        known = self.known.get(name)
        if known is None or (known.checklist is checked.checklist and known.problem is None):  # gone, or told before
            return
        known.checklist, known.plan, known.problem = checked.checklist, checked.plan, None
        self._tell_changed(name)

    def fail(self, name: str, problem: Problem) -> None:
        """A Problem kept an instance from being judged."""

        known = self.known.get(name)
        if known is not None:  # it may have been removed meanwhile
            from exoalias.adapters.machine.clock import utc_now

            known.problem, known.failed_at = problem, utc_now()
            self._tell_changed(name)

    def _tell_changed(self, name: str) -> None:
        self.tally.moved(self.known[name])
        self.changed.emit(name)
        if name == self.current:
            self.shown.emit()
