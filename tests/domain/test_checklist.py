"""Findings, rows and the checklist."""

from __future__ import annotations

import pytest

from exoalias.domain.checklist import Act, Checklist, Finding, Group, Row, Status, worst
from exoalias.domain.records import SysId
from tests.domain.build import NOW

FINDING = Finding("x.y", Status.HOLDS, "Title", "found", "expected", "why")


def checklist(*statuses: Status) -> Checklist:
    """One row with a finding of each status."""
    row = Row("row", Group.CREDENTIAL, "Row", record=SysId("r"), findings=tuple(FINDING._replace(status=s) for s in statuses))
    return Checklist("acme", "https://acme.service-now.com", NOW, (Row("other", Group.INSTANCE, "Other"), row))


@pytest.mark.parametrize(
    ("status", "finding"),
    [
        (Status.HOLDS, False),
        (Status.ADVICE, False),
        (Status.NOT_APPLICABLE, False),
        (Status.WORKING, False),
        (Status.NEEDS_YOU, True),
        (Status.WRONG, True),
        (Status.CANNOT_TELL, True),
    ],
)
def test_what_keeps_it_from_holding(status: Status, finding: bool) -> None:
    assert status.is_finding is finding
    assert checklist(Status.HOLDS, status).holds is not finding


def test_the_worst_is_shown() -> None:
    assert worst(()) is Status.NOT_APPLICABLE
    assert worst((Status.HOLDS, Status.CANNOT_TELL, Status.NEEDS_YOU)) is Status.NEEDS_YOU
    assert worst((Status.NEEDS_YOU, Status.WRONG)) is Status.WRONG
    assert worst((Status.NOT_APPLICABLE, Status.HOLDS)) is Status.HOLDS
    assert {worst((status,)) for status in Status} == set(Status)
    assert checklist(Status.HOLDS, Status.ADVICE).rows[1].status is Status.ADVICE


def test_lookups() -> None:
    made = checklist(Status.HOLDS, Status.WRONG)
    assert [f.status for f in made.findings] == [Status.HOLDS, Status.WRONG]
    assert made.row_of(SysId("r")) is made.rows[1]
    assert made.row_of(SysId("x")) is None
    assert made.next.act is Act.CHECK
