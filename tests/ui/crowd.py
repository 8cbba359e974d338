"""Many invented instances: customers, kinds and states in every mixture."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from exoalias.domain.checklist import Checklist, Finding, Status
from exoalias.domain.events import Checked
from exoalias.domain.problems import Unreachable
from exoalias.ui.known import Known
from tests.ui import stories

if TYPE_CHECKING:
    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.ui.shelf import Shelf

KINDS = ("production", "test", "development", "")


def entry(name: str, customer: str = "", kind: str = "") -> InstanceEntry:
    host = name.replace(" ", "")
    return stories.ENTRY._replace(name=name, customer=customer, kind=kind, origin=f"https://{host}.service-now.com")


def entries(count: int) -> tuple[InstanceEntry, ...]:
    """So many, four to a customer, not in the order shown."""
    return tuple(
        entry(f"c{n // 4:04} {KINDS[n % 4] or 'other'}", f"Customer {n // 4:04}", KINDS[n % 4]) for n in reversed(range(count))
    )


def light(name: str, *statuses: Status, days: int | None = None, minutes_ago: int = 0) -> Checked:
    """A checklist with one finding of each status."""
    now = datetime.now(UTC)
    until = now + timedelta(days=days) if days is not None else None
    findings = tuple(Finding("x.y", status, "Title", "found", "expected", "why", until=until) for status in statuses)
    row = replace(stories.checklist().rows[0], findings=findings)
    checklist = Checklist(name, "https://a.service-now.com", now - timedelta(minutes=minutes_ago), (row,))
    return Checked(checklist, stories.plan())


def mixed(shelf: Shelf, count: int) -> None:
    """Of seven: one wrong, one needing somebody, one not reached, one unclear, one never checked, two that hold."""
    shelf.list_again(entries(count))
    for number, name in enumerate(shelf.known):
        turn = number % 7
        if turn == 2:
            shelf.fail(name, Unreachable(host=name, why="no route"))
        elif turn != 4:
            status = {0: Status.WRONG, 1: Status.NEEDS_YOU, 3: Status.CANNOT_TELL}.get(turn, Status.HOLDS)
            shelf.take(light(name, status, Status.HOLDS, days=number % 60 + 1))


def known(name: str, customer: str = "", kind: str = "") -> Known:
    return Known(entry(name, customer, kind))
