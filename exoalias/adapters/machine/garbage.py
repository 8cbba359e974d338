"""When and where garbage is looked for, that is, values that refer to each other in a circle; all others go by themselves.

In a window: by the window's thread alone. The interpreter by itself looks in whichever thread makes the next value, and would
destroy there what of Qt it finds: Qt then waits for the interpreter's lock while holding one the window waits for.

While much is read: less often, for each look costs.

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


def look_if_due() -> None:
    """Look in this thread, if as much was made since the last look as the interpreter's own thresholds ask for."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    due = [generation for generation in range(3) if 0 < thresholds[generation] < counts[generation]]
    if due:
        gc.collect(due[-1])


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
