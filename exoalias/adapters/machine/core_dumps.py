"""Keeps this program's memory, in which secrets of a run are, out of files and out of other programs of the same user.

A core dump would write passwords, sessions and tokens to the disk. It is switched off here, and for the sign-in browser that
is started afterwards. On Linux the process is also marked as not dumpable: no other program of the same user may attach to it
or read its memory (prctl(2), PR_SET_DUMPABLE; core(5)). What a system doesn't offer is left as it is: nothing here is a reason
to stop. Windows has no such switch for one process; its error reports are the administrator's to set.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

_PR_GET_DUMPABLE: Final = 3  # <linux/prctl.h>
_PR_SET_DUMPABLE: Final = 4


@dataclass(frozen=True, slots=True)
class Privacy:
    """What holds for this process now. None: this system doesn't offer it."""

    no_core_dumps: bool | None
    not_dumpable: bool | None


def keep_memory_private() -> Privacy:
    """Switch both off for this process, as far as the system allows; says what holds then. Costs no secret, needs no right."""
    if sys.platform == "win32":
        return Privacy(None, None)
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return Privacy(resource.getrlimit(resource.RLIMIT_CORE) == (0, 0), _not_dumpable())


def _not_dumpable() -> bool | None:
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    try:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):  # a C library without it
        return None
    prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    return bool(prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0) == 0)
