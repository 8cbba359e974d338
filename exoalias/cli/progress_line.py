"""How far a check of many instances is: one line rewritten on a terminal, a line now and then where a log is kept."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from exoalias.adapters.wording import _
from exoalias.cli.terminal import clean

if TYPE_CHECKING:
    from exoalias.cli.terminal import Terminal
    from exoalias.domain.events import ManyProgress

_PARTS = 10  # so many lines at most in a log


class ProgressLine:
    """On standard error. ``clear`` before anything else is printed, for both may be the same screen."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._rewritten = terminal.err.isatty()
        self._shown = False
        self._part = 0

    def show(self, event: ManyProgress) -> None:
        """Show it; in a log only when another tenth is done."""
        text = _("{done} of {total} checked", done=event.done, total=event.total)
        if self._rewritten:
            reading = _(", reading {running}", running=", ".join(event.running)) if event.running else ""
            width = shutil.get_terminal_size().columns - 1
            print(f"\r\x1b[K{clean(text + reading)[:width]}", end="", file=self._terminal.err, flush=True)
            self._shown = True
            return
        part = event.done * _PARTS // max(1, event.total)
        if part > self._part:
            self._part = part
            self._terminal.message(f"{text} …" if event.done < event.total else f"{text}.")

    def clear(self) -> None:
        """Take it away."""
        if self._shown:
            print("\r\x1b[K", end="", file=self._terminal.err, flush=True)
            self._shown = False
