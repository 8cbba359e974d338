"""Does a policy of this machine forbid what the sign-in window needs?

``RemoteDebuggingAllowed`` false makes the browser end at once, over a pipe too. Source: the browsers' enterprise policy
lists, "RemoteDebuggingAllowed". Where a policy can't be read here (macOS), the browser itself says so when it is started.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exoalias.adapters.browser.find import Browser

NAME = "RemoteDebuggingAllowed"
_LINUX = {
    "Microsoft Edge": ("etc/opt/edge/policies/managed",),
    "Google Chrome": ("etc/opt/chrome/policies/managed",),
    "Chromium": ("etc/chromium/policies/managed", "etc/chromium-browser/policies/managed"),
}
_WINDOWS = {"Microsoft Edge": r"SOFTWARE\Policies\Microsoft\Edge", "Google Chrome": r"SOFTWARE\Policies\Google\Chrome"}


def forbidden_by(browser: Browser, root: Path = Path("/")) -> str:
    """Where it is written that remote debugging is not allowed; "" where that was not found."""
    places = _in_registry(browser.name) if sys.platform == "win32" else _in_files(browser.name, root)
    return next((place for place, value in places if value is not None and not value), "")


def _in_files(name: str, root: Path) -> Iterator[tuple[str, object]]:
    for folder in _LINUX.get(name, _LINUX["Chromium"]):
        for path in sorted((root / folder).glob("*.json")):
            try:
                policies = json.loads(path.read_text("utf-8"))
            except (OSError, ValueError):
                continue
            if isinstance(policies, dict) and NAME in policies:
                yield str(path), policies[NAME]


def _in_registry(name: str) -> Iterator[tuple[str, object]]:
    if sys.platform == "win32":
        import winreg

        key = _WINDOWS.get(name, r"SOFTWARE\Policies\Chromium")
        for words, hive in (("HKLM", winreg.HKEY_LOCAL_MACHINE), ("HKCU", winreg.HKEY_CURRENT_USER)):
            try:
                with winreg.OpenKey(hive, key) as opened:
                    yield f"{words}\\{key}", winreg.QueryValueEx(opened, NAME)[0]
            except OSError:
                continue
    else:
        yield from ()
