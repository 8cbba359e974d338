"""The side errands of the window: instances, target, journal, doctor, undo, error pages, the simulated instance, about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QObject

from exoalias.ui.words import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from exoalias.adapters.entries import InstanceEntry
    from exoalias.adapters.journal import Entry
    from exoalias.app.control import Control
    from exoalias.app.doctor import Probe
    from exoalias.domain.candidates import Candidate
    from exoalias.domain.events import Tell
    from exoalias.ui.actions import Actions
    from exoalias.ui.forms import AddInstance
    from exoalias.ui.runner import Ending
    from exoalias.ui.target_form import TargetForm
    from exoalias.ui.verbs import Playground
    from exoalias.ui.window import Window


class OpenDialog(Protocol):
    """How a dialog is opened over the window."""

    def __call__(self, dialog: QDialog, *, modal: bool = True) -> None:
        """Open it."""


class Errands(QObject):
    """Each method opens one dialog, or does one thing that doesn't touch the checklist."""

    def __init__(self, window: Window, open_dialog: OpenDialog) -> None:
        super().__init__(window)
        self.window = window
        self.desk = window.desk
        self._open = open_dialog

    def wire(self, actions: Actions) -> None:
        """Connect the actions and buttons that are errands."""
        window = self.window
        for name, do in (
            ("verb-instance-add", self.add_instance),
            ("verb-instance-remove", self.remove_instance),
            ("verb-instance-list", self.list_instances),
            ("verb-demo", self.play),
            ("verb-target", self.choose_target),
            ("verb-undo", self.undo),
            ("verb-journal", self.journal),
            ("verb-doctor", self.doctor),
            ("page-says", self.explain_page),
            ("about", self.about),
        ):
            actions.connect(name, do)
        window.add.clicked.connect(lambda _checked=False: self.add_instance())
        window.first.add_wanted.connect(self.add_instance)
        window.first.play_wanted.connect(self.play)
        window.instances.removal_wanted.connect(self.remove_instance)

    # -- instances ------------------------------------------------------------------------------------------------------

    def add_instance(self, *, again: bool = False) -> None:
        """Add an instance; ``again``: give the password of the current one anew."""
        from exoalias.ui.forms import AddInstance

        here = self.desk.here
        form = AddInstance(self.window, here.entry if again and here else None)
        alive = [True]
        form.finished.connect(lambda _result: alive.clear())
        form.submitted.connect(lambda: self._add(form, alive))
        self._open(form)

    def _add(self, form: AddInstance, alive: list[bool]) -> None:
        world, verbs = self.desk.world, self.desk.verbs
        if world is None:
            return
        name, url, user = form.name.text().strip(), form.address.text().strip(), form.user.text().strip()
        secret, keep = form.take_secret(), not form.this_run_only.isChecked()

        def work(_tell: Tell, _control: Control) -> object:
            verbs.add(world, name, url, user, secret, keep)
            return verbs.listing(world)

        def got(ending: Ending) -> None:
            if ending.problem is not None and alive:
                form.refuse(ending.problem)
            elif ending.problem is not None:
                self._tell_problem(ending)
            elif not ending.crashed:
                if alive:
                    form.accept()
                self.desk.current = name
                self.desk.list_again(cast("tuple[InstanceEntry, ...]", ending.value))
                self.desk.check(name)

        self.desk.look_up("add", work, got)

    def remove_instance(self) -> None:
        """Forget the current instance, after asking."""
        here, world, verbs = self.desk.here, self.desk.world, self.desk.verbs
        if here is None or world is None or self.desk.job is not None:
            return
        from exoalias.ui.ask import Ask

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
        self._open(ask)

    def list_instances(self) -> None:
        """Read the list anew and go to it."""
        world, verbs = self.desk.world, self.desk.verbs
        if world is not None:
            self.desk.look_up("list", lambda _tell, _control: verbs.listing(world), self._listed)
        self.window.instances.setFocus()

    def _listed(self, ending: Ending) -> None:
        if isinstance(ending.value, tuple):
            self.desk.list_again(ending.value)
        self._tell_problem(ending)

    def _tell_problem(self, ending: Ending) -> None:
        if ending.problem is not None:
            self.window.statusBar().showMessage(f"{ending.problem.words} {ending.problem.remedy}")

    # -- what should be true --------------------------------------------------------------------------------------------

    def choose_target(self) -> None:
        """Say the delegated user and the profile; the candidates are read meanwhile."""
        here, world, verbs = self.desk.here, self.desk.world, self.desk.verbs
        if here is None or world is None or self.desk.job is not None:
            return
        from exoalias.ui.target_form import TargetForm

        name = here.entry.name
        form = TargetForm(here.entry, self.window)
        alive = [True]
        form.finished.connect(lambda _result: alive.clear())
        form.submitted.connect(lambda: self._set_target(form, alive))
        self._open(form)

        def got(ending: Ending) -> None:
            if not alive:
                return
            if ending.problem is not None:
                form.no_candidates(_("The profiles can't be read now. {why}", why=ending.problem.words))
            elif not ending.crashed:
                form.offer(cast("tuple[Candidate, ...]", ending.value))

        self.desk.look_up("candidates", lambda tell, control: verbs.candidates(world, name, tell, control), got)

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
                self._tell_problem(ending)
            elif isinstance(ending.value, tuple):
                if alive:
                    form.accept()
                self.desk.list_again(ending.value)
                self.desk.check(name)

        self.desk.look_up("target", work, got)

    # -- looking things up ----------------------------------------------------------------------------------------------

    def journal(self) -> None:
        """What was intended and what happened on the current instance."""
        world, verbs, name = self.desk.world, self.desk.verbs, self.desk.current
        if world is None or not name:
            return
        from exoalias.ui.reports import JournalView

        view = JournalView(name, self.window)
        alive = [True]
        view.finished.connect(lambda _result: alive.clear())
        self._open(view)

        def got(ending: Ending) -> None:
            if alive and ending.problem is not None:
                view.say(ending.problem.words)
            elif alive and not ending.crashed:
                view.draw(cast("tuple[Entry, ...]", ending.value))

        self.desk.look_up("journal", lambda _tell, _control: verbs.journal(world, name), got)

    def doctor(self) -> None:
        """What this computer allows."""
        world, verbs = self.desk.world, self.desk.verbs
        if world is None:
            return
        from exoalias.ui.reports import DoctorView

        view = DoctorView(self.window)
        alive = [True]
        view.finished.connect(lambda _result: alive.clear())
        self._open(view)

        def got(ending: Ending) -> None:
            if alive and ending.problem is not None:
                view.say(ending.problem.words)
            elif alive and not ending.crashed:
                view.draw(cast("tuple[Probe, ...]", ending.value))

        self.desk.look_up("doctor", lambda _tell, _control: verbs.doctor(world), got)

    def undo(self) -> None:
        """Put back what was written, after asking."""
        here = self.desk.here
        if here is None or self.desk.job is not None:
            return
        from exoalias.ui.ask import Ask

        words = _(
            "Each field that exoalias wrote on {name} is put back to what it was before, if it still is what exoalias wrote. "
            "Tokens are not touched.",
            name=here.entry.name,
        )
        ask = Ask(_("Undo what was written?"), words, _("&Put back"), self.window)
        ask.accepted.connect(self.desk.undo)
        self._open(ask)

    def explain_page(self) -> None:
        """What an error page of Microsoft says, explained."""
        from exoalias.ui.page_says import PageSays

        # Beside the sign-in panel, never in its way.
        self._open(PageSays(self.window), modal=False)

    def about(self) -> None:
        """Name, version, licence."""
        from exoalias import __version__
        from exoalias.ui.ask import Ask

        words = _(
            "Version {version}\n\nChecks the strict mode connection and credential alias for "
            "Microsoft Exchange Online on a ServiceNow "
            "instance, sets what is missing, and proves whose token is stored. It does not manage e-mail aliases.\n\n"
            "Free software under the MIT licence. Not affiliated with ServiceNow or Microsoft.",
            version=__version__,
        )
        self._open(Ask(_("About exoalias"), words, "", self.window))

    # -- the simulated instance -----------------------------------------------------------------------------------------

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
                first.says.setText(f"{ending.problem.words} {ending.problem.remedy}")
                self._tell_problem(ending)
            elif not ending.crashed:
                playground = cast("Playground", ending.value)
                if self.desk.far_side is not None:
                    self.desk.far_side.stop()
                self.desk.adopt(playground.world, playground.far_side, playground.name)
                self.window.show_people(playground.far_side.announcement)

        self.desk.look_up("demo", lambda _tell, _control: verbs.play(), got)
