"""Shown while the person has to sign in to the instance itself: where, as whom, the time left, and the ways out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from exoalias.domain.events import Door
from exoalias.ui import theme
from exoalias.ui.labels import heading, named, prose
from exoalias.ui.sign_in_panel import LIMIT_S, clock
from exoalias.ui.words import _

if TYPE_CHECKING:
    from exoalias.domain.events import DoorPhase


class DoorPanel(QFrame):
    """Tells ``cancelled`` and ``carried_on``; what they mean is the verb's business."""

    cancelled = Signal()
    carried_on = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("door-panel")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(_("Sign in to the instance"))
        self._elapsed = QElapsedTimer()
        self._seconds = 0.0
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._count)
        self.title = heading(factor=1.2, name="door-title")
        self.left = named(QLabel(), "door-time")
        self.says = prose(name="door-says")
        self.bar = QProgressBar(maximum=LIMIT_S)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Time left"))
        self.bar.setMaximumHeight(theme.grid(self))
        self.go_on = named(QPushButton(_("Con&tinue")), "door-continue")
        self.cancel = named(QPushButton(_("Ca&ncel")), "door-cancel")
        self.go_on.clicked.connect(self.carried_on)
        self.cancel.clicked.connect(self.cancelled)
        self._assemble()

    def _assemble(self) -> None:
        step = theme.grid(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(step * 2, step * 2, step * 2, step * 2)
        column.setSpacing(step)
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.left, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(top)
        column.addWidget(self.bar)
        column.addWidget(self.says)
        buttons = QHBoxLayout()
        buttons.setSpacing(step)
        buttons.addStretch(1)
        buttons.addWidget(self.go_on)
        buttons.addWidget(self.cancel)
        column.addLayout(buttons)

    def move_on(self, event: DoorPhase) -> None:
        """The sign-in to the instance began, or waits for the person."""
        self.title.setText(_("Sign in to {instance}", instance=event.instance))
        words = (
            _("The earlier session ended. Sign in once more in the browser window; what was under way goes on afterwards.")
            if event.again
            else _(
                "A browser window shows {address}. Sign in there as yourself, the way you usually do. "
                "exoalias then works in that session.",
                address=event.origin.partition("://")[2],
            )
        )
        opening = event.phase is Door.OPENING
        more = "" if opening else "\n" + _("If you are signed in there and nothing follows, press Continue.")
        self.says.setText((_(event.phase.value) + " …" if opening else words) + more)
        self.go_on.setEnabled(event.can_continue)
        self.cancel.setEnabled(True)
        self._seconds = event.seconds_left
        self._elapsed.start()
        self._tick.start()
        self._count()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{self.title.text()}. {self.says.text()}"))

    def stopping(self) -> None:
        """Cancel was pressed: it ends when that is safe."""
        self.cancel.setEnabled(False)
        self.go_on.setEnabled(False)
        self.says.setText(_("Stopping …"))

    def end(self) -> None:
        """Nothing counts any more."""
        self._tick.stop()

    def _count(self) -> None:
        left = max(0.0, self._seconds - self._elapsed.elapsed() / 1000)
        self.left.setText(_("{time} left", time=clock(left)))
        self.bar.setValue(round(left))
