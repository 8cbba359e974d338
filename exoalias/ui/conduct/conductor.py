"""What happens when the person presses something: wires the window's buttons and actions to the desk and its dialogs.

Dialogs are opened, never executed: a nested event loop would freeze qasync. They are imported when first opened.
A part of its own (the sign-ins) is made here and adds to ``takes`` what it wants to be told, and to the banners' ``offers``
what their buttons do for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication

from exoalias.domain.checklist import Act, Action
from exoalias.domain.events import Progress, StepDone
from exoalias.ui.checklist.detail import action_of
from exoalias.ui.conduct.ahead import Ahead
from exoalias.ui.conduct.banner import Banners
from exoalias.ui.conduct.door import Entering
from exoalias.ui.conduct.lock import Locks
from exoalias.ui.conduct.many import Many
from exoalias.ui.conduct.session import Sessions
from exoalias.ui.conduct.sign_in import SignIns
from exoalias.ui.errands.instances import Instances
from exoalias.ui.errands.owner import Owner
from exoalias.ui.errands.right import WhatWasRight
from exoalias.ui.errands.target import WhatShouldBeTrue
from exoalias.ui.errands.wiring import Errands
from exoalias.ui.words import _, told

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from PySide6.QtWidgets import QDialog

    from exoalias.domain.events import Event
    from exoalias.domain.plan import Plan
    from exoalias.ui.runner import Ending, Job
    from exoalias.ui.window import Window


class Conductor(QObject):
    """Between the person and the desk."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.window = window
        self.desk = window.desk
        self.dialog: QDialog | None = None
        self.takes: dict[type[Event], Callable[[Job, Any], object]] = {
            Progress: lambda _job, event: window.header.working(told(event.says), event.done, event.total),
            StepDone: lambda _job, event: window.statusBar().showMessage(told(event.says), 8000),
        }
        self.errands = Errands(window, self.open)
        self.banners = Banners(window)
        self.banners.offers |= {
            "again": self._again,
            "target": self.errands.of(WhatShouldBeTrue).choose_target,
            "password": lambda: self.errands.of(Instances).add_instance(again=True),
            "owner": self.errands.of(Owner).owner,
            "entered": lambda: self.errands.of(Instances).add_instance(again=True),
        }
        self.signing = SignIns(self)
        self.many = Many(self)
        self.locks = Locks(self)
        self.sessions = Sessions(self)
        self.entering = Entering(self)
        self.ahead = Ahead(self)
        self._sign_in_after: Plan | None = None  # the plan whose sign-ins follow its writes
        self._wire()

    def _wire(self) -> None:
        window, desk, actions = self.window, self.desk, self.window.actions_by_verb
        for name, do in (
            ("quit", window.close),
            ("verb-plan", self.review),
            ("verb-apply", self.review),
            ("verb-sign-in", self.signing.all),
            ("go-checklist", window.checklist.setFocus),
            ("go-detail", window.detail.setFocus),
            ("expand-all", window.checklist.expandAll),
            ("collapse-all", window.checklist.collapseAll),
        ):
            actions.connect(name, do)
        for name, act in (*self.many.does(), *self.locks.does(), *self.sessions.does()):
            actions.connect(name, act)
        self.errands.wire(actions)
        window.header.main.clicked.connect(lambda: self.act(window.header.next))
        window.header.stop.clicked.connect(desk.runner.stop_all)
        window.detail.wanted.connect(self.act)
        window.checklist.used.connect(self._use)
        window.instances.chosen.connect(self.go_to)
        desk.told.connect(self._on_told)
        desk.ended.connect(self._on_ended)

    # -- what the person wants ------------------------------------------------------------------------------------------

    def act(self, action: Action | None) -> None:
        """Do what a button says; None: check."""
        if action is None or action.act is Act.CHECK:
            self.desk.check()
        elif action.act is Act.CHOOSE_TARGET:
            self.errands.of(WhatShouldBeTrue).choose_target()
        elif action.act is Act.REVIEW_PLAN:
            self.review()
        elif action.act is Act.SCAN:
            self.errands.of(WhatWasRight).scan()
        elif action.act is Act.SIGN_IN:
            self.signing.start_with(action)
        elif action.act is Act.COPY:
            QGuiApplication.clipboard().setText(action.text)
            self.window.statusBar().showMessage(_("Copied."), 4000)
        elif action.act is Act.OPEN:
            QDesktopServices.openUrl(QUrl(action.text))

    def _use(self, item: object) -> None:
        action = action_of(item)  # type: ignore[arg-type] # the view tells Rows and Findings only
        if action:
            self.act(action)

    def go_to(self, name: str) -> None:
        """Show that instance, and why its last check failed if it did."""
        moved, job = name != self.desk.current or self.desk.over is not None, self.desk.job
        self.desk.choose(name)
        if moved and (job is None or job.verb != "sign-in"):
            self.banners.clear()
            self._say_standing()

    def _say_standing(self) -> None:
        """Why the last check of the instance stood on failed; the keyboard stays where it is."""
        here = self.desk.here
        if self.desk.over is None and here is not None and here.problem is not None:
            from exoalias.ui import outcome

            self.banners.show(outcome.of_problem(here.problem, "check"), take_keyboard=False)

    def _again(self) -> None:
        told = self.banners.outcome
        if told is None or told.verb != "sign-in" or not self.signing.again():
            self.desk.check()

    def review(self) -> None:
        """Show the plan; what it says is written only when the person agrees."""
        here = self.desk.here
        if here is None or here.plan is None or self.desk.job is not None:
            return
        from exoalias.ui.dialogs.plan_preview import PlanPreview

        user = here.entry.delegated_user
        preview = PlanPreview(here.plan, user.upn if user else "", self.window, locked=here.locked)
        agreed = self._agreed
        preview.agreed.connect(lambda also: self.locks.through(lambda: agreed(preview.plan, then_sign_in=also)))
        self.open(preview)

    def _agreed(self, plan: Plan, *, then_sign_in: bool) -> None:
        self.banners.clear()
        if plan.writes:
            self._sign_in_after = plan if then_sign_in else None
            self.desk.apply(plan)
        elif then_sign_in:
            self.signing.start(tuple(s.credential_name for s in plan.sign_ins))

    # -- what the verbs tell --------------------------------------------------------------------------------------------

    def _on_told(self, job: Job, event: Event) -> None:
        take = self.takes.get(type(event))
        if take is not None:
            take(job, event)

    def _on_ended(self, job: Job, ending: Ending) -> None:
        after = None
        if job.verb == "apply":
            after, self._sign_in_after = self._sign_in_after, None
        if job.verb == "sign-in":
            self.signing.end()
            if self.signing.goes_on():
                return
            self.come_forward()
        if job.verb in {"sign-in", "apply", "undo", "remember", "scan"} and job.instance in self.desk.known:
            self.desk.choose(job.instance)  # what follows, and what the banner offers, is about this instance
        if job.verb == "check" and job.instance != self.desk.current:
            if ending.problem is not None:
                self.window.statusBar().showMessage(f"{job.instance}: {told(ending.problem.words)}")
        else:
            self._conclude(job, ending, sign_in_now=after is not None and job.instance == self.desk.current)

    def _conclude(self, job: Job, ending: Ending, *, sign_in_now: bool) -> None:
        from exoalias.ui import outcome

        if ending.problem is not None:
            self.banners.show(outcome.of_problem(ending.problem, job.verb))
        elif ending.crashed:
            self.banners.clear()
        elif job.verb == "sign-in" and self.signing.stored:
            self.banners.show(outcome.of_sign_in(self.signing.stored))
        elif sign_in_now:
            self.signing.all()
        elif job.verb in {"check", "check-all", "undo", "apply", "remember", "scan"}:
            self.banners.clear()
            self._say_standing()
        elif job.verb == "set-target":
            self.desk.check()

    # -- over the window --------------------------------------------------------------------------------------------------

    def come_forward(self) -> None:
        """The person looks at a browser window: say on the task bar, and where allowed by raising, that it is our turn."""
        QApplication.alert(self.window)
        self.window.raise_()
        self.window.activateWindow()

    def open(self, dialog: QDialog, *, modal: bool = True) -> None:
        """Open a dialog over the window, or beside it; one at a time, the window stays alive."""
        if self.dialog is not None:
            self.dialog.close()
        self.dialog = dialog
        dialog.finished.connect(lambda _result: self._forget(dialog))
        if modal:
            dialog.open()
        else:
            dialog.show()

    def _forget(self, dialog: QDialog) -> None:
        if self.dialog is dialog:
            self.dialog = None
        dialog.deleteLater()
