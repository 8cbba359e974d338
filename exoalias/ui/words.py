"""The words of the window: those of adapters/wording.py, under the short names every part of it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.adapters import wording
from exoalias.adapters.wording import _, plural, stretch, told

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

__all__ = ["_", "plural", "qt_speaks", "stretch", "told"]


def qt_speaks(app: QApplication) -> None:
    """Let Qt's own words (the menu of a text field, file dialogs) and its numbers and dates be of that language too."""
    from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator

    QLocale.setDefault(QLocale(wording.language()))
    translator = QTranslator(app)
    if translator.load(f"qtbase_{wording.language()}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
