"""Tab goes through a window as one reads it, also where parts of it come and go or are made anew.

Qt's own order is that in which widgets were made: a banner's buttons would come after everything that stands below them.
"""

from __future__ import annotations

from functools import cmp_to_key
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget


def in_reading_order(top: QWidget) -> None:
    """Let Tab go through what is shown in that window line by line; parts beside each other one after the other."""
    stops = [widget for widget in top.findChildren(QWidget) if _is_stop(widget, top)]
    stops.sort(key=cmp_to_key(_compared))
    for one, other in pairwise(stops):
        QWidget.setTabOrder(one, other)


def _is_stop(widget: QWidget, top: QWidget) -> bool:
    by_tab = Qt.FocusPolicy.TabFocus in widget.focusPolicy()
    return by_tab and widget.focusProxy() is None and widget.isVisible() and widget.window() is top


def _compared(one: QWidget, other: QWidget) -> int:
    """Compared where the two parts they are in meet; what holds something comes before it."""
    for here, there in zip(_way_to(one), _way_to(other), strict=False):
        if here is not there:
            return -1 if _comes_first(here, there) else 1
    return -1 if one.isAncestorOf(other) else 1


def _way_to(widget: QWidget) -> list[QWidget]:
    """From the window down to that widget."""
    way = [widget]
    while not way[-1].isWindow() and (parent := way[-1].parentWidget()) is not None:
        way.append(parent)
    return way[::-1]


def _comes_first(one: QWidget, other: QWidget) -> bool:
    first, second = (QRect(w.mapToGlobal(QPoint()), w.size()) for w in (one, other))
    shared = min(first.bottom(), second.bottom()) - max(first.top(), second.top())
    if shared > min(first.height(), second.height()) / 2:  # they stand in one line
        return first.left() < second.left()
    return first.top() < second.top()
