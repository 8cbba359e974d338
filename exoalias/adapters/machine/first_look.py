"""A glance before the first paint: can anything here have set one of these settings? Mostly not, and then no time is lost.

It may say yes too often, never no where a value would count.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_POLICY_KEY = r"Software\Policies\exoalias"
_POLICY_FILES = {"darwin": "/Library/Managed Preferences", "win32": ""}


def may_say(file: Path, names: tuple[str, ...]) -> bool:
    """Whether the user's *file*, the environment or a policy may hold one of these names."""
    return _environment(names) or _policy() or _user(file, names)


def _environment(names: tuple[str, ...]) -> bool:
    return any(f"EXOALIAS_{name.upper()}" in os.environ for name in names)


def _policy() -> bool:
    if sys.platform == "win32":
        import winreg

        for hive in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):
            try:
                winreg.CloseKey(winreg.OpenKey(hive, _POLICY_KEY))
            except FileNotFoundError:
                continue
            except OSError:
                return True
            return True
        return False
    return os.path.exists(_POLICY_FILES.get(sys.platform, "/etc/exoalias/policy.toml"))  # noqa: PTH110 - before the first paint


def _user(file: Path, names: tuple[str, ...]) -> bool:
    try:
        whole = file.read_bytes()
    except OSError:
        return False
    return any(name.encode() in whole for name in names) or b"\\u" in whole.lower()  # a name may be written with escapes
