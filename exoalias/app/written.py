"""A write as the journal holds it, and back: what is intended, explained and undone are the same values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from exoalias.domain.plan import SetField
from exoalias.domain.records import SysId

if TYPE_CHECKING:
    from exoalias.adapters.keeping.journal import Entry

SET_FIELD = "set-field"
UNDO = "undo"
WRITTEN = "written"  # the result of a write that was read back
ALREADY = "already"  # the result where the record held the value before anything was written
_TEXTS = ("table", "record", "record_name", "field", "before", "before_shown", "after", "after_shown", "repair", "scope")


def facts_of(step: SetField, run: str) -> dict[str, str]:
    """The journal's facts of a write; *run* binds the writes of one apply."""
    return {name: str(getattr(step, name)) for name in _TEXTS} | {"run": run}


def step_of(entry: Entry) -> SetField:
    """The write an entry speaks of, without the record's counters of that time."""
    facts = entry.facts
    return SetField(
        table=facts["table"],
        record=SysId(facts["record"]),
        record_name=facts["record_name"],
        field=facts["field"],
        before=facts["before"],
        before_shown=facts["before_shown"],
        after=facts["after"],
        after_shown=facts["after_shown"],
        mod_count=None,
        updated_on=None,
        repair=facts.get("repair", ""),  # entries of earlier versions have neither
        scope=facts.get("scope", ""),
    )


def reverse(step: SetField) -> SetField:
    """The write that puts back what *step* wrote, if it still is what it wrote."""
    return replace(
        step,
        before=step.after,
        before_shown=step.after_shown,
        after=step.before,
        after_shown=step.before_shown,
        mod_count=None,
        updated_on=None,
    )


def holds_ours(entry: Entry) -> bool:
    """Whether that entry's value reached the record, as it said itself or as the truth explained later."""
    return entry.result == WRITTEN or (entry.result == "explained" and entry.result_facts.get("found") == "after")


def undoable(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The writes of the last apply that reached their records and were not put back yet, the last one first."""
    put_back = {e.facts["undoes"] for e in entries if e.kind == UNDO and (holds_ours(e) or e.result == ALREADY)}
    ours = [e for e in entries if e.kind == SET_FIELD and holds_ours(e) and str(e.id) not in put_back]
    last = ours[-1].facts["run"] if ours else ""
    return tuple(e for e in reversed(ours) if e.facts["run"] == last)
