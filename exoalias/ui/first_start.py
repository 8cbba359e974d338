"""The first thing a person sees with no instance: two offers, and one sentence on what this is."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QVBoxLayout, QWidget

from exoalias.ui import theme
from exoalias.ui.labels import heading, prose
from exoalias.ui.scrolled import Scrolled
from exoalias.ui.words import _


class FirstStart(QWidget):
    """``add_wanted`` and ``play_wanted``: the two offers."""

    add_wanted = Signal()
    play_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("first-start")
        step = theme.grid(self)
        middle = QWidget()
        area = Scrolled(middle)
        area.setAccessibleName(_("Whose token does your instance hold?"))
        area.setMaximumWidth(theme.wide(self, 76))
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
        line.addWidget(area, 1000)
        line.addStretch(1)
        outer.addLayout(line)
        outer.addStretch(3)

    def ready(self, *, now: bool) -> None:
        """Whether an instance can be added yet; once it can, Enter does it."""
        before = self.add.isEnabled()
        self.add.setEnabled(now)
        if now and not before and self.isVisible():
            self.add.setFocus()

    def _offer(self, title: str, words: str, name: str) -> Offer:
        button = Offer(title, words)
        button.setObjectName(name)
        return button


class Offer(QPushButton):
    """A title and what it means, as one flat button. Qt's own of this kind is written in nine points, whatever the person set."""

    def __init__(self, title: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._words = words
        self.setAccessibleName(title.replace("&", ""))
        self.setAccessibleDescription(words)
        self.setAutoDefault(True)  # outside a dialog Enter is otherwise for nobody
        self.setFlat(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _title_font(self) -> QFont:
        return theme.larger(self.font(), 1.15, bold=True)

    def heightForWidth(self, width: int) -> int:
        """See QWidget."""
        step = theme.grid(self)
        room = QRect(0, 0, max(1, width - self._left() - step), 100_000)
        title = QFontMetrics(self._title_font()).height()
        words = self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, self._words).height()
        return title + words + step // 2 + 2 * step

    def _left(self) -> int:
        return 4 * theme.grid(self)  # the arrow, and the room around it

    def sizeHint(self) -> QSize:
        """See QWidget."""
        wide = theme.wide(self, 48)
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        """See QWidget."""
        wide = QFontMetrics(self._title_font()).horizontalAdvance(self.text()) + self._left() + theme.grid(self)
        return QSize(wide, self.heightForWidth(max(wide, self.width())))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """The style's own ground and frame for where the keyboard or the mouse is; arrow and words on it."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        if self.underMouse() or self.isDown():
            option.features &= ~QStyleOptionButton.ButtonFeature.Flat
        with QPainter(self) as painter:
            self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
            step, left = theme.grid(self), self._left()
            ink = option.palette.color(QPalette.ColorRole.ButtonText)
            painter.drawPixmap(step, step, theme.pixmap("arrow", ink, 2 * step, self.devicePixelRatioF()))
            painter.setPen(ink)
            painter.setFont(self._title_font())
            title = QRect(left, step, self.width() - left - step, painter.fontMetrics().height())
            painter.drawText(title, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic, self.text())
            painter.setFont(self.font())
            below = title.bottom() + step // 2
            words = QRect(left, below, title.width(), self.height() - below)
            painter.drawText(words, Qt.TextFlag.TextWordWrap, self._words)
