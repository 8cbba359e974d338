"""The errand of saying what should be true on an instance: the delegated user and the profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from exoalias.ui.errands.errand import Does, Errand
from exoalias.ui.words import _, told

if TYPE_CHECKING:
    from exoalias.app.control import Control
    from exoalias.domain.candidates import Candidate
    from exoalias.domain.events import Tell
    from exoalias.domain.target import Pin
    from exoalias.ui.dialogs.target_form import TargetForm
    from exoalias.ui.runner import Ending


class WhatShouldBeTrue(Errand):
    """Opens the form and remembers what was said; a check follows."""

    def does(self) -> Does:
        """See Errand."""
        return (("verb-target", self.choose_target),)

    def choose_target(self) -> None:
        """Say the delegated user and the profile; the candidates are read meanwhile."""
        here, world, verbs = self.desk.here, self.desk.world, self.desk.verbs
        if here is None or world is None or self.desk.job is not None:
            return
        from exoalias.ui.dialogs.target_form import TargetForm

        name = here.entry.name
        form = TargetForm(here.entry, self.window)
        alive = [True]
        form.finished.connect(lambda _result: alive.clear())
        form.submitted.connect(lambda: self._set_target(form, alive))
        form.pin_wanted.connect(lambda: self._pin_instead(form))
        self.open(form)

        def got(ending: Ending) -> None:
            if not alive:
                return
            if ending.problem is not None:
                form.no_candidates(_("The profiles can't be read now. {why}", why=told(ending.problem.words)))
            elif not ending.crashed:
                form.offer(cast("tuple[Candidate, ...]", ending.value))

        def got_pin(ending: Ending) -> None:
            if alive and ending.problem is None and not ending.crashed:
                form.show_pin(cast("Pin | None", ending.value))
            elif alive:
                form.say_of_pin(_("What is pinned can't be read now."))

        self.desk.look_up("candidates", lambda tell, control: verbs.candidates(world, name, tell, control), got)
        self.desk.look_up("pin", lambda _tell, _control: verbs.pinned(world, name), got_pin)

    def _pin_instead(self, form: TargetForm) -> None:
        form.reject()
        self.window.actions_by_verb.by_name["verb-pin"].trigger()

    def _set_target(self, form: TargetForm, alive: list[bool]) -> None:
        world, verbs, name, said = self.desk.world, self.desk.verbs, self.desk.current, form.said()
        if world is None:
            return

        def work(tell: Tell, control: Control) -> object:
            verbs.set_target(world, name, said, tell, control)
            return verbs.listing(world)

        def got(ending: Ending) -> None:
            if ending.problem is not None and alive:
                form.refuse(ending.problem)
            elif ending.problem is not None:
                self.tell_problem(ending)
            elif isinstance(ending.value, tuple):
                if alive:
                    form.accept()
                self.desk.list_again(ending.value)
                self.desk.check(name)

        self.desk.look_up("target", work, got)
