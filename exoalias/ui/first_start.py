"""The first thing a person sees with no instance: two offers, and one sentence on what this is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QCommandLinkButton, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from exoalias.ui import theme
from exoalias.ui.labels import heading, prose
from exoalias.ui.words import _


class FirstStart(QWidget):
    """``add_wanted`` and ``play_wanted``: the two offers."""

    add_wanted = Signal()
    play_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("first-start")
        step = theme.grid(self)
        middle = QWidget(self)
        middle.setFixedWidth(theme.wide(self, 76))
        column = QVBoxLayout(middle)
        column.setSpacing(step * 2)
        icon = QLabel()
        icon.setPixmap(theme.app_icon().pixmap(step * 8, step * 8))
        column.addWidget(icon)
        column.addWidget(heading(_("Whose token does your instance hold?"), factor=1.6, name="first-start-title"))
        column.addWidget(
            prose(
                _(
                    "exoalias checks the strict mode connection and credential alias for Microsoft "
                    "Exchange Online on a ServiceNow "
                    "instance, sets what is missing, signs the delegated user in, and makes sure "
                    "that nobody else's token is stored."
                )
            )
        )
        self.add = self._offer(
            _("&Add an instance"),
            _("Give its address, and choose how exoalias is let in. Checking changes nothing."),
            "first-add",
        )
        self.play = self._offer(
            _("&Try it on a simulated instance"),
            _("Starts an invented instance and Microsoft sign-in on this computer. Nothing leaves it."),
            "first-play",
        )
        self.add.clicked.connect(self.add_wanted)
        self.play.clicked.connect(self.play_wanted)
        column.addWidget(self.add)
        column.addWidget(self.play)
        self.says = prose(name="first-start-says")
        column.addWidget(self.says)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(middle)
        line.addStretch(1)
        outer.addLayout(line)
        outer.addStretch(3)

    def ready(self, *, now: bool) -> None:
        """Whether an instance can be added yet; once it can, Enter does it."""
        before = self.add.isEnabled()
        self.add.setEnabled(now)
        if now and not before and self.isVisible():
            self.add.setFocus()

    def _offer(self, title: str, words: str, name: str) -> QCommandLinkButton:
        button = QCommandLinkButton(title, words)
        button.setObjectName(name)
        button.setAccessibleName(title.replace("&", ""))
        button.setAccessibleDescription(words)
        button.setAutoDefault(True)  # outside a dialog Enter is otherwise for nobody
        button.setIcon(self._arrow())
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        return button

    def _arrow(self) -> QIcon:
        """Of the text's colour: the style's own is black, also in the dark."""
        ink = self.palette().color(self.foregroundRole())
        return QIcon(theme.pixmap("arrow", ink, theme.grid(self) * 2, self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        """The arrows follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "play"):
            for button in (self.add, self.play):
                button.setIcon(self._arrow())
