"""Errands about the list of instances: add one, forget one, read the list anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from exoalias.ui.errands.errand import Does, Errand
from exoalias.ui.words import _

if TYPE_CHECKING:
    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.app.control import Control
    from exoalias.domain.events import Tell
    from exoalias.ui.dialogs.instance_form import InstanceForm
    from exoalias.ui.runner import Ending


class Instances(Errand):
    """Add, remove, list."""

    def does(self) -> Does:
        """See Errand."""
        return (
            ("verb-instance-add", self.add_instance),
            ("verb-instance-change", lambda: self.add_instance(again=True)),
            ("verb-instance-rotate", lambda: self.add_instance(again=True)),
            ("verb-instance-remove", self.remove_instance),
            ("verb-instance-list", self.list_instances),
        )

    def wire(self) -> None:
        """See Errand."""
        self.window.add.clicked.connect(lambda _checked=False: self.add_instance())
        self.window.first.add_wanted.connect(self.add_instance)
        self.window.instances.removal_wanted.connect(self.remove_instance)

    def add_instance(self, *, again: bool = False) -> None:
        """Add an instance; ``again``: say anew how the current one is entered."""
        from exoalias.ui.dialogs.instance_form import InstanceForm

        here = self.desk.here
        customers = tuple(sorted({known.entry.customer for known in self.desk.known.values()} - {""}))
        form = InstanceForm(self.window, here.entry if again and here else None, customers)
        alive = [True]
        form.finished.connect(lambda _result: alive.clear())
        form.submitted.connect(lambda: self._add(form, alive))
        self.open(form)

    def _add(self, form: InstanceForm, alive: list[bool]) -> None:
        world, verbs = self.desk.world, self.desk.verbs
        if world is None:
            return
        wanted = form.take()
        name = wanted.name

        def work(tell: Tell, control: Control) -> object:
            verbs.add(world, wanted, tell, control)
            return verbs.listing(world)

        def got(ending: Ending) -> None:
            if ending.problem is not None and alive:
                form.refuse(ending.problem)
            elif ending.problem is not None:
                self.tell_problem(ending)
            elif not ending.crashed:
                if alive:
                    form.accept()
                self.desk.current, self.desk.over = name, None
                self.desk.list_again(cast("tuple[InstanceEntry, ...]", ending.value))
                self.desk.check(name)

        self.desk.look_up("add", work, got)

    def remove_instance(self) -> None:
        """Forget the current instance, after asking."""
        here, world, verbs = self.desk.here, self.desk.world, self.desk.verbs
        if here is None or world is None or self.desk.job is not None:
            return
        from exoalias.ui.dialogs.ask import Ask

        name = here.entry.name
        words = _(
            "exoalias forgets {name}, its password in the keyring, and what was proven about its "
            "tokens. Nothing is changed on the instance.",
            name=name,
        )
        ask = Ask(_("Remove {name}?", name=name), words, _("&Remove"), self.window)

        def work(_tell: Tell, _control: Control) -> object:
            verbs.remove(world, name)
            return verbs.listing(world)

        ask.accepted.connect(lambda: self.desk.look_up("remove", work, self._listed))
        self.open(ask)

    def list_instances(self) -> None:
        """Read the list anew and go to it."""
        world, verbs = self.desk.world, self.desk.verbs
        if world is not None:
            self.desk.look_up("list", lambda _tell, _control: verbs.listing(world), self._listed)
        self.window.instances.setFocus()

    def _listed(self, ending: Ending) -> None:
        if isinstance(ending.value, tuple):
            self.desk.list_again(ending.value)
        self.tell_problem(ending)
