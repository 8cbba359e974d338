"""Draws the cells of the overview: straight from what is known, because asking the model role by role costs a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionFocusRect, QStyleOptionViewItem, QWidget

from exoalias.ui import badge, theme
from exoalias.ui import known as knowledge
from exoalias.ui.overview_model import BY_NAME, COLUMNS, OverviewModel

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QColor

    from exoalias.ui.known import Known

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_MOST_FITTED = 20_000
_KIND, _STATE, _LOCK, _NAME = BY_NAME["kind"], BY_NAME["state"], BY_NAME["lock"], BY_NAME["name"]


class OverviewDelegate(QStyledItemDelegate):
    """One cell: words, and an icon before them where they say a state."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fitted: dict[tuple[str, int, bool], str] = {}
        self._bold: QFont | None = None
        self._of: QFont | None = None

    def _begin(self, font: QFont) -> None:
        """Another font: what was fitted before is of no use."""
        if font != self._of:
            self._of, self._bold = QFont(font), theme.larger(font, 1.0, bold=True)
            self._fitted.clear()

    def _fit(self, painter: QPainter, text: str, width: int, *, bold: bool) -> str:
        key = (text, width, bold)
        shown = self._fitted.get(key)
        if shown is None:
            if len(self._fitted) > _MOST_FITTED:
                self._fitted.clear()
            mode = Qt.TextElideMode.ElideMiddle if bold else Qt.TextElideMode.ElideRight
            shown = self._fitted[key] = painter.fontMetrics().elidedText(text, mode, width)
        return shown

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """See QStyledItemDelegate."""
        model = index.model()
        if not isinstance(model, OverviewModel):
            return
        state, style = option.state, option.widget.style()
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
        known, column = model.shown[index.row()], index.column()
        text = option.palette.color(QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text)
        self._begin(option.font)
        height = option.fontMetrics.height()
        area = option.rect.adjusted(height // 2, 0, -height // 4, 0)
        if column == _KIND and known.guarded:
            painter.setFont(option.font)
            badge.paint(painter, QRect(area.left(), area.center().y() - height // 2, area.width(), height + 1), known, text)
        else:
            says = COLUMNS[column].says(known)
            if says:
                tint, area = self._before(painter, option, area, known, column, text)
                self._words(painter, option, area, says, tint, bold=column == _NAME)
        if state & QStyle.StateFlag.State_HasFocus:
            self._focus(painter, option, style)

    def _before(
        self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, known: Known, column: int, text: QColor
    ) -> tuple[QColor, QRect]:
        """The icon before the words, if there is one; gives the words' colour and room."""
        if column == _STATE:
            tone = knowledge.tone(known.state)
            tint = text if option.state & QStyle.StateFlag.State_Selected else theme.colour(tone, option.palette)
            icon = tone.icon
        elif column == _LOCK:
            icon, tint = "locked" if known.locked else "unlocked", text
        else:
            return text, area
        side = option.fontMetrics.height()
        mark = theme.pixmap(icon, tint, side, painter.device().devicePixelRatio())
        painter.drawPixmap(area.left(), area.center().y() - side // 2 + 1, mark)
        return tint, area.adjusted(side + side // 2, 0, 0, 0)

    def _words(
        self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, says: str, tint: QColor, *, bold: bool
    ) -> None:
        painter.setFont(self._bold if bold and self._bold is not None else option.font)
        painter.setPen(tint)
        painter.drawText(area, _LEFT, self._fit(painter, says, area.width(), bold=bold))

    def _focus(self, painter: QPainter, option: QStyleOptionViewItem, style: QStyle) -> None:
        """Where the keyboard is, also on a line that is not selected."""
        frame = QStyleOptionFocusRect()
        frame.rect = option.rect
        frame.state = option.state | QStyle.StateFlag.State_KeyboardFocusChange
        frame.palette = option.palette
        style.drawPrimitive(QStyle.PrimitiveElement.PE_FrameFocusRect, frame, painter, option.widget)
