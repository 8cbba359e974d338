"""What happens when the person presses something: wires the window's buttons and actions to the desk and its dialogs.

Dialogs are opened, never executed: a nested event loop would freeze qasync. They are imported when first opened.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication

from exoalias.domain.checklist import Act, Action
from exoalias.domain.events import FirstUseQuestion, Progress, SignInEnded, SignInPhase, StepDone, TokenStored
from exoalias.ui.detail import action_of
from exoalias.ui.words import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from exoalias.domain.events import Event
    from exoalias.domain.plan import Plan
    from exoalias.ui.outcome import Banner, Outcome
    from exoalias.ui.runner import Ending, Job
    from exoalias.ui.sign_in_panel import SignInPanel
    from exoalias.ui.window import Window


class Conductor(QObject):
    """Between the person and the desk."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        from exoalias.ui.errands import Errands

        self.window = window
        self.desk = window.desk
        self.errands = Errands(window, self.open)
        self.dialog: QDialog | None = None
        self._banner: Banner | None = None
        self._panel: SignInPanel | None = None
        self._stored: list[TokenStored] = []
        self._signing: tuple[str, ...] = ()  # the credentials of the last sign-in, to start it again
        self._sign_in_after: Plan | None = None  # the plan whose sign-ins follow its writes
        self._wire()

    def _wire(self) -> None:
        window, desk, actions = self.window, self.desk, self.window.actions_by_verb
        for name, do in (
            ("quit", window.close),
            ("verb-check", desk.check),
            ("check-all", desk.check_all),
            ("verb-plan", self.review),
            ("verb-apply", self.review),
            ("verb-sign-in", self.sign_in_all),
            ("go-checklist", window.checklist.setFocus),
            ("go-detail", window.detail.setFocus),
            ("expand-all", window.checklist.expandAll),
            ("collapse-all", window.checklist.collapseAll),
        ):
            actions.connect(name, do)
        self.errands.wire(actions)
        window.header.main.clicked.connect(lambda: self.act(window.header.next))
        window.header.stop.clicked.connect(desk.runner.stop_all)
        window.detail.wanted.connect(self.act)
        window.checklist.used.connect(self._use)
        window.instances.chosen.connect(self._go_to)
        desk.told.connect(self._on_told)
        desk.ended.connect(self._on_ended)

    # -- what the person wants ------------------------------------------------------------------------------------------

    def act(self, action: Action | None) -> None:
        """Do what a button says; None: check."""
        if action is None or action.act is Act.CHECK:
            self.desk.check()
        elif action.act is Act.CHOOSE_TARGET:
            self.errands.choose_target()
        elif action.act is Act.REVIEW_PLAN:
            self.review()
        elif action.act is Act.SIGN_IN:
            self._sign_in_from(action)
        elif action.act is Act.COPY:
            QGuiApplication.clipboard().setText(action.text)
            self.window.statusBar().showMessage(_("Copied."), 4000)
        elif action.act is Act.OPEN:
            QDesktopServices.openUrl(QUrl(action.text))

    def _use(self, item: object) -> None:
        action = action_of(item)  # type: ignore[arg-type] # the view tells Rows and Findings only
        if action:
            self.act(action)

    def _go_to(self, name: str) -> None:
        moved, job = name != self.desk.current, self.desk.job
        self.desk.choose(name)
        if moved and (job is None or job.verb != "sign-in"):
            self._clear()
            self._say_standing()

    def _say_standing(self) -> None:
        """Why the last check of the instance stood on failed; the keyboard stays where it is."""
        here = self.desk.here
        if here is not None and here.problem is not None:
            from exoalias.ui import outcome

            self.say(outcome.of_problem(here.problem, "check"), take_keyboard=False)

    def review(self) -> None:
        """Show the plan; what it says is written only when the person agrees."""
        here = self.desk.here
        if here is None or here.plan is None or self.desk.job is not None:
            return
        from exoalias.ui.plan_preview import PlanPreview

        user = here.entry.delegated_user
        plan = here.plan
        preview = PlanPreview(plan, user.upn if user else "", self.window)
        preview.agreed.connect(lambda then_sign_in: self._agreed(plan, then_sign_in=then_sign_in))
        self.open(preview)

    def _agreed(self, plan: Plan, *, then_sign_in: bool) -> None:
        self._clear()
        if plan.writes:
            self._sign_in_after = plan if then_sign_in else None
            self.desk.apply(plan)
        elif then_sign_in:
            self._sign_in(tuple(s.credential_name for s in plan.sign_ins))

    def sign_in_all(self) -> None:
        """Sign in for every credential the plan names; with changes still to write, show the plan instead."""
        here = self.desk.here
        if here is None or here.plan is None:
            return
        if here.plan.writes or not here.plan.sign_ins:
            self.review()
        else:
            self._sign_in(tuple(s.credential_name for s in here.plan.sign_ins))

    def _sign_in_from(self, action: Action) -> None:
        """Start with the credential asked for; the plan's others follow, so that nobody has to find them."""
        here = self.desk.here
        if here is None or here.plan is None:
            return
        names = [s.credential_name for s in here.plan.sign_ins if s.credential == action.record]
        names += [s.credential_name for s in here.plan.sign_ins if s.credential != action.record]
        if here.plan.writes or not names:
            self.review()
        else:
            self._sign_in(tuple(names))

    def _sign_in(self, names: tuple[str, ...]) -> None:
        here = self.desk.here
        if here is None or self.desk.job is not None:
            return
        if here.entry.delegated_user is None:
            self.errands.choose_target()
            return
        self._signing = names
        self._stored = []
        panel = self._the_panel()
        panel.begin(names, here.entry.delegated_user)
        self.window.stage.show_only(panel)
        panel.cancel.setFocus()
        self.desk.sign_in(names)

    def _stop_sign_in(self) -> None:
        if self.desk.job is not None:
            self._the_panel().stopping()
            self.desk.job.control.cancel()

    def _carry_on(self) -> None:
        if self.desk.job is not None:
            self.desk.job.control.carry_on()

    # -- what the verbs tell --------------------------------------------------------------------------------------------

    def _on_told(self, job: Job, event: Event) -> None:
        if isinstance(event, SignInPhase):
            self._the_panel().move_on(event)
        elif isinstance(event, TokenStored):
            self._stored.append(event)
            self._the_panel().stored(event)
        elif isinstance(event, FirstUseQuestion):
            self._ask_first_use(job, event)
        elif isinstance(event, SignInEnded):
            self._say_at_once(event)
        elif isinstance(event, Progress):
            self.window.header.working(event.says, event.done, event.total)
        elif isinstance(event, StepDone):
            self.window.statusBar().showMessage(event.says, 8000)

    def _say_at_once(self, event: SignInEnded) -> None:
        """The browser windows still say why; so do we, and offer what to do once the verb has ended."""
        from exoalias.ui import outcome

        self._end_panel()
        self.say(replace(outcome.of_problem(event.problem, "sign-in"), offers=()))

    def _ask_first_use(self, job: Job, event: FirstUseQuestion) -> None:
        from exoalias.ui.forms import FirstUse

        question = FirstUse(event.upn, event.object_id, event.tenant_id, event.credential_name, self.window)
        question.answered.connect(lambda agree: job.control.answer(agree=agree))
        self.open(question)
        self._come_forward()

    def _on_ended(self, job: Job, ending: Ending) -> None:
        after, self._sign_in_after = self._sign_in_after if job.verb == "apply" else None, None
        if job.verb == "sign-in":
            self._end_panel()
            self._come_forward()
        if job.verb in {"sign-in", "apply", "undo"} and job.instance in self.desk.known:
            self.desk.choose(job.instance)  # what follows, and what the banner offers, is about this instance
        if job.verb == "check" and job.instance != self.desk.current:
            if ending.problem is not None:
                self.window.statusBar().showMessage(f"{job.instance}: {ending.problem.words}")
        else:
            self._conclude(job, ending, sign_in_now=after is not None and job.instance == self.desk.current)

    def _conclude(self, job: Job, ending: Ending, *, sign_in_now: bool) -> None:
        from exoalias.ui import outcome

        if ending.problem is not None:
            self.say(outcome.of_problem(ending.problem, job.verb))
        elif ending.crashed:
            self._clear()
        elif job.verb == "sign-in" and self._stored:
            self.say(outcome.of_sign_in(self._stored))
        elif sign_in_now:
            self.sign_in_all()
        elif job.verb in {"check", "check-all", "undo", "apply"}:
            self._clear()
            self._say_standing()
        elif job.verb == "set-target":
            self.desk.check()

    # -- what is shown above the checklist ------------------------------------------------------------------------------

    def say(self, outcome: Outcome, *, take_keyboard: bool = True) -> None:
        """Show how something ended, with the keyboard on its first button unless the person is walking past."""
        from exoalias.ui.outcome import Banner

        if self._banner is None:
            self._banner = Banner()
            self._banner.chosen.connect(self._take_offer)
        self.window.stage.show_only(self._banner)
        self._banner.draw(outcome)
        if take_keyboard:
            self._banner.focus_first()

    def _take_offer(self, name: str) -> None:
        self._clear()
        if name == "again" and self._signing and self._last_verb_was_sign_in():
            self._sign_in(self._signing)
        elif name == "again":
            self.desk.check()
        elif name == "target":
            self.errands.choose_target()
        elif name == "password":
            self.errands.add_instance(again=True)

    def _last_verb_was_sign_in(self) -> bool:
        return self._banner is not None and self._banner.outcome is not None and self._banner.outcome.verb == "sign-in"

    def _clear(self) -> None:
        self.window.stage.show_only(None)
        if self.window.focusWidget() is None:
            self.window.checklist.setFocus()

    def _come_forward(self) -> None:
        """The person looks at a browser window: say on the task bar, and where allowed by raising, that it is our turn."""
        QApplication.alert(self.window)
        self.window.raise_()
        self.window.activateWindow()

    def _the_panel(self) -> SignInPanel:
        from exoalias.ui.sign_in_panel import SignInPanel

        if self._panel is None:
            self._panel = SignInPanel()
            self._panel.cancelled.connect(self._stop_sign_in)
            self._panel.carried_on.connect(self._carry_on)
            self._panel.asked_page.connect(self.errands.explain_page)
        return self._panel

    def _end_panel(self) -> None:
        if self._panel is not None:
            self._panel.end()
        if self.dialog is not None and self.dialog.objectName() == "first-use":
            self.dialog.close()
        self._clear()

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
