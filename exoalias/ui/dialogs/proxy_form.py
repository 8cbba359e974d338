"""User and password for the proxy that is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.ui.dialogs.forms import Form
from exoalias.ui.labels import fixed
from exoalias.ui.words import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class ProxyForm(Form):
    """Both lines empty: what is kept is forgotten."""

    def __init__(self, proxy: str, user: str, keeper: str, parent: QWidget | None = None) -> None:
        words = _(
            "The proxy may want to know who asks. User and password are kept by {keeper}, and sent to this proxy alone.",
            keeper=keeper,
        )
        super().__init__(_("Proxy's user and password"), words, _("&Keep"), parent)
        self.setObjectName("proxy-form")
        self.fields.addRow(_("Proxy"), fixed(proxy, name="proxy-shown"))
        self._kept = user
        self.user = self.line(_("&User"), "proxy-user", text=user)
        self.password = self.line(_("&Password"), "proxy-password", secret=True)
        if user:
            self.note(_("Empty both lines to forget what is kept."))
        self.finish()
        self.user.setFocus()

    @property
    def forgets(self) -> bool:
        """Whether nobody is to be kept."""
        return not self.user.text().strip() and not self.password.text()

    def missing(self) -> str:
        """See Form."""
        if self.forgets:
            return "" if self._kept else _("Type the user and the password.")
        return "" if self.user.text().strip() else _("Type the user.")
