"""Colours, icons and sizes: the system's palette, plus a tone for each status that is readable on it, light or dark."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QImageReader, QPalette, QPixmap

from exoalias.domain.checklist import Status

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class Tone(NamedTuple):
    """One meaning's icon, and its colour on a light and on a dark ground (at least 4.5 : 1 on each)."""

    icon: str
    light: str
    dark: str


TONES: dict[Status, Tone] = {
    Status.HOLDS: Tone("holds", "#14652d", "#84dc98"),
    Status.ADVICE: Tone("advice", "#0b549b", "#97c8ff"),
    Status.NOT_APPLICABLE: Tone("not-applicable", "#55595e", "#bcc0c5"),
    Status.NEEDS_YOU: Tone("needs-you", "#834300", "#ffc970"),
    Status.WRONG: Tone("wrong", "#a81f17", "#ffa59d"),
    Status.CANNOT_TELL: Tone("cannot-tell", "#643a9c", "#d4bcff"),
    Status.WORKING: Tone("working", "#0b626c", "#86dbe3"),
}
UNCHECKED = Tone("unchecked", "#55595e", "#bcc0c5")


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
    return QIcon(resource("exoalias.svg"))


def use_scheme(scheme: str) -> None:
    """Ask for "light" or "dark" instead of the system's own; anything else leaves it to the system."""
    from PySide6.QtGui import QGuiApplication

    wanted = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(scheme)
    if wanted is not None:
        QGuiApplication.styleHints().setColorScheme(wanted)
