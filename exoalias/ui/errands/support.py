"""The support bundle: collected by a worker, shown in full, saved where the person says."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from exoalias.ui.errands.errand import Does, Errand
from exoalias.ui.words import _, told

if TYPE_CHECKING:
    from exoalias.app.support import Bundle
    from exoalias.ui.runner import Ending


class SupportBundle(Errand):
    """Also when the world could not be opened: that is when it is wanted most."""

    def does(self) -> Does:
        """See Errand."""
        return (("verb-support", self.support),)

    def support(self) -> None:
        """Open the view at once; fill it when everything is collected."""
        world, verbs = self.desk.world, self.desk.verbs
        from exoalias.ui.dialogs.bundle import BundleView

        view = BundleView(self.window)
        alive = [True]
        view.finished.connect(lambda _result: alive.clear())
        self.open(view)

        def got(ending: Ending) -> None:
            if alive and ending.problem is not None:
                view.say(told(ending.problem.words))
            elif alive and ending.crashed:
                view.say(_("The bundle can't be collected: an error in the program. The log itself is in its folder."))
            elif alive:
                view.draw(cast("Bundle", ending.value))

        self.desk.look_up("support", lambda _tell, _control: verbs.support(world), got)
