"""Work of the window's thread in pieces, each in a turn of the loop of its own.

What a verb brings has to be taken, drawn, laid out and painted: together that is longer than a frame. Qt serves all timers that
are due, and all events that are posted, in one go, so pieces that wait stand in one line: between two of them the loop comes
round, and a key or a click is answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

if TYPE_CHECKING:
    from collections.abc import Callable


class Pieces(QObject):
    """One line of pieces, taken from its head. An error in one is told as any other in a slot; the others go on."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._line: dict[object, Callable[[], object]] = {}
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._take)

    def add(self, piece: Callable[[], object], *, of: QObject | None = None, first: bool = False) -> None:
        """Put it in the line. ``of``: whose it is.

        Of two of the same only the later is done, in the place of the first; and none of what Qt has deleted meanwhile.
        """
        key = object() if of is None else of
        if first and key not in self._line:
            self._line = {key: piece, **self._line}
        else:
            self._line[key] = piece
        if not self._turn.isActive():
            self._turn.start()

    def __len__(self) -> int:
        return len(self._line)

    def _take(self) -> None:
        whose = next(iter(self._line))
        piece = self._line.pop(whose)
        if self._line:
            self._turn.start()  # also where a piece opens a loop of its own, the others go on
        try:
            if not isinstance(whose, QObject) or isValid(whose):
                piece()
        finally:
            if self._line:
                self._turn.start()  # from now on: one started before would be served before those that came due meanwhile
            else:
                self._turn.stop()
