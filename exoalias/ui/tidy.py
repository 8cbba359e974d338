"""Garbage is looked for by the window's thread alone, when its loop is about to rest; no timer wakes an idle window for it.

A value that no longer has a name, and is part of a circle, stays until it is looked for. Were that done in a verb's thread, as
the interpreter would, something of Qt among it could stop or end the program (adapters/machine/garbage.py).
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractEventDispatcher, QObject

if TYPE_CHECKING:
    from collections.abc import Callable


class Tidy(QObject):
    """From now on, and as long as it lives, *look* is called at each rest; the interpreter no longer looks by itself."""

    def __init__(self, parent: QObject, look: Callable[[], object]) -> None:
        super().__init__(parent)
        self._look = look
        gc.disable()
        QAbstractEventDispatcher.instance().aboutToBlock.connect(self._rest)

    def _rest(self) -> None:
        self._look()
