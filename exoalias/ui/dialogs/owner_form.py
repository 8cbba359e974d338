"""Whose token is it? A script to read, copy and run by hand on the instance, and a field for what it said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QComboBox, QLabel, QPlainTextEdit, QPushButton

from exoalias.ui.dialogs.forms import Form
from exoalias.ui.labels import named
from exoalias.ui.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget


class OwnerForm(Form):
    """``wanted`` asks for a credential's script; ``submitted`` means: compare what was pasted."""

    wanted = Signal(str)

    def __init__(self, name: str, credentials: Sequence[str], parent: QWidget | None = None) -> None:
        words = _(
            "No interface of an instance tells whose token it holds. An admin can ask it by hand: read this script, run it on "
            "{name} under System Definition, Scripts - Background, and paste its line here. It writes nothing and prints no "
            "token. ServiceNow advises against free scripts on production. The answer is a hint beside the watched sign-in, "
            "never a proof.",
            name=name,
        )
        super().__init__(_("Whose token is it?"), words, _("C&ompare"), parent)
        self.setObjectName("owner-form")
        self.credential = named(QComboBox(), "owner-credential")
        self.credential.addItems(list(credentials))
        self._row(_("C&redential"), self.credential)
        self.script = self._text(_("&Script"), "owner-script")
        self.script.setReadOnly(True)
        self.script.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)  # a line of the script is a line
        self.script.setMinimumHeight(self.fontMetrics().height() * 14)
        self.script.setPlainText(_("Reading the instance for its ids …"))
        self.copy = named(QPushButton(_("Cop&y the script")), "owner-copy")
        self.copy.setEnabled(False)
        self.copy.setAutoDefault(False)
        self.fields.addRow("", self.copy)
        self.answer = self._text(_("&What it said"), "owner-answer")
        self.answer.setPlaceholderText("exoalias-answer 1 …")
        self.answer.setMaximumHeight(self.fontMetrics().height() * 7)
        self.credential.currentTextChanged.connect(self._another)
        self.copy.clicked.connect(self._copy)
        self.finish()

    def _row(self, label: str, field: QWidget) -> None:
        caption = QLabel(label)
        caption.setBuddy(field)
        field.setAccessibleName(label.replace("&", ""))
        self.fields.addRow(caption, field)

    def _text(self, label: str, name: str) -> QPlainTextEdit:
        edit = named(QPlainTextEdit(), name)
        edit.setTabChangesFocus(True)
        edit.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        edit.setMinimumHeight(self.fontMetrics().height() * 5)
        self._row(label, edit)
        return edit

    def show_script(self, script: str) -> None:
        """It is made."""
        self.script.setPlainText(script)
        self.copy.setEnabled(True)
        self.say("")

    def _another(self, credential: str) -> None:
        self.script.setPlainText(_("Reading the instance for its ids …"))
        self.copy.setEnabled(False)
        self.wanted.emit(credential)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.script.toPlainText())

    def missing(self) -> str:
        """See Form."""
        return "" if "exoalias-answer" in self.answer.toPlainText() else _("Paste the line that begins with exoalias-answer.")
