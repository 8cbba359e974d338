"""A question with one way on and one way back; without a way on, a plain message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from exoalias.ui import theme
from exoalias.ui.labels import heading, named, prose
from exoalias.ui.words import _

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent


class Ask(QDialog):
    """``accepted`` means: go on. The way back is the default, and Esc."""

    def __init__(self, title: str, words: str, go_on: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ask")
        self.setWindowTitle(title)
        step = theme.grid(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(step * 2, step * 2, step * 2, step * 2)
        column.setSpacing(step)
        column.addWidget(heading(title, factor=1.2))
        column.addWidget(prose(words, name="ask-words"), 1)
        box = QDialogButtonBox(self)
        back = named(QPushButton(_("&Cancel") if go_on else _("&Close")), "ask-back")
        box.addButton(back, QDialogButtonBox.ButtonRole.RejectRole)
        if go_on:
            go = named(QPushButton(go_on), "ask-go")
            go.setAutoDefault(False)
            box.addButton(go, QDialogButtonBox.ButtonRole.AcceptRole)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        back.setDefault(True)
        column.addWidget(box)
        back.setFocus()
        self.setMinimumWidth(theme.wide(self, 64))

    def showEvent(self, event: QShowEvent) -> None:
        """As high as its words need: by itself a dialog counts them as if they stood in a narrower column."""
        super().showEvent(event)
        column = self.layout()
        if column is not None:
            room = self.screen().availableGeometry().height() * 9 // 10
            self.resize(self.width(), min(column.totalHeightForWidth(self.width()), room))
