"""How something ended, said calmly and unmistakably: a banner above the checklist with what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPalette
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from exoalias.domain.checklist import Status
from exoalias.domain.microsoft_errors import explain
from exoalias.domain.problems import (
    AnswerNotOurs,
    BadAuthorities,
    BadCertificate,
    Cancelled,
    CertificateRefused,
    CodeRefused,
    MicrosoftRefused,
    NoSecret,
    NoTarget,
    NotTrusted,
    OAuthRefused,
    PersonNeeded,
    Problem,
    ReadOnly,
    SessionEnded,
    SignInDeclined,
    SignInRefused,
    StoredUnwatched,
    TokenNotFound,
    WayForbidden,
    WayRefused,
    WrongPerson,
    WrongUser,
)
from exoalias.domain.strategies import speaks_of_the_device
from exoalias.ui import labels, remedies, theme
from exoalias.ui.labels import Mark, heading, named, prose
from exoalias.ui.words import _, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exoalias.domain.events import TokenStored

_TITLES = {
    1: (Status.NEEDS_YOU, "Not done"),
    2: (Status.NEEDS_YOU, "Something is missing first"),
    3: (Status.WRONG, "Not the delegated user. Nothing was stored."),
    4: (Status.WRONG, "This machine does not allow it"),
    5: (Status.CANNOT_TELL, "Not reached, or refused"),
    6: (Status.NOT_APPLICABLE, "Stopped"),
    7: (Status.CANNOT_TELL, "Stored, owner unconfirmed"),
}
# What is put right by saying anew how the instance is entered.
_OF_THE_WAY = (
    AnswerNotOurs,
    BadAuthorities,
    BadCertificate,
    CertificateRefused,
    NotTrusted,
    OAuthRefused,
    PersonNeeded,
    SessionEnded,
    SignInDeclined,
    TokenNotFound,
    WayForbidden,
    WayRefused,
)
TIERS = {
    "no control": "Owner unconfirmed: the sign-in went on out of exoalias's sight.",
    "first use": "Owner unconfirmed: nobody had named this account beforehand.",
    "entered": "Proven: the account's object id is the one entered beforehand.",
    "pinned": "Proven: the same account as at an earlier proven sign-in.",
    "second opinion": "Proven: a signed ID token of the same session says so.",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One button of the banner."""

    name: str  # "again", "target", "password", "entered", "close"
    label: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the banner says."""

    status: Status
    title: str
    words: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    remedy: str = ""
    offers: tuple[Offer, ...] = ()
    verb: str = ""  # what ended this way


def of_problem(problem: Problem, verb: str) -> Outcome:
    """A verb ended in a Problem."""
    status, title = _TITLES.get(problem.exit_code, (Status.WRONG, "Something went wrong"))
    facts: tuple[tuple[str, str], ...] = ()
    words = told(problem.words)
    named = problem.facts.get("credential", "")
    if isinstance(problem, WrongPerson) and named:  # another credential of the same run may have its token already
        title = _("Not the delegated user. Nothing was stored for {credential}.", credential=named)
    if isinstance(problem, WrongUser):
        who = problem.facts
        words = _(
            "Somebody else signed in for {credential}. Their sign-in never reached the instance.",
            credential=who.get("credential", ""),
        )
        facts = (
            (_("Expected"), who.get("upn", "")),
            (_("Expected object id"), who.get("expected", "")),
            (_("Object id that signed in"), who.get("actual", "")),
        )
    elif isinstance(problem, WrongPerson):
        words = words.replace(_(" Nothing was stored for {credential}.", credential=named), "")
    remedy = remedies.remedy(problem)
    if isinstance(problem, Cancelled):
        title = "Cancelled"
    elif isinstance(problem, ReadOnly):
        status, title = Status.NEEDS_YOU, "Read-only"
    elif isinstance(problem, NoSecret):
        status, title, remedy = Status.NEEDS_YOU, "The password is missing", ""  # its remedy is the button
    return Outcome(status, _(title), words, facts, remedy, _offers(problem, verb), verb)


def _offers(problem: Problem, verb: str) -> tuple[Offer, ...]:
    """What can be done about it by one press."""
    again = Offer("again", _("Sign in a&gain") if verb == "sign-in" else _("Check a&gain"))
    if isinstance(problem, (NoSecret, SignInRefused)):
        return (Offer("password", _("Enter the &password …")), again)
    if isinstance(problem, CodeRefused):  # the next code is most often right
        return (again, Offer("entered", _("Ho&w it is entered …")))
    if isinstance(problem, _OF_THE_WAY):
        return (Offer("entered", _("Ho&w it is entered …")), again)
    if isinstance(problem, ReadOnly):
        return (Offer("unlock", _("&Unlock …")),)
    if isinstance(problem, StoredUnwatched):
        return (Offer("owner", _("&Whose token is it? …")), again)
    if verb == "sign-in" and isinstance(problem, MicrosoftRefused) and _about_the_device(problem):
        return (Offer("device", _("Sign in as a &managed device")), again)
    if isinstance(problem, NoTarget):
        return (Offer("target", _("Say what should be &true …")),)
    return (again,)


def _about_the_device(problem: Problem) -> bool:
    """Whether Microsoft's error may end where the device can say who it is."""
    return speaks_of_the_device(explain(f"{problem.facts.get('error', '')} {problem.facts.get('description', '')}").code)


def of_sign_in(stored: Sequence[TokenStored]) -> Outcome:
    """All sign-ins ended well."""
    unproven = [s for s in stored if not s.tier.proves]
    facts = tuple((s.credential_name, f"{s.upn}\n{_(TIERS[s.tier.value])}") for s in stored)
    if unproven:
        remedy = _("Enter the object id of the delegated user under “What should be true”, then sign in once more to prove it.")
        return Outcome(
            Status.CANNOT_TELL, _("Stored, owner unconfirmed"), "", facts, remedy, (Offer("target", _("Enter the &object id …")),)
        )
    if not all(s.read_back for s in stored):
        remedy = _("Reading token records needs the role oauth_admin or admin. With it, check again.")
        return Outcome(Status.CANNOT_TELL, _("Signed in. What the instance stored can't be read."), "", facts, remedy)
    return Outcome(Status.HOLDS, _("Signed in. The tokens belong to the delegated user."), "", facts)


class Banner(QFrame):
    """Draws an Outcome. ``chosen`` carries the name of the pressed offer; "close" is always one."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.outcome: Outcome | None = None
        self._column = QVBoxLayout(self)
        step = theme.grid(self)
        self._column.setContentsMargins(step * 2, step * 2, step * 2, step * 2)
        self._body = QWidget(self)
        self._column.addWidget(self._body)

    def draw(self, outcome: Outcome) -> None:
        """Show that outcome, and say it to a screen reader."""
        self.outcome = outcome
        old = self._body
        self._body = self._drawn(outcome)
        self._column.replaceWidget(old, self._body)
        old.deleteLater()
        self._tint(outcome.status)
        self.setAccessibleName(f"{outcome.title}. {outcome.words} {outcome.remedy}".strip())
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.accessibleName()))

    def focus_first(self) -> None:
        """Put the keyboard on the first button."""
        for button in self._body.findChildren(QPushButton):
            button.setFocus()
            return

    def _drawn(self, outcome: Outcome) -> QWidget:
        body = QWidget()
        step = theme.grid(self)
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(step)
        grid.setVerticalSpacing(step)
        grid.addWidget(Mark(theme.tone(outcome.status), factor=1.4), 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(heading(outcome.title, factor=1.2, name="banner-title"), 0, 1)
        if outcome.words:
            grid.addWidget(prose(outcome.words, name="banner-words"), 1, 1)
        if outcome.facts:
            grid.addLayout(self._table(outcome.facts), 2, 1)
        if outcome.remedy:
            grid.addWidget(prose(outcome.remedy, name="banner-remedy"), 3, 1)
        grid.addLayout(self._buttons(outcome), 4, 1)
        grid.setColumnStretch(1, 1)
        return body

    def _table(self, facts: tuple[tuple[str, str], ...]) -> QGridLayout:
        table = QGridLayout()
        table.setHorizontalSpacing(theme.grid(self) * 2)
        table.setVerticalSpacing(theme.grid(self) // 2)
        for line, (label, value) in enumerate(facts):
            table.addWidget(QLabel(label), line, 0, Qt.AlignmentFlag.AlignTop)
            shown = labels.value(value, name=f"banner-fact-{line}")
            shown.setAccessibleName(f"{label}: {value}")
            table.addWidget(shown, line, 1)
        table.setColumnStretch(1, 1)
        return table

    def _buttons(self, outcome: Outcome) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(theme.grid(self))
        for offer in (*outcome.offers, Offer("close", _("C&lose"))):
            button = named(QPushButton(offer.label), f"banner-{offer.name}")
            button.setAccessibleDescription(outcome.title)
            button.clicked.connect(lambda _checked=False, name=offer.name: self.chosen.emit(name))
            line.addWidget(button)
        line.addStretch(1)
        return line

    def _tint(self, status: Status) -> None:
        system = QWidget.palette(self.window()) if self.window() is not self else self.palette()
        ground = system.color(QPalette.ColorRole.Base)
        own = QPalette()
        own.setColor(QPalette.ColorRole.Window, theme.blend(ground, theme.colour(theme.tone(status), system), 0.08))
        self.setPalette(own)

    def changeEvent(self, event: QEvent) -> None:
        """The tint is worked out from the system's colours: again when they change."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange and self.outcome:
            self._tint(self.outcome.status)
