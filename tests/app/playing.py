"""What tests of the app hold of one played scenario."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exoalias.app.demo import NAME

if TYPE_CHECKING:
    from exoalias.app.far_side import FarSide
    from exoalias.app.world import World
    from exoalias.domain.events import Event


@dataclass
class Played:
    """A far side, the world acting on it, and what was told."""

    far_side: FarSide
    world: World
    told: list[Event] = field(default_factory=list)
    name: str = NAME

    def tell(self, event: Event) -> None:
        """Take an event."""
        self.told.append(event)

    @property
    def writes(self) -> list[dict[str, object]]:
        """The writes the simulator saw."""
        return list(self.far_side.record()["writes"])
