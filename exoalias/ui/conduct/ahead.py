"""What the person may need next is loaded and made while nothing is going on: it would be waited for when it is needed.

A piece in each turn of the loop, so that a key pressed meanwhile is answered between two of them.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exoalias.ui.conduct.conductor import Conductor
    from exoalias.ui.runner import Ending, Job


class Ahead(QObject):
    """Begins when the world is open, rests while a verb is under way, and is done once."""

    def __init__(self, conductor: Conductor) -> None:
        super().__init__(conductor)
        self._conductor = conductor
        self._desk = conductor.desk
        self._pieces = self._each()
        self._is_open = self.done = False
        self._desk.ended.connect(self._on_ended)
        self._desk.busy_changed.connect(self._go_on)

    def _on_ended(self, job: Job, _ending: Ending) -> None:
        if job.verb == "open":
            self._is_open = True
            self._go_on()

    def _go_on(self) -> None:
        if self._is_open and not self.done and self._desk.job is None:
            self._desk.runner.pieces.add(self._next, of=self)

    def _next(self) -> None:
        if self._desk.job is not None:
            return  # once it has ended
        piece = next(self._pieces, None)
        self.done = piece is None
        self._go_on()
        if piece is not None:
            piece()

    def _each(self) -> Iterator[Callable[[], object]]:
        from exoalias.domain.checklist import Status
        from exoalias.ui import signatures, theme

        window = self._conductor.window
        ratio = window.devicePixelRatioF()
        for status in Status:
            tone = theme.tone(status)
            tint = theme.colour(tone, window.palette())
            for height in {window.checklist.fontMetrics().height(), window.header.mark.width()}:
                yield partial(theme.pixmap, tone.icon, tint, height, ratio)
        for late in signatures.for_errors():
            yield partial(signatures.fill, late)
        for module in ("domain.microsoft_errors", "ui.outcome", "ui.sign_in_panel"):
            yield partial(import_module, f"exoalias.{module}")
        yield self._conductor.banners.make
        yield self._conductor.signing.the_panel
