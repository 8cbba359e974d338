"""Many instances at once, as the window conducts it: the overview, finding one, checking all or the selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from exoalias.domain.events import ManyProgress
from exoalias.ui.known import Over
from exoalias.ui.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from exoalias.ui.conduct.conductor import Conductor
    from exoalias.ui.overview.view import Overview
    from exoalias.ui.runner import Ending, Job


class Many(QObject):
    """Shows the overview and starts its checks."""

    def __init__(self, conductor: Conductor) -> None:
        super().__init__(conductor)
        self._conductor = conductor
        self.window = conductor.window
        self.desk = conductor.desk
        self._so_far = (0, 0)
        conductor.takes[ManyProgress] = self._go_on
        self.desk.ended.connect(self._on_ended)
        self.window.overview_made.connect(self._wire)
        self.window.instances.group_chosen.connect(self.rise)

    def does(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        """Which actions of the menus are carried out here."""
        return (
            ("all-instances", self.show_all),
            ("find", self.find),
            ("verb-check", self.check),
            ("check-all", self.check_all),
        )

    def _wire(self, overview: Overview) -> None:
        overview.opened.connect(self.open)
        overview.check_wanted.connect(self._check)
        overview.stop_wanted.connect(self.desk.runner.stop_all)

    # -- what the person wants ------------------------------------------------------------------------------------------

    def rise(self, over: Over) -> None:
        """Stand above these instances; a sign-in that runs stays in sight."""
        job = self.desk.job
        if self.desk.over is None and (job is None or job.verb != "sign-in"):
            self._conductor.banners.clear()
        self.desk.rise(over)

    def show_all(self) -> None:
        """Every instance, with the keyboard in the table."""
        self.rise(Over())
        self.window.the_overview().table.setFocus()

    def open(self, name: str) -> None:
        """Show the checklist of that instance."""
        self._conductor.go_to(name)
        self.window.checklist.setFocus()

    def find(self) -> None:
        """The keyboard goes to the line that filters what is in sight."""
        if self.desk.over is None and self.window.narrow.isVisible():
            self.window.narrow.setFocus()
            self.window.narrow.selectAll()
            return
        if self.desk.over is None:
            self.rise(Over())
        self.window.the_overview().to_search()

    def check(self) -> None:
        """The instance the person stands on; in the overview the selected ones, or all of them."""
        if self.desk.over is None:
            self.desk.check()
        else:
            self._check(self.window.the_overview().to_check())

    def check_all(self) -> None:
        """Every instance, in sight."""
        self.show_all()
        self._check(tuple(self.desk.known))

    def _check(self, names: Sequence[str]) -> None:
        if names and self.desk.check_many(names) is not None:
            self._so_far = (0, len(names))

    # -- how it goes ----------------------------------------------------------------------------------------------------

    def _go_on(self, _job: Job, event: ManyProgress) -> None:
        self._so_far = (event.done, event.total)
        if self.window.overview is not None:
            self.window.overview.going(event)
        self.window.header.working(_("Checked {n} of {all}", n=event.done, all=event.total), event.done, event.total)

    def _on_ended(self, job: Job, _ending: Ending) -> None:
        if job.verb == "check-all" and self.window.overview is not None:
            self.window.overview.ended(*self._so_far)
