"""Dialogs in which a person types: add an instance, give a password again, say what should be true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from exoalias.domain.checklist import Status
from exoalias.ui import theme
from exoalias.ui.labels import Mark, heading, named, prose
from exoalias.ui.remedies import remedy
from exoalias.ui.scrolled import Scrolled
from exoalias.ui.words import _, told

_NO_BOUND = 16_777_215  # Qt's QWIDGETSIZE_MAX
_WIDE = 88  # an id and a sentence of ten words have room beside their caption

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QShowEvent

    from exoalias.domain.problems import Problem


class Form(QDialog):
    """A form that stays open until what was typed was taken: ``submitted``, then ``refuse`` or ``accept``."""

    submitted = Signal()

    def __init__(self, title: str, words: str, button: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        step = theme.grid(self)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(step * 2, step * 2, step * 2, step * 2)
        self.column.setSpacing(step)
        self.column.addWidget(heading(title, factor=1.2))
        self.column.addWidget(prose(words))
        self._notes: list[QLabel] = []
        self._first: QLineEdit | None = None
        lines = QWidget()
        self.fields = QFormLayout(lines)
        self.fields.setContentsMargins(0, 0, 0, 0)
        self.fields.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.fields.setHorizontalSpacing(step * 2)
        self.fields.setVerticalSpacing(step)
        self.area = Scrolled(lines)  # on a small screen, or with large text, a form is higher than both
        self.area.setAccessibleName(title)
        self.column.addWidget(self.area)
        self.says = prose(name="form-says")
        self._mark = Mark(theme.tone(Status.NEEDS_YOU))
        for part in (self._mark, self.says):
            part.hide()
        self.buttons = QDialogButtonBox(self)
        self.buttons.addButton(named(QPushButton(_("&Cancel")), "form-cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.go = named(QPushButton(button), "form-go")
        self.buttons.addButton(self.go, QDialogButtonBox.ButtonRole.ActionRole)
        self.go.setDefault(True)  # only counts once the button is inside the dialog
        self.go.clicked.connect(self._submit)
        self.buttons.rejected.connect(self.reject)
        self.setMinimumWidth(theme.wide(self, 72))

    def finish(self) -> None:
        """Put message and buttons below the fields, and the keyboard into the first line; called last by each form."""
        trouble = QHBoxLayout()
        trouble.setSpacing(theme.grid(self))
        trouble.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        trouble.addWidget(self.says, 1)
        self.column.addLayout(trouble)
        self.column.addStretch(1)
        self.column.addWidget(self.buttons)
        if self._first is not None:
            self._first.setFocus()

    def line(self, label: str, name: str, *, text: str = "", hint: str = "", secret: bool = False) -> QLineEdit:
        """One labelled line to type in."""
        edit = named(QLineEdit(text), name)
        edit.setPlaceholderText(hint)
        if secret:
            edit.setEchoMode(QLineEdit.EchoMode.Password)
        caption = QLabel(label)
        caption.setBuddy(edit)
        edit.setAccessibleName(label.replace("&", ""))
        self.fields.addRow(caption, edit)
        self._first = self._first or edit
        return edit

    def settle(self, edit: QLineEdit) -> None:
        """That line is said and stays so: it reads as text, and can be copied."""
        edit.setReadOnly(True)
        edit.setFrame(False)
        palette = edit.palette()
        palette.setColor(QPalette.ColorRole.Base, self.palette().color(QPalette.ColorRole.Window))
        edit.setPalette(palette)

    def note(self, text: str) -> QLabel:
        """A sentence below the line before it."""
        label = prose(text)
        palette = label.palette()
        palette.setColor(label.foregroundRole(), theme.quiet(self.palette()))
        label.setPalette(palette)
        self.fields.addRow("", label)
        self._notes.append(label)
        return label

    def missing(self) -> str:
        """What keeps the form from being sent, in words; "" when nothing does."""
        return ""

    def _submit(self) -> None:
        words = self.missing()
        self.say(words)
        if not words:
            self.working()
            self.submitted.emit()

    def working(self) -> None:
        """It was sent: no second press until there is an answer."""
        self.go.setEnabled(False)

    def refuse(self, problem: Problem) -> None:
        """It was not taken: say why, keep what was typed."""
        self.go.setEnabled(True)
        self.say(f"{told(problem.words)}\n{remedy(problem)}".strip())

    def say(self, words: str) -> None:
        """Show a message inside the form."""
        self.says.setText(words)
        for part in (self._mark, self.says):
            part.setVisible(bool(words))
        self.says.setAccessibleName(words)
        self.fit()

    def fit(self) -> None:
        """As high as its lines need at this width: neither a dialog nor its lines count how often a sentence wraps there.

        As far as the screen lets it; the lines scroll where it does not, and a bar beside them makes them narrower.
        """
        if not self.isVisible():
            return
        room, frame = self.screen().availableGeometry(), self.frameGeometry().height() - self.height()
        for _round in range(2):
            self._bound_notes(lambda _note: (0, _NO_BOUND))  # their own bounds count in what they say they need
            self._bound_notes(lambda note: (note.heightForWidth(note.width()),) * 2)
            needed = self.column.totalHeightForWidth(self.width())
            self.resize(self.width(), min(needed, room.height() - frame))
        below = self.y() + self.height() + frame - (room.y() + room.height())
        if below > 0:  # it grew over the edge of the screen, where its buttons would be
            self.move(self.x(), max(room.y(), self.y() - below))

    def _bound_notes(self, bounds: Callable[[QLabel], tuple[int, int]]) -> None:
        for note in self._notes:
            lowest, highest = bounds(note)
            note.setMinimumHeight(lowest)
            note.setMaximumHeight(highest)
        self.fields.invalidate()
        self.area.updateGeometry()
        self.column.invalidate()
        self.column.activate()
        QCoreApplication.sendPostedEvents(self.area.inside, QEvent.Type.LayoutRequest)  # the area lays out when told to
        self.fields.activate()

    def showEvent(self, event: QShowEvent) -> None:
        """See QDialog."""
        super().showEvent(event)
        room = self.screen().availableSize().width() * 9 // 10
        self.resize(max(self.width(), min(theme.wide(self, _WIDE), room)), self.height())
        self.fit()


class FirstUse(QDialog):
    """Nobody knows the account that signed in: store it unconfirmed, or not. Not storing is the default."""

    answered = Signal(bool)

    def __init__(self, upn: str, object_id: str, tenant_id: str, credential: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("first-use")
        self.setWindowTitle(_("Is this {upn}?", upn=upn))
        step = theme.grid(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(step * 2, step * 2, step * 2, step * 2)
        column.setSpacing(step)
        column.addWidget(heading(_("Is this {upn}?", upn=upn), factor=1.2))
        column.addWidget(
            prose(
                _(
                    "Somebody signed in for {credential}. Their sign-in is held: it has not reached "
                    "the instance. Nobody has told "
                    "exoalias yet which account {upn} is, so it cannot compare.",
                    credential=credential,
                    upn=upn,
                )
            )
        )
        fields = QFormLayout()
        for label, value, name in (
            (_("Object id"), object_id, "first-use-object-id"),
            (_("Tenant id"), tenant_id, "first-use-tenant"),
        ):
            edit = named(QLineEdit(value), name)
            edit.setReadOnly(True)
            edit.setAccessibleName(label)
            fields.addRow(label, edit)
        command = named(QLineEdit(f"az ad user show --id {upn} --query id -o tsv"), "first-use-command")
        command.setReadOnly(True)
        command.setAccessibleName(_("Command that prints the object id"))
        command.setCursorPosition(0)  # a long name in it would push its beginning out of sight
        fields.addRow(_("To compare"), command)
        column.addLayout(fields)
        column.addWidget(
            prose(
                _(
                    "If you agree, the token is stored and shown as “stored, owner unconfirmed”. It "
                    "counts as proven only once the object id was entered."
                )
            )
        )
        box = QDialogButtonBox(self)
        no = named(QPushButton(_("&Do not store it")), "first-use-no")
        yes = named(QPushButton(_("&Store it, owner unconfirmed")), "first-use-yes")
        copy = named(QPushButton(_("&Copy the object id")), "first-use-copy")
        box.addButton(no, QDialogButtonBox.ButtonRole.RejectRole)
        box.addButton(yes, QDialogButtonBox.ButtonRole.ActionRole)
        box.addButton(copy, QDialogButtonBox.ButtonRole.HelpRole)
        for button in (yes, copy):
            button.setAutoDefault(False)
        no.setDefault(True)
        no.clicked.connect(self.reject)
        yes.clicked.connect(self.accept)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(object_id))
        self.finished.connect(lambda result: self.answered.emit(result == QDialog.DialogCode.Accepted))
        column.addWidget(box)
        no.setFocus()
        self.setMinimumWidth(theme.wide(self, 78))
