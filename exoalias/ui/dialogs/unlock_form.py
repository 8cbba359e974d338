"""Unlocking a production instance: its name is typed, so that nobody writes to the wrong line of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QSpinBox

from exoalias.ui.dialogs.forms import Form
from exoalias.ui.labels import fixed, named
from exoalias.ui.words import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

LONGEST_MINUTES = 8 * 60


class UnlockForm(Form):
    """The button is there once what was typed is the instance's name."""

    def __init__(self, name: str, minutes: int, parent: QWidget | None = None) -> None:
        words = _(
            "This is a production instance. While it is unlocked, exoalias may write a plan you agreed to, put back what it "
            "wrote, and sign in credentials. Then it is read-only again by itself. Each of these still asks you first."
        )
        super().__init__(_("Unlock {name}?", name=name), words, _("&Unlock"), parent)
        self.setObjectName("unlock-form")
        self._name = name
        shown = fixed(name, name="unlock-shown-name")
        shown.setAccessibleName(_("The instance's name: {name}", name=name))
        self.fields.addRow(_("Instance"), shown)
        self.typed = self.line(_("&Type its name"), "unlock-typed")
        self.minutes = named(QSpinBox(), "unlock-minutes")
        self.minutes.setRange(1, LONGEST_MINUTES)
        self.minutes.setValue(minutes)
        self.minutes.setSuffix(_(" minutes"))
        caption = QLabel(_("&For"))
        caption.setBuddy(self.minutes)
        self.minutes.setAccessibleName(_("For how many minutes"))
        self.fields.addRow(caption, self.minutes)
        self.typed.textChanged.connect(lambda _text: self._allow())
        self.finish()
        self._allow()
        self.typed.setFocus()

    def _allow(self) -> None:
        self.go.setEnabled(self.typed.text().strip() == self._name)

    def missing(self) -> str:
        """See Form. Enter in the line doesn't ask the button."""
        return "" if self.typed.text().strip() == self._name else _("Type the instance's name as it is shown.")
