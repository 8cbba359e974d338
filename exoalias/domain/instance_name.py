"""What an instance may be called in the list, and what it is called after its address where nobody says."""

from __future__ import annotations

import re
from typing import Final

_NAME: Final = re.compile(r"[^\W_](?:[\w .-]{0,62}[\w.])?")
_OTHER: Final = re.compile(r"[^\w.-]+")
_PLATFORM: Final = (".service-now.com", ".servicenowservices.com")

RULE: Final = "A name has 1 to 64 letters, digits, blanks, dots, hyphens or underscores, and starts with a letter or digit."


def may_be_called(name: str) -> bool:
    """Whether *name* can be the name of an instance; ``RULE`` says it in words."""
    return _NAME.fullmatch(name) is not None


def called_after(address: str) -> str:
    """A name for the instance at that address, however it was pasted; "" where it gives none."""
    host = (address.strip().partition("://")[2] or address.strip()).split("/")[0]
    for owner in _PLATFORM:
        host = host.removesuffix(owner)
    name = _OTHER.sub("-", host)
    return name if may_be_called(name) else ""
