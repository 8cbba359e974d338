"""Puts ``resources/`` into a wheel as ``exoalias/resources``; an editable install reads the folder where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.builders.wheel import WheelBuilderConfig


class ResourcesHook(BuildHookInterface[WheelBuilderConfig]):
    """Called by hatchling before each wheel; *version* is "standard" or "editable"."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the folder to a real wheel only: a copy beside an editable install would go stale."""
        if version == "standard":
            for path in sorted(Path(self.root, "resources").rglob("*")):
                if path.is_file() and path.suffix != ".po":  # the program reads what was made of it
                    build_data["force_include"][str(path)] = f"exoalias/{path.relative_to(self.root).as_posix()}"
