"""Errands that look something up, or put something back: journal, doctor, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from exoalias.ui.errands.errand import Does, Errand
from exoalias.ui.words import _, told

if TYPE_CHECKING:
    from exoalias.adapters.keeping.journal import Entry
    from exoalias.app.doctor import Probe
    from exoalias.ui.runner import Ending


class Reports(Errand):
    """Each opens its view at once and fills it when the answer is there."""

    def does(self) -> Does:
        """See Errand."""
        return (("verb-journal", self.journal), ("verb-doctor", self.doctor), ("verb-undo", self.undo))

    def journal(self) -> None:
        """What was intended and what happened on the current instance."""
        world, verbs, name = self.desk.world, self.desk.verbs, self.desk.current
        if world is None or not name:
            return
        from exoalias.ui.dialogs.reports import JournalView

        view = JournalView(name, self.window)
        alive = [True]
        view.finished.connect(lambda _result: alive.clear())
        self.open(view)

        def got(ending: Ending) -> None:
            if alive and ending.problem is not None:
                view.say(told(ending.problem.words))
            elif alive and not ending.crashed:
                view.draw(cast("tuple[Entry, ...]", ending.value))

        self.desk.look_up("journal", lambda _tell, _control: verbs.journal(world, name), got)

    def doctor(self) -> None:
        """What this computer allows."""
        world, verbs = self.desk.world, self.desk.verbs
        if world is None:
            return
        from exoalias.ui.dialogs.reports import DoctorView

        view = DoctorView(self.window)
        alive = [True]
        view.finished.connect(lambda _result: alive.clear())
        self.open(view)

        def got(ending: Ending) -> None:
            if alive and ending.problem is not None:
                view.say(told(ending.problem.words))
            elif alive and not ending.crashed:
                view.draw(cast("tuple[Probe, ...]", ending.value))

        self.desk.look_up("doctor", lambda _tell, _control: verbs.doctor(world), got)

    def undo(self) -> None:
        """Put back what was written, after asking."""
        here = self.desk.here
        if here is None or self.desk.job is not None:
            return
        from exoalias.ui.dialogs.ask import Ask

        words = _(
            "Each field that exoalias wrote on {name} is put back to what it was before, if it still is what exoalias wrote. "
            "Tokens are not touched.",
            name=here.entry.name,
        )
        ask = Ask(_("Undo what was written?"), words, _("&Put back"), self.window)
        ask.accepted.connect(self.desk.undo)
        self.open(ask)
