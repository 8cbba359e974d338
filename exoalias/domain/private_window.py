"""Whether a window that came up is the fresh private one that was asked for: told by the cookie jar it is in.

A browser gives each jar an id of its own, and a private jar a new one once its last window was closed (measured with Chromium).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Jars:
    """What was known of the browser's jars (browser contexts) before the private window was asked for."""

    ordinary: str  # the profile's own
    ours: frozenset[str] = frozenset()  # made over the pipe
    seen: frozenset[str] = frozenset()  # every other one a window was ever told of in


def why_not_fresh(jar: str, before: Jars) -> str:
    """Why a window in that jar is not a fresh private one; "" where it is."""
    if not jar or not before.ordinary:
        return "which cookies its window has can't be told."
    if jar == before.ordinary:
        return "it opened an ordinary window where a private one was asked for (a policy may forbid them)."
    if jar in before.ours or jar in before.seen:
        return "its private window was there before: it may hold somebody's cookies."
    return ""
