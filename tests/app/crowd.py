"""Many simulated instances, and the world that knows them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from exoalias.adapters.keeping.entries import InstanceEntry
from exoalias.adapters.keeping.kept import Kept
from exoalias.adapters.keeping.secret import Secret
from exoalias.adapters.keeping.settings import Places
from exoalias.adapters.keeping.together import book_and_journal
from exoalias.adapters.keeping.vault import ThisRunOnly
from exoalias.adapters.network.http import Http
from exoalias.app.world import World, vault_key
from exoalias.domain.delegated import DelegatedUser
from exoalias.simulator.many import Many

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from exoalias.domain.events import Event


@dataclass
class Crowd:
    """Both sides, and what was told."""

    many: Many
    world: World
    told: list[Event] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """In order."""
        return [entry.name for entry in self.world.book.all()]

    def tell(self, event: Event) -> None:
        """Take an event."""
        self.told.append(event)

    def put(self, entry: InstanceEntry, password: str = "") -> None:
        """Add an instance with its password in memory."""
        self.world.book.put(entry)
        self.world.vault.set(vault_key(entry), Kept(password=Secret(password or self.many.password)).to_text())


@contextmanager
def crowd(
    home: Path, count: int, latency_s: float = 0.0, *, scenarios: Sequence[str] = ("old-token",), silent: int = 0
) -> Iterator[Crowd]:
    """So many instances, "i0" and so on, with everything said about them."""
    with Many(count, latency_s, scenarios=scenarios, seed=7, silent=silent) as many:
        made = Crowd(many, world_of(home, many.origins))
        person = many.cast.people["delegated"]
        try:
            for number, origin in enumerate(many.origins):
                user = DelegatedUser(person.upn, person.object_id, person.mail)
                made.put(InstanceEntry(f"i{number}", origin, many.user, user))
            yield made
        finally:
            made.world.close()


def world_of(home: Path, origins: Iterable[str]) -> World:
    """A world that may go to these simulated origins; nothing is known in it yet."""
    places = Places.below(home)
    book, journal = book_and_journal(places, _now)
    http = Http(simulated=frozenset(origins))
    return World(book=book, vault=ThisRunOnly(), journal=journal, http=http, clock=_now, places=places)


def _now() -> datetime:
    return datetime.now(UTC)
