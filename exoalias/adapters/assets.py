"""Files the program ships: pages, icons. Beside the package when installed, at the top of the repository when not."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_PLACES = (_PACKAGE / "resources", _PACKAGE.parent / "resources")


def path(*parts: str) -> Path:
    """Where a shipped file lies; FileNotFoundError is a broken installation."""
    for place in _PLACES:
        found = place.joinpath(*parts)
        if found.exists():
            return found
    raise FileNotFoundError("/".join(parts))


@cache
def text(*parts: str) -> str:
    """A shipped text file."""
    return path(*parts).read_text(encoding="utf-8")
