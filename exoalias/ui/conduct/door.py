"""Signing in to the instance, as the window conducts it: its panel, and the question for a one-time code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from exoalias.domain.events import CodeQuestion, Door, DoorPhase

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from exoalias.ui.conduct.conductor import Conductor
    from exoalias.ui.door_panel import DoorPanel
    from exoalias.ui.runner import Ending, Job


class Entering(QObject):
    """Shows that somebody has to sign in to the instance; afterwards what stood there before stands there again."""

    def __init__(self, conductor: Conductor) -> None:
        super().__init__(conductor)
        self._conductor = conductor
        self._stage = conductor.window.stage
        self._panel: DoorPanel | None = None
        self._before: QWidget | None = None
        self._job: Job | None = None
        conductor.takes |= {DoorPhase: self._move_on, CodeQuestion: self._ask_code}
        conductor.desk.ended.connect(self._on_ended)

    def _move_on(self, job: Job, event: DoorPhase) -> None:
        if event.phase is Door.OPEN:
            self._leave()
            self._conductor.come_forward()
            return
        panel = self._the_panel()
        if self._job is None:
            self._before = self._stage.shown
        self._job = job
        panel.move_on(event)
        if self._stage.shown is not panel:
            self._stage.show_only(panel)
            panel.cancel.setFocus()

    def _leave(self) -> None:
        if self._job is None:
            return
        self._job = None
        self._the_panel().end()
        self._stage.show_only(self._before)
        self._before = None

    def _on_ended(self, job: Job, _ending: Ending) -> None:
        if self._job is not None and job.number == self._job.number:
            self._before = None  # what stood there belonged to the verb that ended
            showing = self._stage.shown is self._panel
            self._job = None
            self._the_panel().end()
            if showing:
                self._stage.show_only(None)

    def _ask_code(self, job: Job, event: CodeQuestion) -> None:
        from exoalias.ui.dialogs.code_question import CodeDialog

        question = CodeDialog(event.instance, event.user, self._conductor.window)
        question.answered.connect(lambda code: job.control.type(code))  # noqa: PLW0108 - Qt keeps no bound method of a slotted object
        self._conductor.open(question)
        self._conductor.come_forward()

    def _the_panel(self) -> DoorPanel:
        from exoalias.ui.door_panel import DoorPanel

        if self._panel is None:
            self._panel = DoorPanel()
            self._panel.cancelled.connect(self._stop)
            self._panel.carried_on.connect(self._carry_on)
        return self._panel

    def _stop(self) -> None:
        if self._job is not None:
            self._the_panel().stopping()
            self._job.control.cancel()

    def _carry_on(self) -> None:
        if self._job is not None:
            self._job.control.carry_on()
