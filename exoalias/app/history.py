"""What the journal can say about a day: whose token each credential had, and whether the row was still that one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date
from typing import TYPE_CHECKING

from exoalias.domain.ownership import OnDay, on_day
from exoalias.domain.problems import UsageProblem
from exoalias.domain.words import say

if TYPE_CHECKING:
    from exoalias.app.world import World
    from exoalias.domain.ids import SysId


@dataclass(frozen=True, slots=True)
class Told:
    """The answer for one credential, by name."""

    name: str
    answer: OnDay


def told_of(world: World, name: str, day: date) -> tuple[Told, ...]:
    """For each credential that was ever signed in for. UsageProblem for a day that is still to come."""
    world.book.get(name)
    if day > world.clock().astimezone(UTC).date():
        raise UsageProblem(why=say("{day:%Y-%m-%d} is still to come.", day=day))
    proofs, looks = world.journal.all_proofs(name), world.journal.looks.of(name)
    names = _names(world, name)
    credentials = dict.fromkeys(proof.credential for proof in proofs)
    answers = [Told(names.get(credential, str(credential)), on_day(day, credential, proofs, looks)) for credential in credentials]
    return tuple(sorted(answers, key=lambda told: told.name.casefold()))


def day_of(text: str) -> date:
    """A day as it is typed; UsageProblem says how."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageProblem(why=say("{text} is no day: write it as 2026-11-20.", text=text)) from None


def _names(world: World, name: str) -> dict[SysId | str, str]:
    """What the credentials were called at their last sign-in."""
    facts = [entry.facts for entry in world.journal.entries(name) if "record" in entry.facts and "credential" in entry.facts]
    return {fact["record"]: fact["credential"] for fact in facts}
