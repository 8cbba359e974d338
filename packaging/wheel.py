"""Puts ``resources/`` into a wheel as ``exoalias/resources``; an editable install reads the folder where it stands."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.builders.wheel import WheelBuilderConfig


class ResourcesHook(BuildHookInterface[WheelBuilderConfig]):
    """Called by hatchling before each wheel; *version* is "standard" or "editable"."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the folder to a real wheel only: a copy beside an editable install would go stale."""
        if version == "standard":
            build_data["force_include"]["resources"] = "exoalias/resources"
