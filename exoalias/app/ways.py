"""From an entry to a way in: which Access it is, with which secrets, and who is asked meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.adapters.access import UserAndPassword
from exoalias.domain.problems import NoSecret, UsageProblem
from exoalias.domain.ways import Way, way_in

if TYPE_CHECKING:
    from exoalias.adapters.access import Access
    from exoalias.app.doors import Closable
    from exoalias.app.entrance import Visit


def make_access(visit: Visit) -> tuple[Access, Closable | None]:
    """The Access of that entry, and what has to end with it. NoSecret, NoVault, VaultLocked, UsageProblem."""
    world, entry = visit.world, visit.entry
    if entry.way is not Way.PASSWORD:
        raise UsageProblem(why=f"{way_in(entry.way).title} is not a way in of this version.")
    kept = world.kept(entry)
    if kept.password is None:
        raise NoSecret(instance=entry.name)
    return UserAndPassword(world.http, entry.origin, entry.user, kept.password), None
