"""The settings page: opened with what is set, saved by a worker, in force at once where that can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from exoalias.ui import appearance
from exoalias.ui.errands.errand import Does, Errand
from exoalias.ui.words import _

if TYPE_CHECKING:
    from exoalias.domain.ladder import Resolved
    from exoalias.ui.dialogs.settings_page import SettingsPage
    from exoalias.ui.runner import Ending


class SettingsErrand(Errand):
    """Shows and changes the settings."""

    def does(self) -> Does:
        """See Errand."""
        return (("verb-settings", self.settings),)

    def settings(self) -> None:
        """Read them anew, then show them."""
        world, verbs = self.desk.world, self.desk.verbs
        if world is None:
            return

        def got(ending: Ending) -> None:
            if ending.problem is not None:
                self.tell_problem(ending)
            elif not ending.crashed:
                self._show(cast("Resolved", ending.value), str(world.user_settings))

        self.desk.look_up("settings", lambda _tell, _control: verbs.settings(world), got)

    def _show(self, ladder: Resolved, file: str) -> None:
        from exoalias.ui.dialogs.settings_page import SettingsPage

        page = SettingsPage(ladder, file, self.window)
        page.saved.connect(lambda: self._save(page))
        self.open(page)

    def _save(self, page: SettingsPage) -> None:
        world, verbs, said = self.desk.world, self.desk.verbs, page.changes()
        if world is None or not said:
            page.accept()
            return
        page.working()
        alive = [True]
        page.finished.connect(lambda _result: alive.clear())

        def got(ending: Ending) -> None:
            if ending.problem is not None or ending.crashed:
                if alive:
                    page.refuse(ending.problem)
                else:
                    self.tell_problem(ending)
                return
            self._take(cast("Resolved", ending.value), said)
            if alive:
                page.accept()

        self.desk.look_up("set-settings", lambda _tell, _control: verbs.set_settings(world, said), got)

    def _take(self, ladder: Resolved, said: dict[str, str]) -> None:
        """Let the new values count from now on, and name those that need another start."""
        desk = self.desk
        if desk.world is not None:
            before = desk.world
            desk.world = before.settled(ladder)
            if desk.world.http is not before.http and desk.job is None:
                before.http.close()
        appearance.apply(ladder.settings.appearance)
        later = [each.setting.title for each in ladder.standings if each.setting.name in said and each.setting.at_start]
        words = _("Saved.")
        if later:
            words += " " + _("From the next start on: {titles}.", titles=", ".join(_(title) for title in later))
        self.window.statusBar().showMessage(words, 8000)
