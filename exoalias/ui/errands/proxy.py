"""The proxy's user and password: asked for in a form, kept or forgotten by a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from exoalias.ui.errands.errand import Does, Errand
from exoalias.ui.words import _

if TYPE_CHECKING:
    from exoalias.app.proxy_login import ProxyState
    from exoalias.ui.dialogs.proxy_form import ProxyForm
    from exoalias.ui.runner import Ending


class ProxyErrand(Errand):
    """Shows and changes who is kept for the proxy that is set."""

    def does(self) -> Does:
        """See Errand."""
        return (("verb-proxy", self.proxy),)

    def proxy(self) -> None:
        """Read what is kept, then ask."""
        world, verbs = self.desk.world, self.desk.verbs
        if world is None:
            return

        def got(ending: Ending) -> None:
            if ending.problem is not None:
                self.tell_problem(ending)
            elif not ending.crashed:
                self._ask(cast("ProxyState", ending.value))

        self.desk.look_up("proxy", lambda _tell, _control: verbs.proxy_state(world), got)

    def _ask(self, now: ProxyState) -> None:
        from exoalias.ui.dialogs.proxy_form import ProxyForm

        if not now.proxy:
            self.window.statusBar().showMessage(_("No proxy is set. The settings have a line for it (Proxy)."), 8000)
            return
        form = ProxyForm(now.proxy, now.user, now.keeper, self.window)
        form.submitted.connect(lambda: self._keep(form))
        self.open(form)

    def _keep(self, form: ProxyForm) -> None:
        world, verbs = self.desk.world, self.desk.verbs
        if world is None:
            return
        user = "" if form.forgets else form.user.text()
        password = form.password.text()
        alive = [True]
        form.finished.connect(lambda _result: alive.clear())

        def got(ending: Ending) -> None:
            if ending.problem is not None and alive:
                form.refuse(ending.problem)
            elif ending.problem is not None or ending.crashed:
                self.tell_problem(ending)
            elif alive:
                form.accept()
                self.window.statusBar().showMessage(_("Kept.") if user else _("Forgotten."), 8000)

        self.desk.look_up("keep-proxy", lambda _tell, _control: verbs.keep_proxy(world, user, password), got)
