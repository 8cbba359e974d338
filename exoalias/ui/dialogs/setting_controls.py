"""One control for each kind of setting: shows a value as text, gives back what the person made of it as text."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from exoalias.domain.setting import Kind
from exoalias.domain.ways import WAYS
from exoalias.ui import theme
from exoalias.ui.labels import named
from exoalias.ui.words import _

if TYPE_CHECKING:
    from exoalias.domain.setting import Setting


class Control(QWidget):
    """A setting's control. ``edited`` only when the person changed it."""

    edited = Signal()

    def __init__(self, known: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.known = known
        self.name = f"setting-{known.name}"
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(theme.grid(self))

    @abstractmethod
    def show_text(self, text: str) -> None:
        """Show that value, as Setting.text has it."""

    @abstractmethod
    def text(self) -> str:
        """What the control says now, as Setting.read takes it."""

    def _with(self, widget: QWidget, *, stretch: int = 0) -> None:
        self.row.addWidget(widget, stretch)
        self.setFocusProxy(widget)


class Number(Control):
    """A number with its unit; what can't be isn't taken."""

    def __init__(self, known: Setting, parent: QWidget | None = None) -> None:
        super().__init__(known, parent)
        self.spin = named(QSpinBox(), self.name)
        self.spin.setRange(known.lowest, known.highest)
        self.spin.setSuffix(f" {_(known.unit)}")
        self.spin.setMinimumWidth(theme.wide(self, 18))
        self.spin.setAccessibleName(_(known.title))
        self.spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.spin.installEventFilter(Unscrolled(self))
        self._with(self.spin)
        self.row.addStretch(1)
        self.spin.valueChanged.connect(lambda _value: self.edited.emit())

    def show_text(self, text: str) -> None:
        """See Control."""
        with QSignalBlocker(self.spin):  # it is not the person who changes it
            self.spin.setValue(int(text))

    def text(self) -> str:
        """See Control."""
        return str(self.spin.value())


class YesNo(Control):
    """A box to tick, with the setting's title."""

    def __init__(self, known: Setting, parent: QWidget | None = None) -> None:
        super().__init__(known, parent)
        self.box = named(QCheckBox(_(known.title)), self.name)
        self._with(self.box)
        self.row.addStretch(1)
        self.box.clicked.connect(lambda _checked=False: self.edited.emit())

    def show_text(self, text: str) -> None:
        """See Control."""
        self.box.setChecked(text == "yes")

    def text(self) -> str:
        """See Control."""
        return "yes" if self.box.isChecked() else "no"


class Line(Control):
    """A line to type in; with a file to be chosen where it is a path."""

    def __init__(self, known: Setting, parent: QWidget | None = None) -> None:
        super().__init__(known, parent)
        self.edit = named(QLineEdit(), self.name)
        self.edit.setAccessibleName(_(known.title))
        self.edit.setPlaceholderText(
            {"find": _("found on this computer"), "system": _("as the system has it")}.get(known.blank, "")
        )
        self._with(self.edit, stretch=1)
        self.edit.textEdited.connect(lambda _text: self.edited.emit())
        if known.kind is Kind.PATH:
            choose = named(QPushButton(_("Choose …")), f"{self.name}-choose")
            choose.setAccessibleName(_("Choose a file: {title}", title=_(known.title)))
            choose.setAutoDefault(False)
            choose.clicked.connect(self._choose)
            self.row.addWidget(choose)

    def show_text(self, text: str) -> None:
        """See Control."""
        self.edit.setText("" if text == self.known.blank else text)
        self.edit.setCursorPosition(0)
        self.edit.setToolTip(self.edit.text())

    def text(self) -> str:
        """See Control."""
        return self.edit.text().strip() or self.known.blank

    def _choose(self) -> None:
        dialog = QFileDialog(self, _(self.known.title), self.edit.text())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._chosen)
        dialog.open()

    def _chosen(self, path: str) -> None:
        self.edit.setText(path)
        self.edit.setFocus()
        self.edited.emit()


class Boxes(Control):
    """A box for each way in."""

    def __init__(self, known: Setting, parent: QWidget | None = None) -> None:
        super().__init__(known, parent)
        column = QVBoxLayout()
        column.setSpacing(theme.grid(self) // 2)
        self.boxes = {way.way.value: named(QCheckBox(_(way.title)), f"{self.name}-{way.way.value}") for way in WAYS}
        for box in self.boxes.values():
            box.setAccessibleDescription(_(known.title))
            box.clicked.connect(lambda _checked=False: self.edited.emit())
            column.addWidget(box)
        self.row.addLayout(column, 1)
        self.setFocusProxy(next(iter(self.boxes.values())))

    def show_text(self, text: str) -> None:
        """See Control."""
        ticked = text.split(",")
        for value, box in self.boxes.items():
            box.setChecked(value in ticked)

    def text(self) -> str:
        """See Control."""
        return ",".join(value for value, box in self.boxes.items() if box.isChecked())


class Choice(Control):
    """One of a few."""

    def __init__(self, known: Setting, parent: QWidget | None = None) -> None:
        super().__init__(known, parent)
        self.combo = named(QComboBox(), self.name)
        words = {"system": _("As the system"), "light": _("Light"), "dark": _("Dark")}
        for choice in known.choices:
            self.combo.addItem(words.get(choice, choice), choice)
        self.combo.setAccessibleName(_(known.title))
        self.combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.combo.setMinimumWidth(theme.wide(self, 18))
        self.combo.installEventFilter(Unscrolled(self))
        self._with(self.combo)
        self.row.addStretch(1)
        self.combo.activated.connect(lambda _at: self.edited.emit())

    def show_text(self, text: str) -> None:
        """See Control."""
        self.combo.setCurrentIndex(max(0, self.combo.findData(text)))

    def text(self) -> str:
        """See Control."""
        return str(self.combo.currentData())


class Unscrolled(QObject):
    """Turning the wheel over a control that has not the keyboard scrolls the page instead of changing the value."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See QObject."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


_KINDS: dict[Kind, type[Control]] = {
    Kind.NUMBER: Number,
    Kind.YES_NO: YesNo,
    Kind.PATH: Line,
    Kind.PROXY: Line,
    Kind.WAYS: Boxes,
    Kind.CHOICE: Choice,
}


def control_of(known: Setting, parent: QWidget | None = None) -> Control:
    """The control for that setting."""
    return _KINDS[known.kind](known, parent)
