"""The right side: the chosen line in full — found, should be, why, what to do, the page — and its one button."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from exoalias.domain.checklist import Act, Action, Finding, Row
from exoalias.ui.checklist.page import Page
from exoalias.ui.words import _, plural

SHOWN_LINES = 6


def action_of(item: Row | Finding | None) -> Action | None:
    """The one button of a line: a check's own, or that of a record's worst check."""
    if isinstance(item, Finding):
        found = item.action
    elif isinstance(item, Row):
        found = next((f.action for f in item.findings if f.status is item.status and f.action), None)
    else:
        found = None
    return found if found and found.act is not Act.NOTHING else None


def _beginning(text: str) -> str:
    """The first lines of what would be copied: a command for each of two hundred rooms is not to be read here."""
    lines = text.splitlines()
    more = len(lines) - SHOWN_LINES
    return text if more <= 0 else "\n".join((*lines[:SHOWN_LINES], plural(more, "… and {n} more line", "… and {n} more lines")))


class Detail(QScrollArea):
    """Redrawn for each chosen line. ``wanted`` carries the Action of its button."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("detail")
        self.setAccessibleName(_("Detail of the chosen line"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.item: Row | Finding | None = None
        self._locked = False
        self._paused = False  # a verb is under way: no other can be started
        self._awaits = False  # lines to choose from
        self._build()

    def lock(self, *, locked: bool) -> None:
        """Whether a button that signs in has to unlock the instance first."""
        if locked != self._locked:
            self._locked = locked
            item, self.item = self.item, None
            self.draw(item)

    def await_lines(self, *, now: bool) -> None:
        """Whether there is no line to choose yet: then it says nothing."""
        if now != self._awaits:
            self._awaits = now
            self.page.nothing.setVisible(self.item is None and not now)

    def pause(self, *, paused: bool) -> None:
        """While a verb is under way the button can't start another one."""
        self._paused = paused
        action = action_of(self.item)
        self.page.button.setEnabled(action is not None and self._may(action))

    def _may(self, action: Action) -> bool:
        return not self._paused or action.act in {Act.COPY, Act.OPEN}

    def draw(self, item: Row | Finding | None) -> None:
        """Show that line; None: say what this side is for. The same line again is left as it stands, scrolled where it is."""
        if item is not None and item == self.item:
            return
        self.item = item
        focus = QApplication.focusWidget()
        if focus is not None and self.page.isAncestorOf(focus):
            self.setFocus()  # what stood on the button or a link was about the line before
        action = action_of(item)
        button = "" if action is None else _("Unlock …") if self._locked and action.act is Act.SIGN_IN else _(action.label)
        copied = _beginning(action.text) if action is not None and action.act is Act.COPY else ""
        self.page.show_item(item, button, copied)
        self.page.nothing.setVisible(item is None and not self._awaits)
        self.page.button.setEnabled(action is not None and self._may(action))
        self.verticalScrollBar().setValue(0)

    def _use(self) -> None:
        action = action_of(self.item)
        if action is not None:
            self.wanted.emit(action)

    def _build(self) -> None:
        """A page of its own takes the colours of the program: the ones of this side follow when Qt has told everybody."""
        self.page = Page()
        self.page.pressed.connect(self._use)
        item, self.item = self.item, None
        self.draw(item)
        self.setWidget(self.page)
        self.verticalScrollBar().setAccessibleName(_("Scroll the detail"))

    def changeEvent(self, event: QEvent) -> None:
        """Colours were worked out from the palette, sizes from the font: again when the system changes them."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange}:
            self._build()
