"""The few small widgets everything is written with: wrapped prose, headings, a status mark."""

from __future__ import annotations

from html import escape
from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from exoalias.ui import theme

W = TypeVar("W", bound=QWidget)


def named(widget: W, name: str) -> W:
    """The widget, with the object name by which tests, screen readers and style find it."""
    widget.setObjectName(name)
    return widget


def prose(text: str = "", parent: QWidget | None = None, *, name: str = "") -> QLabel:
    """A wrapped paragraph of plain text that can be selected with the mouse."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setObjectName(name)
    return label


def heading(text: str = "", parent: QWidget | None = None, *, factor: float = 1.0, name: str = "") -> QLabel:
    """A bold line; ``factor`` of the person's own font size."""
    label = prose(text, parent, name=name)
    label.setFont(theme.larger(label.font(), factor, bold=True))
    return label


def fixed(text: str = "", parent: QWidget | None = None, *, name: str = "") -> QLabel:
    """Text to be read letter by letter or copied: ids, addresses, commands."""
    label = prose(text, parent, name=name)
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(label.font().pointSizeF())
    label.setFont(QFont(font))
    return label


def value(text: str, *, name: str = "") -> QLabel:
    """What was found, said or expected: an id or an address letter by letter, words as words."""
    return prose(text, name=name) if " " in text else fixed(text, name=name)


def links(pages: tuple[tuple[str, str], ...], parent: QWidget | None = None, *, name: str = "") -> QLabel:
    """Pages to open in the person's own browser, one a line, reachable by Tab."""
    label = Links(parent)
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setWordWrap(True)
    label.setOpenExternalLinks(True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
    )
    label.setObjectName(name)
    link_pages(label, pages)
    return label


class Links(QLabel):
    """Links that Tab goes through one by one, forwards and back."""

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt's signature
        """Qt's own label never gives the keyboard back: Shift+Tab on its first link stays there for ever."""
        stood = self.selectionStart()
        moved = super().focusNextPrevChild(forward)
        if moved and not forward and self.hasFocus() and self.selectionStart() == stood:
            return QWidget.focusNextPrevChild(self, False)
        return moved


def link_pages(label: QLabel, pages: tuple[tuple[str, str], ...]) -> None:
    """Other pages on a label of ``links``."""
    label.setText("<br>".join(f'<a href="{escape(url)}">{escape(title)}</a>' for title, url in pages))
    label.setToolTip("\n".join(url for _title, url in pages))


class Mark(QWidget):
    """A status icon that follows the palette; the words stand beside it, so it is silent for screen readers."""

    def __init__(self, tone: theme.Tone, parent: QWidget | None = None, *, factor: float = 1.0) -> None:
        super().__init__(parent)
        self._tone = tone
        self._factor = factor
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_tone(self, tone: theme.Tone) -> None:
        """Show another status."""
        self._tone = tone
        self.update()

    def sizeHint(self) -> QSize:
        """As tall as a line of text, times the factor."""
        side = round(self.fontMetrics().height() * self._factor)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """See QWidget."""
        with QPainter(self) as painter:
            side = self.sizeHint().width()
            painter.drawPixmap(
                0, 0, theme.pixmap(self._tone.icon, theme.colour(self._tone, self.palette()), side, self.devicePixelRatioF())
            )


class ToneLabel(QLabel):
    """A word in a status colour that follows the palette."""

    def __init__(self, tone: theme.Tone, parent: QWidget | None = None, *, name: str = "") -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFont(theme.larger(self.font(), 1.0, bold=True))
        self.show_tone(tone, "")

    def show_tone(self, tone: theme.Tone, text: str) -> None:
        """Show that word in that tone."""
        self._tone = tone
        self.setText(text)
        self._paint_words()

    def _paint_words(self) -> None:
        palette = self.palette()
        wanted = theme.colour(self._tone, palette)
        if palette.color(QPalette.ColorRole.WindowText) != wanted:
            # Only this role is set: the others go on following the system.
            own = QPalette()
            own.setColor(QPalette.ColorRole.WindowText, wanted)
            self.setPalette(own)
