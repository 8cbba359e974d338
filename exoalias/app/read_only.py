"""Production is read-only until somebody types its name; after a while it is so again.

A guard against the wrong window and the wrong line of a list, not against a person who means it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from exoalias.adapters.keeping.unlocks import Unlock
from exoalias.domain.problems import NameNotTyped, ReadOnly, UsageProblem
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.app.world import World

PRODUCTION: Final = "production"
LONGEST_MINUTES: Final = 8 * 60
UNLOCKED, LOCKED = "unlocked", "locked"  # kinds of journal entries


def is_guarded(entry: InstanceEntry) -> bool:
    """Whether it is written to only while it is unlocked."""
    return entry.kind == PRODUCTION


def unlock(world: World, name: str, typed: str, minutes: int | None = None) -> datetime:
    """Let the instance be written to for so many minutes (the setting's, at most eight hours); gives when that ends.

    NameNotTyped where *typed* is not its name; UsageProblem where it is no production instance, or for too long.
    """
    entry, now = world.book.get(name), world.clock()
    lasting = world.settings.unlock_minutes if minutes is None else minutes
    if not is_guarded(entry):
        raise UsageProblem(why=say("{name} is not a production instance: it is never locked.", name=name))
    if not 1 <= lasting <= LONGEST_MINUTES:
        raise UsageProblem(
            why=say("An instance is unlocked for 1 to {longest_minutes} minutes.", longest_minutes=LONGEST_MINUTES)
        )
    if typed.strip() != name:
        raise NameNotTyped(instance=name)
    until = now + timedelta(minutes=lasting)
    world.journal.note(name, UNLOCKED, {"until": until.isoformat(), "minutes": str(lasting)})
    world.journal.unlocks.put(name, Unlock(given=now, until=until, seen=now))
    return until


def lock(world: World, name: str) -> None:
    """Make it read-only again, at once."""
    world.book.get(name)
    if world.journal.unlocks.remove(name):
        world.journal.note(name, LOCKED, {})


def unlocked_until(world: World, name: str) -> datetime | None:
    """Until when it may be written to; None where it may not, or where it is not guarded at all."""
    unlock = world.journal.unlocks.get(name) if is_guarded(world.book.get(name)) else None
    return unlock.until if unlock is not None and _holds(unlock, world.clock()) else None


def unlocked(world: World, entries: Iterable[InstanceEntry]) -> dict[str, datetime]:
    """Which of those may be written to now, and until when: one read for each customer among them."""
    guarded = {entry.name: entry.customer for entry in entries if is_guarded(entry)}
    now = world.clock()
    found = world.journal.unlocks.among(guarded)
    return {name: unlock.until for name, unlock in found.items() if _holds(unlock, now)}


def require_writable(world: World, name: str) -> None:
    """ReadOnly where it is a production instance that is locked. Asked before anything is opened, and before each write."""
    if not is_guarded(world.book.get(name)):
        return
    unlock, now = world.journal.unlocks.get(name), world.clock()
    if unlock is None or not _holds(unlock, now):
        raise ReadOnly(instance=name)
    world.journal.unlocks.put(name, Unlock(unlock.given, unlock.until, now))


def _holds(unlock: Unlock, now: datetime) -> bool:
    """A clock set back doesn't prolong it, and a row nobody could have been given doesn't count."""
    longest = timedelta(minutes=LONGEST_MINUTES)
    return max(unlock.given, unlock.seen) <= now < unlock.until <= unlock.given + longest
