"""What every side errand of the window is made of: the desk, and a way to open a dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject

from exoalias.ui.remedies import remedy
from exoalias.ui.words import told

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QDialog

    from exoalias.ui.runner import Ending
    from exoalias.ui.window import Window

Does = tuple[tuple[str, "Callable[[], object]"], ...]
"""Names of actions, each with what it does."""


class OpenDialog(Protocol):
    """How a dialog is opened over the window."""

    def __call__(self, dialog: QDialog, *, modal: bool = True) -> None:
        """Open it."""


class Errand(QObject):
    """Opens dialogs, or does something that doesn't touch the checklist. ``does`` says for which actions."""

    def __init__(self, window: Window, open_dialog: OpenDialog) -> None:
        super().__init__(window)
        self.window = window
        self.desk = window.desk
        self.open = open_dialog

    def does(self) -> Does:
        """Which actions of the menus this errand carries out."""
        return ()

    def wire(self) -> None:
        """Connect what is no action: a button, a key."""

    def tell_problem(self, ending: Ending) -> None:
        """A Problem with nobody waiting for it any more: said in the status bar."""
        if ending.problem is not None:
            self.window.statusBar().showMessage(f"{told(ending.problem.words)} {remedy(ending.problem)}")
