"""Which language the person at this machine reads, as the operating system has it. Nothing is asked of a browser."""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")  # in the order POSIX looks at them
_PRIMARY: Final = {0x07: "de", 0x09: "en"}  # primary language ids of Windows
_PATIENCE_S: Final = 2.0


def spoken(setting: str) -> str:
    """The language that setting stands for: itself, or the system's."""
    return system_language() if setting == "system" else setting


@cache
def system_language() -> str:
    """The language as two letters; "en" where the system names none."""
    if sys.platform == "win32":
        import ctypes

        return of_windows(int(ctypes.windll.kernel32.GetUserDefaultUILanguage()))
    if sys.platform == "darwin":
        return of_macos(_first_of_macos()) or of_environment(os.environ)
    return of_environment(os.environ)


def of_environment(variables: Mapping[str, str]) -> str:
    """As POSIX has it: the first of these that is set decides, also where it says *none*. LANGUAGE goes before a set one."""
    named = next((variables[name] for name in _VARIABLES if variables.get(name)), "")
    plain = _two_letters(named)
    if plain and variables.get("LANGUAGE"):
        return _two_letters(variables["LANGUAGE"].partition(":")[0]) or plain
    return plain or "en"


def of_windows(identifier: int) -> str:
    """From a language identifier: its lower ten bits are the language, the others the country."""
    return _PRIMARY.get(identifier & 0x3FF, "en")


def of_macos(listed: str) -> str:
    """From the list of languages as ``defaults`` prints it; "" where it holds none."""
    first = next((line.strip(' ",') for line in listed.splitlines() if line.strip(' ",()')), "")
    return _two_letters(first)


def _first_of_macos() -> str:
    import subprocess  # here: it would take a twentieth of a bare window's start, on every system

    command = ["/usr/bin/defaults", "read", "-g", "AppleLanguages"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout


def _two_letters(locale: str) -> str:
    """ "de" of "de_AT.UTF-8@euro" or "de-AT"; "" of "C", "POSIX" and nonsense."""
    language = locale.replace("-", "_").partition("_")[0].partition(".")[0].partition("@")[0].lower()
    return language if len(language) == 2 and language.isascii() and language.isalpha() else ""
