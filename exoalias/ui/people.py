"""Beside a simulated instance: the invented people with their user names and passwords, so that a person can play."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from exoalias.ui import theme
from exoalias.ui.labels import heading, prose
from exoalias.ui.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def cast_of(announcement: Mapping[str, Any]) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Who is in the play: a heading each, and what can be copied."""
    rest, admin, delegated = announcement["rest"], announcement["admin"], announcement["delegated"]
    yield _("You, in ServiceNow"), ((_("User"), rest["user"]), (_("Password"), rest["password"]))
    yield (
        _("The delegated user, at Microsoft"),
        ((_("User"), delegated["upn"]), (_("Password"), delegated["password"]), (_("Object id"), delegated["object_id"])),
    )
    yield _("Somebody else, at Microsoft (to see it refused)"), ((_("User"), admin["upn"]), (_("Password"), admin["password"]))


class People(QFrame):
    """A small panel under the instances. These secrets are invented, hence shown."""

    def __init__(self, announcement: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("people")
        self.setAccessibleName(_("People of the simulated instance"))
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setMinimumWidth(theme.wide(self, 30))
        step = theme.grid(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(step, step, step, step)
        column.setSpacing(step)
        self._shown: list[QLabel] = []
        column.addWidget(heading(_("Simulated: nothing here is real")))
        for title, lines in cast_of(announcement):
            column.addWidget(self._person(title, lines))

    def whole_width(self) -> int:
        """As wide as nothing in it is cut off."""
        short = max((label.sizeHint().width() - label.minimumWidth() for label in self._shown), default=0)
        return self.minimumSizeHint().width() + max(0, short)

    def _person(self, title: str, lines: tuple[tuple[str, str], ...]) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.grid(self) // 2)
        grid.setVerticalSpacing(0)
        grid.addWidget(prose(title), 0, 0, 1, 3)
        for at, (label, value) in enumerate(lines, 1):
            shown = QLabel(value)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            shown.setMinimumWidth(theme.wide(self, 8))
            shown.setToolTip(value)
            self._shown.append(shown)
            shown.setAccessibleName(f"{label}: {value}")
            copy = QToolButton()
            copy.setText(_("Copy"))
            copy.setAutoRaise(True)
            copy.setAccessibleName(_("Copy {what} of {who}", what=label, who=title))
            copy.clicked.connect(lambda _checked=False, text=value: QGuiApplication.clipboard().setText(text))
            grid.addWidget(QLabel(label), at, 0)
            grid.addWidget(shown, at, 1)
            grid.addWidget(copy, at, 2)
        grid.setColumnStretch(1, 1)
        return box
