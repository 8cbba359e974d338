"""Asking the keyring while a person may have to unlock it: said after a moment, given up when they cancel.

The operating system shows its own question, and the library below waits for the answer without end. So the call runs in a
thread of its own; a thread that is given up ends with its answer, or with the program.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from exoalias.adapters.machine.turns import aside
from exoalias.domain.events import Progress
from exoalias.domain.problems import Stopped, VaultLocked

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.app.control import Control
    from exoalias.domain.events import Tell

T = TypeVar("T")

SAID_AFTER_S: Final = 2.0
UNASKED_S: Final = 10.0  # so long a run waits that has nobody to answer the question
_TURN_S: Final = 0.1


def unlocked(work: Callable[[], T], tell: Tell, control: Control) -> T:
    """What *work* gives; it asks the keyring. Stopped when the person cancels, VaultLocked where nobody can be asked."""
    asked = _Asked(work)
    thread = threading.Thread(target=asked.run, name="keyring", daemon=True)
    thread.start()
    with aside():
        _wait(asked, tell, control)
    return asked.answer()


def _wait(asked: _Asked[T], tell: Tell, control: Control) -> None:
    waited, said = 0.0, False
    while not asked.done.wait(_TURN_S):
        waited += _TURN_S
        if control.cancelled:
            raise Stopped(what="Asking the keyring", done="Nothing was read or written.")
        if not control.interactive and waited >= UNASKED_S:
            raise VaultLocked(why="it did not answer, and this run has nobody to unlock it")
        if waited >= SAID_AFTER_S and not said:
            said = True
            tell(Progress("Waiting for the keyring to be unlocked"))


class _Asked(Generic[T]):
    """One question, its answer or what it ended with."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._values: list[T] = []
        self._error: BaseException | None = None
        self.done = threading.Event()

    def run(self) -> None:
        """Ask; whatever comes of it is kept for the thread that waits."""
        try:
            self._values.append(self._work())
        except BaseException as error:  # noqa: BLE001 - raised again in answer(), in the thread that asked
            self._error = error
        finally:
            self.done.set()

    def answer(self) -> T:
        """The value, or the error raised."""
        if self._error is not None:
            raise self._error
        return self._values[0]
