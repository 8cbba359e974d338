"""A write in the journal and back; what can be undone."""

from __future__ import annotations

from datetime import UTC, datetime

from exoalias.adapters.keeping.journal import Entry
from exoalias.app.written import SET_FIELD, UNDO, facts_of, holds_ours, reverse, step_of, undoable
from exoalias.domain.plan import SetField
from exoalias.domain.records import SysId

NOW = datetime(2026, 2, 11, tzinfo=UTC)
STEP = SetField("t", SysId("r"), "R", "f", "b", "Before", "a", "After", 3, NOW)


def _entry(
    number: int, result: str = "written", *, kind: str = SET_FIELD, run: str = "1", found: str = "", undoes: str = ""
) -> Entry:
    facts = facts_of(STEP, run) | ({"undoes": undoes} if undoes else {})
    return Entry(number, "acme", NOW, kind, facts, result, NOW, {"found": found})


def test_there_and_back() -> None:
    back = step_of(_entry(1))
    assert (back.record, back.before, back.after, back.mod_count) == ("r", "b", "a", None)
    assert reverse(reverse(back)) == back
    assert (reverse(back).before_shown, reverse(back).after_shown) == ("After", "Before")


def test_what_reached_its_record() -> None:
    assert holds_ours(_entry(1))
    assert holds_ours(_entry(1, "explained", found="after"))
    for result, found in (("", ""), ("already", ""), ("record-moved", ""), ("explained", "before"), ("explained", "other")):
        assert not holds_ours(_entry(1, result, found=found))


def test_the_last_run_is_undone_newest_first_and_once() -> None:
    entries: tuple[Entry, ...] = (_entry(1, run="1"), _entry(2, run="2"), _entry(3, run="2"), _entry(4, "record-moved", run="3"))
    assert [e.id for e in undoable(entries)] == [3, 2]
    entries += (_entry(5, kind=UNDO, run="2", undoes="3"), _entry(6, "record-moved", kind=UNDO, run="2", undoes="2"))
    assert [e.id for e in undoable(entries)] == [2]
    assert [e.id for e in undoable((*entries, _entry(7, "already", kind=UNDO, run="2", undoes="2")))] == [1]
    entries += (_entry(7, "explained", kind=UNDO, run="2", found="after", undoes="2"),)
    assert [e.id for e in undoable(entries)] == [1]
    assert undoable(()) == ()
