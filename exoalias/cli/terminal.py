"""The terminal: what is said where, what is asked, and how it looks.

Standard output carries the result (text, or one JSON document); everything else goes to standard error.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING

from exoalias.adapters.wording import _, told
from exoalias.domain.checklist import Status
from exoalias.domain.events import (
    ByHand,
    CodeQuestion,
    FirstUseQuestion,
    Phase,
    Progress,
    SignInPhase,
    StepDone,
    StrategyTaken,
    TokenStored,
)
from exoalias.domain.problems import Problem, Stopped, UsageProblem, WouldPrompt

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from exoalias.app.control import Control
    from exoalias.domain.events import Event

_SYMBOLS = {
    Status.HOLDS: ("✓", "+", "32"),
    Status.ADVICE: ("i", "i", "36"),
    Status.NOT_APPLICABLE: ("–", "-", "2"),
    Status.NEEDS_YOU: ("→", ">", "33"),
    Status.WRONG: ("✗", "x", "31"),
    Status.CANNOT_TELL: ("?", "?", "35"),
    Status.WORKING: ("…", ".", "2"),
}
_WAITING = {Phase.INSTANCE, Phase.MICROSOFT, Phase.BY_HAND}  # for a person


class Terminal:
    """One run's way to speak with a person or a program."""

    def __init__(self, *, as_json: bool, may_ask: bool, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self.as_json = as_json
        self.out = out or sys.stdout
        self.err = err or sys.stderr
        self.may_ask = may_ask and sys.stdin is not None and sys.stdin.isatty()
        self.colours = self.out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self._unicode = _takes_unicode(self.out)
        self._last_phase: tuple[str, str] = ("", "")

    # -- saying --

    def result(self, text: str) -> None:
        """Part of the result, for a person; to standard error where standard output is JSON's."""
        print(self._fit(told(text)), file=self.err if self.as_json else self.out, flush=True)

    def document(self, text: str) -> None:
        """The JSON document."""
        print(text, file=self.out, flush=True)

    def message(self, text: str) -> None:
        """What goes on."""
        print(self._fit(clean(text)), file=self.err, flush=True)

    def problem(self, problem: Problem) -> None:
        """A failure and its remedy."""
        self.message(_("exoalias: {problem_words}", problem_words=problem.words))
        if problem.remedy:
            self.message(f"  {told(problem.remedy)}")

    def status(self, status: Status, width: int = 0) -> str:
        """Symbol and word, in colour on a terminal."""
        symbol, plain, colour = _SYMBOLS[status]
        text = f"{symbol if self._unicode else plain} {_(status.value)}".ljust(width)
        return f"\x1b[{colour}m{text}\x1b[0m" if self.colours else text

    def strong(self, text: str) -> str:
        """A heading."""
        return f"\x1b[1m{text}\x1b[0m" if self.colours else text

    # -- asking --

    def confirm(self, question: str, *, what: str, how: str) -> None:
        """Ask yes or no: WouldPrompt where nobody can be asked, Stopped on anything but yes."""
        if not self.may_ask:
            raise WouldPrompt(what=what, how=how)
        print(self._fit(clean(_("{question} [y/N] ", question=question))), end="", file=self.err, flush=True)
        if not _is_yes(sys.stdin.readline()):
            raise Stopped(what=what, done="Nothing was changed.")

    def line(self, question: str, *, what: str, how: str) -> str:
        """Ask for a line of text, shown as it is typed; WouldPrompt where nobody can be asked."""
        if not self.may_ask:
            raise WouldPrompt(what=what, how=how)
        print(self._fit(clean(question)), end="", file=self.err, flush=True)
        return sys.stdin.readline().rstrip("\r\n")

    def secret(self, question: str, *, from_stdin: bool, optional: bool = False) -> str:
        """A password or key: the next line of standard input, or asked for without showing it.

        ``optional``: "" where the line is empty or missing, and where nobody can be asked.
        """
        if from_stdin:
            line = sys.stdin.readline().rstrip("\r\n")
            if not line and not optional:
                raise UsageProblem(why="No password or key came on standard input.")
            return line
        if not self.may_ask:
            if optional:
                return ""
            raise WouldPrompt(what="A password or key", how="Give it on standard input with --secret-stdin.")
        import getpass

        return getpass.getpass(clean(question), stream=self.err)

    # -- what a verb tells --

    def teller(self, control: Control | None = None) -> Callable[[Event], None]:
        """The ``tell`` of a verb: a line for each event; questions are answered through *control*."""

        def tell(event: Event) -> None:
            match event:
                case Progress(says=says, done=done, total=total):
                    self.message(
                        _("{says} ({done} of {total}) …", says=told(says), done=done + 1, total=total)
                        if total
                        else _("{says} …", says=told(says))
                    )
                case StepDone(says=says):
                    self.message(says)
                case SignInPhase():
                    self._phase(event, control)
                case StrategyTaken():
                    self.message(event.words)
                case ByHand():
                    self._by_hand(event, control)
                case TokenStored():
                    self.message(_stored(event))
                case FirstUseQuestion():
                    self._first_use(event, control)
                case CodeQuestion():
                    self._code(event, control)
                case _:
                    pass

        return tell

    def _phase(self, event: SignInPhase, control: Control | None) -> None:
        now = (event.credential_name, f"{event.phase.value}{' (continue)' if event.can_continue else ''}")
        if now == self._last_phase:
            return
        self._last_phase = now
        who = f"{event.upn}; " if event.phase is Phase.MICROSOFT else ""  # the other window is the admin's own
        left = (
            _(" ({who}{seconds_left:.0f} minutes left)", who=who, seconds_left=event.seconds_left / 60)
            if event.phase in _WAITING
            else ""
        )
        self.message(f"{event.credential_name}: {_(event.phase.value)}{left}")
        if event.phase is Phase.BY_HAND:
            return
        if event.can_continue and control is not None and self.may_ask:
            self.message("Press Enter when you are signed in to the instance and nothing follows.")
            _beside(lambda line: control.carry_on() if line else None)

    def _by_hand(self, event: ByHand, control: Control | None) -> None:
        self.message(f"{event.credential_name}: {told(event.warning)}")
        for number, step in enumerate(event.steps, 1):
            self.message(f"  {number}. {told(step.words)}{f'{chr(10)}     {step.address}' if step.address else ''}")
        if control is None or not self.may_ask:
            return
        opens = _("o and Enter opens a private window of {browser}; ", browser=event.browser) if event.browser else ""
        self.message(_("{opens}Enter alone when you are done.", opens=opens))

        def take(line: str) -> None:
            if line.strip().lower() == "o" and event.browser:
                control.open_private()
                _beside(take)
            elif line:
                control.carry_on()

        _beside(take)

    def _first_use(self, event: FirstUseQuestion, control: Control | None) -> None:
        self.message(
            _(
                "{credential_name}: nobody has said yet which account {upn} is. Microsoft says object id "
                "{object_id}, tenant {tenant_id}.",
                credential_name=event.credential_name,
                upn=event.upn,
                object_id=event.object_id,
                tenant_id=event.tenant_id,
            )
        )
        if control is None:
            return
        if not self.may_ask:
            control.answer(agree=False)
            return
        self.message("Store the token? Its owner stays unconfirmed. [y/N]")
        _beside(lambda line: control.answer(agree=_is_yes(line)))

    def _code(self, event: CodeQuestion, control: Control | None) -> None:
        """A one-time code is worth nothing a minute later, so it is typed as any line is."""
        if control is None:
            return
        if not self.may_ask:
            control.type(None)
            return
        self.message(
            _(
                "{instance}: the code {user}'s authenticator shows now (Enter for none):",
                instance=event.instance,
                user=event.user,
            )
        )
        _beside(lambda line: control.type(line.strip() or None))

    def _fit(self, text: str) -> str:
        encoding = self.out.encoding or "ascii"
        return text if self._unicode else text.encode(encoding, "replace").decode(encoding)


def clean(text: str) -> str:
    """In the person's language, without control characters: an instance's words must not steer the terminal."""
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in told(text))


def _is_yes(line: str) -> bool:
    """Whether somebody agreed, in either language; whatever else is a no."""
    return line.strip().lower() in {"y", "yes", "j", "ja"}


def _beside(take: Callable[[str], None]) -> None:
    """Wait for a line ("" at the end of input) without keeping the verb from going on."""
    threading.Thread(target=lambda: take(sys.stdin.readline()), name="question", daemon=True).start()


def _takes_unicode(stream: TextIO) -> bool:
    try:
        "✓→✗–…·".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _stored(event: TokenStored) -> str:
    """A sign-in that ended well; where the instance lets nobody read its token rows, no more than that is said."""
    if not event.object_id:
        what = "a new token is stored" if event.read_back else "whether the instance stored a token can't be read"
        return _("{credential_name}: {what}; owner unconfirmed", credential_name=event.credential_name, what=what)
    who = _("{upn} (object id {object_id}, {tier})", upn=event.upn, object_id=event.object_id, tier=_(event.tier.value))
    if event.read_back:
        return _("{credential_name}: token stored for {who}", credential_name=event.credential_name, who=who)
    return _(
        "{credential_name}: {who} signed in; whether the instance stored the token can't be read",
        credential_name=event.credential_name,
        who=who,
    )
