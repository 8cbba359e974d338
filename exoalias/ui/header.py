"""Above the checklist: which instance, how it stands, when that was, and the one button that is always the next right thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from exoalias.ui import theme
from exoalias.ui.labels import Mark, heading, named, prose
from exoalias.ui.words import _, plural

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from exoalias.domain.checklist import Action, Checklist
    from exoalias.ui.desk import Known
    from exoalias.ui.runner import Job

_BUSY = {
    "check": "Checking …",
    "check-all": "Checking …",
    "apply": "Writing …",
    "undo": "Putting back …",
    "sign-in": "Signing in …",
    "set-target": "Remembering …",
}


def summary(checklist: Checklist) -> str:
    """How many checks are in which state: "2 need you, 1 cannot tell"."""
    from exoalias.domain.checklist import Status

    counts = {status: sum(f.status is status for f in checklist.findings) for status in Status}
    words = (
        (counts[Status.WRONG], "{n} is wrong", "{n} are wrong"),
        (counts[Status.NEEDS_YOU], "{n} needs you", "{n} need you"),
        (counts[Status.CANNOT_TELL], "{n} cannot be told", "{n} cannot be told"),
    )
    parts = [plural(count, one, many) for count, one, many in words if count]
    holds = plural(counts[Status.HOLDS], "{n} check holds", "{n} checks hold")
    return ", ".join((*parts, holds)) if parts else _("Everything holds ({holds})", holds=holds)


class Header(QWidget):
    """Draws the current instance's line; ``main`` is the main button and ``next`` what it does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        step = theme.grid(self)
        self.next: Action | None = None  # None: check
        self._name = ""
        self.mark = Mark(theme.UNCHECKED, factor=1.4)
        self.title = heading(factor=1.4, name="header-title")
        self.title.setWordWrap(False)
        self.title.setMinimumWidth(theme.wide(self, 10))
        self.line = prose(name="header-summary")
        self.main = named(QPushButton(), "main-button")
        self.main.setDefault(True)
        self.main.setFont(theme.larger(self.main.font(), 1.05, bold=True))
        self.main.setMinimumHeight(round(self.fontMetrics().height() * 2.1))
        self.main.setMinimumWidth(theme.wide(self, 22))
        self.progress = named(QProgressBar(), "progress")
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(max(4, step // 2))
        self.progress.setAccessibleName(_("Progress"))
        self.stop = named(QPushButton(_("St&op")), "stop")
        self._assemble(step)

    def _assemble(self, step: int) -> None:
        words = QVBoxLayout()
        words.setSpacing(step // 2)
        words.addWidget(self.title)
        words.addWidget(self.line)
        top = QHBoxLayout()
        top.setSpacing(step)
        top.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        top.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self.main, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(step * 2, step * 2, step * 2, step)
        column.setSpacing(step)
        column.addLayout(top)
        column.addWidget(self.progress)

    def draw(self, known: Known | None, job: Job | None) -> None:
        """Show that instance, and the running verb if it is about it."""
        self._name = known.entry.name if known else ""
        self._elide()
        mine = job is not None
        self.stop.setVisible(mine and job is not None and job.verb != "sign-in")
        self.progress.setVisible(job is not None and job.verb != "sign-in")  # the panel has a bar of its own
        if not mine:
            self.progress.setRange(0, 1)
        self._draw_main(known, job)
        if known is None:
            self.mark.show_tone(theme.UNCHECKED)
            self.line.setText("")
            return
        status = known.status
        self.mark.show_tone(theme.tone(status))
        if not mine:
            self.line.setText(self._says(known))

    def _says(self, known: Known) -> str:
        if known.checklist is None:
            return f"{known.entry.origin} · " + (_("the check failed") if known.problem else _("not checked yet"))
        when = known.checklist.taken_at.astimezone().strftime("%H:%M")
        return f"{summary(known.checklist)} · " + _("checked at {time}", time=when)

    def _draw_main(self, known: Known | None, job: Job | None) -> None:
        if job is not None:
            self.main.setText(_(_BUSY.get(job.verb, "Working …")))
            self.main.setEnabled(False)
            return
        self.next = known.checklist.next if known and known.checklist else None
        first = "Check again" if known and known.problem else "Check"
        self.main.setText(_(self.next.label if self.next else first))
        self.main.setEnabled(known is not None)

    def working(self, says: str, done: int, total: int) -> None:
        """A running verb tells how far it is."""
        self.line.setText(says)
        self.progress.setRange(0, total)
        self.progress.setValue(done)

    def _elide(self) -> None:
        shown = self.title.fontMetrics().elidedText(
            self._name, Qt.TextElideMode.ElideMiddle, max(self.title.width(), theme.wide(self, 10))
        )
        self.title.setText(shown)
        self.title.setToolTip(self._name if shown != self._name else "")
        self.title.setAccessibleName(self._name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Long names are elided to the room there is."""
        super().resizeEvent(event)
        self._elide()
