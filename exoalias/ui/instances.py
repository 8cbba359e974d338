"""The left side: the known instances, each with its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from exoalias.ui import theme
from exoalias.ui.words import _, plural

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QKeyEvent

    from exoalias.ui.desk import Known

_TONE_ROLE = Qt.ItemDataRole.UserRole + 1
_SAYS_ROLE = Qt.ItemDataRole.UserRole + 2
NAME_ROLE = Qt.ItemDataRole.UserRole + 3


def says(known: Known) -> str:
    """The instance's state in a few words."""
    if known.problem is not None:
        return _("last check failed")
    if known.checklist is None:
        return _("not checked yet")
    left = sum(f.status.is_finding for f in known.checklist.findings)
    return plural(left, "{n} finding", "{n} findings") if left else _("all holds")


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
        tone = index.data(_TONE_ROLE)
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
        line = option.fontMetrics.elidedText(index.data(_SAYS_ROLE), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area.left(), area.top() + height + option.fontMetrics.ascent(), line)
        painter.restore()


class InstanceList(QListWidget):
    """``chosen`` tells the name the person moved to, ``removal_wanted`` a press of Delete."""

    chosen = Signal(str)
    removal_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("instances")
        self.setAccessibleName(_("Instances"))
        self.setItemDelegate(InstanceDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(theme.wide(self, 18))
        self.currentItemChanged.connect(lambda now, _before: self.chosen.emit(now.data(NAME_ROLE)) if now else None)

    def draw(self, known: dict[str, Known], current: str) -> None:
        """Show these instances and stand on that one."""
        blocked = self.blockSignals(True)
        while self.count() > len(known):
            self.takeItem(self.count() - 1)
        while self.count() < len(known):
            self.addItem(QListWidgetItem())
        for line, (name, each) in enumerate(known.items()):
            item = self.item(line)
            status = each.status
            item.setData(NAME_ROLE, name)
            item.setText(name)
            item.setData(_TONE_ROLE, theme.TONES[status] if status else theme.UNCHECKED)
            item.setData(_SAYS_ROLE, says(each))
            item.setToolTip(f"{name}\n{each.entry.origin}\n{says(each)}")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}: {says(each)}")
            if name == current:
                self.setCurrentItem(item)
        self.blockSignals(blocked)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete asks to remove the instance."""
        if event.key() == Qt.Key.Key_Delete and self.currentRow() >= 0:
            self.removal_wanted.emit()
        else:
            super().keyPressEvent(event)
