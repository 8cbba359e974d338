"""What may be higher than its window: as high as it needs where there is room, scrolled where there is not.

With the text twice as large, or the whole screen, a panel of steps is higher than many windows. Without this, Qt would
squeeze its lines over each other, or make the window higher than the screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

_FEWEST_LINES = 5  # of text, that stay to be seen


class Scrolled(QScrollArea):
    """Scrolls after the keyboard. Tab stops on it only where there is more than is seen."""

    def __init__(self, inside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.inside = inside
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setWidget(inside)
        self.verticalScrollBar().rangeChanged.connect(self._more)

    def needed(self) -> int:
        """How high it is without scrolling, at the width it has."""
        inside = self.inside
        width = max(self.width(), inside.minimumSizeHint().width())
        return inside.heightForWidth(width) if inside.hasHeightForWidth() else inside.sizeHint().height()

    def sizeHint(self) -> QSize:
        """See QWidget."""
        return QSize(self.inside.sizeHint().width(), self.needed())

    def minimumSizeHint(self) -> QSize:
        """See QWidget. Wide enough for a bar beside what is in it."""
        wide = self.inside.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(wide, min(self.needed(), self.fontMetrics().height() * _FEWEST_LINES))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See QScrollArea: what is inside asks for another height."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See QScrollArea. In another width, texts wrap elsewhere."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _more(self, _lowest: int, highest: int) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if highest else Qt.FocusPolicy.NoFocus)
