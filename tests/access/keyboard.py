"""What Tab does in a window: where it takes the keyboard, in which order, and whether that is the order one reads in."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

_OPERATED = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractItemView, QPlainTextEdit)
_LINKS = Qt.TextInteractionFlag.LinksAccessibleByMouse
_MOST = 200  # presses of Tab
_STAYS = 12  # presses after which a widget that keeps the keyboard is a trap; a label with links takes one for each


def called(widget: QWidget | None) -> str:
    """A widget's kind and name, for a message."""
    return f"{type(widget).__name__} {widget.objectName() or widget.accessibleName()}" if widget is not None else "nothing"


def operable(top: QWidget) -> set[QWidget]:
    """What a person can act on now, below that widget: buttons, lines, lists, links, and what has more than it shows."""
    found = {w for w in top.findChildren(QWidget) if w.isVisible() and w.isEnabled() and w.window() is top and _operated(w)}
    return {w for w in found if not _is_a_part(w)}


def _operated(widget: QWidget) -> bool:
    if isinstance(widget, QLabel):
        return bool(widget.textInteractionFlags() & _LINKS) and "<a " in widget.text()
    if isinstance(widget, QScrollArea):
        bars = (widget.verticalScrollBar(), widget.horizontalScrollBar())
        inside = widget.widget()
        return any(bar.maximum() for bar in bars) and not (inside is not None and operable_below(inside))
    return isinstance(widget, _OPERATED) and not isinstance(widget, QHeaderView)


def operable_below(inside: QWidget) -> bool:
    """Whether something in there takes the keyboard, which what scrolls it follows."""
    return any(isinstance(w, _OPERATED) and w.isVisible() and w.isEnabled() for w in inside.findChildren(QWidget))


def _is_a_part(widget: QWidget) -> bool:
    """A part of another control that has keys for it: the line of a spin box, what empties a line, Qt's own scroll buttons."""
    parent = widget.parentWidget()
    within = isinstance(parent, (QComboBox, QAbstractSpinBox, QLineEdit))
    return within or widget.focusProxy() is not None or widget.objectName().startswith("qt_")


def walk(top: QWidget, *, back: bool = False) -> tuple[list[QWidget], QWidget | None]:
    """Where Tab takes the keyboard until it has come round, and the widget that would not give it away again."""
    key = Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab
    if QApplication.focusWidget() is None:
        QTest.keyClick(top, key)
    stops: list[QWidget] = []
    stayed = 0
    for _press in range(_MOST):
        here = QApplication.focusWidget()
        if here is None:
            break
        if stops and here is stops[-1]:
            stayed += 1
            if stayed > _STAYS:
                return stops, here
        elif here in stops:
            break
        else:
            stops.append(here)
            stayed = 0
        QTest.keyClick(here, key)
    return stops, None


def out_of_order(stops: list[QWidget], top: QWidget) -> list[str]:
    """Steps against the order of reading. One is the step from the end to the beginning: more than one are wrong."""
    pairs = zip(stops, [*stops[1:], *stops[:1]], strict=True)
    against = [(one, other) for one, other in pairs if not reads_on(one, other, top)]
    if len(against) <= 1:
        return []
    return [f"{called(one)} > {called(other)}" for one, other in against]


def reads_on(one: QWidget, other: QWidget, top: QWidget) -> bool:
    """Whether *other* stands after *one*: below it, or beside it at the right, where the two parts they are in meet."""
    above, below = _way_up(one, top), _way_up(other, top)
    for here, there in zip(above, below, strict=False):
        if here is not there:
            return _stands_before(here, there)
    return len(above) < len(below)  # what holds something comes before it


def _way_up(widget: QWidget, top: QWidget) -> list[QWidget]:
    way = [widget]
    while way[-1] is not top:
        parent = way[-1].parentWidget()
        if parent is None:
            break
        way.append(parent)
    return way[::-1]


def _stands_before(one: QWidget, other: QWidget) -> bool:
    first, second = (QRect(w.mapToGlobal(QPoint()), w.size()) for w in (one, other))
    shared = min(first.bottom(), second.bottom()) - max(first.top(), second.top())
    beside = shared > min(first.height(), second.height()) / 2
    return first.left() < second.left() if beside else first.top() < second.top()
