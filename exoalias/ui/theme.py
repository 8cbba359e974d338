"""Colours, icons and sizes: the system's palette, plus a tone for each status that is readable on it, light or dark.

Of Qt only what the first paint needs is loaded here: each class comes with its enums, which PySide6 turns into Python's
one by one (the namespace Qt alone costs a tenth of a bare window's start).
"""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtGui import QColor, QFont, QPalette

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon, QPixmap
    from PySide6.QtWidgets import QWidget

    from exoalias.domain.checklist import Status


class Tone(NamedTuple):
    """One meaning's icon, and its colour on a light and on a dark ground (at least 4.5 : 1 on each)."""

    icon: str
    light: str
    dark: str


TONES: dict[str, Tone] = {  # by the name of a Status: loading the domain is left until after the first paint
    "HOLDS": Tone("holds", "#14652d", "#84dc98"),
    "ADVICE": Tone("advice", "#0b549b", "#97c8ff"),
    "NOT_APPLICABLE": Tone("not-applicable", "#55595e", "#bcc0c5"),
    "NEEDS_YOU": Tone("needs-you", "#834300", "#ffc970"),
    "WRONG": Tone("wrong", "#a81f17", "#ffa59d"),
    "CANNOT_TELL": Tone("cannot-tell", "#643a9c", "#d4bcff"),
    "WORKING": Tone("working", "#0b626c", "#86dbe3"),
}
UNCHECKED = Tone("unchecked", "#55595e", "#bcc0c5")


def tone(status: Status | None) -> Tone:
    """The tone of a status; None: nothing is known yet."""
    return TONES[status.name] if status else UNCHECKED


def is_dark(palette: QPalette) -> bool:
    """Whether that palette is a dark one."""
    return palette.color(QPalette.ColorRole.Window).lightness() < palette.color(QPalette.ColorRole.WindowText).lightness()


def colour(tone: Tone, palette: QPalette) -> QColor:
    """The tone's colour on that palette."""
    return QColor(tone.dark if is_dark(palette) else tone.light)


def quiet(palette: QPalette) -> QColor:
    """The colour of second lines: the text's own, a little nearer to its ground, still above 4.5 : 1."""
    active = QPalette.ColorGroup.Active  # headings are drawn disabled by Qt, but are to be read
    return blend(palette.color(active, QPalette.ColorRole.Text), palette.color(active, QPalette.ColorRole.Base), 0.28)


def blend(over: QColor, under: QColor, share: float) -> QColor:
    """``over`` with a ``share`` (0 to 1) of ``under`` mixed in."""
    keep = 1 - share
    return QColor(
        round(over.red() * keep + under.red() * share),
        round(over.green() * keep + under.green() * share),
        round(over.blue() * keep + under.blue() * share),
    )


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of WCAG 2.2 (1 to 21)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(of: QColor) -> float:
    def channel(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return float(0.2126 * channel(of.redF()) + 0.7152 * channel(of.greenF()) + 0.0722 * channel(of.blueF()))


# -- sizes --------------------------------------------------------------------------------------------------------------


def grid(widget: QWidget) -> int:
    """The one step all spacing is a multiple of, in device-independent pixels: half a line of text."""
    return max(4, widget.fontMetrics().height() // 2)


def wide(widget: QWidget, characters: int) -> int:
    """The width of that many average characters in the widget's font."""
    return widget.fontMetrics().averageCharWidth() * characters


def spread(dialog: QWidget, characters: int, lines: int) -> None:
    """Make it so large in its own text, as far as its screen lets it."""
    room = dialog.screen().availableSize()
    high = dialog.fontMetrics().height() * lines
    dialog.resize(min(wide(dialog, characters), room.width() * 9 // 10), min(high, room.height() * 9 // 10))


def larger(font: QFont, factor: float, *, bold: bool = False) -> QFont:
    """The same font, larger; it follows the person's own font size."""
    bigger = QFont(font)
    bigger.setPointSizeF(font.pointSizeF() * factor)
    bigger.setBold(bold)
    return bigger


# -- icons --------------------------------------------------------------------------------------------------------------

_pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}


def resource(*parts: str) -> str:
    """The path of a file under resources/: beside the package when run from source, inside it when installed."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - pathlib before the first paint costs time
    inside = os.path.join(package, "resources", *parts)  # noqa: PTH118 - as above
    return inside if os.path.exists(inside) else os.path.join(os.path.dirname(package), "resources", *parts)  # noqa: PTH110, PTH118, PTH120


def pixmap(name: str, tint: QColor, size: int, ratio: float) -> QPixmap:
    """An icon of resources/icons in that colour, ``size`` device-independent pixels wide, sharp at that pixel ratio."""
    key = (name, tint.name(), size, ratio)
    if key not in _pixmaps:
        with open(resource("icons", f"{name}.svg"), encoding="ascii") as file:  # noqa: PTH123 - as above
            drawing = file.read().replace("currentColor", tint.name())
        _pixmaps[key] = _drawn(drawing.encode("ascii"), size, ratio)
    return _pixmaps[key]


def _drawn(svg: bytes, size: int, ratio: float) -> QPixmap:
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
    from PySide6.QtGui import QImageReader, QPixmap

    data = QByteArray(svg)
    device = QBuffer(data)
    device.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(device, QByteArray(b"svg"))
    reader.setScaledSize(QSize(round(size * ratio), round(size * ratio)))
    picture = QPixmap.fromImage(reader.read())
    device.close()
    picture.setDevicePixelRatio(ratio)
    return picture


def app_icon() -> QIcon:
    """The program's own icon."""
    from PySide6.QtGui import QIcon

    return QIcon(resource("exoalias.svg"))
