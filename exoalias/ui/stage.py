"""The place above the checklist, or above the overview's lines, for what asks or has ended."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from exoalias.ui import theme


class Stage(QWidget):
    """Between header and checklist: a banner or the sign-in panel, made when first needed; usually nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        step = theme.grid(self)
        self._column = QVBoxLayout(self)
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
            if widget.parent() is not self:
                self._column.addWidget(widget)
            widget.show()
        self.setVisible(widget is not None)
