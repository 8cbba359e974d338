"""Threads that take turns, kept on one core of the processor (Linux).

One of them computes at a time. Linux wakes the next one on whichever core idles, and there it finds nothing of what the last
one had in its caches: every hand-over to the other core is paid for by all that is computed after it. Elsewhere
there is no such switch in the standard library, and nothing is done.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

_STATE: Final = Path("/proc/thread-self/stat")
_PROCESSOR: Final = 36  # which core a thread was on last: field 39 of proc(5), of which three lie before the last bracket


def core_of_this_thread() -> int | None:
    """The core this thread runs on now, which the system chose for it; None where that can't be told."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    try:
        return int(_STATE.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[_PROCESSOR])
    except (OSError, ValueError, IndexError):
        return None


def stay_on(core: int | None) -> None:
    """This thread, and those it starts, run on that core from now on; None, or one it may not use: as before."""
    if core is not None and hasattr(os, "sched_setaffinity"):
        with suppress(OSError):
            os.sched_setaffinity(0, {core})


def go_anywhere() -> None:
    """This thread runs wherever the program may: for one that outlives the job whose thread has started it."""
    if hasattr(os, "sched_setaffinity"):
        with suppress(OSError):
            os.sched_setaffinity(0, os.sched_getaffinity(os.getpid()))  # of its first thread, which never stays on one
