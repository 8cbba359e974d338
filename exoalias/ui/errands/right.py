"""Errands about what is right: say that it is, and let ServiceNow's own scan have its say."""

from __future__ import annotations

from exoalias.ui.errands.errand import Does, Errand
from exoalias.ui.words import _


class WhatWasRight(Errand):
    """Each asks first: one takes the place of what was remembered, the other starts a job on the instance."""

    def does(self) -> Does:
        """See Errand."""
        return (("verb-remember", self.remember), ("verb-scan", self.scan))

    def remember(self) -> None:
        """Say that the current instance is right as it is."""
        here = self.desk.here
        if here is None or self.desk.job is not None:
            return
        from exoalias.ui.dialogs.ask import Ask

        words = _(
            "{name} is read, and its registry, profile, credentials, connections, calendar provider and the marks of its tokens "
            "are remembered as they are, without any secret. Later checks say what changed since. What is wrong stays wrong.",
            name=here.entry.name,
        )
        ask = Ask(_("Is {name} right as it is?", name=here.entry.name), words, _("&Remember it"), self.window)
        ask.accepted.connect(lambda: self.desk.ask("remember", self.desk.verbs.remember))
        self.open(ask)

    def scan(self) -> None:
        """Run ServiceNow's own scan."""
        here = self.desk.here
        if here is None or self.desk.job is not None:
            return
        from exoalias.ui.dialogs.ask import Ask

        words = _(
            "The suite for calendar synchronisation is started as a job on {name}. It changes no setting; its results stay there "
            "under Instance Scan, and are shown here beside the checks.",
            name=here.entry.name,
        )
        ask = Ask(_("Run ServiceNow's own scan?"), words, _("&Run the scan"), self.window)
        ask.accepted.connect(lambda: self.desk.ask("scan", self.desk.verbs.scan))
        self.open(ask)
