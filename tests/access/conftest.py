"""What all tests of this folder share."""

from __future__ import annotations

import pytest

OFFSCREEN_CANNOT = r"This plugin does not support (propagateSizeHints\(\)|raise\(\)|grabbing the keyboard)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What Qt's offscreen platform says it can't do is no fault of the window; every other warning is an error."""
    for item in items:
        if "tests/access" in item.path.as_posix():
            item.add_marker(pytest.mark.qt_log_ignore(OFFSCREEN_CANNOT))
