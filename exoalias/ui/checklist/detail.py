"""The right side: the chosen line in full — found, should be, why, what to do, the page — and its one button."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from exoalias.domain.checklist import Act, Action, Finding, Row, Status
from exoalias.ui import theme
from exoalias.ui.checklist.model import second_line
from exoalias.ui.labels import Mark, ToneLabel, fixed, heading, links, prose
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
        self._lines = True  # whether there are lines to choose from
        self._next: Row | Finding | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(lambda: self.draw(self._next))
        self.draw(None)

    def draw_soon(self, item: Row | Finding | None) -> None:
        """Show that line once the loop has come round: a new checklist is drawn first, and only the last line chosen counts."""
        self._next = item
        self._soon.start()

    def lock(self, *, locked: bool) -> None:
        """Whether a button that signs in has to unlock the instance first."""
        if locked != self._locked:
            self._locked = locked
            item, self.item = self.item, None
            self.draw(item)

    def pause(self, *, paused: bool) -> None:
        """While a verb is under way the button can't start another one."""
        self._paused = paused
        button, action = self.findChild(QPushButton, "detail-action"), action_of(self.item)
        if button is not None and action is not None:
            button.setEnabled(self._may(action))

    def _may(self, action: Action) -> bool:
        return not self._paused or action.act in {Act.COPY, Act.OPEN}

    def invite(self, *, lines: bool) -> None:
        """Whether there are lines to choose from."""
        if lines != self._lines:
            self._lines = lines
            if self.item is None:
                self.draw(None)

    def draw(self, item: Row | Finding | None) -> None:
        """Show that line; None: say what this side is for. The same line again is left as it stands, scrolled where it is."""
        if item is not None and item == self.item:
            return
        self.item = item
        page = QWidget()
        page.setObjectName("detail-page")
        column = QVBoxLayout(page)
        step = theme.grid(self)
        column.setContentsMargins(step * 2, step * 2, step * 2, step * 2)
        column.setSpacing(step)
        if item is None:
            words = _("Choose a line of the checklist to see what was found, what should be there, and why.")
            column.addWidget(prose(words if self._lines else "", page))
        elif isinstance(item, Row):
            self._record(column, item)
        else:
            self._check(column, item)
        column.addStretch(1)
        self.setWidget(page)
        self.verticalScrollBar().setAccessibleName(_("Scroll the detail"))

    def _head(self, column: QVBoxLayout, title: str, status: Status) -> None:
        line = QHBoxLayout()
        line.setSpacing(theme.grid(self))
        line.addWidget(Mark(theme.tone(status)), 0, Qt.AlignmentFlag.AlignVCenter)
        word = ToneLabel(theme.tone(status), name="detail-status")
        word.show_tone(theme.tone(status), _(status.value))
        line.addWidget(word, 1)
        column.addLayout(line)
        column.addWidget(heading(title, factor=1.2, name="detail-title"))

    def _check(self, column: QVBoxLayout, item: Finding) -> None:
        self._head(column, item.title, item.status)
        self._section(column, _("Found"), item.found, "detail-found")
        self._section(column, _("Should be"), "" if item.expected == item.title else item.expected, "detail-expected")
        self._button(column, item)
        self._section(column, _("What to do"), item.remedy, "detail-remedy")
        self._section(column, _("Why"), item.why, "detail-why")
        if item.sources:
            column.addWidget(self._label(plural(len(item.sources), "Page", "Pages that say so")))
            pages = links(tuple((s.title, s.url) for s in item.sources), name="detail-pages")
            pages.setAccessibleName(_("Documentation pages"))
            column.addWidget(pages)
        column.addWidget(self._label(item.code, dim=True))

    def _record(self, column: QVBoxLayout, item: Row) -> None:
        self._head(column, item.title, item.status)
        if second_line(item):
            column.addWidget(prose(item.detail))
        self._button(column, item)
        column.addWidget(self._label(_("Checks")))
        for finding in item.findings:
            line = QHBoxLayout()
            line.setSpacing(theme.grid(self))
            line.addWidget(Mark(theme.tone(finding.status)), 0, Qt.AlignmentFlag.AlignTop)
            said = f"{_(finding.status.value)}: {finding.title}"
            line.addWidget(prose(said), 1)
            column.addLayout(line)
        if item.record:
            column.addWidget(self._label(_("Record")))
            column.addWidget(fixed(item.record, name="detail-record"))

    def _section(self, column: QVBoxLayout, title: str, text: str, name: str) -> None:
        if text:
            label = self._label(title)
            column.addWidget(label)
            column.addWidget(prose(text, name=name))

    def _label(self, text: str, *, dim: bool = False) -> QLabel:
        label = prose(text) if dim else heading(text)
        palette = label.palette()
        palette.setColor(label.foregroundRole(), theme.quiet(self.palette()))
        label.setPalette(palette)
        if not dim:
            label.setContentsMargins(0, theme.grid(self), 0, 0)
        return label

    def _button(self, column: QVBoxLayout, item: Row | Finding) -> None:
        action = action_of(item)
        if action is None:
            return
        if action.act is Act.COPY:
            column.addWidget(fixed(_beginning(action.text), name="detail-copy-text"))
        button = QPushButton(_("Unlock …") if self._locked and action.act is Act.SIGN_IN else _(action.label))
        button.setObjectName("detail-action")
        button.setAccessibleDescription(item.title)
        button.setEnabled(self._may(action))
        button.clicked.connect(lambda: self.wanted.emit(action))
        line = QHBoxLayout()
        line.addWidget(button)
        line.addStretch(1)
        column.addLayout(line)

    def changeEvent(self, event: QEvent) -> None:
        """Colours were worked out from the palette: draw again when the system changes it."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            item, self.item = self.item, None
            self.draw(item)
