"""The widgets of the detail, made once: a line chosen sets their texts, and hides those it has nothing for.

Making labels anew and measuring them takes longer than a frame while a check is under way; most of what they say
(the titles of the parts) is the same for every line.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from exoalias.domain.checklist import Finding, Row, Status
from exoalias.ui import theme
from exoalias.ui.checklist.model import second_line
from exoalias.ui.labels import Mark, ToneLabel, fixed, heading, link_pages, links, prose
from exoalias.ui.words import _, plural, told

_CHECKS = 8  # lines made ahead: records have up to so many checks, and a line made when it is to be shown is waited for


class Line(NamedTuple):
    """A check in the list of a record's."""

    mark: Mark
    says: QLabel


class Page(QWidget):
    """Everything the detail can show, in the order it is shown. ``pressed`` is its one button.

    Colours and sizes are worked out from the palette and the font there are: another page for others.
    """

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("detail-page")
        step = theme.grid(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(step * 2, step * 2, step * 2, step * 2)
        self._column.setSpacing(step)
        self._lines: list[Line] = []
        self.nothing = prose(_("Choose a line of the checklist to see what was found, what should be there, and why."))
        self.mark = Mark(theme.UNCHECKED)
        self.status = ToneLabel(theme.UNCHECKED, name="detail-status")
        self.title = heading(factor=1.2, name="detail-title")
        self.kind = prose()
        self.found_title, self.found = self._label(_("Found")), prose(name="detail-found")
        self.expected_title, self.expected = self._label(_("Should be")), prose(name="detail-expected")
        self.copied = fixed(name="detail-copy-text")
        self.button = QPushButton()
        self.button.setObjectName("detail-action")
        self.button.clicked.connect(self.pressed)
        self.remedy_title, self.remedy = self._label(_("What to do")), prose(name="detail-remedy")
        self.why_title, self.why = self._label(_("Why")), prose(name="detail-why")
        self.pages_title, self.pages = self._label(""), links((), name="detail-pages")
        self.pages.setAccessibleName(_("Documentation pages"))
        self.code = self._label("", dim=True)
        self.checks_title = self._label(_("Checks"))
        self.record_title, self.record = self._label(_("Record")), fixed(name="detail-record")
        self._assemble(step)
        self._lines += [self._another() for _line in range(_CHECKS)]

    def _assemble(self, step: int) -> None:
        column = self._column
        head, action = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(step)
        head.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.status, 1)
        action.addWidget(self.button)
        action.addStretch(1)
        column.addWidget(self.nothing)
        column.addLayout(head)
        for widget in (self.title, self.kind, self.found_title, self.found, self.expected_title, self.expected, self.copied):
            column.addWidget(widget)
        column.addLayout(action)
        for widget in (self.remedy_title, self.remedy, self.why_title, self.why, self.pages_title, self.pages, self.code):
            column.addWidget(widget)
        column.addWidget(self.checks_title)
        self._checks = QVBoxLayout()
        self._checks.setSpacing(step)
        column.addLayout(self._checks)
        column.addWidget(self.record_title)
        column.addWidget(self.record)
        column.addStretch(1)

    def show_item(self, item: Row | Finding | None, button: str = "", copied: str = "") -> None:
        """Show that line, with these words on its button and in front of it; "": without."""
        self._column.setEnabled(False)  # shown one by one, each would have the whole page laid out
        finding, row = item if isinstance(item, Finding) else None, item if isinstance(item, Row) else None
        self.nothing.setVisible(item is None)
        self._head(item)
        self._say(self.copied, copied if button else "")
        self.button.setVisible(bool(button))
        self.button.setText(button)
        self.button.setAccessibleDescription(told(item.title) if item is not None else "")
        self._check(finding)
        self._record(row)
        self._column.setEnabled(True)
        self._column.update()

    def _head(self, item: Row | Finding | None) -> None:
        self.mark.setVisible(item is not None)
        self.status.setVisible(item is not None)
        self._say(self.title, told(item.title) if item is not None else "")
        if item is not None:
            tone = theme.tone(item.status)
            self.mark.show_tone(tone)
            self.status.show_tone(tone, _(item.status.value))

    def _check(self, item: Finding | None) -> None:
        expected = told(item.expected) if item is not None and told(item.expected) != told(item.title) else ""
        self._section(self.found_title, self.found, told(item.found) if item is not None else "")
        self._section(self.expected_title, self.expected, expected)
        self._section(self.remedy_title, self.remedy, told(item.remedy) if item is not None else "")
        self._section(self.why_title, self.why, told(item.why) if item is not None else "")
        sources = item.sources if item is not None else ()
        self._say(self.pages_title, plural(len(sources), "Page", "Pages that say so") if sources else "")
        self.pages.setVisible(bool(sources))
        link_pages(self.pages, tuple((source.title, source.url) for source in sources))
        self._say(self.code, item.code if item is not None else "")

    def _record(self, item: Row | None) -> None:
        self._say(self.kind, second_line(item) if item is not None else "")
        self.checks_title.setVisible(item is not None)
        findings = item.findings if item is not None else ()
        while len(self._lines) < len(findings):
            self._lines.append(self._another())
        for at, line in enumerate(self._lines):
            shown = at < len(findings)
            line.mark.setVisible(shown)
            line.says.setVisible(shown)
            if shown:
                line.mark.show_tone(theme.tone(findings[at].status))
                line.says.setText(f"{_(findings[at].status.value)}: {told(findings[at].title)}")
        self._section(self.record_title, self.record, item.record if item is not None else "")

    def _another(self) -> Line:
        line = Line(Mark(theme.tone(Status.HOLDS)), prose())
        room = QHBoxLayout()
        room.setSpacing(theme.grid(self))
        room.addWidget(line.mark, 0, Qt.AlignmentFlag.AlignTop)
        room.addWidget(line.says, 1)
        self._checks.addLayout(room)
        return line

    def _section(self, title: QLabel, label: QLabel, text: str) -> None:
        title.setVisible(bool(text))
        self._say(label, text)

    def _say(self, label: QLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))

    def _label(self, text: str, *, dim: bool = False) -> QLabel:
        label = prose(text) if dim else heading(text)
        palette = label.palette()
        palette.setColor(label.foregroundRole(), theme.quiet(self.palette()))
        label.setPalette(palette)
        if not dim:
            label.setContentsMargins(0, theme.grid(self), 0, 0)
        return label
