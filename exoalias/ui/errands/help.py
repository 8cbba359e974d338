"""Errands of the Help menu, and the simulated instance to try things on."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from exoalias.ui.errands.errand import Does, Errand
from exoalias.ui.remedies import remedy
from exoalias.ui.words import _, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.ui.runner import Ending
    from exoalias.ui.verbs import Playground


class Help(Errand):
    """Explains error pages, says what the program is, and starts a simulated instance."""

    def does(self) -> Does:
        """See Errand."""
        return (("verb-explain", self.explain_page), ("about", self.about), ("verb-demo", self.play))

    def wire(self) -> None:
        """See Errand."""
        self.window.first.play_wanted.connect(self.play)

    def explain_page(self) -> None:
        """What an error page of Microsoft says, explained."""
        self.explain_beside(None)

    def explain_beside(self, as_managed_device: Callable[[], None] | None) -> None:
        """The same, beside a sign-in that may be begun again where the device can say who it is."""
        from exoalias.ui.dialogs.page_says import PageSays

        page = PageSays(self.window, offers_device=as_managed_device is not None)
        if as_managed_device is not None:
            page.device_wanted.connect(as_managed_device)
        # Beside the sign-in panel, never in its way.
        self.open(page, modal=False)

    def about(self) -> None:
        """Name, version, licence."""
        from exoalias import __version__
        from exoalias.ui.dialogs.ask import Ask

        words = _(
            "Version {version}\n\nChecks the strict mode connection and credential alias for "
            "Microsoft Exchange Online on a ServiceNow "
            "instance, sets what is missing, and proves whose token is stored. It does not manage e-mail aliases.\n\n"
            "Free software under the MIT licence. Not affiliated with ServiceNow or Microsoft.",
            version=__version__,
        )
        self.open(Ask(_("About exoalias"), words, "", self.window))

    def play(self) -> None:
        """Start a simulated instance and work on it from now on."""
        verbs = self.desk.verbs
        first = self.window.first
        first.play.setEnabled(False)
        self.window.actions_by_verb.by_name["verb-demo"].setEnabled(False)
        first.says.setText(_("Starting the simulated instance …"))
        self.window.statusBar().showMessage(first.says.text())

        def got(ending: Ending) -> None:
            first.play.setEnabled(True)
            self.window.statusBar().clearMessage()
            first.says.setText("")
            if ending.problem is not None:
                first.says.setText(f"{told(ending.problem.words)} {remedy(ending.problem)}")
                self.tell_problem(ending)
            elif not ending.crashed:
                playground = cast("Playground", ending.value)
                if self.desk.far_side is not None:
                    self.desk.far_side.stop()
                self.desk.adopt(playground.world, playground.far_side, playground.name)
                self.window.show_people(playground.far_side.announcement)

        self.desk.look_up("demo", lambda _tell, _control: verbs.play(), got)
