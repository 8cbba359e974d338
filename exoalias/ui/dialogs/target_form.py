"""What should be true on an instance: the delegated user, how to know them, and the OAuth entity profile."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QWidget

from exoalias.ui.dialogs.forms import Form
from exoalias.ui.labels import named
from exoalias.ui.words import _, told

if TYPE_CHECKING:
    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.domain.candidates import Candidate
    from exoalias.domain.target import Pin

_GUID = re.compile(r"\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?", re.IGNORECASE)  # as set_target takes it


class TargetForm(Form):
    """Said once, remembered, compared with at every check. ``pin_wanted``: the pinned account instead."""

    pin_wanted = Signal()

    def __init__(self, entry: InstanceEntry, parent: QWidget | None = None) -> None:
        words = _(
            "Say once whose token {name} must hold, and which profile its credentials use. Every check compares with it.",
            name=entry.name,
        )
        super().__init__(_("What should be true"), words, _("&Save and check"), parent)
        self.setObjectName("target-form")
        user = entry.delegated_user
        self._profile = entry.profile
        self.upn = self.line(_("&Delegated user"), "target-upn", text=user.upn if user else "", hint="svc-rooms@example.com")
        self.note(_("The user principal name this account signs in to Microsoft with."))
        self.object_id = self.line(
            _("&Object id"), "target-object-id", text=user.object_id if user else "", hint="00000000-0000-0000-0000-000000000000"
        )
        self.how = self.note("")
        self.copy = named(QPushButton(_("Cop&y the command")), "target-copy")
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.command()))
        line = QHBoxLayout()
        line.addWidget(self.copy)
        self.pin = named(QPushButton(_("Pi&nned account …")), "target-pin")
        self.pin.setAutoDefault(False)
        self.pin.clicked.connect(self.pin_wanted)
        line.addWidget(self.pin)
        line.addStretch(1)
        self.fields.addRow("", line)
        self.pinned = self.note(_("Looking whether an account is pinned …"))
        self.mail = self.line(
            _("&Mailbox address"),
            "target-mail",
            text=user.mail if user else "",
            hint=_("only where it differs from the user name"),
        )
        self.client = self.line(
            _("Public client &id"), "target-client", text=entry.public_client_id, hint=_("optional: for a second opinion")
        )
        self.profiles = named(QListWidget(), "target-profiles")
        self.profiles.setAccessibleName(_("OAuth entity profiles, best match first"))
        self.profiles.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.profiles.setWordWrap(True)
        self.profiles.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.profiles.setMinimumHeight(self.fontMetrics().height() * 12)
        caption = QLabel(_("&Profile"))
        caption.setBuddy(self.profiles)
        self.fields.addRow(caption, self.profiles)
        self.upn.textChanged.connect(self._show_command)
        self._show_command()
        self.waiting()
        self.finish()

    def show_pin(self, pin: Pin | None) -> None:
        """What is pinned now; sign-ins are judged by it before anything entered here."""
        if pin is None:
            self.say_of_pin(_("No account is pinned. The next proven sign-in pins one."))
            return
        account = pin.account
        self.say_of_pin(_("Pinned: {object_id}\nof tenant {tenant}", object_id=account.object_id, tenant=account.tenant_id))

    def say_of_pin(self, words: str) -> None:
        """The line about the pin, with room for all of it."""
        self.pinned.setText(words)
        self.fit()

    def command(self) -> str:
        """The command that prints the object id, for that user."""
        return f"az ad user show --id {self.upn.text().strip() or 'UPN'} --query id -o tsv"

    def _show_command(self) -> None:
        self.how.setText(
            _("It proves who signed in. The user's page in Microsoft Entra shows it, or:\n{command}", command=self.command())
        )
        self.fit()

    def waiting(self) -> None:
        """The candidates are being read from the instance."""
        self.profiles.clear()
        self._line(_("Reading the profiles of the instance …"))

    def no_candidates(self, why: str) -> None:
        """There is nothing to choose from; say why."""
        self.profiles.clear()
        self._line(why)

    def offer(self, candidates: tuple[Candidate, ...]) -> None:
        """The ranked candidates, each with its reasons; the chosen one, or the only fitting one, is selected."""
        self.profiles.clear()
        if not candidates:
            self._line(
                _(
                    "The instance has no OAuth entity profile that could be meant. Create the "
                    "strict mode application registry first."
                )
            )
            return
        fitting = [c for c in candidates if c.eligible]
        for candidate in candidates:
            name = candidate.profile.name or candidate.profile.sys_id
            fits = _("fits") if candidate.eligible else _("does not fit")
            reasons = "\n".join(f"   {told(reason)}" for reason in candidate.reasons)
            item = QListWidgetItem(
                _("{name} ({fits})\nof {registry}", name=name, fits=fits, registry=candidate.registry.name) + f"\n{reasons}"
            )
            item.setData(Qt.ItemDataRole.UserRole, candidate.profile.sys_id)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}, {fits}. {'. '.join(map(told, candidate.reasons))}")
            self.profiles.addItem(item)
            only = len(fitting) == 1 and candidate is fitting[0]
            if candidate.profile.sys_id == self._profile or (not self._profile and only):
                self.profiles.setCurrentItem(item)

    def _line(self, text: str) -> None:
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.profiles.addItem(item)

    def missing(self) -> str:
        """See Form."""
        if "@" not in self.upn.text():
            self.upn.setFocus()
            return _("The delegated user is missing: their user principal name has an @ in it.")
        for edit, words in (
            (self.object_id, _("The object id is not complete: it looks like 00000000-0000-0000-0000-000000000000.")),
            (self.client, _("The public client id is not complete: it looks like 00000000-0000-0000-0000-000000000000.")),
        ):
            typed = edit.text().strip()
            if typed and not _GUID.fullmatch(typed):
                edit.setFocus()
                return words
        return ""

    def said(self) -> dict[str, str]:
        """What was said, as set_target takes it."""
        said = {
            "delegated_user": self.upn.text().strip(),
            "object_id": self.object_id.text().strip(),
            "mail": self.mail.text().strip(),
        }
        said["public_client_id"] = self.client.text().strip()
        item = self.profiles.currentItem()
        chosen = item.data(Qt.ItemDataRole.UserRole) if self.profiles.currentRow() >= 0 else None
        if chosen:
            said["profile"] = str(chosen)
        return said
