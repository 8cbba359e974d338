"""What the policies of this machine say to its browsers, read before one is started.

- Linux: every file in ``policies/managed`` and ``policies/recommended``, whatever its name ends in; the last in the order of
  their names counts (Chromium, components/policy/core/common/config_dir_policy_loader.cc; measured). Comments and commas too
  many are taken.
- Windows: ``SOFTWARE\\Policies\\…`` below HKEY_LOCAL_MACHINE, which counts over HKEY_CURRENT_USER; ``…\\Recommended`` below it;
  lists are keys of their own. That part of the registry is the same for 32 and 64 bits (Microsoft Learn, "Registry Keys
  Affected by WOW64"). Names in any letter case; numbers may be texts (registry_dict.cc).
- macOS: ``/Library/Managed Preferences/[USER/]ID.plist``, put there by a configuration profile.

Policies that come from a maker's cloud are not on the disk in a form to be read: the browser itself says so when it starts.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from exoalias.adapters.browser import find
from exoalias.domain.browser_policies import POLICIES, Found, Kind, Reading, judged
from exoalias.domain.problems import BrowserForbidden
from exoalias.domain.words import joined, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from exoalias.adapters.browser.find import Browser

LARGEST: Final = 4 * 1024 * 1024  # bytes of a policy file
_RECOMMENDED: Final = "Recommended"


@dataclass(frozen=True, slots=True)
class Family:
    """Where one maker's browser looks for policies."""

    folders: tuple[str, ...]
    key: str
    plist: str
    edge: bool = False


_EDGE = Family(("etc/opt/edge/policies",), r"SOFTWARE\Policies\Microsoft\Edge", "com.microsoft.Edge", edge=True)
_CHROME = Family(("etc/opt/chrome/policies",), r"SOFTWARE\Policies\Google\Chrome", "com.google.Chrome")
# The second folder is Ubuntu's.
_CHROMIUM = Family(
    ("etc/chromium/policies", "etc/chromium-browser/policies"), r"SOFTWARE\Policies\Chromium", "org.chromium.Chromium"
)
_FAMILIES = (("edge", _EDGE), ("chromium", _CHROMIUM), ("chrome", _CHROME))


class Registry(Protocol):
    """Reads one key of Windows' registry."""

    def values(self, hive: str, key: str) -> Mapping[str, object]:
        """Its values by name, {} where there is no such key; *hive* is "HKLM" or "HKCU". OSError."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine that is read: this one, or in tests any other."""

    system: str = sys.platform
    root: Path = Path("/")
    registry: Registry | None = None
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """The browser to use, what its policies say, and those passed over because theirs forbid it."""

    browser: Browser
    reading: Reading
    passed: tuple[BrowserForbidden, ...] = ()

    @property
    def instead(self) -> str:
        """Why it is this one, in a sentence; "" where no other came first."""
        return (
            say(
                "{passed} {browser_name} is used instead.",
                passed=joined(" ", (each.words for each in self.passed)),
                browser_name=self.browser.name,
            )
            if self.passed
            else ""
        )


def allowed(wanted: Path | None = None, machine: Machine | None = None) -> Allowed:
    """The first browser that no policy found here forbids. BrowserForbidden with the first one's policy, or NoBrowser."""
    passed: list[BrowserForbidden] = []
    for browser in find.candidates(wanted):
        reading = policies(browser, machine)
        if (finding := reading.forbids) is None:
            return Allowed(browser, reading, tuple(passed))
        passed.append(
            BrowserForbidden(
                browser=browser.name, why=say("the policy {finding_words}", finding_words=finding.words), how=finding.remedy
            )
        )
    raise passed[0]


def policies(browser: Browser, machine: Machine | None = None) -> Reading:
    """What the policies mean for this browser. A place that can't be read is told as such, never as allowed."""
    machine = machine or Machine()
    # "msedge", "chrome": a browser that was named is called after its program.
    family = next((family for word, family in _FAMILIES if word in browser.name.lower()), None)
    if family is None:
        return Reading(untold=(say("where {browser_name} keeps its policies is not known", browser_name=browser.name),))
    unread: list[str] = []
    if machine.system == "win32":
        found = _in_registry(family, machine.registry or _Winreg(), unread)
    elif machine.system == "darwin":
        found = _in_preferences(family, machine, unread)
    else:
        found = _in_files(family, machine.root, unread)
    return judged(tuple(found), unread, edge=family.edge)


def _names(family: Family) -> dict[str, Kind]:
    names = ((policy.named(edge=family.edge), policy.kind) for policy in POLICIES)
    return {name: kind for name, kind in names if name}


# -- Linux ---------------------------------------------------------------------------------------------------------------


def _in_files(family: Family, root: Path, unread: list[str]) -> Iterator[Found]:
    for folder in family.folders:
        for level in ("recommended", "managed"):
            for path in _files(root / folder / level, unread):
                table = _table(path, _json, unread)
                yield from (Found(name, table[name], str(path), level == "managed") for name in _names(family) if name in table)


def _files(folder: Path, unread: list[str]) -> list[Path]:
    try:
        return sorted(folder / name for name in os.listdir(folder) if not (folder / name).is_dir())  # noqa: PTH208 - OSError is wanted
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        unread.append(say("{folder} can't be read ({strerror})", folder=folder, strerror=error.strerror or error))
        return []


def _table(path: Path, parse: Callable[[bytes], object], unread: list[str]) -> Mapping[str, object]:
    """The policies of one file; {} where there is none, or where it can't be read, which is written down."""
    try:
        table = parse(_bytes(path))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        unread.append(say("{path} can't be read ({strerror})", path=path, strerror=error.strerror or error))
        return {}
    except (ValueError, RecursionError):
        unread.append(say("{path} can't be understood", path=path))
        return {}
    if not isinstance(table, dict):
        unread.append(say("{path} holds no table of policies", path=path))
        return {}
    return table


def _bytes(path: Path) -> bytes:
    """The whole file. A pipe put there must not make us wait."""
    if not path.is_file():
        path.stat()
        raise ValueError("it is no ordinary file")
    with path.open("rb") as file:
        whole = file.read(LARGEST + 1)
    if len(whole) > LARGEST:
        raise ValueError("it is too large")
    return whole


def _json(whole: bytes) -> object:
    """JSON as Chromium takes it: with comments, and commas before a closing bracket."""
    import json
    import re

    text = whole.decode("utf-8-sig")
    try:
        return json.loads(text, strict=False)
    except ValueError:
        kept = re.sub(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/', lambda hit: hit[1] or " ", text, flags=re.DOTALL)
        kept = re.sub(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', lambda hit: hit[1] or "", kept, flags=re.DOTALL)
        return json.loads(kept, strict=False)


# -- macOS ---------------------------------------------------------------------------------------------------------------


def _in_preferences(family: Family, machine: Machine, unread: list[str]) -> Iterator[Found]:
    """The machine's property list counts over the user's; which one does where they differ is not documented."""
    from exoalias.adapters.machine.machine_policy import plist, user_name

    folder = machine.root / "Library/Managed Preferences"
    user = user_name() if machine.user is None else machine.user
    own = [folder / user / f"{family.plist}.plist"] if user and "/" not in user else []
    for path in (*own, folder / f"{family.plist}.plist"):
        table = _table(path, plist, unread)
        yield from (Found(name, table[name], str(path)) for name in _names(family) if name in table)


# -- Windows -------------------------------------------------------------------------------------------------------------


class _Winreg:
    def values(self, hive: str, key: str) -> Mapping[str, object]:
        from exoalias.adapters.machine.machine_policy import WindowsRegistry

        return WindowsRegistry().values(hive, key)


def _in_registry(family: Family, registry: Registry, unread: list[str]) -> Iterator[Found]:
    for key, mandatory in ((f"{family.key}\\{_RECOMMENDED}", False), (family.key, True)):
        for hive in ("HKCU", "HKLM"):
            read = partial(_read, registry, hive, unread)
            values = read(key)
            for name, kind in _names(family).items() if values is not None else ():
                below = read(f"{key}\\{name}") if kind in (Kind.LIST, Kind.TABLE) else None
                value = (list(below.values()) if kind is Kind.LIST else below) if below else (values or {}).get(name.lower())
                if value is not None:
                    yield Found(name, value, f"{hive}\\{key}", mandatory, loose=True)


def _read(registry: Registry, hive: str, unread: list[str], key: str) -> dict[str, object] | None:
    try:
        return {name.lower(): value for name, value in registry.values(hive, key).items()}
    except OSError as error:
        unread.append(say("{hive}\\{key} can't be read ({strerror})", hive=hive, key=key, strerror=error.strerror or error))
        return None
