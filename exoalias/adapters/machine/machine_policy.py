"""What the machine's owner decided: registry, managed preferences, or a file below /etc.

On each system the same rule: a value fixes the setting; a value below ``Recommended`` is a default that anybody may change.
Names are those of domain/settings.py.

- Windows: ``Software\\Policies\\exoalias`` below HKEY_LOCAL_MACHINE, then HKEY_CURRENT_USER; the machine's counts over the
  user's. REG_DWORD, REG_SZ, REG_MULTI_SZ. Only administrators may write there (Microsoft Learn, "Registry-based policy").
- macOS: ``/Library/Managed Preferences/exoalias.plist`` over ``/Library/Managed Preferences/USER/exoalias.plist``, put there
  by a configuration profile (Apple Platform Deployment, "Managed preferences").
- elsewhere: ``/etc/exoalias/policy.toml``, which has to belong to root and be writable to nobody else.
"""

from __future__ import annotations

import os
import stat
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from exoalias.domain.ladder import Rung, Source
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY: Final = r"Software\Policies\exoalias"
RECOMMENDED: Final = "Recommended"
LARGEST: Final = 256 * 1024  # bytes of a policy file


class Registry(Protocol):
    """Reads one key of Windows' registry."""

    def values(self, hive: str, key: str) -> Mapping[str, object]:
        """Its values by name, {} where there is no such key; *hive* is "HKLM" or "HKCU". OSError."""


def machine_policy(system: str = sys.platform, root: Path = Path("/")) -> tuple[Source, ...]:
    """What this machine's policy says, the weaker place first."""
    if system == "win32":
        return from_registry(WindowsRegistry())
    if system == "darwin":
        return from_managed_preferences(root / "Library/Managed Preferences")
    return from_file(root / "etc/exoalias/policy.toml")


# -- Windows -------------------------------------------------------------------------------------------------------------


class WindowsRegistry:
    """The real one."""

    def values(self, hive: str, key: str) -> Mapping[str, object]:
        if sys.platform == "win32":
            import winreg

            try:
                with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE if hive == "HKLM" else winreg.HKEY_CURRENT_USER, key) as opened:
                    count = winreg.QueryInfoKey(opened)[1]
                    return {name: value for name, value, _kind in (winreg.EnumValue(opened, at) for at in range(count)) if name}
            except FileNotFoundError:
                return {}
        else:
            raise OSError(say("no registry on this system for {hive}\\{key}", hive=hive, key=key))


def from_registry(registry: Registry) -> tuple[Source, ...]:
    """The policy in the registry. A value's name may be in any letter case, as everywhere in the registry."""
    found = []
    for key, rung in ((f"{KEY}\\{RECOMMENDED}", Rung.DEFAULT), (KEY, Rung.FIXED)):
        for hive in ("HKCU", "HKLM"):
            where = f"{hive}\\{key}"
            try:
                values = {name.lower(): value for name, value in registry.values(hive, key).items()}
            except OSError as error:
                found.append(Source(rung, where, {}, say("it can't be read ({strerror})", strerror=error.strerror or error)))
                continue
            if values:
                found.append(Source(rung, where, values))
    return tuple(found)


# -- macOS ---------------------------------------------------------------------------------------------------------------


def from_managed_preferences(folder: Path, user: str | None = None, owner: int = 0) -> tuple[Source, ...]:
    """The policy in the property lists of *folder*; *owner* is the only one who may have written them."""
    name = user if user is not None else user_name()
    places = [folder / name / "exoalias.plist"] if name and "/" not in name else []
    return tuple(source for path in (*places, folder / "exoalias.plist") for source in _sources(path, plist, owner))


def user_name() -> str:
    if sys.platform == "win32":
        return ""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return ""


def plist(whole: bytes) -> object:
    import plistlib
    from xml.parsers.expat import ExpatError

    try:
        return plistlib.loads(whole)
    except (ExpatError, plistlib.InvalidFileException, AttributeError, KeyError, TypeError, OverflowError) as error:
        raise ValueError(str(error) or "it is no property list") from error


# -- elsewhere -----------------------------------------------------------------------------------------------------------


def from_file(path: Path, owner: int = 0) -> tuple[Source, ...]:
    """The policy in a TOML file; *owner* is the only one who may have written it."""
    return _sources(path, lambda whole: tomllib.loads(whole.decode("utf-8")), owner)


class _Parse(Protocol):
    def __call__(self, whole: bytes, /) -> object:
        """What the file's bytes mean; ValueError."""


def _sources(path: Path, parse: _Parse, owner: int) -> tuple[Source, ...]:
    where = str(path)
    try:
        values = parse(_trusted(path, owner))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        return (Source(Rung.FIXED, where, {}, say("the policy can't be read ({strerror})", strerror=error.strerror or error)),)
    except ValueError as error:
        return (Source(Rung.FIXED, where, {}, say("the policy is ignored: {error}", error=error)),)
    if not isinstance(values, dict):
        return (Source(Rung.FIXED, where, {}, "the policy is ignored: it is no table of settings"),)
    fixed: dict[str, Any] = {str(name): value for name, value in values.items()}
    heading = next((name for name in fixed if name.lower() == RECOMMENDED.lower()), "")
    defaults = fixed.pop(heading, {})
    if not isinstance(defaults, dict):
        return (Source(Rung.FIXED, where, fixed, say("{heading} is ignored: it is no table of settings", heading=heading)),)
    below = {str(name): value for name, value in defaults.items()}
    return (Source(Rung.DEFAULT, f"{where} ({heading})", below), Source(Rung.FIXED, where, fixed)) if below else (
        Source(Rung.FIXED, where, fixed),
    )  # fmt: skip


def _trusted(path: Path, owner: int) -> bytes:
    """The file's bytes, if nobody but *owner* can have written them: neither the file nor the folder it lies in."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise ValueError("it is no ordinary file")
        for what, its in ((say("the file"), found), (say("its folder"), path.parent.stat())):
            if os.name == "posix" and (its.st_uid != owner or its.st_mode & 0o022):
                raise ValueError(say("{what} can be written by others than root", what=what))
        whole = file.read(LARGEST + 1)
    if len(whole) > LARGEST:
        raise ValueError(say("it is larger than {largest} KB", largest=LARGEST // 1024))
    return whole
