"""Laws over all rules: their words and pages, and what no Snapshot, however broken, may bring about."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from exoalias.domain import sources
from exoalias.domain.checklist import Act, Group, Status
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.instance_answer import InstanceAnswer
from exoalias.domain.plan import Advise
from exoalias.domain.records import Reading, SysId
from exoalias.domain.rules import RULES, judge
from exoalias.domain.scan import Scan
from exoalias.domain.target import HomeAccount, Pin, Tier
from exoalias.domain.writable import may_write
from tests.domain.build import (
    ALIAS1,
    MS1,
    MS2,
    NORMAL,
    NOW,
    OBJECT_ID,
    ORIGIN,
    PROFILE,
    PROOFS,
    REFUSED,
    REGISTRY,
    TENANT,
    UPN,
    World,
)

if TYPE_CHECKING:
    from exoalias.domain.checklist import Source

QUESTIONS = [f.name for f in fields(World().snapshot) if isinstance(getattr(World().snapshot, f.name), Reading)]
FLAWS = {"": REFUSED, "empty": Reading(), "unasked": Reading(asked=False)}


# -- words and pages -----------------------------------------------------------------------------------------------------


def test_every_rule_has_words_and_pages() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert re.fullmatch(r"[a-z]+\.[a-z-]+", rule.code)
        assert rule.title
        assert not rule.title.endswith(".")
        assert rule.why.endswith(".")
        assert rule.sources
        assert "  " not in rule.title + rule.why


def every_source() -> list[Source]:
    """All pages named anywhere."""
    return [value for value in vars(sources).values() if type(value).__name__ == "Source"]


def test_sources_are_public_pages_and_all_are_used() -> None:
    hosts = ("https://www.servicenow.com/docs/r/", "https://support.servicenow.com/kb?", "https://learn.microsoft.com/en-us/")
    assert all(source.url.startswith(hosts) for source in every_source())
    assert len({source.url for source in every_source()}) == len(every_source())
    assert {source.url for rule in RULES for source in rule.sources} == {source.url for source in every_source()}


@pytest.mark.parametrize(
    ("code", "pages"),
    [
        ("credential.token", {sources.STRICT_ALIAS, sources.SPOKE_STRICT}),
        ("profile.grant-type", {sources.SPOKE_STRICT, sources.TROUBLESHOOTING}),
        ("registry.grant-type", {sources.SPOKE_STRICT, sources.TROUBLESHOOTING}),
        ("instance.procedure", {sources.STRICT_ALIAS, sources.TROUBLESHOOTING}),
    ],
)
def test_contradicting_pages_are_both_named(code: str, pages: set[Source]) -> None:
    rule = next(rule for rule in RULES if rule.code == code)
    assert pages <= set(rule.sources)
    assert "Two pages" in rule.why


def test_every_rule_is_asked() -> None:
    answer = InstanceAnswer(MS1, PROFILE, HomeAccount(OBJECT_ID, TENANT), NOW, ())
    world = replace(World(), scan=Scan(NOW, ())).aiming(answers=(answer,)).remembering()
    asked = {f.code for f in world.judged().findings}
    assert asked == {rule.code for rule in RULES}


def test_findings_carry_their_rules_words() -> None:
    rules = {rule.code: rule for rule in RULES}
    for world in (World(), World(proofs=()).with_rows("tokens"), *(World().refusing(q) for q in QUESTIONS)):
        for finding in world.judged().findings:
            rule = rules[finding.code]
            assert (finding.title, finding.why, finding.sources) == (rule.title, rule.why, rule.sources)
            assert finding.found
            assert finding.expected


# -- the perfect instance ------------------------------------------------------------------------------------------------


def test_perfect_holds() -> None:
    checklist = World().judged()
    assert checklist.holds
    assert (checklist.instance, checklist.origin, checklist.taken_at) == ("juniperhall", ORIGIN, NOW)
    assert (checklist.round_trips, checklist.notes) == (2, ("a note",))
    assert {f.status for f in checklist.findings} == {Status.HOLDS, Status.ADVICE, Status.NOT_APPLICABLE}
    assert [row.group for row in checklist.rows] == sorted((row.group for row in checklist.rows), key=list(Group).index)
    assert len({row.key for row in checklist.rows}) == len(checklist.rows)


# -- absence -------------------------------------------------------------------------------------------------------------

# What these say does not keep a checklist from holding: they are shown, never found wrong.
SHOWN_ONLY = {"build", "current_scope", "rooms"}


@pytest.mark.parametrize("flaw", FLAWS.values(), ids=FLAWS.keys())
@pytest.mark.parametrize("question", QUESTIONS)
def test_absence_never_holds(question: str, flaw: Reading[Any]) -> None:
    assert World().answering(question, flaw).judged().holds is (question in SHOWN_ONLY)


# Columns no rule rests on: names, who and when, what another column already says.
UNUSED = {
    "user": {"display_name"},
    "apps": {"name", "sys_id"},
    "aliases": {"name", "multiple_connections", "parent"},  # the parent counts for override aliases alone
    "connections": {"name", "sys_id", "scope", "mod_count", "updated_on"},
    "credentials": {"name", "profile_name", "scope", "mod_count", "updated_on", "updated_by"},
    "profiles": {"name", "is_default"},
    "registries": {"name", "scope", "mod_count", "updated_on"},
    "scopes": {"sys_id"},
    "profile_scopes": {"sys_id", "scope"},
    "tokens": {"created_by"},
    "providers": {"name", "sys_id"},
}
REQUIRED = {"sys_id", "user_name", "id"}  # a record without its key is no record: the reader drops it
COLUMNS = [
    (question, column)
    for question in QUESTIONS
    if question not in SHOWN_ONLY | {"roles", "sync_mode"}
    for column in getattr(World().snapshot, question).rows[0]._fields
    if column not in UNUSED.get(question, set()) | REQUIRED
]


@pytest.mark.parametrize(("question", "column"), COLUMNS)
def test_a_column_that_was_not_returned_never_holds(question: str, column: str) -> None:
    world = World().with_row(question, 0, **{column: None})
    if question == "tokens":  # the rows of one credential, all of them
        for index in range(4):
            world = world.with_row(question, index, **{column: None})
    assert not world.judged().holds


# -- any Snapshot at all -------------------------------------------------------------------------------------------------

IDS = st.sampled_from([None, "", PROFILE, NORMAL, REGISTRY, MS1, MS2, ALIAS1, "stranger"])
TEXTS = (
    st.none()
    | st.text(max_size=12)
    | st.sampled_from(["system", "personal", "MS Graph 1", "Strict", "authorization_code", UPN, "1.2"])
)
TIMES = (
    st.none()
    | st.datetimes(timezones=st.just(UTC))
    | st.sampled_from([NOW, NOW - timedelta(days=100), NOW + timedelta(days=100)])
)
ID_COLUMNS = {"sys_id", "credential", "alias", "profile", "registry", "scope", "parent", "override_alias"}
KEYS = {"sys_id", "name", "id", "user_name"}  # never None where the record's type says so


def values_for(column: str, present: object) -> st.SearchStrategy[object]:
    """Anything a column may hold after reading, sense or nonsense."""
    if isinstance(present, bool):
        return st.sampled_from([True, False, None])
    if isinstance(present, int):
        return st.none() | st.integers()
    if isinstance(present, datetime):
        return TIMES
    if column in ID_COLUMNS:
        return IDS.filter(lambda value: value is not None) if column == "sys_id" else IDS
    return TEXTS.filter(lambda value: value is not None) if column in KEYS else TEXTS


@st.composite
def spoiled(draw: st.DrawFn) -> World:
    """The perfect instance with a few columns, rows or answers replaced."""
    world = World()
    for _ in range(draw(st.integers(1, 4))):
        question = draw(st.sampled_from(QUESTIONS))
        reading: Reading[Any] = getattr(world.snapshot, question)
        how = draw(st.sampled_from(["column", "column", "column", "drop", "twice", "refuse"]))
        if how == "refuse" or not reading.rows:
            world = world.answering(question, draw(st.sampled_from([REFUSED, Reading(asked=False), Reading()])))
            continue
        index = draw(st.integers(0, len(reading.rows) - 1))
        row = reading.rows[index]
        if how == "drop":
            world = world.with_rows(question, *(r for i, r in enumerate(reading.rows) if i != index))
        elif how == "twice" or isinstance(row, str):
            world = world.adding(question, row if how == "twice" else draw(st.text(max_size=30)))
        else:
            column = draw(st.sampled_from(row._fields))
            world = world.with_row(question, index, **{column: draw(values_for(column, getattr(row, column)))})
    return replace(world, proofs=tuple(draw(st.lists(st.sampled_from(PROOFS), max_size=2))))


RIGHT = World().remembering()


@st.composite
def aimed(draw: st.DrawFn) -> World:
    """The same with another target."""
    world = draw(spoiled())
    user = draw(
        st.none() | st.builds(DelegatedUser, st.sampled_from(["", UPN, "x"]), st.sampled_from(["", OBJECT_ID, "x"]), st.just(""))
    )
    pin = draw(st.none() | st.just(Pin(HomeAccount(OBJECT_ID, TENANT), Tier.PINNED, NOW, "s-1")))
    names = draw(st.sampled_from([("MS Graph 1", "MS Graph 2"), (), ("", "MS Graph 1", "ms graph 1"), ("Other",)]))
    profile = SysId(draw(st.sampled_from(["", PROFILE, NORMAL, "gone"])))
    return world.aiming(
        delegated_user=user,
        pin=pin,
        desired=draw(st.none() | st.just(RIGHT.target.desired)),
        fenced=draw(st.sampled_from([frozenset(), frozenset({"sn_ex_online_spke"})])),
        credential_names=names,
        profile=profile,
        clouds=world.target.clouds[: draw(st.integers(0, 3))],
    )


MANY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@MANY
@given(st.one_of(spoiled(), aimed()))
@example(World())
def test_laws_of_judge_and_plan(world: World) -> None:
    checklist = world.judged()
    plan = world.planned(checklist)
    blocked = {row.record for row in checklist.rows if any(f.blocks for f in row.findings)}
    ground = any(
        f.blocks for row in checklist.rows if row.group in {Group.INSTANCE, Group.REGISTRY, Group.PROFILE} for f in row.findings
    )
    planned = {step.record for step in plan.writes} | {step.credential for step in plan.sign_ins}
    assert not planned & blocked
    if ground:
        assert not planned
    if any(f.blocks for f in checklist.findings):
        assert not plan.sign_ins
    if checklist.holds:
        assert all(isinstance(step, Advise) for step in plan.steps)
    assert all(f.status.is_finding for f in checklist.findings if f.blocks)
    assert len({step.record for step in plan.writes}) == len(plan.writes)


@MANY
@given(aimed())
def test_buttons_offer_only_what_is_planned(world: World) -> None:
    checklist = world.judged()
    plan = world.planned(checklist)
    writes, sign_ins = {w.record for w in plan.writes}, {s.credential for s in plan.sign_ins}
    for finding in checklist.findings:
        if finding.action is not None and finding.action.act is Act.SIGN_IN:
            assert finding.action.record in sign_ins - writes
        if finding.action is not None and finding.action.act is Act.REVIEW_PLAN and finding.code != "since.changes":
            assert finding.action.record in writes
    if checklist.next.act is Act.SIGN_IN:
        assert checklist.next.record == plan.sign_ins[0].credential


@MANY
@given(aimed())
def test_repairs_put_back_what_was_right_and_nothing_else(world: World) -> None:
    plan = world.whole_plan()
    assert plan.repairs == ()
    repaired = plan.repaired
    if repaired is None:
        return
    desired = world.target.desired
    assert desired is not None
    right = {desired.registry.redirect_url, "true", *(c.name for c in desired.credentials), *(c.url for c in desired.connections)}
    known = {desired.registry.sys_id, *(c.sys_id for c in desired.credentials), *(c.sys_id for c in desired.connections)}
    assert repaired.repairs
    for step in repaired.repairs:
        assert step.after in right
        assert step.record in known
        assert may_write(step)
        assert may_write(replace(step, after=step.before))  # it can be undone


@MANY
@given(spoiled())
def test_holds_only_with_living_proven_tokens(world: World) -> None:
    if world.judged().holds:
        for record in (MS1, MS2):
            assert any(proof.credential == record for proof in world.proofs)
            assert any(t.kind == "refresh_token" for t in world.snapshot.tokens_of(record))


def test_judging_is_pure() -> None:
    world = World(proofs=())
    first = judge(world.snapshot, world.target, iter(world.proofs), world.now, "x")
    assert first == judge(world.snapshot, world.target, [], world.now, "x")
