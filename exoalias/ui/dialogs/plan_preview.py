"""The plan before anything is written: each change as before → after, record by record, and what will be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from exoalias.domain.plan import Advise, SetField
from exoalias.ui import theme
from exoalias.ui.labels import fixed, heading, named, prose
from exoalias.ui.tab_order import in_reading_order
from exoalias.ui.words import _, plural, told

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from exoalias.domain.plan import Plan, SignIn


class PlanPreview(QDialog):
    """``agreed`` carries whether the sign-ins shall follow; nothing is written before it is emitted.

    ``plan`` is the one shown: with its repairs while their box is ticked. What the person agrees to is what they saw.
    """

    agreed = Signal(bool)

    def __init__(self, plan: Plan, upn: str, parent: QWidget | None = None, *, locked: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("plan-preview")
        self.setWindowTitle(_("Review the plan"))
        self._without = plan
        # Where nothing else is to be written, the repairs are what the person came to see.
        self.plan = plan.repaired if plan.repaired is not None and not plan.writes else plan
        self._upn = upn
        self._locked = locked  # a production instance: it is unlocked before anything is written
        step = theme.grid(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(step * 2, step * 2, step * 2, step * 2)
        column.setSpacing(step)
        self._headline = heading(factor=1.2, name="plan-summary")
        column.addWidget(self._headline)
        column.addWidget(prose(_("On {origin}. Nothing has been written yet.", origin=plan.origin)))
        self.repair = self._repair_box()
        column.addWidget(self.repair)
        self._area, self._box = QWidget(), QWidget()
        column.addWidget(self._area, 1)
        self.then_sign_in = named(QCheckBox(), "plan-then-sign-in")
        self.then_sign_in.setChecked(True)
        column.addWidget(self.then_sign_in)
        column.addWidget(self._box)
        self._draw()
        self.repair.toggled.connect(self._with_repairs)
        theme.spread(self, 84, 28)

    def _repair_box(self) -> QCheckBox:
        repaired = self._without.repaired
        count = len(repaired.repairs) if repaired is not None else 0
        box = named(
            QCheckBox(plural(count, "Put &back {n} thing that was right before", "Put &back {n} things that were right before")),
            "plan-repair",
        )
        box.setToolTip(_("As after a clone. Each is shown below, before and after, and can be undone."))
        box.setChecked(self.plan is repaired)
        box.setVisible(repaired is not None)
        return box

    def _with_repairs(self, wanted: bool) -> None:  # noqa: FBT001 - Qt's signal
        repaired = self._without.repaired
        self.plan = repaired if wanted and repaired is not None else self._without
        self._draw()

    def _draw(self) -> None:
        """Show the plan there is now, in the place of the one shown before."""
        self._headline.setText(self._summary())
        self._area, self._box = self._instead(self._area, self._steps()), self._instead(self._box, self._buttons())
        self.then_sign_in.setText(self._then())
        self.then_sign_in.setVisible(bool(self.plan.writes and self.plan.sign_ins))

    def _instead(self, old: QWidget, new: QWidget) -> QWidget:
        layout = self.layout()
        if layout is not None:
            layout.replaceWidget(old, new)
        old.setParent(None)
        old.deleteLater()
        return new

    def _summary(self) -> str:
        writes, sign_ins = len(self.plan.writes), len(self.plan.sign_ins)
        if writes:
            return plural(writes, "{n} change to write", "{n} changes to write")
        if sign_ins:
            return plural(sign_ins, "Nothing to write; {n} sign-in to do", "Nothing to write; {n} sign-ins to do")
        return _("Nothing to write")

    def _then(self) -> str:
        names = _(" and ").join(s.credential_name for s in self.plan.sign_ins)
        return _("&Then sign in {names}", names=names)

    def _steps(self) -> QScrollArea:
        area = named(QScrollArea(), "plan-steps")
        area.setAccessibleName(_("Steps of the plan"))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.StyledPanel)
        page = QWidget()
        column = QVBoxLayout(page)
        step = theme.grid(self)
        column.setContentsMargins(step * 2, step * 2, step * 2, step * 2)
        column.setSpacing(step * 2)
        for switch in self.plan.switches:
            column.addWidget(self._part(_("While writing, stand in {app}", app=switch.app_name), told(switch.why)))
        for number, write in enumerate(self.plan.writes, 1):
            column.addWidget(self._change(number, write))
        if self.plan.sign_ins:
            column.addWidget(self._asked(self.plan.sign_ins))
        for advice in (s for s in self.plan.steps if isinstance(s, Advise)):
            column.addWidget(self._part(_("For you to do: {title}", title=told(advice.title)), told(advice.text)))
        if self.plan.blocked:
            column.addWidget(self._part(_("Left out, and why"), "\n".join(map(told, self.plan.blocked))))
        if not self.plan.steps and not self.plan.blocked:
            column.addWidget(prose(_("Everything that exoalias can set is as it should be.")))
        column.addStretch(1)
        area.setWidget(page)
        return area

    def _change(self, number: int, write: SetField) -> QWidget:
        box = QWidget()
        box.setObjectName(f"plan-change-{number}")
        before = write.before_shown or write.before or _("(empty)")
        after = write.after_shown or write.after
        box.setAccessibleName(
            _(
                "{record}: {field} from {before} to {after}",
                record=write.record_name,
                field=write.field,
                before=before,
                after=after,
            )
        )
        grid = QGridLayout(box)
        step = theme.grid(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(step * 2)
        grid.setVerticalSpacing(step // 2)
        title = (
            _("{n}. Put back: {record}", n=number, record=write.record_name) if write.repair else f"{number}. {write.record_name}"
        )
        grid.addWidget(heading(title), 0, 0, 1, 2)
        grid.addWidget(self._dim(f"{write.table} · {write.field}"), 1, 0, 1, 2)
        for line, (label, shown, raw) in enumerate(((_("before"), before, write.before), (_("after"), after, write.after)), 2):
            grid.addWidget(self._dim(label), line, 0, Qt.AlignmentFlag.AlignTop)
            value = heading(shown) if raw == write.after else prose(shown)
            value.setToolTip(raw)
            grid.addWidget(value, line, 1)
        if write.repair:
            grid.addWidget(self._dim(_("why")), 4, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(prose(told(write.repair)), 4, 1)
        grid.setColumnStretch(1, 1)
        return box

    def _asked(self, sign_ins: tuple[SignIn, ...]) -> QWidget:
        upn = self._upn or _("the delegated user")
        lines = [
            _("A browser window opens for ServiceNow: sign in there as yourself, the way you usually do."),
            _("A second, empty window opens for Microsoft: only {upn} signs in there.", upn=upn),
            _("If anybody else signs in, their sign-in is stopped before it reaches the instance."),
        ]
        reasons = [f"• {s.credential_name}: {told(s.why)}" for s in sign_ins]
        return self._part(_("What you will be asked, for each sign-in"), "\n".join((*reasons, "", *lines)))

    def _part(self, title: str, text: str) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.grid(self) // 2)
        column.addWidget(heading(title))
        column.addWidget(prose(text))
        return box

    def _dim(self, text: str) -> QLabel:
        label = fixed(text) if "·" in text else prose(text)
        palette = label.palette()
        palette.setColor(label.foregroundRole(), theme.quiet(self.palette()))
        label.setPalette(palette)
        return label

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(self)
        back = named(QPushButton(_("&Cancel")), "plan-cancel")
        box.addButton(back, QDialogButtonBox.ButtonRole.RejectRole)
        box.rejected.connect(self.reject)
        writes, sign_ins = self.plan.writes, self.plan.sign_ins
        if not writes and not sign_ins:
            back.setText(_("&Close"))
            self._first = back
            return box
        if writes:
            label = plural(len(writes), "&Write {n} change", "&Write {n} changes")
        else:
            label = _("&Sign in {names}", names=_(" and ").join(s.credential_name for s in sign_ins))
        go = named(QPushButton(_("&Unlock …") if self._locked else label), "plan-agree")
        go.setAccessibleDescription(label.replace("&", ""))
        go.clicked.connect(self._agree)
        box.addButton(go, QDialogButtonBox.ButtonRole.ActionRole)
        go.setDefault(True)  # only counts once the button is inside the dialog
        self._first = go
        return box

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt's signature
        """Steps and buttons are made anew with the repairs: Tab goes by where they stand."""
        in_reading_order(self)
        return super().focusNextPrevChild(forward)

    def showEvent(self, event: QShowEvent) -> None:
        """Enter agrees, Esc does not: the keyboard starts on the way on."""
        super().showEvent(event)
        self._first.setFocus()
        self._fit()

    def _fit(self) -> None:
        """As high as all steps need, as far as the screen lets it: what one agrees to is better seen whole."""
        page = self._area.widget() if isinstance(self._area, QScrollArea) else None
        if page is None:
            return
        edges = self._area.height() - self._area.viewport().height()  # type: ignore[attr-defined]
        beside = self.height() - self._area.height() + edges
        wanted = beside + page.heightForWidth(self._area.width() - edges)
        self.resize(self.width(), min(wanted, self.screen().availableSize().height() * 8 // 10))

    def _agree(self) -> None:
        self.accept()
        self.agreed.emit(bool(self.plan.sign_ins) and (not self.plan.writes or self.then_sign_in.isChecked()))
