"""The place above the checklist, or above the overview's lines, for what asks or has ended."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget

from exoalias.ui import theme
from exoalias.ui.scrolled import Scrolled

_SHARE = 0.62  # of the height there is, at most: the lines below stay in sight


class Stage(Scrolled):
    """Between header and checklist: a banner or the sign-in panel, made when first needed; usually nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        inside = QWidget()
        super().__init__(inside, parent)
        step = theme.grid(self)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(step * 2, 0, step * 2, step)
        self._shown: QWidget | None = None
        self.hide()

    @property
    def shown(self) -> QWidget | None:
        """What stands there."""
        return self._shown

    def show_only(self, widget: QWidget | None) -> None:
        """Show that widget, or nothing."""
        if self._shown is not None and self._shown is not widget:
            self._shown.hide()
        self._shown = widget
        if widget is not None:
            if widget.parent() is not self.inside:
                self._column.addWidget(widget)
            widget.show()
            self.setAccessibleName(widget.accessibleName())
        self.setVisible(widget is not None)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """See Scrolled."""
        holder = self.parentWidget()
        room = round(holder.height() * _SHARE) if holder is not None else self.needed()
        return QSize(super().sizeHint().width(), max(self.minimumSizeHint().height(), min(self.needed(), room)))
