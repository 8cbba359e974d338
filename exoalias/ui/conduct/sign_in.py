"""The sign-ins of the delegated user, as the window conducts them: which follow which, their panel, their questions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from exoalias.domain.events import ByHand, FirstUseQuestion, SignInEnded, SignInPhase, StrategyTaken, TokenStored
from exoalias.domain.strategies import Strategy
from exoalias.ui.errands.help import Help
from exoalias.ui.errands.target import WhatShouldBeTrue
from exoalias.ui.words import _

if TYPE_CHECKING:
    from exoalias.domain.checklist import Action
    from exoalias.ui.conduct.conductor import Conductor
    from exoalias.ui.runner import Job
    from exoalias.ui.sign_in_panel import SignInPanel


class SignIns(QObject):
    """Starts sign-ins, shows how they go, and remembers them so that they can be started again."""

    def __init__(self, conductor: Conductor) -> None:
        super().__init__(conductor)
        self._conductor = conductor
        self.window = conductor.window
        self.desk = conductor.desk
        self.stored: list[TokenStored] = []  # what the last sign-ins brought
        self._credentials: tuple[str, ...] = ()  # of the last sign-ins, to start them again
        self._panel: SignInPanel | None = None
        self._afterwards = ""  # the strategy to begin again with, once the sign-in under way has ended
        conductor.takes |= {
            SignInPhase: self._move_on,
            TokenStored: self._store,
            FirstUseQuestion: self.ask_first_use,
            SignInEnded: self._say_at_once,
            StrategyTaken: lambda _job, event: self.the_panel().take_strategy(event),
            ByHand: lambda _job, event: self.the_panel().show_steps(event),
        }
        conductor.banners.offers["device"] = self.as_managed_device

    # -- what the person wants ------------------------------------------------------------------------------------------

    def all(self) -> None:
        """Sign in for every credential the plan names; with changes still to write, show the plan instead."""
        here = self.desk.here
        if here is None or here.plan is None:
            return
        if here.plan.writes or not here.plan.sign_ins:
            self._conductor.review()
        else:
            self.start(tuple(s.credential_name for s in here.plan.sign_ins))

    def start_with(self, action: Action) -> None:
        """Start with the credential asked for; the plan's others follow, so that nobody has to find them."""
        here = self.desk.here
        if here is None or here.plan is None:
            return
        names = [s.credential_name for s in here.plan.sign_ins if s.credential == action.record]
        names += [s.credential_name for s in here.plan.sign_ins if s.credential != action.record]
        if here.plan.writes or not names:
            self._conductor.review()
        else:
            self.start(tuple(names))

    def start(self, names: tuple[str, ...], strategy: str = "") -> None:
        """Sign in for these credentials, one after the other; by that strategy, or as it is set."""
        here = self.desk.here
        if here is None or self.desk.job is not None:
            return
        if here.locked:
            self._conductor.locks.through(lambda: self.start(names, strategy))
            return
        if here.entry.delegated_user is None:
            self._conductor.errands.of(WhatShouldBeTrue).choose_target()
            return
        self._credentials = names
        self.stored = []
        panel = self.the_panel()
        panel.begin(names, here.entry.delegated_user)
        self.window.stage.show_only(panel)
        panel.cancel.setFocus()
        self.desk.sign_in(names, strategy)

    def as_managed_device(self) -> None:
        """The last sign-ins once more, where the device can say who it is; what is under way is cancelled first."""
        job = self.desk.job
        if job is not None and job.verb == "sign-in":
            self._afterwards = Strategy.DEVICE.value
            self._stop()
        elif self._credentials:
            self.start(self._credentials, Strategy.DEVICE.value)

    def goes_on(self) -> bool:
        """Begin again as was asked for meanwhile; whether that was so."""
        strategy, self._afterwards = self._afterwards, ""
        if strategy and self._credentials:
            self.start(self._credentials, strategy)
        return bool(strategy)

    def again(self) -> bool:
        """Start the last sign-ins once more; False where there were none."""
        if self._credentials:
            self.start(self._credentials)
        return bool(self._credentials)

    def _stop(self) -> None:
        if self.desk.job is not None:
            self.the_panel().stopping()
            self.desk.job.control.cancel()

    def _open_private(self) -> None:
        if self.desk.job is not None:
            self.desk.job.control.open_private()

    def _explain_page(self) -> None:
        self._conductor.errands.of(Help).explain_beside(self.as_managed_device)

    def _carry_on(self) -> None:
        if self.desk.job is not None:
            self.desk.job.control.carry_on()

    # -- what the verb tells --------------------------------------------------------------------------------------------

    def _move_on(self, _job: Job, event: SignInPhase) -> None:
        self.the_panel().move_on(event)
        self.window.header.line.setText(self.the_panel().phase.text().partition("\n")[0])

    def _store(self, _job: Job, event: TokenStored) -> None:
        self.stored.append(event)
        self.the_panel().stored(event)

    def _say_at_once(self, _job: Job, event: SignInEnded) -> None:
        """The browser windows still say why; so do we, and offer what to do once the verb has ended."""
        from exoalias.ui import outcome

        self.end()
        self._conductor.banners.show(replace(outcome.of_problem(event.problem, "sign-in"), offers=()))

    def ask_first_use(self, job: Job, event: FirstUseQuestion) -> None:
        """Nobody knows the account that signed in: the person decides, and the verb waits for it."""
        from exoalias.ui.dialogs.forms import FirstUse

        question = FirstUse(event.upn, event.object_id, event.tenant_id, event.credential_name, self.window)
        question.answered.connect(lambda agree: job.control.answer(agree=agree))
        self._conductor.open(question)
        self._conductor.come_forward()

    # -- the panel ------------------------------------------------------------------------------------------------------

    def the_panel(self) -> SignInPanel:
        """The panel, made when first needed."""
        from exoalias.ui.sign_in_panel import SignInPanel

        if self._panel is None:
            self._panel = SignInPanel()
            self._panel.cancelled.connect(self._stop)
            self._panel.carried_on.connect(self._carry_on)
            self._panel.opened_private.connect(self._open_private)
            self._panel.by_hand.copied.connect(lambda _address: self.window.statusBar().showMessage(_("Copied."), 4000))
            self._panel.asked_page.connect(self._explain_page)
        return self._panel

    def end(self) -> None:
        """The sign-ins are over: panel and question go."""
        if self._panel is not None:
            self._panel.end()
        dialog = self._conductor.dialog
        if dialog is not None and dialog.objectName() == "first-use":
            dialog.close()
        self._conductor.banners.clear()
