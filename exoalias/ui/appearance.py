"""Light, dark, or as the system has it.

Qt's own switch comes first, so that title bar and native dialogs follow where the platform can (Windows, macOS, GTK, KDE).
Where it can't, the program's palette is set instead. Whatever the palette is: words in it are made to be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from exoalias.ui import theme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
_WANTED: Final = "exoalias-appearance"  # what was asked for last, kept at the program
_WRITING: Final = ("WindowText", "Text", "ButtonText")
_ENOUGH, _ENOUGH_DISABLED = 4.5, 3.0  # contrast as WCAG counts it; it asks for nothing where nothing can be pressed
_ENOUGH_SELECTED = 4.9  # styles draw what is selected in tones around that colour
_STEPS = 40
_INKS: Final[Mapping[str, tuple[str, ...]]] = {  # what is written, and on what
    "WindowText": ("Window",),
    "Text": ("Base", "AlternateBase"),
    "ButtonText": ("Button", "Window"),
    "PlaceholderText": ("Base",),
    "Link": ("Window", "Base"),
    "LinkVisited": ("Window", "Base"),
    "ToolTipText": ("ToolTipBase",),
}


def apply(appearance: str) -> None:
    """Let the whole program look "light", "dark", or "system"."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    from PySide6.QtCore import Qt

    hints = app.styleHints()
    app.setProperty(_WANTED, appearance)
    app.setPalette(QPalette())
    if appearance not in {"light", "dark"}:
        hints.unsetColorScheme()
        keep_readable()
        return
    dark = appearance == "dark"
    hints.setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
    if theme.is_dark(app.palette()) is not dark:
        app.setPalette(dark_palette() if dark else app.style().standardPalette())
    keep_readable()


def follow() -> None:
    """From now on: words can be read also in the colours the system comes to have later."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        from PySide6.QtCore import QTimer

        again = lambda: apply(str(app.property(_WANTED) or "system"))  # noqa: E731 - short, and nobody else's
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: QTimer.singleShot(0, again))  # Qt tells before it changes
        keep_readable()


def keep_readable() -> None:
    """Mend what can't be read well in the palette there is; everything else goes on following the system."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        palette = app.palette()
        mended = readable(palette)
        if mended != palette:
            app.setPalette(mended)


def readable(palette: QPalette) -> QPalette:
    """The same palette with every ink dark or light enough for its grounds, and what is selected for what stands on it.

    Qt's own light palette has white on a blue of 3.7 : 1, and hints in the lines of forms at 4.0 : 1.
    """
    mended = QPalette(palette)
    groups = QPalette.ColorGroup
    for group in (groups.Active, groups.Inactive, groups.Disabled):
        least = _ENOUGH_DISABLED if group is groups.Disabled else _ENOUGH
        for ink, on in _INKS.items():
            role = QPalette.ColorRole[ink]
            under = [palette.color(group, QPalette.ColorRole[each]) for each in on]
            grounds = [*under, *(each.lighter(140) for each in under[:1] if ink == "ButtonText")]  # buttons shine at the top
            wanted = _apart(palette.color(group, role), grounds, least)
            if wanted != palette.color(group, role):
                mended.setColor(group, role, wanted)
        role, text = QPalette.ColorRole.Highlight, palette.color(group, QPalette.ColorRole.HighlightedText)
        chosen = _apart(palette.color(group, role), [text], _ENOUGH_DISABLED if group is groups.Disabled else _ENOUGH_SELECTED)
        if chosen != palette.color(group, role):
            mended.setColor(group, role, chosen)
    return mended


def _apart(colour: QColor, others: Sequence[QColor], least: float) -> QColor:
    """The colour, moved towards black or white as little as brings it *least* apart from all the others."""
    solid = theme.blend(colour, others[0], 1 - colour.alphaF()) if colour.alpha() < 255 else colour
    if all(theme.contrast(solid, other) >= least for other in others):
        return colour
    ends = (QColor("#000000"), QColor("#ffffff"))
    end = max(ends, key=lambda each: min(theme.contrast(each, other) for other in others))
    for step in range(1, _STEPS + 1):
        moved = theme.blend(end, solid, 1 - step / _STEPS)
        if all(theme.contrast(moved, other) >= least for other in others):
            return moved
    return end


def dark_palette() -> QPalette:
    """A dark palette for desktops that offer none."""
    palette = QPalette()
    for role, colour in _DARK.items():
        palette.setColor(QPalette.ColorRole[role], QColor(colour))
    for role in _WRITING:
        palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole[role], QColor(_DARK_DISABLED))
    return palette
