"""The pinned account: what it is, since when and by which sign-in; another one, or none, after typing what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialogButtonBox, QPushButton

from exoalias.ui.dialogs.forms import Form
from exoalias.ui.labels import named, prose, value
from exoalias.ui.outcome import TIERS
from exoalias.ui.words import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from exoalias.domain.problems import Problem
    from exoalias.domain.target import Pin

LAST_CHARACTERS = 8  # as in app/pins.py, which judges what was typed


class PinForm(Form):
    """``submitted``: pin the account typed; ``removed``: pin nobody. Both buttons wait for what confirms them."""

    removed = Signal()

    def __init__(self, name: str, pin: Pin | None, parent: QWidget | None = None) -> None:
        words = _(
            "Sign-ins for {name} are let through only for this account. Proven sign-ins pin it by themselves; change it where "
            "the delegated user was created anew. What was pinned before stays in the journal.",
            name=name,
        )
        super().__init__(_("Pinned account"), words, _("&Pin this account"), parent)
        self.setObjectName("pin-form")
        self._name, self._pin = name, pin
        self._show_pin()
        self.object_id = self.line(_("&Object id"), "pin-new-object-id", hint="00000000-0000-0000-0000-000000000000")
        self.tenant = self.line(_("&Tenant id"), "pin-new-tenant", hint=self._tenant_hint())
        self.typed = self.line(_("T&ype to confirm"), "pin-typed")
        self.how = self.note("")
        self.remove = named(QPushButton(_("&Remove the pin")), "pin-remove")
        self.remove.setAutoDefault(False)
        self.buttons.addButton(self.remove, QDialogButtonBox.ButtonRole.ResetRole)
        self.remove.clicked.connect(self._remove)
        self.typed.textChanged.connect(lambda _text: self._allow())
        self.object_id.textChanged.connect(lambda _text: self._allow())
        self.finish()
        self._allow()

    def _show_pin(self) -> None:
        pin = self._pin
        if pin is None:
            self.fields.addRow(_("Now"), prose(_("Nobody is pinned."), name="pin-none"))
            return
        by = _("sign-in {number}", number=pin.sign_in) if pin.sign_in else _("by hand")
        for label, text, name in (
            (_("Now"), pin.account.object_id, "pin-object-id"),
            (_("Tenant"), pin.account.tenant_id, "pin-tenant"),
            (_("Since"), f"{pin.at.astimezone():%Y-%m-%d %H:%M}, {by}", "pin-since"),
            (_("Known by"), _(TIERS[pin.tier.value]), "pin-tier"),
        ):
            shown = value(text, name=name)
            shown.setAccessibleName(f"{label}: {text}")
            self.fields.addRow(label, shown)

    def _tenant_hint(self) -> str:
        return _("as now") if self._pin is not None else "00000000-0000-0000-0000-000000000000"

    def _meant(self) -> str:
        """The account whose end may be typed: the one that would be lost, else the new one."""
        return self._pin.account.object_id if self._pin is not None else self.object_id.text().strip().strip("{}").lower()

    def _confirmed(self) -> bool:
        said, meant = self.typed.text().strip(), self._meant()
        return said == self._name or (len(meant) >= LAST_CHARACTERS and said.lower() == meant[-LAST_CHARACTERS:])

    def _allow(self) -> None:
        confirmed = self._confirmed()
        self.go.setEnabled(confirmed and bool(self.object_id.text().strip()))
        self.remove.setEnabled(confirmed and self._pin is not None)
        last = self._meant()[-LAST_CHARACTERS:]
        either = _("“{name}”, or the last {n} characters of the object id: {last}", name=self._name, n=LAST_CHARACTERS, last=last)
        self.how.setText(either if last else _("“{name}”", name=self._name))
        self.fit()

    def _remove(self) -> None:
        if self._confirmed() and self._pin is not None:
            self.working()
            self.remove.setEnabled(False)
            self.removed.emit()

    def refuse(self, problem: Problem) -> None:
        """See Form: both buttons are there again."""
        super().refuse(problem)
        self._allow()

    def missing(self) -> str:
        """See Form. Enter in a line doesn't ask the button."""
        if not self.object_id.text().strip():
            return _("The object id is missing.")
        return "" if self._confirmed() else _("Type what is shown, to say that this account is meant.")
