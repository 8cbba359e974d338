"""The left side: the known instances, each with its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from exoalias.ui import theme
from exoalias.ui.words import _, plural

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from exoalias.ui.desk import Known

# Numbers of Qt.ItemDataRole: the namespace Qt is not loaded before the first paint.
_ACCESSIBLE_TEXT_ROLE = 11
TONE_ROLE, SAYS_ROLE, NAME_ROLE = 0x0101, 0x0102, 0x0103


def says(known: Known) -> str:
    """The instance's state in a few words."""
    if known.problem is not None:
        return _("last check failed")
    if known.checklist is None:
        return _("not checked yet")
    left = sum(f.status.is_finding for f in known.checklist.findings)
    return plural(left, "{n} finding", "{n} findings") if left else _("all holds")


class InstanceList(QListWidget):
    """``chosen`` tells the name the person moved to, ``removal_wanted`` a press of Delete."""

    chosen = Signal(str)
    removal_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("instances")
        self.setAccessibleName(_("Instances"))
        self.setMinimumWidth(theme.wide(self, 18))
        self.currentItemChanged.connect(lambda now, _before: self.chosen.emit(now.data(NAME_ROLE)) if now else None)

    def complete(self) -> None:
        """After the first paint: icons, states and elided names instead of plain lines."""
        from PySide6.QtCore import Qt

        from exoalias.ui.instance_delegate import InstanceDelegate

        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(InstanceDelegate(self))

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
            item.setData(TONE_ROLE, theme.tone(status))
            item.setData(SAYS_ROLE, says(each))
            item.setToolTip(f"{name}\n{each.entry.origin}\n{says(each)}")
            item.setData(_ACCESSIBLE_TEXT_ROLE, f"{name}: {says(each)}")
            if name == current:
                self.setCurrentItem(item)
        self.blockSignals(blocked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete asks to remove the instance."""
        from PySide6.QtCore import Qt

        if event.key() == Qt.Key.Key_Delete and self.currentRow() >= 0:
            self.removal_wanted.emit()
        else:
            super().keyPressEvent(event)
