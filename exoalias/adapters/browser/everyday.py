"""The person's own browser: which one it is, and how a private window of it is opened. It is never steered nor ended.

Linux: ``xdg-settings get default-web-browser`` names a .desktop file. Windows: the choice for https in the registry. Elsewhere,
and for browsers that are not known here, the person opens the window themselves.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exoalias.adapters.browser.find import installed
from exoalias.adapters.browser.launch import environment

if TYPE_CHECKING:
    from collections.abc import Callable

_CHOICE: Final = r"Software\Microsoft\Windows\Shell\Associations\UrlAssociations\https\UserChoice"
# By a word of the .desktop file's or the registry's name: what the browser is called, and its own word for a private window.
# Sources: the browsers' lists of switches (Chromium's chrome_switches.cc, Edge's and Mozilla's command line pages).
_KNOWN: Final = (
    ("edge", "Microsoft Edge", "--inprivate"),
    ("chromium", "Chromium", "--incognito"),
    ("chrome", "Google Chrome", "--incognito"),
    ("firefox", "Firefox", "--private-window"),
)
_ASK_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Everyday:
    """A browser a private window can be opened in."""

    name: str
    command: tuple[str, ...]


def everyday(ask: Callable[[], str] | None = None) -> Everyday | None:
    """The person's browser; None where it is not known here. ``ask`` names it instead of this machine, in tests."""
    named = (ask or default_name)().lower()
    for word, name, switch in _KNOWN:
        if word in named:
            path = _path_of(name, word)
            return Everyday(name, (path, switch)) if path else None
    return None


def _path_of(name: str, word: str) -> str:
    known = next((str(browser.path) for browser in installed() if browser.name == name), "")
    return known or shutil.which(word) or ""


def default_name() -> str:
    """What the system calls the browser it opens https addresses with; "" where it doesn't say."""
    if sys.platform == "win32":
        return _in_registry()
    asker = shutil.which("xdg-settings")
    if asker is None:
        return ""
    try:
        command = [asker, "get", "default-web-browser"]
        told = subprocess.run(command, capture_output=True, text=True, timeout=_ASK_S, env=environment(), check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return told.stdout.strip()


def _in_registry() -> str:
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _CHOICE) as key:
                return str(winreg.QueryValueEx(key, "ProgId")[0])
        except OSError:
            return ""
    return ""


def open_private(browser: Everyday, url: str) -> bool:
    """Open a private window of it at *url*, an address without anything secret; whether it was started."""
    nothing = subprocess.DEVNULL
    try:
        started = subprocess.Popen(
            [*browser.command, url],
            env=environment(),
            stdin=nothing,
            stdout=nothing,
            stderr=nothing,
            start_new_session=sys.platform != "win32",
        )
    except OSError:
        return False
    threading.Thread(target=started.wait, name="everyday-browser", daemon=True).start()  # or it would stay as a dead child
    return True
