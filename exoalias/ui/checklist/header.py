"""Above the checklist: which instance, how it stands, when that was, and the one button that is always the next right thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from exoalias.adapters.machine.clock import utc_now
from exoalias.ui import theme
from exoalias.ui.known import lock_says
from exoalias.ui.labels import Mark, heading, named, prose
from exoalias.ui.theme import Tone
from exoalias.ui.words import _, plural

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from exoalias.domain.checklist import Action, Checklist
    from exoalias.ui.known import Known
    from exoalias.ui.runner import Job

_LOCKED, _UNLOCKED = Tone("locked", "#55595e", "#bcc0c5"), Tone("unlocked", "#834300", "#ffc970")
_BUSY = {
    "check": "Checking …",
    "check-all": "Checking …",
    "apply": "Writing …",
    "undo": "Putting back …",
    "sign-in": "Signing in …",
    "set-target": "Remembering …",
    "remember": "Remembering …",
    "scan": "The scan is running …",
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
        self._main_unlocks = False  # the main button is the one that unlocks
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
        keeps = self.stop.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)  # or the words beside it would wrap, and everything below move
        self.stop.setSizePolicy(keeps)
        self.guard = QWidget()
        self.guard_mark = Mark(_LOCKED)
        self.guard_says = prose(name="header-lock")
        self.unlock = named(QPushButton(_("&Unlock …")), "unlock")
        self.lock = named(QPushButton(_("Loc&k now")), "lock")
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
        column.addWidget(self.guard)
        self.progress.setParent(self)  # in the margin: nothing below moves, or is drawn anew, when a verb begins or ends
        self.progress.hide()
        line = QHBoxLayout(self.guard)
        line.setContentsMargins(round(self.fontMetrics().height() * 1.4) + step, 0, 0, 0)
        line.setSpacing(step)
        line.addWidget(self.guard_mark)
        line.addWidget(self.guard_says, 1)
        line.addWidget(self.unlock)
        line.addWidget(self.lock)

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
        self.draw_lock(known)
        self.unlock.setEnabled(job is None)
        if known is None:
            self.mark.show_tone(theme.UNCHECKED)
            self.line.setText("")
            return
        status = known.status
        self.mark.show_tone(theme.tone(status))
        if not mine:
            self.line.setText(self._says(known))

    def draw_lock(self, known: Known | None) -> None:
        """Whether a production instance may be written to, and for how long; nothing for others."""
        self.guard.setVisible(known is not None and known.guarded)
        if known is None or not known.guarded:
            return
        self.guard_mark.show_tone(_LOCKED if known.locked else _UNLOCKED)
        self.unlock.setVisible(known.locked and not self._main_unlocks)
        self.lock.setVisible(not known.locked)
        if known.unlocked_until is None:
            self.guard_says.setText(_("Production, read-only: nothing is written to it until you unlock it."))
            return
        left = max(1, round((known.unlocked_until - utc_now()).total_seconds() / 60))
        still = plural(left, "{n} minute left", "{n} minutes left")
        self.guard_says.setText(_("Production, {unlocked} · {left}", unlocked=lock_says(known).lower(), left=still))

    def _says(self, known: Known) -> str:
        if known.checklist is None:
            return f"{known.entry.origin} · " + (_("the check failed") if known.problem else _("not checked yet"))
        when = known.checklist.taken_at.astimezone().strftime("%H:%M")
        return f"{summary(known.checklist)} · " + _("checked at {time}", time=when)

    def _draw_main(self, known: Known | None, job: Job | None) -> None:
        self._main_unlocks = False
        if job is not None:
            self.main.setText(_(_BUSY.get(job.verb, "Working …")))
            self.main.setEnabled(False)
            return
        self.next = known.checklist.next if known and known.checklist else None
        first = "Check again" if known and known.problem else "Check"
        signs_in = self.next is not None and self.next.act.value == "sign-in"
        self._main_unlocks = signs_in and known is not None and known.locked
        self.main.setText(_("Unlock …") if self._main_unlocks else _(self.next.label if self.next else first))
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
        """Long names are elided to the room there is; the bar lies in the margin below."""
        super().resizeEvent(event)
        self._elide()
        step, thick = theme.grid(self), self.progress.maximumHeight()
        self.progress.setGeometry(step * 2, self.height() - (step + thick) // 2, self.width() - step * 4, thick)
