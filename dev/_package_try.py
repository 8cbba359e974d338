"""The packages of some systems tried as their users will, one thing after another."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import _package_try_linux as linux
import _package_try_windows as windows
from _package_common import DoesNotHold

if TYPE_CHECKING:
    from collections.abc import Callable


def try_all(systems: tuple[str, ...]) -> int:
    """Try what is for these systems, "linux" and "windows"; 0 when all hold."""
    attempts: tuple[Callable[[], str], ...] = ()
    if "linux" in systems:
        attempts += (linux.sizes, linux.same_wheel, linux.folder_runs, linux.deb_on_a_fresh_debian)
    if "windows" in systems:
        attempts += (
            windows.windows_sizes,
            windows.windows_parts,
            windows.setup_for_one,
            windows.setup_for_everybody,
            windows.msi_for_everybody,
        )
    failed = 0
    for attempt in attempts:
        began = time.monotonic()
        try:
            said = attempt()
        except DoesNotHold as why:
            failed += 1
            print(f"FAILED {attempt.__name__}: {why}")
        else:
            print(f"ok     {attempt.__name__}: {said} ({time.monotonic() - began:.0f} s)")
    return 1 if failed else 0
