"""Scenarios after a clone or a promotion: everything held on this instance, then the records of another one came.

The exit code is that of a run which repairs nothing but the OAuth entity profiles and fetches both tokens.
"""

from __future__ import annotations

from exoalias.simulator.clones import KINDS
from exoalias.simulator.story import Scenario, Turn

# Kinds after which setting the profile and fetching tokens makes all hold again.
MENDED = frozenset({"tokens-gone", "tokens-dead", "tokens-other", "profile-gone", "registry-new-ids"})
# Kinds that leave something wrong, though both tokens can be fetched.
BESIDE = frozenset({"connection-url", "mode-normal", "alias-alone"})
# Microsoft does not know the other registry's client there: it says so on a page, and the person closes the window.
STRANDED = frozenset({"registry-other"})


def _story(kind: str, says: str) -> Scenario:
    code = 0 if kind in MENDED else 6 if kind in STRANDED else 1
    tokens = 2 if kind in MENDED | BESIDE else 0
    turns = (Turn(does="close"),) if kind in STRANDED else (Turn(), Turn())
    return Scenario(f"clone-{kind}", f"After a clone: {says}.", code, tokens, "right", turns=turns, clone=(kind,))


CLONES: dict[str, Scenario] = {story.name: story for story in (_story(kind, says) for kind, (says, _) in KINDS.items())}
