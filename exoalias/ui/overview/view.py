"""The overview: all instances, or those of a customer, to sort, filter and search; and how a check of many goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from exoalias.adapters import wording
from exoalias.ui import known as knowledge
from exoalias.ui import theme
from exoalias.ui.known import Latest, Over
from exoalias.ui.labels import heading, named, prose
from exoalias.ui.overview.chips import Chips
from exoalias.ui.overview.model import CHANGING, COLUMNS
from exoalias.ui.overview.table import OverviewTable
from exoalias.ui.words import _, plural

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from exoalias.domain.events import ManyProgress
    from exoalias.ui.shelf import Shelf

_COUNT_AFTER_MS = 80  # counts are drawn at most so often while results come in


class Search(QLineEdit):
    """Filters the table as one types. Down goes into it, Escape empties the line."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See QLineEdit."""
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
        else:
            super().keyPressEvent(event)


class Overview(QWidget):
    """``opened`` tells the instance to show, ``check_wanted`` the names to check, ``stop_wanted`` the end of that."""

    opened = Signal(str)
    check_wanted = Signal(object)
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("overview")
        self._shelf: Shelf | None = None
        self._over = Over()
        self._busy = False
        self._latest = Latest()
        self.title = heading(factor=1.4, name="overview-title")
        self.title.setWordWrap(False)
        self.line = prose(name="overview-line")
        self.all = named(QPushButton(), "overview-check-all")
        self.all.setFont(theme.larger(self.all.font(), 1.05, bold=True))
        self.all.setMinimumHeight(round(self.fontMetrics().height() * 2.1))
        self.chosen = named(QPushButton(), "overview-check-selected")
        self.chosen.setMinimumHeight(round(self.fontMetrics().height() * 2.1))
        self.stop = named(QPushButton(_("St&op")), "overview-stop")
        self.progress = named(QProgressBar(), "overview-progress")
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(max(4, theme.grid(self) // 2))
        self.progress.setAccessibleName(_("Progress"))
        self.chips = Chips()
        self.search = Search()
        self.search.setObjectName("overview-search")
        self.search.setAccessibleName(_("Search the instances"))
        self.search.setPlaceholderText(_("Search customer, name, kind, address or state (Ctrl+F)"))
        self.search.setClearButtonEnabled(True)
        for button in self.search.findChildren(QToolButton):
            button.setAccessibleName(_("Empty the search line"))
        self.order = named(QComboBox(), "overview-sort")
        self.order.setAccessibleName(_("Sort by"))
        self.order.addItems([_(column.title) for column in COLUMNS])
        self.table = OverviewTable()
        self.count = prose(name="overview-count")
        self.room = QVBoxLayout()  # for what stands above the lines while something asks or has ended
        self._recount = QTimer(self)
        self._recount.setSingleShot(True)
        self._recount.setInterval(_COUNT_AFTER_MS)
        self._assemble()
        self._wire()

    def _assemble(self) -> None:
        step = theme.grid(self)
        words = QVBoxLayout()
        words.setSpacing(step // 2)
        words.addWidget(self.title)
        words.addWidget(self.line)
        top = QHBoxLayout()
        top.setSpacing(step)
        top.addLayout(words, 1)
        for button in (self.stop, self.chosen, self.all):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        find = QHBoxLayout()
        find.setSpacing(step)
        find.addWidget(self.search, 1)
        caption = QLabel(_("Sort &by"))
        caption.setBuddy(self.order)
        find.addWidget(caption)
        find.addWidget(self.order)
        column = QVBoxLayout(self)
        column.setContentsMargins(step * 2, step * 2, step * 2, step)
        column.setSpacing(step)
        column.addLayout(top)
        column.addWidget(self.progress)
        column.addLayout(self.room)
        column.addWidget(self.chips)
        column.addLayout(find)
        column.addWidget(self.table, 1)
        column.addWidget(self.count)

    def _wire(self) -> None:
        self.search.textChanged.connect(lambda _text: self._filter())
        self.search.left.connect(self.table.setFocus)
        self.chips.chosen.connect(lambda _state: self._filter())
        self.table.typed.connect(self._type)
        self.table.opened.connect(self.opened)
        self.table.selected.connect(self._draw_selected)
        self.table.horizontalHeader().sortIndicatorChanged.connect(lambda at, _order: self.order.setCurrentIndex(at))
        self.order.activated.connect(self.table.sort_by)
        self._recount.timeout.connect(self._draw_counts)
        self.all.clicked.connect(lambda: self.check_wanted.emit(self.names()))
        self.chosen.clicked.connect(lambda: self.check_wanted.emit(self.table.names()))
        self.stop.clicked.connect(self.stop_wanted)

    # -- what is shown --------------------------------------------------------------------------------------------------

    def draw(self, shelf: Shelf, over: Over) -> None:
        """Show these instances of the shelf."""
        self._shelf, moved = shelf, over != self._over
        self._over = over
        self.title.setText(over.title)
        if moved and self.search.text():
            self.search.clear()
        if moved:
            self.chips.choose(None)
        among = over.among(shelf.known.values())
        self._latest.of(among)
        self.table.draw(among)
        self.table.setAccessibleName(over.title)
        self.all.setText(_("Check &all {n}", n=wording.number(len(self.table.lines.everything))))
        self.all.setAccessibleName(self.all.text().replace("&", ""))
        self._draw_counts()
        self._draw_selected(len(self.table.names()))

    def changed(self, name: str) -> None:
        """What is known of that instance changed: its line alone is drawn anew."""
        self.table.lines.changed(name)
        known = self._shelf.known.get(name) if self._shelf is not None else None
        if known is not None and self._over.holds(known):
            self._latest.moved(known)
        if not self._recount.isActive():
            self._recount.start()

    def names(self) -> tuple[str, ...]:
        """All instances here, whatever the filter shows."""
        return tuple(known.entry.name for known in self.table.lines.everything)

    def to_check(self) -> tuple[str, ...]:
        """What F5 checks: the selected lines, or all."""
        return self.table.names() or self.names()

    def to_search(self) -> None:
        """The keyboard goes to the search line."""
        self.search.setFocus()
        self.search.selectAll()

    def _type(self, text: str) -> None:
        self.search.setFocus()
        self.search.setText(text)

    def _filter(self) -> None:
        self.table.filter(self.search.text(), self.chips.state)
        self._draw_count()

    def _draw_counts(self) -> None:
        if self._shelf is not None:
            self.chips.draw(self._shelf.tally.of(self._over))
        self._draw_count()
        if not self._busy:
            self.line.setText(self._says())

    def _draw_count(self) -> None:
        shown, there = len(self.table.lines.shown), len(self.table.lines.everything)
        self.count.setText(_("{n} of {all} shown", n=wording.number(shown), all=wording.number(there)))
        looked_for = self.search.text().strip()
        self.table.empty = (
            _("No instance holds “{text}”. Escape in the search line shows all again.", text=looked_for)
            if looked_for
            else _("No instance is in that state any more.")
        )
        if not shown:
            self.table.viewport().update()

    def _draw_selected(self, count: int) -> None:
        self.chosen.setText(plural(count, "Check &selected", "Check {n} &selected") if count else _("Check &selected"))
        self.chosen.setAccessibleName(self.chosen.text().replace("&", ""))
        self.chosen.setEnabled(bool(count) and not self._busy)

    def _says(self) -> str:
        when = self._latest.at
        there = plural(len(self.table.lines.everything), "{n} instance", "{n} instances")
        if when is None:
            return f"{there} · " + _("none was checked yet")
        return f"{there} · " + _("last checked at {time}", time=when.astimezone().strftime("%H:%M"))

    # -- a check of many ------------------------------------------------------------------------------------------------

    def busy(self, verb: str | None) -> None:
        """A verb runs, or none: many are checked, or something else that keeps a check from starting."""
        many = verb == "check-all"
        if self._busy and verb is None:
            self.line.setText(self._says())
        self._busy = verb is not None
        self.stop.setVisible(many)
        self.progress.setVisible(many)
        self.all.setEnabled(verb is None)
        self._draw_selected(len(self.table.names()))

    def going(self, event: ManyProgress) -> None:
        """A check of many is so far."""
        self.progress.setRange(0, event.total)
        self.progress.setValue(event.done)
        waits = ", ".join(event.running[:2]) + (" …" if len(event.running) > 2 else "")
        says = _("Checked {n} of {all}", n=event.done, all=event.total)
        self.line.setText(f"{says} · {waits}" if waits else says)

    def ended(self, done: int, total: int) -> None:
        """A check of many has ended: put the lines in order, and say what it came to."""
        if self.table.lines.column in CHANGING:
            self.table.sort_anew()
        if self.chips.state is not None:
            self._filter()
        self._recount.stop()  # a count that is still due would take away what is said here
        self._draw_counts()
        counts = self._shelf.tally.of(self._over) if self._shelf is not None else {}
        says = knowledge.summary(counts)
        if done < total:
            self.line.setText(_("Stopped: {n} of {all} were checked.", n=done, all=total))
            says = f"{self.line.text()} {says}"
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, says))
