"""Two read-only views: the journal of an instance, and what the doctor found on this computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from exoalias.domain.checklist import Status
from exoalias.ui import theme
from exoalias.ui.labels import heading, named, prose
from exoalias.ui.remedies import in_window
from exoalias.ui.words import _, told

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QShowEvent

    from exoalias.adapters.keeping.journal import Entry
    from exoalias.app.doctor import Probe

_PROBE_TONES = {"ok": Status.HOLDS, "fail": Status.WRONG, "skip": Status.NOT_APPLICABLE}


class _IconOnTop(QStyledItemDelegate):
    """The icon stands beside the first line of what wraps in its row."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """See QStyledItemDelegate."""
        super().initStyleOption(option, index)
        option.decorationAlignment = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft


class Report(QDialog):
    """A titled table that can be copied as text."""

    wrapped_from = 2  # the columns from this one share the room and wrap

    def __init__(self, title: str, words: str, columns: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        step = theme.grid(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(step * 2, step * 2, step * 2, step * 2)
        column.setSpacing(step)
        column.addWidget(heading(title, factor=1.2))
        self.says = prose(words, name="report-says")
        column.addWidget(self.says)
        self.table = named(QTreeWidget(), "report-table")
        self.table.setAccessibleName(title)
        self.table.setHeaderLabels(list(columns))
        self.table.setRootIsDecorated(False)
        self.table.setWordWrap(True)
        self.table.setUniformRowHeights(False)
        self.table.setItemDelegateForColumn(0, _IconOnTop(self.table))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        header = self.table.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)  # a hint for the height of a row takes its width away
        for wide in range(self.wrapped_from, len(columns)):
            header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
        header.geometriesChanged.connect(self._fit)
        header.sectionResized.connect(self._fit)
        column.addWidget(self.table, 1)
        box = QDialogButtonBox(self)
        self.copy = named(QPushButton(_("C&opy as text")), "report-copy")
        close = named(QPushButton(_("&Close")), "report-close")
        box.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        box.addButton(close, QDialogButtonBox.ButtonRole.RejectRole)
        self.copy.clicked.connect(self._copy)
        box.rejected.connect(self.reject)
        close.setDefault(True)
        column.addWidget(box)
        self.table.setFocus()
        theme.spread(self, 110, 28)

    def say(self, words: str) -> None:
        """Say why there is nothing, or what there is."""
        self.says.setText(words)

    def add(self, cells: tuple[str, ...], status: Status | None = None) -> None:
        """One line; its status by an icon beside the word in the first cell."""
        item = QTreeWidgetItem(list(cells))
        for at in range(len(cells)):
            item.setTextAlignment(at, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            item.setToolTip(at, cells[at])
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, ". ".join(cell for cell in cells if cell))
        if status is not None:
            tone = theme.tone(status)
            item.setIcon(
                0,
                theme.pixmap(
                    tone.icon, theme.colour(tone, self.palette()), self.fontMetrics().height(), self.devicePixelRatioF()
                ),
            )
        self.table.addTopLevelItem(item)

    def _fit(self) -> None:
        """Make rows as tall as their wrapped text: Qt's trees work out a row's height as if its columns were endless."""
        metrics, step = self.fontMetrics(), theme.grid(self)
        beside = metrics.height() + 4 * step  # the icon, and room around it
        firsts = [
            item.text(0) for at in range(self.table.topLevelItemCount()) if (item := self.table.topLevelItem(at)) is not None
        ]
        title = self.table.headerItem().text(0)
        self.table.header().resizeSection(0, max(metrics.horizontalAdvance(text) for text in (title, *firsts)) + beside)
        wrap = Qt.TextFlag.TextWordWrap
        for at in range(self.table.topLevelItemCount()):
            item = self.table.topLevelItem(at)
            if item is None:
                continue
            heights = [
                metrics.boundingRect(0, 0, max(1, self.table.columnWidth(c) - 2 * step), 100_000, wrap, item.text(c)).height()
                for c in range(self.wrapped_from, self.table.columnCount())
            ]
            item.setSizeHint(0, QSize(0, max(heights) + step))

    def showEvent(self, event: QShowEvent) -> None:
        """See QDialog."""
        super().showEvent(event)
        self._fit()

    def _copy(self) -> None:
        rows = (self.table.topLevelItem(at) for at in range(self.table.topLevelItemCount()))
        text = "\n".join("\t".join(row.text(at) for at in range(self.table.columnCount())) for row in rows if row is not None)
        QGuiApplication.clipboard().setText(text)


class JournalView(Report):
    """Newest first."""

    wrapped_from = 3  # a result is a word or two

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(
            _("Journal of {name}", name=name),
            _("Reading the journal …"),
            (_("When"), _("What"), _("Result"), _("Details")),
            parent,
        )
        self.setObjectName("journal-view")

    def draw(self, entries: tuple[Entry, ...]) -> None:
        """Show these entries."""
        self.table.clear()
        self.say(
            _("Newest first. Secrets are never written here.") if entries else _("Nothing has been done on this instance yet.")
        )
        for entry in reversed(entries):
            facts = "; ".join(f"{k}: {v}" for k, v in (*entry.facts.items(), *entry.result_facts.items()))
            result = entry.result or _("no outcome yet")
            self.add((entry.at.astimezone().strftime("%Y-%m-%d %H:%M:%S"), entry.kind, result, facts))
        self._fit()


class DoctorView(Report):
    """One line for each thing looked at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        words = _("Looking at keyring, browser, certificates and folders …")
        super().__init__(_("Doctor"), words, (_("Result"), _("What"), _("Found"), _("What to do")), parent)
        self.setObjectName("doctor-view")

    def draw(self, probes: tuple[Probe, ...]) -> None:
        """Show these probes."""
        self.table.clear()
        failed = sum(p.result == "fail" for p in probes)
        self.say(
            _("Everything exoalias needs is there.") if not failed else _("{n} of {all} did not pass.", n=failed, all=len(probes))
        )
        words = {"ok": _("ok"), "fail": _("failed"), "skip": _("skipped")}
        for probe in probes:
            says = (words.get(probe.result, probe.result), _(probe.name), told(probe.says), in_window(probe.remedy))
            self.add(says, _PROBE_TONES.get(probe.result))
        self._fit()
