"""The form of one instance: its address and name, how exoalias is let in, and where it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from exoalias.domain.address import parse
from exoalias.domain.instance_name import RULE, called_after, may_be_called
from exoalias.domain.problems import BadAddress
from exoalias.domain.ways import WAYS, Need, Way, WayIn, way_in
from exoalias.ui.dialogs.forms import Form
from exoalias.ui.labels import named
from exoalias.ui.remedies import remedy
from exoalias.ui.verbs import Wanted
from exoalias.ui.words import _, told

if TYPE_CHECKING:
    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.domain.problems import Problem

_LABELS: Final[dict[Need, tuple[str, str]]] = {  # caption, hint
    Need.USER: ("U&ser", "a user with the role admin"),
    Need.PASSWORD: ("&Password", ""),
    Need.API_KEY: ("API ke&y", ""),
    Need.CLIENT_ID: ("C&lient id", "of the OAuth endpoint on the instance"),
    Need.CLIENT_SECRET: ("Client secr&et", "where the endpoint has one"),
    Need.REDIRECT: ("&Redirect address", "http://localhost:8410/exoalias"),
    Need.CERTIFICATE: ("Cert&ificate", "a PEM file with its key"),
    Need.PASSPHRASE: ("Passp&hrase", "of the certificate's key, where it has one"),
}
_KINDS: Final = (("", "not said"), ("production", "production"), ("test", "test"), ("development", "development"))


class InstanceForm(Form):
    """Add an instance, or say anew how a known one is entered. Secrets left empty stay as they are kept."""

    def __init__(
        self, parent: QWidget | None = None, known: InstanceEntry | None = None, customers: tuple[str, ...] = ()
    ) -> None:
        title = _("How {name} is entered", name=known.name) if known else _("Add an instance")
        words = _("Choose how exoalias is let in to this instance. Secrets are kept in this computer's keyring, nowhere else.")
        super().__init__(title, words, _("Sa&ve and check") if known else _("&Add and check"), parent)
        self.setObjectName("add-instance")
        self._known = known
        self._last_dialog: QFileDialog | None = None
        self.address = self.line(
            _("A&ddress"), "add-address", text=known.origin if known else "", hint="https://acme.service-now.com"
        )
        self.name = self.line(
            _("&Name"), "add-name", text=known.name if known else "", hint=_("how you call it: acme production")
        )
        self.way = self._choice(_("&Way in"), "add-way", [(each.way.value, _(each.title)) for each in WAYS])
        self.explains = self.note("")
        self.edits = {need: self._edit(need) for need in _LABELS}
        self.code = named(QCheckBox(_("It wants a &one-time code as well")), "add-code")
        self.for_me = named(QCheckBox(_("Sign in to the browser window &for me")), "add-for-me")
        self.this_run_only = named(QCheckBox(_("Do not s&tore it: use it for this run only")), "add-this-run-only")
        for box in (self.code, self.for_me, self.this_run_only):
            self.fields.addRow("", box)
        self.customer = self._choice(_("Custo&mer"), "add-customer", [(name, name) for name in customers], editable=True)
        self.kind = self._choice(_("&Kind"), "add-kind", [(value, _(words)) for value, words in _KINDS])
        self.kind_says = self.note(_("A production instance is read-only until you unlock it by typing its name."))
        self.ca_file = self._file_line(_("Own a&uthorities"), "add-ca-file", _("a PEM file"))
        self.customer.setCurrentText("")
        self._fill(known)
        self.way.currentIndexChanged.connect(self._show_way)
        self.for_me.toggled.connect(self._show_way)
        self.kind.currentIndexChanged.connect(self._show_way)
        self.address.editingFinished.connect(self._suggest_name)
        self._show_way()
        self.finish()
        (self._first_secret() or self.way if known else self.address).setFocus()

    # -- the lines ------------------------------------------------------------------------------------------------------

    def _choice(self, label: str, name: str, choices: list[tuple[str, str]], *, editable: bool = False) -> QComboBox:
        box = named(QComboBox(), name)
        for value, words in choices:
            box.addItem(words, value)
        box.setEditable(editable)
        if (typed := box.lineEdit()) is not None:
            typed.setAccessibleName(label.replace("&", ""))
        caption = QLabel(label)
        caption.setBuddy(box)
        box.setAccessibleName(label.replace("&", ""))
        self.fields.addRow(caption, box)
        return box

    def _edit(self, need: Need) -> QLineEdit:
        caption, hint = _LABELS[need]
        name = f"add-{'secret' if need is Need.PASSWORD else need.value.replace('_', '-')}"
        if need is Need.CERTIFICATE:
            return self._file_line(_(caption), name, _(hint))
        return self.line(_(caption), name, hint=_(hint) if hint else "", secret=need.secret)

    def _file_line(self, label: str, name: str, hint: str) -> QLineEdit:
        """A line for a file's path, with a button that looks for it."""
        edit = named(QLineEdit(), name)
        edit.setPlaceholderText(hint)
        edit.setAccessibleName(label.replace("&", ""))
        browse = named(QPushButton(_("Browse …")), f"{name}-browse")
        browse.setAutoDefault(False)
        browse.clicked.connect(lambda: self._browse(edit))
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(edit, 1)
        line.addWidget(browse)
        both = QWidget()
        both.setLayout(line)
        caption = QLabel(label)
        caption.setBuddy(edit)
        self.fields.addRow(caption, both)
        return edit

    def _browse(self, edit: QLineEdit) -> None:
        dialog = QFileDialog(self, _("Choose a PEM file"), edit.text(), _("PEM files (*.pem *.crt *.cer *.key);;All files (*)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(edit.setText)
        dialog.open()
        self._last_dialog = dialog

    def _fill(self, known: InstanceEntry | None) -> None:
        if known is None:
            return
        for edit in (self.name, self.address):
            self.settle(edit)
        self.way.setCurrentIndex(self.way.findData(known.way.value))
        self.edits[Need.USER].setText(known.user)
        self.edits[Need.CLIENT_ID].setText(known.client_id)
        self.edits[Need.REDIRECT].setText(known.redirect_url)
        self.edits[Need.CERTIFICATE].setText(known.certificate)
        self.code.setChecked(known.one_time_code)
        self.for_me.setChecked(known.sign_in_for_me)
        self.customer.setCurrentText(known.customer)
        self.kind.setCurrentIndex(max(0, self.kind.findData(known.kind)))
        self.ca_file.setText(known.ca_file)

    # -- what is shown --------------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> WayIn:
        """The way in that is chosen."""
        return way_in(Way(self.way.currentData()))

    def _asked(self) -> tuple[Need, ...]:
        also = (Need.USER, Need.PASSWORD) if self._for_me() else ()
        return tuple(dict.fromkeys((*self.chosen.needs, *also)))

    def _for_me(self) -> bool:
        return self.for_me.isChecked() and self._may_sign_in_for_me()

    def _may_sign_in_for_me(self) -> bool:
        return self.chosen.way in {Way.BROWSER, Way.PASSWORD, Way.OAUTH}

    def _show_way(self) -> None:
        words = self.chosen
        self.explains.setText(f"{_(words.explains)}\n{_('Kept')}: {_(words.keeps)}")
        shown = {*self._asked(), *words.may_need}
        for need, edit in self.edits.items():
            self.fields.setRowVisible(_line_of(edit, self), need in shown)
        self.fields.setRowVisible(self.code, words.way is Way.PASSWORD)
        self.fields.setRowVisible(self.for_me, self._may_sign_in_for_me())
        self.fields.setRowVisible(self.this_run_only, any(need.secret for need in shown))
        self.fields.setRowVisible(self.kind_says, self.kind.currentData() == "production")
        self.edits[Need.CLIENT_SECRET].setPlaceholderText(
            "" if Need.CLIENT_SECRET in words.needs else _("where the endpoint has one")
        )
        for need in (need for need in shown if need.secret and self._known is not None):
            self.edits[need].setPlaceholderText(_("leave empty to keep what is stored"))
        self.fit()

    def _first_secret(self) -> QLineEdit | None:
        return next((self.edits[need] for need in (*self._asked(), *self.chosen.may_need) if need.secret), None)

    def _suggest_name(self) -> None:
        if not self.name.text():
            self.name.setText(called_after(self.address.text()))

    # -- what it says ---------------------------------------------------------------------------------------------------

    def missing(self) -> str:
        """See Form. What can be seen here is not sent: a refusal would take the password with it."""
        for edit, words in (
            (self.address, _("The address of the instance is missing.") if not self.address.text().strip() else self._flaw()),
            (self.name, _("The instance needs a name.") if not self.name.text().strip() else self._name_flaw()),
        ):
            if words:
                edit.setFocus()
                return words
        for need in self._asked():
            stored = need.secret and self._known is not None and self._known.way is self.chosen.way
            if not self.edits[need].text().strip() and not stored:
                self.edits[need].setFocus()
                return _("{what} is missing.", what=_(_LABELS[need][0]).replace("&", ""))
        return ""

    def _flaw(self) -> str:
        """Why no instance can be at that address; plain http is left to whoever knows whether it is a simulated one."""
        try:
            parse(self.address.text(), allow_loopback_http=True)
        except BadAddress as bad:
            return f"{told(bad.words)}\n{remedy(bad)}"
        return ""

    def _name_flaw(self) -> str:
        return "" if may_be_called(self.name.text().strip()) else _(RULE)

    def take(self) -> Wanted:
        """What was said. The secrets are not kept in the dialog any longer than needed."""
        shown = {*self._asked(), *self.chosen.may_need}
        secrets = {need.value: self.edits[need].text() for need in shown if need.secret and self.edits[need].text()}
        for need in shown:
            if need.secret:
                self.edits[need].clear()
        typed = {need.value: self.edits[need].text().strip() for need in shown if not need.secret}
        return Wanted(
            name=self.name.text().strip(),
            url=self.address.text().strip(),
            way=self.chosen.way,
            known=self._known is not None,
            keep=not self.this_run_only.isChecked(),
            said={
                **{name: text for name, text in typed.items() if text},
                "one_time_code": self.code.isChecked() and self.chosen.way is Way.PASSWORD,
                "sign_in_for_me": self._for_me(),
                "customer": self.customer.currentText().strip(),
                "kind": str(self.kind.currentData()),
                "ca_file": self.ca_file.text().strip(),
            },
            secrets=secrets,
        )

    def refuse(self, problem: Problem) -> None:
        """See Form. A keyring that can't be used leaves one way: for this run only."""
        super().refuse(problem)
        lines = {"bad-address": self.address, "bad-certificate": self.edits[Need.CERTIFICATE], "bad-authorities": self.ca_file}
        if problem.code in lines:
            asked_again = "passphrase" in problem.remedy
            (self.edits[Need.PASSPHRASE] if asked_again else lines[problem.code]).setFocus()
        if problem.code in {"no-vault", "vault-locked", "secret-too-long"}:
            self.say(f"{self.says.text()}\n" + _("Or tick “for this run only”: exoalias then forgets it when it ends."))
            self.this_run_only.setFocus()


def _line_of(edit: QLineEdit, form: Form) -> QWidget:
    """The widget that stands in the form for this line: itself, or what holds it and its button."""
    parent = edit.parentWidget()
    return edit if parent is None or parent is form.area.inside else parent
