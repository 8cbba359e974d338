"""The settings page: every setting with its words, its control, and where its value comes from.

What is edited is the person's own file. Where this run was told something else, that is said; what a policy of the machine
fixes is shown and can't be changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from exoalias.domain.ladder import Rung
from exoalias.domain.setting import Kind, Unusable
from exoalias.ui import theme
from exoalias.ui.dialogs.setting_controls import Boxes, control_of
from exoalias.ui.labels import heading, named, prose
from exoalias.ui.remedies import remedy
from exoalias.ui.words import _, told

if TYPE_CHECKING:
    from exoalias.domain.ladder import Complaint, Resolved, Standing
    from exoalias.domain.problems import Problem

_BREAK = "\u200b"  # where a long path may go on in the next line


def breakable(path: str) -> str:
    """The path, with places where a line may end."""
    return path.replace("/", f"/{_BREAK}").replace("\\", f"\\{_BREAK}")


class Row(QWidget):
    """One setting."""

    changed = Signal()

    def __init__(self, standing: Standing, complaints: tuple[Complaint, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.standing = standing
        known = self.known = standing.setting
        self.setObjectName(f"row-{known.name}")
        own = standing.own
        self._mine = known.text(own.value) if own is not None else ""  # what the file says; "" nothing
        self._spoilt = any(each.rung is Rung.USER for each in complaints)
        self.draft = self._mine
        self.control = control_of(known)
        self.reset = named(QPushButton(_("Reset")), f"reset-{known.name}")
        self.reset.setAutoDefault(False)
        keeps = self.reset.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)  # nothing moves when it comes and goes
        self.reset.setSizePolicy(keeps)
        self.reset.setAccessibleName(_("Reset: {title}", title=_(known.title)))
        self.words = quiet_prose(_(known.words))
        self.origin = quiet_prose(name=f"origin-{known.name}")
        self.error = prose(name=f"error-{known.name}")
        theme_words(self.error)
        self._lay_out()
        self.control.edited.connect(self._edited)
        self.reset.clicked.connect(self._reset)
        self.control.show_text(standing.text if standing.fixed else self._shown())
        if standing.fixed:
            self.control.setEnabled(False)
        self._describe()
        self.say("\n".join(told(each.words) for each in complaints))

    def _lay_out(self) -> None:
        step = theme.grid(self)
        grid = self.grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(step * 2)
        grid.setVerticalSpacing(step // 2)
        grid.setColumnStretch(1, 1)
        self.caption = QLabel("" if self.known.kind is Kind.YES_NO else _(self.known.title))
        self.caption.setBuddy(self.control)
        top = Qt.AlignmentFlag.AlignTop if isinstance(self.control, Boxes) else Qt.AlignmentFlag.AlignVCenter
        grid.addWidget(self.caption, 0, 0, top)
        grid.addWidget(self.control, 0, 1)
        grid.addWidget(self.reset, 0, 2, Qt.AlignmentFlag.AlignTop)
        for at, label in enumerate((self.error, self.words, self.origin), start=1):
            grid.addWidget(label, at, 1, 1, 2)

    def _shown(self) -> str:
        """The value to edit: the person's own, or what counts without one."""
        return self.draft or self.known.text(self.standing.below.value)

    def _edited(self) -> None:
        self.draft = self.control.text()
        try:
            self.draft = self.known.text(self.known.read(self.draft)) if self.draft else ""
            wrong = "" if self.draft else _("At least one is needed.")
        except Unusable as unusable:
            wrong = str(unusable) + "."
        self._spoilt = self._spoilt and bool(wrong)
        self.say(wrong)
        self.wrong = bool(wrong)
        self._describe()
        self.changed.emit()

    wrong = False  # whether what is typed can't be saved
    taken_away = False  # whether the person's own value is to go

    def _reset(self) -> None:
        self.draft, self.wrong, self.taken_away = "", False, True
        self.control.show_text(self._shown())
        self.say("")
        self._describe()
        self.control.setFocus()
        self.changed.emit()

    def change(self) -> str | None:
        """What to save: a value, "" to take the person's own away, None where nothing changed."""
        if self.draft != self._mine:
            return self.draft
        return "" if self.taken_away and self._spoilt else None

    def _describe(self) -> None:
        origin = self._origin()
        self.origin.setText(breakable(origin))
        self.origin.setAccessibleName(origin)
        self.control.setAccessibleDescription(f"{_(self.known.words)} {origin}")
        proxy = self.control.focusProxy()
        if proxy is not None:
            proxy.setAccessibleDescription(f"{_(self.known.words)} {origin}")
        spoilt = self._spoilt and not self.taken_away
        self.reset.setVisible((bool(self.draft) or spoilt) and not self.standing.fixed)

    def _origin(self) -> str:
        standing = self.standing
        if standing.fixed:
            return _("Fixed by a policy of this machine: {where}", where=standing.where)
        if self.draft:
            words = _("Your own value.")
        elif standing.below.rung is Rung.DEFAULT:
            words = _("The default of this machine's policy: {where}", where=standing.below.where)
        else:
            words = _("Built-in.")
        above = standing.above
        if above is not None:
            told = _("In this run {value} counts, from {where}.", value=self.known.text(above.value), where=above.where)
            words = f"{words} {told}"
        return words + (" " + _("A change counts from the next start on.") if self.known.at_start else "")

    def say(self, words: str) -> None:
        """Say what is wrong with it, below the control."""
        self.error.setText(breakable(words))
        self.error.setVisible(bool(words))
        self.error.setAccessibleName(words)


def quiet_prose(text: str = "", *, name: str = "") -> QLabel:
    """A second line."""
    label = prose(text, name=name)
    palette = label.palette()
    palette.setColor(label.foregroundRole(), theme.quiet(palette))
    label.setPalette(palette)
    return label


def theme_words(label: QLabel) -> None:
    """Let the label speak in the tone of what is wrong."""
    palette = label.palette()
    palette.setColor(label.foregroundRole(), theme.colour(theme.TONES["WRONG"], palette))
    label.setPalette(palette)


class SettingsPage(QDialog):
    """Every setting. ``saved`` asks for ``changes`` to be kept; then ``accept`` or ``refuse``."""

    saved = Signal()

    def __init__(self, ladder: Resolved, file: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settings-page")
        self.setWindowTitle(_("Settings"))
        step = theme.grid(self)
        self.rows = {
            each.setting.name: Row(each, tuple(c for c in ladder.complaints if c.name == each.setting.name))
            for each in ladder.standings
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(step * 2, step * 2, step * 2, step * 2)
        column.setSpacing(step)
        column.addWidget(heading(_("Settings"), factor=1.2))
        column.addWidget(prose(_("Your own values are kept in {file}", file=breakable(file)), name="settings-file"))
        others = [told(each.words) for each in ladder.complaints if each.name not in self.rows]
        if others:
            notice = prose(breakable("\n".join((_("Not counted:"), *others))), name="settings-complaints")
            theme_words(notice)
            column.addWidget(notice)
        column.addSpacing(step)
        column.addWidget(self._scrolled(), 1)
        self.says = prose(name="settings-says")
        theme_words(self.says)
        self.says.hide()
        column.addWidget(self.says)
        column.addWidget(self._buttons())
        theme.spread(self, 112, 40)
        first = next((row for row in self.rows.values() if row.control.isEnabled()), None)
        if first is not None:
            first.control.setFocus()

    def _scrolled(self) -> QScrollArea:
        step = theme.grid(self)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, step, 0)
        column.setSpacing(step * 2)
        group = ""
        widest = max(row.caption.sizeHint().width() for row in self.rows.values())
        for row in self.rows.values():
            row.grid.setColumnMinimumWidth(0, widest)
            if row.known.group != group:
                if group:
                    column.addSpacing(step)
                group = row.known.group
                column.addWidget(heading(_(group)))
            column.addWidget(row)
            row.changed.connect(self._weigh)
        column.addStretch(1)
        area = Follows()
        area.setObjectName("settings-area")
        area.setWidget(inside)
        return area

    def _buttons(self) -> QWidget:
        box = QDialogButtonBox(self)
        self.cancel = named(QPushButton(_("&Cancel")), "settings-cancel")
        self.go = named(QPushButton(_("&Save")), "settings-save")
        box.addButton(self.cancel, QDialogButtonBox.ButtonRole.RejectRole)
        box.addButton(self.go, QDialogButtonBox.ButtonRole.ActionRole)
        self.go.setDefault(True)
        self.cancel.setAutoDefault(False)
        self.go.clicked.connect(self._save)
        box.rejected.connect(self.reject)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(box)
        return holder

    def changes(self) -> dict[str, str]:
        """What the person changed, by name: a value as text, "" to take their own away."""
        said = {name: row.change() for name, row in self.rows.items()}
        return {name: text for name, text in said.items() if text is not None}

    def _weigh(self) -> None:
        self.say("")

    def _save(self) -> None:
        wrong = [row for row in self.rows.values() if row.wrong]
        if wrong:
            self.say(_("Not saved yet: {title} can't be used so.", title=_(wrong[0].known.title)))
            wrong[0].control.setFocus()
            return
        self.saved.emit()

    def working(self) -> None:
        """It was sent: no second press until there is an answer."""
        self.go.setEnabled(False)

    def refuse(self, problem: Problem | None) -> None:
        """It was not saved: say why, keep what was typed."""
        self.go.setEnabled(True)
        self.say(f"{told(problem.words)} {remedy(problem)}".strip() if problem is not None else _("It was not saved."))

    def say(self, words: str) -> None:
        """Show a message above the buttons."""
        self.says.setText(breakable(words))
        self.says.setVisible(bool(words))
        self.says.setAccessibleName(words)


class Follows(QScrollArea):
    """Scrolls after the keyboard, sideways only where there is no room at all, and can't be stood on itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
