"""Every text a window draws, with the colour it is drawn in, and the ground it lies on in the finished picture.

Each widget is drawn once more onto an SVG: there a text is a text, whoever drew it, with its fill and its place.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPainter, QRegion
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from exoalias.ui import theme
from tests.access.keyboard import called

if TYPE_CHECKING:
    from collections.abc import Iterator

ENOUGH = 4.5
ENOUGH_WHERE_DISABLED = 3.0  # WCAG asks for nothing there; one shall be able to read what can't be pressed yet


class Ink(NamedTuple):
    """One text of a widget."""

    widget: QWidget
    text: str
    fill: QColor
    ground: QColor

    @property
    def contrast(self) -> float:
        """As WCAG counts it."""
        return theme.contrast(self.fill, self.ground)


def faint(top: QWidget) -> list[str]:
    """Texts that can't be read well enough."""
    found = {
        f"{ink.contrast:.2f} {ink.fill.name()} on {ink.ground.name()} in {called(ink.widget)}: {ink.text[:40]!r}"
        for ink in inks(top)
        if ink.contrast < (ENOUGH if ink.widget.isEnabled() else ENOUGH_WHERE_DISABLED)
    }
    return sorted(found)


def inks(top: QWidget) -> list[Ink]:
    """Every text that can be seen in that window."""
    picture = top.grab().toImage()
    widgets = [top, *(w for w in top.findChildren(QWidget) if w.isVisible() and w.window() is top)]
    return [ink for widget in widgets for ink in _of(widget, top, picture)]


def _of(widget: QWidget, top: QWidget, picture: QImage) -> Iterator[Ink]:
    seen = widget.visibleRegion()
    if seen.isEmpty():
        return
    places: dict[tuple[str, tuple[int, ...]], list[QColor]] = {}
    for text, fill, box in _texts(_drawn(widget)):
        part = box & seen.boundingRect()
        if not part.isEmpty() and seen.contains(box.center()):
            places.setdefault((text, part.getRect()), []).append(fill)  # type: ignore[arg-type] # four numbers
    for (text, at), fills in places.items():
        part = QRect(*at)
        shown = _cut(picture, QRect(widget.mapTo(top, part.topLeft()), part.size()))
        # A line whose text is selected draws it twice, each time with the other part clipped away; an SVG has no such clip.
        fill = min(fills, key=lambda each: _distance(shown, each)) if len(fills) > 1 else fills[0]
        ground = _ground(shown, fill)
        yield Ink(widget, text, theme.blend(fill, ground, 1 - fill.alphaF()), ground)


def _drawn(widget: QWidget) -> bytes:
    """That widget alone, as an SVG."""
    held = QBuffer()
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    page = QSvgGenerator()
    page.setOutputDevice(held)
    page.setSize(widget.size())
    page.setResolution(widget.logicalDpiX())
    painter = QPainter(page)
    widget.render(painter, QPoint(), QRegion(widget.rect()), QWidget.RenderFlag.DrawWindowBackground)
    painter.end()
    return bytes(held.data().data())


def _texts(svg: bytes) -> Iterator[tuple[str, QColor, QRect]]:
    """Each text with its colour and about the place it takes; a word of a wrapped text is one, and so is a piece of it."""
    for group in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}g"):  # noqa: S314 - Qt wrote it a moment ago
        shift = [float(number) for number in group.get("transform", "matrix(1,0,0,1,0,0)")[7:-1].split(",")]
        for text in group.findall("{http://www.w3.org/2000/svg}text"):
            words = (text.text or "").strip()
            if not words:
                continue
            fill = QColor(text.get("fill", "#000000"))
            fill.setAlphaF(float(text.get("fill-opacity", "1")))
            size = float(text.get("font-size", "12"))
            left, base = float(text.get("x", "0")) + shift[4], float(text.get("y", "0")) + shift[5]
            yield words, fill, QRect(round(left), round(base - size), max(2, round(len(words) * size * 0.5)), round(size * 1.2))


def _cut(picture: QImage, box: QRect) -> Counter[int]:
    """How often that part of the picture has each colour."""
    ratio = picture.devicePixelRatio()
    part = picture.copy(round(box.left() * ratio), round(box.top() * ratio), *(round(n * ratio) for n in box.size().toTuple()))
    return Counter(memoryview(part.convertToFormat(QImage.Format.Format_RGB32).constBits()).cast("I"))


def _distance(shown: Counter[int], fill: QColor) -> int:
    """How far from that colour the nearest one is that can be seen there: small, where the text is really drawn with it."""
    wanted = (fill.red(), fill.green(), fill.blue())
    seen = ((colour >> 16 & 255, colour >> 8 & 255, colour & 255) for colour in shown)
    return min((sum(abs(one - other) for one, other in zip(each, wanted, strict=True)) for each in seen), default=0)


def _ground(shown: Counter[int], fill: QColor) -> QColor:
    """The colour most of that part has, besides the text's own; that one, where there is no other."""
    grounds = Counter(shown)
    grounds.pop(fill.rgb(), None)
    return QColor.fromRgb(grounds.most_common(1)[0][0]) if grounds else fill
