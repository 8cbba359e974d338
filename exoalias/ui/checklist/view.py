"""The checklist drawn: a tree of records and checks, each with an icon, a word and a colour for its status."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence, QPainter, QPalette
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from exoalias.domain.checklist import Finding, Group, Row, Status
from exoalias.ui import selection, theme
from exoalias.ui.checklist.model import ITEM_ROLE, KEY_ROLE, ChecklistModel, as_text, second_line, status_word
from exoalias.ui.checklist.typeset import Typeset
from exoalias.ui.words import _, told

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent

    from exoalias.domain.checklist import Checklist

Index = QModelIndex | QPersistentModelIndex
_MOST_INKS = 16  # palettes come and go with what the system is set to
# Looked up once: PySide6 finds an enum's value anew each time, and a repaint asks for each line.
_PANEL, _SELECTED = QStyle.PrimitiveElement.PE_PanelItemViewItem, QStyle.StateFlag.State_Selected
_PANELLED = _SELECTED | QStyle.StateFlag.State_MouseOver  # others have nothing behind them


class _Inks(NamedTuple):
    """The colours of a line: of its texts, of its second line, and of its mark and word by the name of a status."""

    text: QColor
    under: QColor
    tints: dict[str, QColor]


class LineDelegate(QStyledItemDelegate):
    """Draws one line: icon, title, status word at the right, and a dim second line where there is one."""

    def __init__(self, lines: ChecklistModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self._texts = Typeset()
        self._inks: dict[tuple[int, QPalette.ColorGroup, bool, int], _Inks] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """See QStyledItemDelegate."""
        item = self._lines.item(index)
        height = option.fontMetrics.height()
        step = height // 2
        if isinstance(item, Group):
            return QSize(0, height + 2 * step)
        lines = 2 if isinstance(item, (Row, Finding)) and second_line(item) else 1
        return QSize(0, lines * height + step)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """See QStyledItemDelegate."""
        item = self._lines.item(index)
        painter.save()
        self._texts.use(option.font)
        if isinstance(item, Group):
            self._heading(painter, option, item)
        elif isinstance(item, (Row, Finding)):
            if option.state & _PANELLED:
                option.widget.style().drawPrimitive(_PANEL, option, painter, option.widget)
            self._line(painter, option, item)
        painter.restore()

    def _heading(self, painter: QPainter, option: QStyleOptionViewItem, group: Group) -> None:
        painter.setPen(self._inks_of(option, selected=False).under)
        height = option.fontMetrics.height()
        step = height // 2
        rect = option.rect.adjusted(0, step, -step, -step // 2)
        rect.setTop(rect.bottom() + 1 - height)
        self._texts.draw(painter, _(group.value), rect, bold=True)

    def _line(self, painter: QPainter, option: QStyleOptionViewItem, item: Row | Finding) -> None:
        inks = self._inks_of(option, selected=_SELECTED in option.state)
        status = item.status
        tint = inks.tints[status.name]
        height = option.fontMetrics.height()
        step = height // 2
        area = option.rect.adjusted(step // 2, step // 2, -step, -step // 2)

        mark = theme.pixmap(theme.tone(status).icon, tint, height, painter.device().devicePixelRatio())
        painter.drawPixmap(area.left(), area.top(), mark)
        area.setLeft(area.left() + height + step)

        first = QRect(area.left(), area.top(), area.width(), height)
        painter.setPen(tint)
        taken = self._texts.draw(painter, status_word(item), first, right=True)
        first.setRight(first.right() - taken - 2 * step)
        painter.setPen(inks.text)
        self._texts.draw(painter, told(item.title), first, bold=isinstance(item, Row))

        under = second_line(item)
        if under:
            painter.setPen(inks.under)
            second = QRect(area.left(), area.top() + height, area.width(), height)
            self._texts.draw(painter, under.replace("\n", " "), second)

    def _inks_of(self, option: QStyleOptionViewItem, *, selected: bool) -> _Inks:
        """Worked out once for each palette: a list of them for each line is a part of a repaint that can be seen."""
        palette = option.palette
        text = selection.ink(option) if selected else palette.color(QPalette.ColorRole.Text)
        key = (palette.cacheKey(), palette.currentColorGroup(), selected, text.rgba())
        inks = self._inks.get(key)
        if inks is None:
            tints = {status.name: text if selected else theme.colour(theme.tone(status), palette) for status in Status}
            inks = _Inks(text, text if selected else theme.quiet(palette), tints)
            if len(self._inks) >= _MOST_INKS:
                self._inks.clear()
            self._inks[key] = inks
        return inks


class ChecklistView(QTreeView):
    """The middle of the window. ``chosen`` tells the Row or Finding the person stands on, ``used`` an Enter on it."""

    chosen = Signal(object)
    used = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("checklist")
        self.setAccessibleName(_("Checklist"))
        self._empty = ""
        self._drawn: Checklist | None = None
        self.lines = ChecklistModel(self)
        self.setModel(self.lines)
        self.setItemDelegate(LineDelegate(self.lines, self))
        self.setHeaderHidden(True)
        self.setAnimated(False)
        self.setExpandsOnDoubleClick(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setIndentation(theme.grid(self) * 2)
        self.selectionModel().currentChanged.connect(lambda now, _before: self.chosen.emit(now.data(ITEM_ROLE)))

    def draw(self, checklist: Checklist | None) -> bool:
        """Show that checklist, keeping what is open and where the person stands as far as the lines are still there.

        A check that was put right has nothing more to say: then they are taken to the next one that needs somebody.
        False where it stands there already.
        """
        if checklist is self._drawn and (checklist is not None or not self.lines.rowCount()):
            return False
        self._drawn = checklist
        standing, stood = self.currentIndex().data(KEY_ROLE), self.currentIndex().data(ITEM_ROLE)
        opened = {line.data(KEY_ROLE): self.isExpanded(line) for line in self.lines.lines()}
        same = self.lines.show(checklist)
        if not same:
            for line in self.lines.lines():
                row = line.data(ITEM_ROLE)
                self.setExpanded(line, opened.get(row.key, row.status.is_finding or row.status is Status.WORKING))
        now = self.lines.find(standing).data(ITEM_ROLE) if isinstance(standing, str) else None
        put_right = (
            isinstance(stood, Finding) and isinstance(now, Finding) and stood.status.is_finding and not now.status.is_finding
        )
        self._stand_on(None if put_right else standing)
        return True

    def _stand_on(self, key: object) -> None:
        found = self.lines.find(key) if isinstance(key, str) else QModelIndex()
        if not found.isValid():
            found = self._most_pressing()
        if found.isValid():
            self.setCurrentIndex(found)
        self.chosen.emit(found.data(ITEM_ROLE) if found.isValid() else None)

    def _most_pressing(self) -> QModelIndex:
        """The first check that needs somebody; the first record where none does."""
        lines = self.lines.lines()
        for line in lines:
            for at in range(self.lines.rowCount(line)):
                check = self.lines.index(at, 0, line)
                if check.data(ITEM_ROLE).status.is_finding:
                    return check
        return lines[0] if lines else QModelIndex()

    def say_empty(self, words: str) -> None:
        """What stands in the middle while there is no checklist."""
        if words == self._empty:
            return
        self._empty = words
        self.setAccessibleDescription(words)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """See QTreeView; an empty one says why it is empty."""
        super().paintEvent(event)
        if self.lines.rowCount() == 0 and self._empty:
            with QPainter(self.viewport()) as painter:
                painter.setPen(theme.quiet(self.palette()))
                step = theme.grid(self) * 4
                room = self.viewport().rect().adjusted(step, step, -step, -step)
                painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The line the person stands on stays in sight where it was: a banner or panel above takes room from below."""
        stood = self.visualRect(self.currentIndex())
        super().resizeEvent(event)
        if stood.isValid() and stood.bottom() > 0 and stood.top() < event.oldSize().height():
            self.scrollTo(self.currentIndex())

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """The arrow stands beside the title, also where a second line makes the row taller."""
        if isinstance(self.lines.item(index), Row):
            rect = QRect(rect.left(), rect.top(), rect.width(), theme.grid(self) * 3)
            super().drawBranches(painter, rect, index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does the line's own action; Ctrl+C copies it as text."""
        item = self.currentIndex().data(ITEM_ROLE)
        if event.matches(QKeySequence.StandardKey.Copy) and isinstance(item, (Row, Finding)):
            QGuiApplication.clipboard().setText(as_text(item))
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and isinstance(item, (Row, Finding)):
            self.used.emit(item)
        else:
            super().keyPressEvent(event)
