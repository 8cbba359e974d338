"""The colour of the text on a selected line, as readable as what the style really paints behind it.

The palette's pair, Highlight and HighlightedText, holds for Fusion and most desktops' styles. Windows' two styles paint a
pale ground whatever the palette says, and Qt's own item texts leave the pair there; a delegate that draws its texts itself
has to look at the ground.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from exoalias.ui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

_PANEL: Final = QStyle.PrimitiveElement.PE_PanelItemViewItem
_STATES: Final = QStyle.StateFlag.State_Active | QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_MouseOver
_READABLE: Final = 3.0  # below this the palette's pair is not what is painted (Fusion's own white on its blue has 3.6)
_WIDE, _HIGH, _MOST = 64, 32, 64
_known: dict[tuple[object, ...], QColor] = {}


def ink(option: QStyleOptionViewItem) -> QColor:
    """The colour for text on the selected line *option* is about."""
    style, palette = option.widget.style(), option.palette
    state = option.state.value & _STATES.value
    key = (style.name(), palette.cacheKey(), palette.currentColorGroup(), state, option.viewItemPosition)
    found = _known.get(key)
    if found is None:
        bright, plain = (palette.color(role) for role in (QPalette.ColorRole.HighlightedText, QPalette.ColorRole.Text))
        behind = _ground(option, style)
        found = bright if theme.contrast(bright, behind) >= min(_READABLE, theme.contrast(plain, behind)) else plain
        if len(_known) >= _MOST:
            _known.clear()
        _known[key] = found
    return found


def _ground(option: QStyleOptionViewItem, style: QStyle) -> QColor:
    """What the style paints behind a selected line, tried on a small picture."""
    from PySide6.QtGui import QImage, QPainter

    picture = QImage(_WIDE, _HIGH, QImage.Format.Format_RGB32)
    picture.fill(option.palette.color(QPalette.ColorRole.Base))
    tried = QStyleOptionViewItem(option)
    tried.rect = picture.rect()
    with QPainter(picture) as painter:
        style.drawPrimitive(_PANEL, tried, painter, option.widget)
    return picture.pixelColor(_WIDE // 2, _HIGH // 2)
