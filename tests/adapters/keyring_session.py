"""A D-Bus session of its own with a real gnome-keyring and a throwaway home, for one child process."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_UNLOCKED = 'printf "pw\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$@"'
_LOCKED = 'gnome-keyring-daemon --start --components=secrets >/dev/null && exec "$@"'
_NONE = 'exec "$@"'


def run_in_session(
    home: Path, script: str, *arguments: str, keyring: str = "unlocked", extra: Mapping[str, str] | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the Python *script* there; *keyring* is "unlocked", "locked" (no collection, nobody to ask) or "none"."""
    return command_in_session(home, [sys.executable, "-c", script, *arguments], keyring=keyring, extra=extra, stdin=stdin)


def command_in_session(
    home: Path, command: list[str], *, keyring: str = "unlocked", extra: Mapping[str, str] | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a program there; with *keyring* "bus" it starts a keyring itself."""
    runtime = home / "run"
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"}}
    environment |= {"HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "XDG_DATA_HOME": str(home / "data"), **(extra or {})}
    if keyring == "none":  # a bus on which nothing can be started
        environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={runtime}/no-bus"
        head = ["sh", "-c", _NONE, "sh"]
    else:
        starts = {"unlocked": _UNLOCKED, "locked": _LOCKED, "bus": _NONE}
        head = ["dbus-run-session", "--", "sh", "-c", starts[keyring], "sh"]
    return subprocess.run(
        [*head, *command], env=environment, input=stdin, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False
    )
