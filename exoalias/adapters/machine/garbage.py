"""Looks for garbage less often while much is read: values without cycles go by themselves, and each look costs.

A check makes some thousand values and drops them again. The interpreter looks through all that live after every few hundred
new ones; over hundreds of checks that is a tenth of the processor's time.
"""

from __future__ import annotations

import gc
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_SELDOM: Final = (6_000, 2, 5)  # the oldest not so seldom: sessions that refer to themselves would pile up by the hundred
_lock = threading.Lock()
_asked = 0
_before = gc.get_threshold()


@contextmanager
def looked_for_seldom() -> Iterator[None]:
    """While this lasts, in however many threads. Afterwards it is as it was."""
    global _asked, _before  # noqa: PLW0603 - the interpreter has one such switch
    with _lock:
        _asked += 1
        if _asked == 1:
            _before = gc.get_threshold()
            gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        with _lock:
            _asked -= 1
            if _asked == 0:
                gc.set_threshold(*_before)
