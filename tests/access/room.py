"""Whether everything written in a window has the room it needs: nothing cut off that can't be read elsewhere or scrolled to."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenuBar,
    QToolButton,
    QWidget,
)

from tests.access.keyboard import called
from tests.access.reader import name_of

_WRITTEN = (QLabel, QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox)
_SLACK = 1  # pixel, lost in rounding


def lost(top: QWidget) -> list[str]:
    """What is cut off in that window, each with what it would need."""
    written = [w for w in top.findChildren(QWidget) if isinstance(w, _WRITTEN) and w.isVisible() and w.window() is top]
    found = [f"{called(w)}: {words}" for w in written if not _is_inner(w) for words in (_cramped(w), _outside(w, top)) if words]
    return found + _menus_cut(top)


def _is_inner(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    return isinstance(parent, (QLineEdit, QComboBox, QAbstractSpinBox, QMenuBar)) or widget.objectName().startswith("qt_")


def _cramped(widget: QWidget) -> str:
    """What it needs more than it has; "" where its whole text is in its tool tip, or for a line that scrolls."""
    need, has = widget.sizeHint(), widget.size()
    if isinstance(widget, QLabel):
        if not widget.text():
            return ""
        high = widget.heightForWidth(has.width()) if widget.wordWrap() else need.height()
        wide = _widest_word(widget) if widget.wordWrap() else need.width()
        whole = bool(widget.toolTip()) and widget.toolTip() in (widget.text(), name_of(widget))
        wide = 0 if whole else wide
    elif isinstance(widget, (QLineEdit, QComboBox)):
        high, wide = need.height(), 0 if isinstance(widget, QLineEdit) else _of_choice(widget)
    elif widget.hasHeightForWidth():
        high, wide = widget.heightForWidth(has.width()), widget.minimumSizeHint().width()
    else:
        high, wide = need.height(), need.width()
        if isinstance(widget, QToolButton):
            high -= 2
    if wide > has.width() + _SLACK or high > has.height() + _SLACK:
        return f"has {has.width()} x {has.height()}, needs {wide} x {high}"
    return ""


def _widest_word(label: QLabel) -> int:
    """A word that is wider than its line is cut: a wrapped text breaks only between words."""
    if "<" in label.text() and "</" in label.text():
        return 0
    words = label.text().replace("\u200b", " ").replace("-", "- ").replace("/", "/ ").split()
    return max((label.fontMetrics().horizontalAdvance(word) for word in words), default=0)


def _of_choice(box: QComboBox) -> int:
    frame = box.minimumSizeHint().height()  # the arrow, about as wide as high
    return box.fontMetrics().horizontalAdvance(box.currentText()) + frame // 2


def _outside(widget: QWidget, top: QWidget) -> str:
    """How much of it lies outside of what holds it, with no bar to scroll by."""
    place = QRect(QPoint(), widget.size())
    at: QWidget = widget
    while at is not top:
        parent = at.parentWidget()
        if parent is None:
            break
        place.translate(at.pos())
        area = parent.parentWidget()
        if isinstance(area, QAbstractScrollArea) and area.viewport() is parent and _can_scroll(area, place):
            return ""
        if not parent.rect().adjusted(-_SLACK, -_SLACK, _SLACK, _SLACK).contains(place):
            return f"at {place.getRect()} in {called(parent)} of {parent.width()} x {parent.height()}"
        at = parent
    return ""


def _can_scroll(area: QAbstractScrollArea, place: QRect) -> bool:
    room = area.viewport().rect()
    wide, high = area.horizontalScrollBar(), area.verticalScrollBar()
    sideways = room.left() <= place.left() and place.right() <= room.right() + _SLACK
    down = room.top() <= place.top() and place.bottom() <= room.bottom() + _SLACK
    return (sideways or (wide.maximum() > 0 and wide.isVisible())) and (down or (high.maximum() > 0 and high.isVisible()))


def _menus_cut(top: QWidget) -> list[str]:
    bars = [bar for bar in top.findChildren(QMenuBar) if bar.isVisible()]
    return [f"menu {a.text()}" for bar in bars for a in bar.actions() if not bar.rect().contains(bar.actionGeometry(a))]
