"""The dialogs that ask for a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from exoalias.ui.dialogs.file_choice import ask_what_to_open, ask_where_to_save

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_one_saves_and_one_opens(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    save, read = ask_where_to_save("Export", "list.toml", parent), ask_what_to_open("Import", parent)
    assert save.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    assert not save.testOption(QFileDialog.Option.DontConfirmOverwrite)
    assert save.defaultSuffix() == "toml"
    assert read.fileMode() == QFileDialog.FileMode.ExistingFile
    assert save.nameFilters() == read.nameFilters() == ["Lists of instances (*.toml)", "All files (*)"]
