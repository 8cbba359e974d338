"""One line of the list of instances: icon and name, and under it the state in words; or a heading above some of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from exoalias.ui import badge, selection, theme
from exoalias.ui import known as knowledge
from exoalias.ui.instance_model import Heading, InstanceModel, second_line

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QColor

    from exoalias.ui.known import Known

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class InstanceDelegate(QStyledItemDelegate):
    """Every line is of the same height, so that a long list is laid out at once."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: ARG002 - Qt's signature
        """See QStyledItemDelegate."""
        return QSize(0, 3 * option.fontMetrics.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """See QStyledItemDelegate."""
        model = index.model()
        if not isinstance(model, InstanceModel):
            return
        option.widget.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
        line = model.lines[index.row()]
        step = option.fontMetrics.height() // 2
        area = option.rect.adjusted(step, step, -step, -step)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        text = selection.ink(option) if selected else option.palette.color(QPalette.ColorRole.Text)
        under = text if selected else theme.quiet(option.palette)
        painter.save()
        if isinstance(line, Heading):
            self._two_lines(painter, option, area, (line.title, text), (model.heading_says(line), under))
        else:
            tone = knowledge.tone(line.state)
            tint = text if selected else theme.colour(tone, option.palette)
            side = option.fontMetrics.height()
            if model.grouped:
                area.setLeft(area.left() + step)
            mark = theme.pixmap(tone.icon, tint, side, painter.device().devicePixelRatio())
            painter.drawPixmap(area.left(), area.top(), mark)
            area.setLeft(area.left() + side + step)
            self._instance(painter, option, area, line, (text, under))
        painter.restore()

    def _instance(
        self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, known: Known, colours: tuple[QColor, QColor]
    ) -> None:
        text, under = colours
        metrics = option.fontMetrics
        taken = badge.width(known, metrics)
        second = QRect(area.left(), area.top() + metrics.height(), area.width(), metrics.height())
        if taken:
            painter.setFont(option.font)
            badge.paint(painter, second.adjusted(0, 1, 0, 1), known, text)
        indent = taken + metrics.height() // 2 if taken else 0
        self._two_lines(painter, option, area, (known.entry.name, text), (second_line(known), under), indent)

    def _two_lines(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        area: QRect,
        first: tuple[str, QColor],
        second: tuple[str, QColor],
        indent: int = 0,
    ) -> None:
        height = option.fontMetrics.height()
        (name, colour), (under, under_colour) = first, second
        painter.setPen(colour)
        painter.setFont(theme.larger(option.font, 1.0, bold=True))
        shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, area.width())
        painter.drawText(QRect(area.left(), area.top(), area.width(), height), _LEFT, shown)
        painter.setFont(option.font)
        painter.setPen(under_colour)
        room = area.adjusted(indent, height, 0, 0)
        room.setHeight(height)
        painter.drawText(room, _LEFT, option.fontMetrics.elidedText(under, Qt.TextElideMode.ElideRight, room.width()))
