"""ServiceNow's own scan: started on the person's word alone, followed, kept, shown beside our checks."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from exoalias.app.control import Control
from exoalias.app.scan import scan
from exoalias.domain.checklist import Status
from exoalias.domain.events import Progress
from exoalias.domain.problems import ReadOnly, ScanFailed, ScanNotPossible, Stopped
from tests.app.held import Held, holding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    """An instance on which all holds."""
    with holding(tmp_path) as made:
        yield made


def results(held: Held) -> list[tuple[str, str]]:
    """The journal's entries on scans."""
    return [(e.kind, e.result) for e in held.world.journal.entries(held.name) if e.kind == "scan"]


def test_a_check_never_starts_it(held: Held) -> None:
    held.check()
    assert held.writes == []
    assert held.world.journal.states.scan(held.name) is None


def test_it_runs_and_is_shown_from_then_on(held: Held) -> None:
    checked = scan(held.world, held.name, held.tell)
    assert held.writes == [("scan_check_suite", "POST")]
    row = checked.checklist.rows[-1]
    assert row.detail.startswith("scanned on")
    assert row.findings[0].status is Status.HOLDS
    assert "Which of its checks it carried out can't be read" in row.findings[0].found
    assert checked.checklist.holds
    assert held.check().checklist.rows[-1] == row
    assert results(held) == [("scan", "scanned")]
    assert any(isinstance(e, Progress) and e.total == 100 for e in held.told)


def test_both_say_the_same(held: Held) -> None:
    held.simulator.instance.clone("typical")
    row = scan(held.world, held.name, held.tell).checklist.rows[-1]
    says = " ".join(f.found for f in row.findings)
    assert "There is no OAuth Entity Profile associated with the credential - MS Graph 1." in says
    assert "exoalias says the same: MS Graph 1, The OAuth Entity Profile is set" in says
    kept = held.world.journal.states.scan(held.name)
    assert kept is not None
    assert kept.checks is not None
    assert len(kept.checks) == 4
    assert {f.check for f in kept.findings} <= set(kept.checks)


@pytest.mark.parametrize(
    ("fault", "problem", "words"),
    [
        ("scan_forbidden", ScanNotPossible, "sn_cicd.sys_ci_automation"),
        ("scan_missing", ScanNotPossible, "Activate the plugins"),
        ("scan_no_suite", ScanNotPossible, "Workplace Calendar Synchronization"),
        ("scan_fails", ScanFailed, "could not be executed"),
    ],
)
def test_what_stands_in_the_way_is_named(tmp_path: Path, fault: str, problem: type[Exception], words: str) -> None:
    with holding(tmp_path, faults={fault: True}) as held:
        with pytest.raises(problem) as told:
            scan(held.world, held.name, held.tell)
        assert isinstance(told.value, ScanNotPossible | ScanFailed)
        assert words in f"{told.value.words} {told.value.remedy}"
        assert results(held) == [("scan", told.value.code)]
        assert held.world.journal.unfinished(held.name) == ()
        assert held.world.journal.states.scan(held.name) is None


def test_it_does_not_wait_for_ever(tmp_path: Path) -> None:
    with holding(tmp_path, faults={"scan_slow": 60.0}) as held:
        with pytest.raises(ScanFailed, match="not finished after 1 s and goes on there"):
            scan(held.world, held.name, held.tell, limit_s=1.0)
        control = Control()
        threading.Timer(0.3, control.cancel).start()
        before = time.monotonic()
        with pytest.raises(Stopped, match="Waiting for the scan"):
            scan(held.world, held.name, held.tell, control)
        assert time.monotonic() - before < 10
        assert [result for _, result in results(held)] == ["scan-failed", "stopped"]


def test_production_is_left_alone(held: Held) -> None:

    held.world.book.put(held.world.book.get(held.name)._replace(kind="production"))
    with pytest.raises(ReadOnly):
        scan(held.world, held.name, held.tell)
    assert held.writes == []
