"""Scenarios after a clone or a promotion: everything held on this instance, then the records of another one came.

The exit code is that of a run which repairs nothing but the OAuth entity profiles and fetches both tokens.
"""

from __future__ import annotations

from exoalias.simulator.clones import KINDS
from exoalias.simulator.story import Scenario

# Kinds after which setting the profile and fetching tokens makes all hold again.
MENDED = frozenset({"tokens-gone", "tokens-dead", "tokens-other", "profile-gone", "registry-new-ids"})


def _story(kind: str, says: str) -> Scenario:
    mended = kind in MENDED
    code, tokens = (0, 2) if mended else (1, 0)
    return Scenario(f"clone-{kind}", f"After a clone: {says}.", code, tokens, "right", clone=(kind,))


CLONES: dict[str, Scenario] = {story.name: story for story in (_story(kind, says) for kind, (says, _) in KINDS.items())}
