"""The side errands of the window, one class for each kind; a new kind is one line more in ``Errands``.

Each class says in ``does`` which of the menus' actions it carries out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from PySide6.QtCore import QObject

from exoalias.ui.errands.help import Help
from exoalias.ui.errands.instances import Instances
from exoalias.ui.errands.lists import Lists
from exoalias.ui.errands.owner import Owner
from exoalias.ui.errands.pin import PinnedAccount
from exoalias.ui.errands.proxy import ProxyErrand
from exoalias.ui.errands.reports import Reports
from exoalias.ui.errands.right import WhatWasRight
from exoalias.ui.errands.settings import SettingsErrand
from exoalias.ui.errands.support import SupportBundle
from exoalias.ui.errands.target import WhatShouldBeTrue

if TYPE_CHECKING:
    from exoalias.ui.actions import Actions
    from exoalias.ui.errands.errand import Errand, OpenDialog
    from exoalias.ui.window import Window

E = TypeVar("E", bound="Errand")

KINDS: tuple[type[Errand], ...] = (
    Instances,
    Lists,
    WhatShouldBeTrue,
    PinnedAccount,
    Reports,
    WhatWasRight,
    Owner,
    SettingsErrand,
    ProxyErrand,
    SupportBundle,
    Help,
)


class Errands(QObject):
    """Makes every errand and wires it; ``of`` gives one of them."""

    def __init__(self, window: Window, open_dialog: OpenDialog) -> None:
        super().__init__(window)
        self._all = {kind: kind(window, open_dialog) for kind in KINDS}

    def wire(self, actions: Actions) -> None:
        """Connect the actions and buttons that are errands."""
        for errand in self._all.values():
            for name, do in errand.does():
                actions.connect(name, do)
            errand.wire()

    def of(self, kind: type[E]) -> E:
        """The errand of that kind."""
        return cast("E", self._all[kind])
