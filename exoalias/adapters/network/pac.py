"""Is a proxy auto-configuration (PAC) file set on this machine? It is not evaluated here: it is a program of its own.

Browsers evaluate it, exoalias' own requests do not; so whoever has one must be told. Sources: learn.microsoft.com, "Proxy
Configuration" of WinINet (AutoConfigURL); scutil(8) on macOS; GNOME's schema org.gnome.system.proxy.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import Final

_PATIENCE_S: Final = 3.0
_REGISTRY: Final = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"
_SCHEMA: Final = "org.gnome.system.proxy"


def pac_of_this_machine() -> str:
    """Where the PAC file is that this machine names, as it may be shown; "" where it names none."""
    found = os.environ.get("auto_proxy", "") or _of_system()  # noqa: SIM112 - browsers on Linux know it by this name
    return _shown(found) if found else ""


def _of_system() -> str:
    if sys.platform == "win32":
        return _of_registry()
    if sys.platform == "darwin":
        return in_scutil(_said("scutil", "--proxy"))
    if in_gsettings(_said("gsettings", "get", _SCHEMA, "mode")) != "auto":
        return ""
    return in_gsettings(_said("gsettings", "get", _SCHEMA, "autoconfig-url")) or "found on the network (WPAD)"


def _of_registry() -> str:
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _REGISTRY) as key:
                return str(winreg.QueryValueEx(key, "AutoConfigURL")[0])
        except OSError:
            return ""
    return ""


def in_scutil(text: str) -> str:
    """The address in what ``scutil --proxy`` prints; "" where no file is switched on."""
    if re.search(r"^\s*ProxyAutoConfigEnable : 1\s*$", text, re.MULTILINE):
        named = re.search(r"^\s*ProxyAutoConfigURLString : (\S+)\s*$", text, re.MULTILINE)
        if named:
            return named[1]
    if re.search(r"^\s*ProxyAutoDiscoveryEnable : 1\s*$", text, re.MULTILINE):
        return "found on the network (WPAD)"
    return ""


def in_gsettings(text: str) -> str:
    """The text in what ``gsettings get`` prints: 'auto'."""
    return text.strip().strip("'")


def _said(program: str, *arguments: str) -> str:
    """What a program of the system prints; "" where it isn't there, or says nothing in time."""
    path = shutil.which(program)
    if path is None:
        return ""
    try:
        done = subprocess.run([path, *arguments], capture_output=True, timeout=_PATIENCE_S, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode(errors="replace") if done.returncode == 0 else ""


def _shown(address: str) -> str:
    """Without user info, query and what can't be seen: it may carry something of the person's."""
    plain = "".join(c for c in address if c.isprintable()).partition("?")[0]
    scheme, found, rest = plain.partition("://")
    if not found:
        return plain[:200]
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}"[:200]
