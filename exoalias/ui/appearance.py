"""Light, dark, or as the system has it.

Qt's own switch comes first, so that title bar and native dialogs follow where the platform can (Windows, macOS, GTK, KDE).
Where it can't, the program's palette is set instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from exoalias.ui import theme

if TYPE_CHECKING:
    from collections.abc import Mapping

_DARK: Final[Mapping[str, str]] = {
    "Window": "#2b2d30",
    "WindowText": "#e3e5e8",
    "Base": "#222427",
    "AlternateBase": "#292b2f",
    "Text": "#e3e5e8",
    "Button": "#383b3f",
    "ButtonText": "#e3e5e8",
    "BrightText": "#ffffff",
    "ToolTipBase": "#383b3f",
    "ToolTipText": "#e3e5e8",
    "PlaceholderText": "#9da1a6",
    "Link": "#8fc1ff",
    "LinkVisited": "#c9b0ff",
    "Highlight": "#2f6fb5",
    "HighlightedText": "#ffffff",
    "Light": "#4c5055",
    "Midlight": "#42464a",
    "Mid": "#303337",
    "Dark": "#1a1b1d",
    "Shadow": "#000000",
}
_DARK_DISABLED: Final = "#8b8f95"
_WRITING: Final = ("WindowText", "Text", "ButtonText")


def apply(appearance: str) -> None:
    """Let the whole program look "light", "dark", or "system"."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    from PySide6.QtCore import Qt

    hints = app.styleHints()
    app.setPalette(QPalette())
    if appearance not in {"light", "dark"}:
        hints.unsetColorScheme()
        return
    dark = appearance == "dark"
    hints.setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
    if theme.is_dark(app.palette()) is not dark:
        app.setPalette(dark_palette() if dark else app.style().standardPalette())


def dark_palette() -> QPalette:
    """A dark palette for desktops that offer none."""
    palette = QPalette()
    for role, colour in _DARK.items():
        palette.setColor(QPalette.ColorRole[role], QColor(colour))
    for role in _WRITING:
        palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole[role], QColor(_DARK_DISABLED))
    return palette
