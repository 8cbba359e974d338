"""What the sign-ins of one call share, by whichever strategy they go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exoalias.app.read_back import Watched
from exoalias.domain.events import SignInPhase

if TYPE_CHECKING:
    from exoalias.adapters.instance.servicenow import Instance
    from exoalias.app.control import Control
    from exoalias.app.world import World
    from exoalias.domain.events import Phase, Tell
    from exoalias.domain.gate import Terms
    from exoalias.domain.records import SysId
    from exoalias.domain.strategies import Choice

SIGN_IN = "sign-in"
RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Run:
    """One call of the verb."""

    world: World
    name: str
    instance: Instance
    tell: Tell
    control: Control
    choice: Choice


def watched_of(run: Run, terms: Terms, planned: frozenset[SysId]) -> Watched:
    """Whose tokens are looked at when the sign-in of these terms is read back."""
    origin = run.world.book.get(run.name).origin
    return Watched(terms.credential, terms.credential_name, origin.partition("//")[2], planned - {terms.credential})


def phase_of(terms: Terms, phase: Phase, seconds_left: float = 0.0, *, can_continue: bool = False) -> SignInPhase:
    """It moved on."""
    return SignInPhase(terms.credential, terms.credential_name, terms.expected.upn, phase, seconds_left, can_continue)
