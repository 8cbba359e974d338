"""Folders for this user alone."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def private(folder: Path) -> None:
    """Make the folder, and those above it that are missing, readable by this user alone (0700). One that is there stays as it is.

    ``Path.mkdir(mode, parents=True)`` gives its mode to the last one only.
    """
    missing = []
    for each in (folder, *folder.parents):
        if each.exists():
            break
        missing.append(each)
    for each in reversed(missing):
        with contextlib.suppress(FileExistsError):  # another process was quicker
            each.mkdir(mode=0o700)
    if not folder.is_dir():
        raise NotADirectoryError(20, "Not a directory", str(folder))
