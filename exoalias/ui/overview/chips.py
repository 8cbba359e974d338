"""How many instances are in which state, as buttons that show those alone; they wrap where the window is narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from exoalias.ui import known as knowledge
from exoalias.ui import theme
from exoalias.ui.known import STATES

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QResizeEvent

    from exoalias.ui.known import State


class Chips(QWidget):
    """``chosen`` tells the State to show alone, or None."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("overview-chips")
        self.state: State | None = None
        self._buttons = {state: self._made(state) for state in STATES}
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _made(self, state: State) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"chip-{state.key}")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.clicked.connect(lambda checked, state=state: self.choose(state if checked else None))
        button.hide()
        return button

    def draw(self, counts: dict[State, int]) -> None:
        """Show these counts; the state chosen stays, also where none is in it any more."""
        for state, button in self._buttons.items():
            says = knowledge.count_of(state, counts.get(state, 0))
            if button.text() != says:
                button.setText(says)
                button.setAccessibleName(says)
                button.setAccessibleDescription(says)
            if button.icon().isNull():
                self._tint(state, button)
            button.setVisible(bool(counts.get(state)) or state is self.state)
        self._lay_out(self.width())
        self.updateGeometry()

    def choose(self, state: State | None) -> None:
        """Show that state alone, or all again."""
        if state is self.state:
            return
        self.state = state
        for each, button in self._buttons.items():
            button.setChecked(each is state)
        self.chosen.emit(state)

    def _tint(self, state: State, button: QToolButton) -> None:
        side = self.fontMetrics().height()
        tone = knowledge.tone(state)
        button.setIcon(QIcon(theme.pixmap(tone.icon, theme.colour(tone, self.palette()), side, self.devicePixelRatioF())))
        button.setIconSize(QSize(side, side))

    def _lay_out(self, width: int, *, place: bool = True) -> int:
        """Put the buttons beside each other, and into another line where one is full; gives the height that takes."""
        step = theme.grid(self)
        at, tall = QPoint(0, 0), 0
        for button in self._buttons.values():
            if button.isHidden():
                continue
            size = button.sizeHint()
            if at.x() and at.x() + size.width() > width:
                at = QPoint(0, at.y() + tall + step // 2)
            if place:
                button.setGeometry(QRect(at, size))
            at.setX(at.x() + size.width() + step)
            tall = size.height()
        return at.y() + tall

    def heightForWidth(self, width: int) -> int:
        """See QWidget."""
        return self._lay_out(width, place=False)

    def sizeHint(self) -> QSize:
        """See QWidget."""
        return QSize(theme.wide(self, 60), self._lay_out(max(self.width(), 1), place=False))

    def minimumSizeHint(self) -> QSize:
        """As wide as the widest button."""
        sizes = [button.sizeHint() for button in self._buttons.values() if not button.isHidden()]
        return QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See QWidget."""
        super().resizeEvent(event)
        self._lay_out(event.size().width())

    def changeEvent(self, event: QEvent) -> None:
        """The icons follow the palette."""
        super().changeEvent(event)
        if event.type() == event.Type.PaletteChange and hasattr(self, "_buttons"):
            for state, button in self._buttons.items():
                self._tint(state, button)
