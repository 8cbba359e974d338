"""The packages of some systems tried as their users will, one thing after another."""

from __future__ import annotations

import time

import _package_try_linux as linux
import _package_try_windows as windows
from _package_common import DoesNotHold

_ATTEMPTS = {
    "linux": (
        linux.built,
        {
            linux.sizes: {"folder", "deb"},
            linux.same_wheel: set[str](),
            linux.folder_runs: {"folder"},
            linux.deb_on_a_fresh_debian: {"deb"},
        },
    ),
    "windows": (
        windows.built,
        {
            windows.windows_sizes: {"windows", "setup", "msi"},
            windows.windows_parts: {"windows"},
            windows.setup_for_one: {"windows", "setup", "msi"},
            windows.setup_for_everybody: {"windows", "setup", "msi"},
            windows.msi_for_everybody: {"windows", "setup", "msi"},
        },
    ),
}
"""For each system: what can be built, and each attempt with the packages it is about."""


def try_all(systems: tuple[str, ...]) -> int:
    """Try what is built for these systems, "linux" and "windows", and name what isn't; 0 when all that was tried holds."""
    failed = 0
    for system in systems:
        built, attempts = _ATTEMPTS[system]
        there = {kind for kind, path in built().items() if path.exists()}
        for attempt, needed in attempts.items():
            if absent := sorted(needed - there):
                print(f"left   {attempt.__name__}: not built. Run: python3 dev.py package {' '.join(absent)}")
                continue
            began = time.monotonic()
            try:
                said = attempt()
            except DoesNotHold as why:
                failed += 1
                print(f"FAILED {attempt.__name__}: {why}")
            else:
                print(f"ok     {attempt.__name__}: {said} ({time.monotonic() - began:.0f} s)")
    return 1 if failed else 0
