"""Which installed browser can be the sign-in window: Edge, Chrome or Chromium, in the order people have them.

The places are those the vendors' installers use; on Windows the registry's App Paths come first.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from exoalias.domain.problems import NoBrowser
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

_WINDOWS = (
    ("Microsoft Edge", "msedge.exe", r"Microsoft\Edge\Application\msedge.exe"),
    ("Google Chrome", "chrome.exe", r"Google\Chrome\Application\chrome.exe"),
)
_WINDOWS_ROOTS = ("ProgramFiles(x86)", "ProgramFiles", "LOCALAPPDATA")
_MACOS = (
    ("Microsoft Edge", "Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
    ("Google Chrome", "Google Chrome.app/Contents/MacOS/Google Chrome"),
    ("Chromium", "Chromium.app/Contents/MacOS/Chromium"),
)
_LINUX = (
    ("Microsoft Edge", ("/opt/microsoft/msedge/msedge", "microsoft-edge-stable", "microsoft-edge")),
    ("Google Chrome", ("/opt/google/chrome/chrome", "google-chrome-stable", "google-chrome")),
    ("Chromium", ("chromium", "chromium-browser")),
)
_FLATPAK = "which does not hand our pipe on to the browser"


@dataclass(frozen=True, slots=True)
class Browser:
    """An installed browser. ``confined`` names the snap it lives in ("" for none): it sees only part of the home."""

    name: str
    path: Path
    confined: str = ""


def find(wanted: Path | None = None) -> Browser:
    """The browser to use: the one named, or the first installed. NoBrowser says what was looked for."""
    return candidates(wanted)[0]


def candidates(wanted: Path | None = None) -> tuple[Browser, ...]:
    """The browsers that can be used, best first: the one named, or all installed; at least one. NoBrowser."""
    if wanted is not None:
        if not os.access(wanted, os.X_OK) or wanted.is_dir():
            raise NoBrowser(why=say("{wanted} is not a program that can be started.", wanted=wanted))
        if _flatpak(wanted):
            raise NoBrowser(why=say("{wanted} is a Flatpak, {flatpak}.", wanted=wanted, flatpak=_FLATPAK))
        return (_described(wanted.stem, wanted),)
    found = installed()
    usable = tuple(b for b in found if not _flatpak(b.path))
    if not usable:
        flatpaks = " ".join(say("{b_name} is there as a Flatpak, {flatpak}.", b_name=b.name, flatpak=_FLATPAK) for b in found)
        raise NoBrowser(why=flatpaks or "None of the three is where its installer puts it.")
    return usable


def installed() -> tuple[Browser, ...]:
    """All browsers found on this machine, best first."""
    where = {"win32": _on_windows, "darwin": _on_macos}.get(sys.platform, _on_linux)
    found = {browser.path: browser for browser in where()}
    return tuple(found.values())


def _on_windows() -> Iterator[Browser]:
    for name, program, below in _WINDOWS:
        roots = [Path(os.environ[root]) for root in _WINDOWS_ROOTS if os.environ.get(root)]
        for path in (*_app_paths(program), *(root / Path(*below.split("\\")) for root in roots)):
            if path.is_file():
                yield Browser(name, path)


def _app_paths(program: str) -> Iterator[Path]:
    """What the registry says of a program, for this user and for all, in both views."""
    if sys.platform == "win32":
        import winreg

        key = rf"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\{program}"
        for root in (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE):
            for view in (winreg.KEY_WOW64_64KEY, winreg.KEY_WOW64_32KEY):
                try:
                    with winreg.OpenKey(root, key, access=winreg.KEY_READ | view) as opened:
                        said, _kind = winreg.QueryValueEx(opened, "")
                except OSError:
                    continue
                yield Path(str(said).strip('"'))
    else:
        yield from ()


def _on_macos() -> Iterator[Browser]:
    for name, below in _MACOS:
        for root in (Path("/Applications"), Path.home() / "Applications"):
            if (root / below).is_file():
                yield Browser(name, root / below)


def _on_linux() -> Iterator[Browser]:
    for name, places in _LINUX:
        for place in places:
            found = shutil.which(place)
            if found:
                yield _described(name, Path(found))


def _described(name: str, path: Path) -> Browser:
    """The browser with the snap it lives in, if any: Ubuntu's /usr/bin/chromium-browser is a script that starts one."""
    resolved = path.resolve()
    if "/snap/" in f"{resolved}/" or resolved.name == "snap" or _mentions_snap(path):
        return Browser(name, path, confined="chromium" if "chromium" in path.name else path.stem)
    return Browser(name, path)


def _mentions_snap(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            start = file.read(2_048)
    except OSError:
        return False
    return start.startswith(b"#!") and b"/snap/bin/" in start


def _flatpak(path: Path) -> bool:
    """Flatpak browsers are started by ``flatpak run``, which doesn't hand our pipe on."""
    return "flatpak" in path.resolve().parts or "/flatpak/exports/" in str(path)
