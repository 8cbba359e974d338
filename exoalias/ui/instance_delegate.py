"""One line of the list of instances: icon and name, and under it the state in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from exoalias.ui import theme
from exoalias.ui.instances import NAME_ROLE, SAYS_ROLE, TONE_ROLE

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex


class InstanceDelegate(QStyledItemDelegate):
    """Icon and name, and under it the state in words."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: ARG002 - Qt's signature
        """See QStyledItemDelegate."""
        height = option.fontMetrics.height()
        return QSize(0, 2 * height + height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """See QStyledItemDelegate."""
        option.widget.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        palette = option.palette
        text = palette.color(QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text)
        tone = index.data(TONE_ROLE)
        height = option.fontMetrics.height()
        step = height // 2
        area = option.rect.adjusted(step, step, -step, -step)
        painter.save()
        tint = text if selected else theme.colour(tone, palette)
        painter.drawPixmap(area.left(), area.top(), theme.pixmap(tone.icon, tint, height, painter.device().devicePixelRatio()))
        area.setLeft(area.left() + height + step)
        painter.setPen(text)
        painter.setFont(theme.larger(option.font, 1.0, bold=True))
        name = painter.fontMetrics().elidedText(index.data(NAME_ROLE), Qt.TextElideMode.ElideMiddle, area.width())
        painter.drawText(area.left(), area.top() + option.fontMetrics.ascent(), name)
        painter.setFont(option.font)
        painter.setPen(text if selected else theme.quiet(palette))
        line = option.fontMetrics.elidedText(index.data(SAYS_ROLE), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area.left(), area.top() + height + option.fontMetrics.ascent(), line)
        painter.restore()
