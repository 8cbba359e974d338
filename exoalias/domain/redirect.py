"""The redirect address of an instance's own OAuth: which ones can be stopped inside the browser, and how the browser writes them.

Nothing listens there, so anything entered at the instance's OAuth API endpoint would do; but it is put into the browser's
closed list, which must never hold an address of the instance or of Microsoft, nor one that stands for more than itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_ORIGIN: Final = re.compile(r"https?://(\[[0-9a-f:]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(:[1-9][0-9]{0,4})?", re.ASCII)
_PATH: Final = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?", re.ASCII)  # no dots alone: the browser would resolve them
_USUAL_PORTS: Final = {"http": 80, "https": 443}


def redirect_flaw(url: str, instance: str, microsoft: Collection[str] = ()) -> str:
    """What is wrong with it, after "The redirect address …"; "" where it can be used. Both others are origins."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "can't be read"
    origin = f"{parts.scheme}://{parts.netloc}"
    if parts.scheme not in _USUAL_PORTS or (parts.scheme == "http" and parts.hostname not in _LOOPBACK):
        return "must be an https address, or http on localhost"
    if parts.query or parts.fragment or "?" in url or "#" in url:
        return "must be without query and fragment"
    if not _ORIGIN.fullmatch(origin) or not _PATH.fullmatch(parts.path) or port == _USUAL_PORTS[parts.scheme]:
        return "must be plain: host in lower case, no usual port, a path of letters, digits and . _ ~ -"
    if origin == instance:
        return "must not be on the instance itself: its pages are not looked at"
    if any(parts.hostname == urlsplit(each).hostname and port == urlsplit(each).port for each in microsoft):
        return "must not be Microsoft's: nothing of Microsoft's is looked at here"
    return ""


def as_browsers_write(url: str) -> str:
    """The same address as a browser asks for it: a host alone gets its slash."""
    return url if urlsplit(url).path else f"{url}/"
