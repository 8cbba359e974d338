"""Asking for a file: the platform's own dialog, opened and never executed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from exoalias.ui.words import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def ask_where_to_save(title: str, name: str, parent: QWidget) -> QFileDialog:
    """For a file to write; asks before one is replaced."""
    dialog = _dialog(title, "file-save", parent)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("toml")
    dialog.selectFile(name)
    return dialog


def ask_what_to_open(title: str, parent: QWidget) -> QFileDialog:
    """For a file to read."""
    dialog = _dialog(title, "file-open", parent)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return dialog


def _dialog(title: str, name: str, parent: QWidget) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setObjectName(name)
    dialog.setNameFilters([_("Lists of instances (*.toml)"), _("All files (*)")])
    return dialog
