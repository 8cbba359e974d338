"""Shown while a sign-in runs: which window is which, who is expected, where it stands, the time left, and the ways out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from exoalias.domain.checklist import Status
from exoalias.domain.events import Phase
from exoalias.ui import theme
from exoalias.ui.by_hand_card import ByHandCard
from exoalias.ui.labels import Mark, ToneLabel, fixed, heading, named, prose
from exoalias.ui.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exoalias.domain.delegated import DelegatedUser
    from exoalias.domain.events import ByHand, SignInPhase, StrategyTaken, TokenStored

LIMIT_S = 600  # the time limit of one sign-in
_NOW = {Phase.INSTANCE: 0, Phase.MICROSOFT: 1}  # whose turn: the ServiceNow window's, the Microsoft window's
_DONE_BEFORE = (Phase.WHO, Phase.STORING, Phase.READING, Phase.DONE)


def clock(seconds: float) -> str:
    """Minutes and seconds, as on a kitchen timer."""
    left = max(0, round(seconds))
    return f"{left // 60}:{left % 60:02}"


class WindowCard(QFrame):
    """One of the two browser windows: its name, who signs in there, and whether it is its turn."""

    def __init__(self, icon: str, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._title = title
        step = theme.grid(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(step, step, step, step)
        grid.setHorizontalSpacing(step)
        grid.setVerticalSpacing(step // 2)
        grid.addWidget(Mark(theme.Tone(icon, *theme.UNCHECKED[1:])), 0, 0)
        grid.addWidget(heading(title), 0, 1)
        self.turn = ToneLabel(theme.UNCHECKED)
        grid.addWidget(self.turn, 0, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self.text = prose(text)
        grid.addWidget(self.text, 1, 1, 1, 2)
        self.who = heading()
        self.id = fixed()
        for line, label in enumerate((self.who, self.id), 2):
            label.hide()
            grid.addWidget(label, line, 1, 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(4, 1)
        self.show_turn("later")

    def show_turn(self, turn: str) -> None:
        """ "later", "now", "checking" or "done"; the word, its colour and the accessible name all say it."""
        tone, word = {
            "checking": (theme.tone(Status.WORKING), _("checking")),
            "now": (theme.tone(Status.NEEDS_YOU), _("your turn")),
            "done": (theme.tone(Status.HOLDS), _("done")),
            "later": (theme.UNCHECKED, _("not yet")),
        }[turn]
        self.turn.show_tone(tone, word)
        self.setAccessibleName(f"{self._title}: {word}")


class SignInPanel(QFrame):
    """The person's place to look between two browser windows."""

    cancelled = Signal()
    carried_on = Signal()
    opened_private = Signal()
    asked_page = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sign-in-panel")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(_("Sign-in"))
        self._names: tuple[str, ...] = ()
        self._elapsed = QElapsedTimer()
        self._seconds = 0.0
        self._tick = QTimer(self)
        self._tick.setInterval(250)
        self._tick.timeout.connect(self._count)

        self.title = heading(factor=1.2, name="sign-in-title")
        self.left = named(QLabel(), "sign-in-time")
        self.phase = prose(name="sign-in-phase")
        self.bar = QProgressBar(maximum=LIMIT_S)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Time left"))
        self.bar.setMaximumHeight(theme.grid(self))
        stays = self.bar.sizePolicy()
        stays.setRetainSizeWhenHidden(True)  # what is below stays where it is
        self.bar.setSizePolicy(stays)
        self.instance = WindowCard("window", _("ServiceNow window"), "")
        self.microsoft = WindowCard("person", _("Microsoft window"), "")
        self.microsoft.who.setObjectName("sign-in-upn")
        self.microsoft.id.setObjectName("sign-in-object-id")
        self.strategy = prose(name="sign-in-strategy")
        self.by_hand = ByHandCard()
        self.by_hand.opened.connect(self.opened_private)
        self.page = named(QPushButton(_("&What does the page say?")), "sign-in-page-says")
        self.go_on = named(QPushButton(_("C&ontinue")), "sign-in-continue")
        self.cancel = named(QPushButton(_("Ca&ncel the sign-in")), "sign-in-cancel")
        self.page.clicked.connect(self.asked_page)
        self.go_on.clicked.connect(self.carried_on)
        self.cancel.clicked.connect(self.cancelled)
        self._assemble()

    def _assemble(self) -> None:
        step = theme.grid(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(step * 2, step * 2, step * 2, step * 2)
        column.setSpacing(step)
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.left, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(top)
        column.addWidget(self.bar)
        cards = QHBoxLayout()
        cards.setSpacing(step)
        cards.addWidget(self.instance, 1)
        cards.addWidget(self.microsoft, 1)
        column.addLayout(cards)
        column.addWidget(self.by_hand)
        column.addWidget(self.strategy)
        column.addWidget(self.phase)
        buttons = QHBoxLayout()
        buttons.setSpacing(step)
        buttons.addWidget(self.page)
        buttons.addStretch(1)
        buttons.addWidget(self.go_on)
        buttons.addWidget(self.cancel)
        column.addLayout(buttons)

    def begin(self, names: Sequence[str], user: DelegatedUser | None) -> None:
        """A sign-in for these credentials starts."""
        self._names = tuple(names)
        upn = user.upn if user else ""
        self.instance.text.setText(_("Sign in as yourself, the way you usually do."))
        self.microsoft.text.setText(_("Only this user signs in here, never another account:"))
        self.microsoft.who.setText(upn)
        self.microsoft.who.setVisible(bool(upn))
        known = user.object_id if user else ""
        self.microsoft.id.setText(_("object id {id}", id=known) if known else _("object id not entered: you will be asked"))
        self.microsoft.id.setVisible(True)
        self._head(self._names[0] if self._names else "")
        self.strategy.hide()
        self._show_by_hand(on=False)
        self.phase.setText(_(Phase.STARTING.value) + " …")
        self._turns(Phase.STARTING)
        self.go_on.setVisible(False)
        self.cancel.setEnabled(True)
        self._start_clock(LIMIT_S)

    def _head(self, name: str) -> None:
        if len(self._names) > 1 and name in self._names:
            place = _("{at} of {all}", at=self._names.index(name) + 1, all=len(self._names))
            self.title.setText(_("Signing in {credential} ({place})", credential=name, place=place))
        else:
            self.title.setText(_("Signing in {credential}", credential=name))

    def take_strategy(self, event: StrategyTaken) -> None:
        """How the sign-in is kept apart, and why so."""
        self.strategy.setText(_(event.words))
        self.strategy.show()
        self._announce(self.strategy.text())

    def show_steps(self, event: ByHand) -> None:
        """There is no browser window of ours in this one: the person follows these steps in their own."""
        self._head(event.credential_name)
        self.by_hand.show_steps(event)
        self._show_by_hand(on=True)
        self._announce(f"{self.title.text()}: {self.by_hand.warning.text()}")

    def _show_by_hand(self, *, on: bool) -> None:
        self.by_hand.setVisible(on)
        self.instance.setVisible(not on)
        self.microsoft.setVisible(not on)
        self.go_on.setText(_("I am &done") if on else _("C&ontinue"))

    def move_on(self, event: SignInPhase) -> None:
        """The sign-in moved on."""
        self._head(event.credential_name)
        words = _(event.phase.value)
        self.phase.setText(words + ("" if event.phase is Phase.DONE else " …"))
        if event.instance_window_user:
            self.instance.text.setText(_("Signed in as {user}.", user=event.instance_window_user))
        self._turns(event.phase)
        if event.can_continue and event.phase is not Phase.BY_HAND:
            self.phase.setText(words + " …\n" + _("If you are signed in there and nothing follows, press Continue."))
        self.go_on.setVisible(event.can_continue)
        self._start_clock(event.seconds_left)
        self._announce(f"{self.title.text()}: {words}")

    def stored(self, event: TokenStored) -> None:
        """One of the credentials has its token."""
        words = "{credential}: token stored for {upn}." if event.read_back else "{credential}: {upn} signed in."
        if not event.object_id:
            words = "{credential}: a token is stored, owner unconfirmed." if event.read_back else "{credential}: done by hand."
        self.phase.setText(_(words, credential=event.credential_name, upn=event.upn))
        self._announce(self.phase.text())

    def stopping(self) -> None:
        """Cancel was pressed: it ends when that is safe."""
        self.cancel.setEnabled(False)
        self.go_on.setVisible(False)
        self.phase.setText(_("Stopping …"))

    def end(self) -> None:
        """Nothing counts any more."""
        self._tick.stop()

    def _turns(self, phase: Phase) -> None:
        turn = _NOW.get(phase)
        past = phase in _DONE_BEFORE
        self.instance.show_turn("now" if turn == 0 else "done" if turn == 1 or past else "later")
        checking = phase is Phase.WHO
        self.microsoft.show_turn("now" if turn == 1 else "checking" if checking else "done" if past else "later")

    def _start_clock(self, seconds: float) -> None:
        """Without any: the program itself is at work, and nobody has to hurry."""
        counts = seconds > 0
        self.bar.setVisible(counts)
        if not counts:
            self._tick.stop()
            self.left.clear()
            return
        self._seconds = seconds
        self._elapsed.start()
        self._tick.start()
        self._count()

    def _count(self) -> None:
        left = max(0.0, self._seconds - self._elapsed.elapsed() / 1000)
        self.left.setText(_("{time} left", time=clock(left)))
        self.bar.setValue(round(left))

    def _announce(self, words: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
