"""The person's side of a running verb: cancel, go on, answer. Given to the verb by its face, safe from any thread."""

from __future__ import annotations

import queue
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Wish = Literal["cancel", "continue", "agree", "disagree", "open"]


@dataclass(slots=True)
class Control:
    """What the person wants of a running verb. A wish is taken once, in order; *cancel* also stays set."""

    _wishes: queue.SimpleQueue[Wish]
    _cancelled: bool
    _typed: queue.SimpleQueue[str | None]
    interactive: bool  # False: nobody to ask (--non-interactive, --json, a scheduler)
    trust_first_use: bool
    authenticator: Callable[[], str] | None  # shows the one-time code without asking anybody; a simulated person's

    def __init__(self, *, interactive: bool = True, trust_first_use: bool = False) -> None:
        self._wishes = queue.SimpleQueue()
        self._cancelled = False
        self._typed = queue.SimpleQueue()
        self.authenticator = None
        self.interactive = interactive
        self.trust_first_use = trust_first_use

    def cancel(self) -> None:
        """Stop as soon as it is safe; what was being written is finished and read back."""
        self._cancelled = True
        self._wishes.put("cancel")
        self._typed.put(None)

    def carry_on(self) -> None:
        """The *Continue* button: the person is signed in to the instance and nothing follows; by hand: all is done."""
        self._wishes.put("continue")

    def open_private(self) -> None:
        """*Open a private window*, in a sign-in without control."""
        self._wishes.put("open")

    def answer(self, *, agree: bool) -> None:
        """The answer to a FirstUseQuestion."""
        self._wishes.put("agree" if agree else "disagree")

    def type(self, text: str | None) -> None:
        """The answer to a CodeQuestion; None: the person has none to give."""
        self._typed.put(text)

    def typed(self, timeout_s: float) -> str | None:
        """Wait for the answer to a CodeQuestion; None where it was declined, cancelled, or did not come in time."""
        try:
            return self._typed.get(timeout=timeout_s)
        except queue.Empty:
            return None

    @property
    def cancelled(self) -> bool:
        """Whether the person wants it to end."""
        return self._cancelled

    def next_wish(self, timeout_s: float = 0.0) -> Wish | None:
        """The oldest wish not yet taken; None where none came in time."""
        try:
            return self._wishes.get(block=timeout_s > 0, timeout=timeout_s or None)
        except queue.Empty:
            return None
