"""The first row after a clone: what changed, what it looks like, what can be put back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from exoalias.domain.changes import Part
from exoalias.domain.checklist import Act, Action, Finding, Group, Row, Status
from exoalias.domain.plan import Advise
from tests.domain.build import MS1, MS2, NOW, ORIGIN, World, proof

if TYPE_CHECKING:
    from exoalias.domain.target import Proof

OTHER = "https://juniperprod.service-now.com/oauth_redirect.do"
RIGHT = World().remembering()
CLONED = RIGHT.with_row("registries", redirect_url=OTHER).with_row("credentials", 1, name="MS Graph 2 prod").with_rows("tokens")


def row(world: World) -> Row:
    """The first row, which is this one."""
    first = world.judged().rows[0]
    assert first.group is Group.SINCE
    return first


def part(world: World, code: str) -> Finding:
    """The finding of that code in it."""
    return next(f for f in row(world).findings if f.code == code)


def test_without_memory_there_is_no_row() -> None:
    assert World().judged().rows[0].group is Group.INSTANCE
    elsewhere = replace(RIGHT, snapshot=replace(RIGHT.snapshot, origin="https://elsewhere.example"))
    assert all(r.group is not Group.SINCE for r in elsewhere.judged().rows)


def test_nothing_changed() -> None:
    first = row(RIGHT)
    assert (first.title, first.detail, first.status) == (
        "Since it last held on 23 November 2026",
        "Nothing changed",
        Status.HOLDS,
    )
    assert RIGHT.judged().holds
    assert len(first.findings) == 1 + len(Part)
    assert row(World().remembering(by_person=True)).title == "Since you said so on 23 November 2026"


def test_a_clone_is_named_with_its_source() -> None:
    first = row(CLONED)
    assert first.detail == "4 things changed, as after a clone of juniperprod.service-now.com"
    summary = first.findings[0]
    assert (summary.status, summary.code) == (Status.ADVICE, "since.changes")
    assert "looks like a clone of juniperprod.service-now.com" in summary.found
    assert "the instance did not say so" in summary.found
    assert summary.action is not None
    assert summary.action.act is Act.REVIEW_PLAN
    assert summary.remedy.startswith("Review the plan with its repairs: 2 of them")
    assert "is gone" in part(CLONED, "since.tokens").found
    assert part(CLONED, "since.profile").status is Status.HOLDS
    assert first.status is Status.ADVICE  # what is wrong is said by the checks of the records


def test_a_clone_without_a_name() -> None:
    first = row(RIGHT.with_rows("tokens"))
    assert first.detail == "2 things changed, as after a clone"
    assert "That looks like a clone: 2 records" in first.findings[0].found
    assert first.findings[0].action is None
    assert first.findings[0].remedy.startswith("The checks below")


def test_a_change_that_is_no_clone() -> None:
    first = row(RIGHT.with_row("credentials", active=False))
    assert first.detail == "1 thing changed"
    assert "clone" not in first.findings[0].found


def test_another_application_asks_for_a_decision() -> None:
    world = RIGHT.with_row("registries", client_id="0d7a4cbe-6c1e-4c34-a5a0-2a9a1f9f7f10")
    finding = part(world, "since.registry")
    assert finding.status is Status.NEEDS_YOU
    assert "The client id was" in finding.found
    assert not world.judged().holds
    assert any(isinstance(step, Advise) and "client secret" in step.text for step in world.whole_plan().steps)
    assert not any(f.blocks for f in row(world).findings)


def test_a_sign_in_since_explains_the_new_token() -> None:
    later: tuple[Proof, ...] = tuple(replace(proof(c), at=NOW + timedelta(hours=1)) for c in (MS1, MS2))
    world = replace(RIGHT, proofs=later).with_rows("tokens")
    assert part(world, "since.tokens").status is Status.HOLDS
    assert row(world).detail == "Nothing changed"


def test_one_plan_repairs_and_goes_on() -> None:
    world = CLONED
    plan = world.whole_plan()
    assert plan.writes == ()
    assert plan.blocked
    repaired = plan.repaired
    assert repaired is not None
    assert [(s.field, s.after) for s in repaired.repairs] == [
        ("redirect_url", f"{ORIGIN}/oauth_redirect.do"),
        ("name", "MS Graph 2"),
    ]
    assert [s.credential for s in repaired.sign_ins] == [MS1, MS2]
    assert repaired.blocked == ()
    assert world.judged().next == Action(Act.REVIEW_PLAN, "Review 2 repairs …")
    assert plan.digest != repaired.digest
    one = RIGHT.with_row("credentials", active=False)
    assert one.judged().next.label == "Review 1 repair …"
    assert RIGHT.whole_plan().repaired is None


def test_the_renamed_record_is_named() -> None:
    finding = next(f for r in CLONED.judged().rows if r.key == "credential/name:MS Graph 2" for f in r.findings)
    assert "is called MS Graph 2 prod now" in finding.found
    nameless = RIGHT.with_row("credentials", name="")
    assert "is called nothing now" in next(f for r in nameless.judged().rows if r.title == "MS Graph 1" for f in r.findings).found
