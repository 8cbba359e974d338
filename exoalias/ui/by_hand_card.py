"""A sign-in without control, in the panel: what it can't promise, the steps one below the other, and their addresses to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from exoalias.domain.checklist import Status
from exoalias.ui import theme
from exoalias.ui.labels import Mark, fixed, heading, named, prose
from exoalias.ui.words import _, told

if TYPE_CHECKING:
    from exoalias.domain.by_hand import Step
    from exoalias.domain.events import ByHand


class ByHandCard(QFrame):
    """Stands where the two browser windows' cards stand otherwise. ``opened`` asks for a private window."""

    opened = Signal()
    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("by-hand")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(_("Sign-in by hand"))
        step = theme.grid(self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(step, step, step, step)
        self._grid.setHorizontalSpacing(step)
        self._grid.setVerticalSpacing(step)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(Mark(theme.tone(Status.NEEDS_YOU)), 0, 0, Qt.AlignmentFlag.AlignTop)
        self.warning = heading(name="by-hand-warning")
        self._grid.addWidget(self.warning, 0, 1)
        self.open = named(QPushButton(), "by-hand-open")
        self.open.clicked.connect(self.opened)
        self._steps: list[QWidget] = []

    def show_steps(self, event: ByHand) -> None:
        """Those of one credential."""
        self.warning.setText(_(event.warning))
        self.open.setParent(self)  # or it would go with the step it stood in
        for widget in self._steps:
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._steps = []
        self.open.setText(_("&Open a private window of {browser}", browser=event.browser))
        self.open.setVisible(bool(event.browser))
        for number, step in enumerate(event.steps, 1):
            self._add(number, step)

    def _add(self, number: int, step: Step) -> None:
        line = number  # the warning is above
        words = prose(told(step.words), name=f"by-hand-step-{number}")
        column = QWidget()
        inside = QGridLayout(column)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setVerticalSpacing(theme.grid(self) // 2)
        inside.addWidget(words, 0, 0)
        if number == 1:
            beside = QHBoxLayout()
            beside.addWidget(self.open)
            beside.addStretch(1)
            inside.addLayout(beside, 1, 0)
        if step.address:
            inside.addLayout(self._address(number, step.address), 1, 0)
        shown = fixed(f"{number}")
        self._grid.addWidget(shown, line, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self._grid.addWidget(column, line, 1)
        self._steps += [shown, column]

    def _address(self, number: int, address: str) -> QHBoxLayout:
        field = named(QLineEdit(address), f"by-hand-address-{number}")
        field.setReadOnly(True)
        field.setCursorPosition(0)
        field.setAccessibleName(_("Address of step {number}", number=number))
        copy = named(QPushButton(_("Copy")), f"by-hand-copy-{number}")
        copy.setAccessibleName(_("Copy the address of step {number}", number=number))
        copy.clicked.connect(lambda: self._copy(address))
        line = QHBoxLayout()
        line.setSpacing(theme.grid(self))
        line.addWidget(field, 1)
        line.addWidget(copy)
        return line

    def _copy(self, address: str) -> None:
        QGuiApplication.clipboard().setText(address)
        self.copied.emit(address)
