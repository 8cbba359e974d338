"""Asks for the one-time code that an instance wants beside the password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog

from exoalias.ui.dialogs.forms import Form
from exoalias.ui.words import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class CodeDialog(Form):
    """``answered`` tells the code, or None where the person gave none."""

    answered = Signal(object)

    def __init__(self, instance: str, user: str, parent: QWidget | None = None) -> None:
        title = _("One-time code for {instance}", instance=instance)
        words = _(
            "The instance wants the code that the authenticator app of {user} shows now. It is used once and not kept.", user=user
        )
        super().__init__(title, words, _("&Go on"), parent)
        self.setObjectName("code-question")
        self.code = self.line(_("&Code"), "code-text")
        self.code.setMaxLength(16)
        self.submitted.connect(self.accept)
        self.finished.connect(self._answer)
        self.finish()
        self.code.setFocus()

    def missing(self) -> str:
        """See Form."""
        return "" if self.code.text().strip() else _("The code is missing.")

    def _answer(self, result: int) -> None:
        code = self.code.text().strip()
        self.code.clear()
        self.answered.emit(code if result == QDialog.DialogCode.Accepted else None)
