"""Whose token is it? The script to run by hand, made by a worker; its answer compared by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.ui.errands.errand import Does, Errand
from exoalias.ui.words import _

if TYPE_CHECKING:
    from exoalias.ui.dialogs.owner_form import OwnerForm
    from exoalias.ui.runner import Ending


class Owner(Errand):
    """Shows the script and takes the answer; runs nothing on the instance."""

    def does(self) -> Does:
        """See Errand."""
        return (("verb-owner", self.owner),)

    def owner(self) -> None:
        """Open the form for the current instance."""
        here = self.desk.here
        if here is None or self.desk.world is None or self.desk.job is not None:
            return
        from exoalias.ui.dialogs.owner_form import OwnerForm

        form = OwnerForm(here.entry.name, here.entry.credential_names, self.window)
        form.wanted.connect(lambda credential: self._make(form, here.entry.name, credential))
        form.submitted.connect(lambda: self._compare(form, here.entry.name))
        self.open(form)
        self._make(form, here.entry.name, form.credential.currentText())

    def _make(self, form: OwnerForm, name: str, credential: str) -> None:
        world, verbs, alive = self.desk.world, self.desk.verbs, _alive(form)
        if world is None:
            return

        def got(ending: Ending) -> None:
            if not alive or form.credential.currentText() != credential:
                return
            if ending.problem is not None:
                form.refuse(ending.problem)
            elif isinstance(ending.value, str):
                form.show_script(ending.value)

        self.desk.look_up("owner", lambda tell, control: verbs.owner_script(world, name, credential, tell, control), got)

    def _compare(self, form: OwnerForm, name: str) -> None:
        world, verbs, pasted, alive = self.desk.world, self.desk.verbs, form.answer.toPlainText(), _alive(form)
        if world is None:
            return

        def got(ending: Ending) -> None:
            if ending.problem is not None and alive:
                form.refuse(ending.problem)
            elif ending.problem is not None or ending.crashed:
                self.tell_problem(ending)
            elif alive:
                form.accept()
                self.window.statusBar().showMessage(_("Compared: see the credential's line on what the instance said."), 8000)

        self.desk.look_up("owner", lambda tell, control: verbs.owner_answer(world, name, pasted, tell, control), got)


def _alive(form: OwnerForm) -> list[bool]:
    """Empty once the form was closed."""
    alive = [True]
    form.finished.connect(lambda _result: alive.clear())
    return alive
