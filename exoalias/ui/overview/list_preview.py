"""What importing a list would do, instance by instance, before anything of it is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from exoalias.domain.checklist import Status
from exoalias.ui import theme
from exoalias.ui.labels import heading, named, prose
from exoalias.ui.remedies import remedy
from exoalias.ui.words import _, plural, told

if TYPE_CHECKING:
    from exoalias.app.exchange import Import, Line
    from exoalias.domain.problems import Problem

_DOES = {
    "refused": ("Refused", Status.WRONG),
    "changed": ("Changed", Status.NEEDS_YOU),
    "added": ("Added", Status.HOLDS),
    "same": ("Stays as it is", Status.NOT_APPLICABLE),
}


class ListPreview(QDialog):
    """``agreed`` carries the Import that was shown; nothing is taken before it is emitted."""

    agreed = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("list-preview")
        title = _("Import {name}", name=name)
        self.setWindowTitle(title)
        self.found: Import | None = None
        step = theme.grid(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(step * 2, step * 2, step * 2, step * 2)
        column.setSpacing(step)
        column.addWidget(heading(title, factor=1.2))
        self.says = prose(_("Reading the list …"), name="list-says")
        column.addWidget(self.says)
        self.table = named(QTreeWidget(), "list-lines")
        self.table.setAccessibleName(_("What the list would do"))
        self.table.setHeaderLabels([_("What"), _("Name"), _("Why")])
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        self.table.setColumnWidth(0, theme.wide(self, 22))
        self.table.setColumnWidth(1, theme.wide(self, 32))
        column.addWidget(self.table, 1)
        self.why = prose(name="list-why")  # the whole reason of the line stood on: the column may be too narrow
        self.table.currentItemChanged.connect(lambda now, _before: self.why.setText(now.text(2) if now else ""))
        column.addWidget(self.why)
        self.replace = named(QCheckBox(_("&Change known instances to what the list says; never an address")), "list-replace")
        column.addWidget(self.replace)
        box = QDialogButtonBox(self)
        back = named(QPushButton(_("&Cancel")), "list-cancel")
        box.addButton(back, QDialogButtonBox.ButtonRole.RejectRole)
        self.go = named(QPushButton(_("&Import")), "list-go")
        box.addButton(self.go, QDialogButtonBox.ButtonRole.ActionRole)
        box.rejected.connect(self.reject)
        self.go.clicked.connect(self._agree)
        self.go.setEnabled(False)
        column.addWidget(box)
        self.table.setFocus()
        theme.spread(self, 110, 28)

    def draw(self, found: Import) -> None:
        """Show what that list would do, what is refused first."""
        self.found = found
        self.table.clear()
        ordered = sorted(found.lines, key=lambda line: list(_DOES).index(line.does))
        items = [self._line(line) for line in ordered]
        self.table.addTopLevelItems(items)
        if items:
            self.table.setCurrentItem(items[0])
        counts = {does: sum(line.does == does for line in found.lines) for does in _DOES}
        self.says.setText(self._summary(counts))
        taken = len(found.entries)
        self.go.setText(plural(taken, "&Import {n} instance", "&Import {n} instances") if taken else _("&Import"))
        self.go.setEnabled(bool(taken) and not found.refused)
        self.go.setDefault(True)

    def refuse(self, problem: Problem) -> None:
        """It was not taken: say why."""
        self.say_unreadable(f"{told(problem.words)} {remedy(problem)}".strip())

    def say_unreadable(self, words: str) -> None:
        """There is nothing to show: say why."""
        self.table.clear()
        self.found = None
        self.go.setEnabled(False)
        self.says.setText(words)
        self.says.setAccessibleName(words)

    def _summary(self, counts: dict[str, int]) -> str:
        words = (
            ("added", "{n} is added", "{n} are added"),
            ("changed", "{n} is changed", "{n} are changed"),
            ("same", "{n} stays as it is", "{n} stay as they are"),
            ("refused", "{n} is refused", "{n} are refused"),
        )
        said = ", ".join(plural(counts[does], one, many) for does, one, many in words if counts[does])
        if counts["refused"]:
            return _("{said}. A list is taken whole or not at all: nothing is taken.", said=said)
        if not said:
            return _("The list holds no instance.")
        return _("{said}. Passwords and keys are not in a list: each instance asks for its own.", said=said)

    def _line(self, line: Line) -> QTreeWidgetItem:
        word, status = _DOES[line.does]
        why = told(line.why).replace(_("; --replace takes the list's"), "")
        item = QTreeWidgetItem([_(word), line.name, why])
        tone = theme.tone(status)
        side = self.fontMetrics().height()
        item.setIcon(0, theme.pixmap(tone.icon, theme.colour(tone, self.palette()), side, self.devicePixelRatioF()))
        item.setToolTip(2, why)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, ". ".join(part for part in (_(word), line.name, why) if part))
        return item

    def _agree(self) -> None:
        if self.found is not None:
            self.go.setEnabled(False)
            self.agreed.emit(self.found)
