"""The errand of the pinned account: shown, and another one or none after typing; a check follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from exoalias.ui.errands.errand import Does, Errand
from exoalias.ui.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.app.world import World
    from exoalias.domain.target import Pin
    from exoalias.ui.dialogs.pin_form import PinForm
    from exoalias.ui.runner import Ending


class PinnedAccount(Errand):
    """Reads the pin first, so that the form shows what is about to be changed."""

    def does(self) -> Does:
        """See Errand."""
        return (("verb-pin", self.show),)

    def show(self) -> None:
        """The pin of the current instance."""
        here, world, verbs = self.desk.here, self.desk.world, self.desk.verbs
        if here is None or world is None or self.desk.job is not None:
            return
        name = here.entry.name

        def got(ending: Ending) -> None:
            if ending.problem is not None or ending.crashed:
                self.tell_problem(ending)
            elif self.desk.current == name:
                self._open(world, name, cast("Pin | None", ending.value))

        self.desk.look_up("pin", lambda _tell, _control: verbs.pinned(world, name), got)

    def _open(self, world: World, name: str, pin: Pin | None) -> None:
        from exoalias.ui.dialogs.pin_form import PinForm

        verbs, form = self.desk.verbs, PinForm(name, pin, self.window)
        alive = [True]
        form.finished.connect(lambda _result: alive.clear())

        def change() -> None:
            object_id, tenant, typed = form.object_id.text(), form.tenant.text(), form.typed.text()
            said = _("Another account is pinned for {name}.", name=name)
            self._do(form, alive, name, lambda: verbs.pin_by_hand(world, name, object_id, tenant, typed), said)

        def remove() -> None:
            typed, said = form.typed.text(), _("Nobody is pinned for {name} any more.", name=name)
            self._do(form, alive, name, lambda: verbs.remove_pin(world, name, typed), said)

        form.submitted.connect(change)
        form.removed.connect(remove)
        self.open(form)

    def _do(self, form: PinForm, alive: list[bool], name: str, do: Callable[[], object], said: str) -> None:
        verbs, world = self.desk.verbs, self.desk.world
        if world is None:
            return

        def work(_tell: object, _control: object) -> object:
            do()
            return verbs.listing(world)

        def got(ending: Ending) -> None:
            if ending.problem is not None and alive:
                form.refuse(ending.problem)
            elif ending.problem is not None:
                self.tell_problem(ending)
            elif isinstance(ending.value, tuple):
                if alive:
                    form.accept()
                self.window.statusBar().showMessage(said, 8000)
                self.desk.list_again(ending.value)
                self.desk.check(name)

        self.desk.look_up("set-pin", work, got)
